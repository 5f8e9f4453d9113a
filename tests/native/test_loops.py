"""Loops over elements compute what NumPy computes of whole arrays, of every shape, dtype and overlap."""

import ast
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

numba = pytest.importorskip("numba")

from retrograd.runtime.native import loops  # noqa: E402
from retrograd.runtime.native.ranks import Ranks  # noqa: E402

NUMBERS = np.random.default_rng(5)
ROW, COLUMN = NUMBERS.normal(size=7), NUMBERS.normal(size=(4, 1))
MATRIX, OTHER = NUMBERS.normal(size=(4, 7)), NUMBERS.normal(size=(4, 7))
LONG = NUMBERS.normal(size=1000)
SINGLE = MATRIX.astype(np.float32)
WHOLE = np.arange(28).reshape(4, 7) - 9

#: Operands that have loops of one type, so that Numba compiles once for each group.
PAIRS = [
    [(ROW, ROW[::-1].copy()), (ROW, ROW[:1].copy()), (ROW[:1].copy(), ROW), (ROW[:0], ROW[:1])],
    [(LONG[::2], LONG[::-2]), (LONG[::-1], LONG[3:4][::-1]), (LONG[:0:2], LONG[:0:3])],
    [
        (MATRIX, OTHER),
        (MATRIX, COLUMN),
        (COLUMN, MATRIX),
        (MATRIX[:1], COLUMN),
        (MATRIX[:0], MATRIX[:1]),
    ],
    [(MATRIX[::-1, ::2], OTHER[:, ::-2]), (OTHER[1:, 1:3], MATRIX[:1, :2])],
    [(MATRIX.T, OTHER.T)],
    [(MATRIX, ROW), (COLUMN, ROW), (MATRIX[:0], ROW)],
    [(np.ones((3, 1, 2)) * 2.0, NUMBERS.normal(size=(4, 1)))],
    [(MATRIX, 1.5)],
    [(SINGLE, SINGLE), (SINGLE[:1], SINGLE)],
    [(SINGLE, 3)],
    [(WHOLE, WHOLE)],
    [(WHOLE, SINGLE)],
    [(WHOLE > 0, MATRIX)],
]


def compiled(form: Callable[..., Any], *how: Any) -> Callable[..., Any]:
    """The function that calls loops of a form."""
    made = form(*how)
    params = how[0]
    scope = {"made": made}
    exec(f"def call({params}): return made({params})", scope)
    return numba.njit(scope["call"])


@pytest.mark.parametrize("pairs", PAIRS)
def test_elements(pairs: list[tuple[Any, Any]]) -> None:
    native = compiled(loops.elementwise, "x, y", "2.0 * x - y * x / 3")
    for x, y in pairs:
        found, expected = native(x, y), 2.0 * x - y * x / 3
        np.testing.assert_allclose(
            found, expected, rtol=1e-6 if found.dtype == np.float32 else 1e-14
        )
        assert found.dtype == expected.dtype
        assert found.shape == expected.shape


@pytest.mark.parametrize(
    "text",
    [
        "np.where(x > y, np.sqrt(abs(x)), np.maximum(x, y)) + np.minimum(x, 2)",
        "x ** 3 + y ** 2 - np.square(x) ** 0.5 + (x <= 0.0) * y",
        "-(+x) + np.arctan2(x, y) * np.sign(x) - (x != y)",
        "x / 0.0 - 1.0 / (x - x)",
    ],
)
def test_functions(text: str) -> None:
    native = compiled(loops.elementwise, "x, y", text)
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(
            native(MATRIX, OTHER), eval(text, {"np": np, "x": MATRIX, "y": OTHER}), rtol=1e-14
        )


def test_shapes_that_do_not_fit() -> None:
    native = compiled(loops.elementwise, "x, y", "x + y")
    for x, y in ((ROW, ROW[:3]), (ROW, ROW[:0])):
        with pytest.raises(ValueError, match="could not be broadcast"):
            native(x, y)
    native = compiled(loops.updated, "x, y", "x + y")
    with pytest.raises(ValueError, match="could not be broadcast"):
        native(ROW[:1].copy(), ROW)


def test_lists_that_hold_themselves_end() -> None:
    """What is known of them would grow for ever."""
    tree = ast.parse("def f(x):\n    items = []\n    items = [items]\n    y = x * 2.0")
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    assert Ranks({"f": function}, {}, [], "f", (1,)).of("f", ast.Name("y")) is None


# ---------------------------------------------------------------- sums


@pytest.mark.parametrize("pairs", [PAIRS[k] for k in (1, 2, 8)])
def test_sums(pairs: list[tuple[Any, Any]]) -> None:
    assert_sums(pairs)


def test_sums_of_all_kinds(request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("--every-native"):
        pytest.skip("--every-native")
    for pairs in PAIRS:
        assert_sums(pairs)


def assert_sums(pairs: list[tuple[Any, Any]]) -> None:
    total, mean = (compiled(form, "x, y", "x * y - 1.0") for form in (loops.summed, loops.averaged))
    for x, y in pairs:
        expected = np.asarray(x * y - 1.0)
        rtol = 1e-5 if expected.dtype == np.float32 else 1e-12
        np.testing.assert_allclose(total(x, y), np.sum(expected), rtol=rtol, atol=1e-14)
        if expected.size:
            np.testing.assert_allclose(mean(x, y), np.mean(expected), rtol=rtol, atol=1e-14)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_sums_along_an_axis(axis: int) -> None:
    native = compiled(loops.summed_along, "x, y", "x * y", axis)
    for x, y in PAIRS[2] + PAIRS[4] + PAIRS[8] + PAIRS[10]:
        expected = np.sum(x * y, axis)
        np.testing.assert_allclose(
            native(x, y), expected, rtol=1e-5 if x.dtype == np.float32 else 1e-13
        )
        assert native(x, y).dtype == expected.dtype
    cube = NUMBERS.normal(size=(3, 4, 5))
    np.testing.assert_allclose(native(cube, 1.0), np.sum(cube, axis), rtol=1e-13)


def test_the_error_of_a_sum_does_not_grow() -> None:
    native = compiled(loops.summed, "x", "x")
    many = np.full(10**6, 0.1)
    assert native(many) == pytest.approx(1e5, rel=2 * np.finfo(float).eps)
    assert native(np.array([1e300, 1e300])) == np.sum([1e300, 1e300])
    for ends in ((np.inf, 1.0), (1e308, 1e308), (np.inf, -np.inf), (np.nan, 1.0), (-np.inf, 1e308)):
        with np.errstate(all="ignore"):
            assert native(np.array(ends)) == pytest.approx(np.sum(ends), nan_ok=True)


# ---------------------------------------------------------------- writing


@pytest.mark.parametrize("form", [loops.updated, loops.written])
def test_what_is_written_over_is_read_before(form: Callable[..., Any]) -> None:
    """Of one line and of several, ahead of the writing and behind it, and turned around."""
    line = compiled(form, "x, y", "x + 2.0 * y")
    ends = [(slice(1, None), slice(-1)), (slice(-1), slice(1, None)), (slice(None), slice(None))]
    ends += [(slice(None), slice(None, None, -1)), (slice(None, None, -1), slice(None, None, -1))]
    ends += [(slice(0, 300), slice(299, 599)), (slice(2, None, 2), slice(0, -2, 2))]
    for to, of in ends:
        found, expected = LONG.copy(), LONG.copy()
        line(found[to], found[of])
        expected[to] += 2.0 * expected[of]
        np.testing.assert_array_equal(found, expected)
    for to, of in (
        ((slice(1, None), slice(None)), (slice(-1), slice(None))),
        ((slice(None), slice(-1)),) * 2,
    ):
        found, expected = MATRIX.copy(), MATRIX.copy()
        line(found[to], found[of])
        expected[to] += 2.0 * expected[of]
        np.testing.assert_array_equal(found, expected)
    found, expected = MATRIX[:, :4].copy(), MATRIX[:, :4].copy()
    line(found, found.T)
    expected += 2.0 * expected.T
    np.testing.assert_array_equal(found, expected)


def test_what_is_written_keeps_its_dtype() -> None:
    found, expected = SINGLE.copy(), SINGLE.copy()
    same = compiled(loops.updated, "x, y", "x * y")(found, MATRIX)
    expected *= MATRIX
    np.testing.assert_array_equal(same, expected)
    np.testing.assert_array_equal(found, expected)
    wholes = compiled(loops.written, "x, y", "y * 2.5")
    found = np.zeros((4, 7), dtype=np.int64)
    wholes(found, MATRIX)
    np.testing.assert_array_equal(found, (MATRIX * 2.5).astype(np.int64))


def test_dtypes_that_have_no_loops_are_computed_by_numba() -> None:
    z = MATRIX + 1j * OTHER
    np.testing.assert_allclose(
        compiled(loops.elementwise, "x, y", "x * y + 1.0")(z, ROW), z * ROW + 1.0
    )
    small = WHOLE.astype(np.int32)
    assert compiled(loops.summed, "x", "x + x")(small) == np.sum(small + small)
    assert compiled(loops.updated, "x, y", "x + y")(z.copy(), z)[1, 2] == 2.0 * z[1, 2]


def test_numbers_in_arrays_and_small_whole_numbers() -> None:
    """What is of no axis, and what Numba has wider sums for."""
    add = compiled(loops.elementwise, "x, y", "x + y")
    np.testing.assert_array_equal(add(np.array(2.0), ROW), ROW + 2.0)
    small = np.array([-3, 1], dtype=np.int32)
    assert compiled(loops.summed, "x", "x")(small) == -2
