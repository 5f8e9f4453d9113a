"""The native form of every helper of the runtime computes what its Python does."""

from typing import Any

import numpy as np
import pytest

numba = pytest.importorskip("numba")

from retrograd.runtime import arrays  # noqa: E402
from retrograd.runtime.native import overloads, words  # noqa: E402

NUMBERS = np.random.default_rng(3)
ROW, MATRIX = NUMBERS.normal(size=4), NUMBERS.normal(size=(3, 4))
PLACES = np.array([1, 3, 1])

CALLS = [
    (arrays.unbroadcast, (2.0, 3.0)),
    (arrays.unbroadcast, (MATRIX, 3.0)),
    (arrays.unbroadcast, (2.0, MATRIX)),
    (arrays.count, (MATRIX, 1)),
    (arrays.count, (MATRIX, None)),
    (arrays.zeros_like, (MATRIX,)),
    (arrays.zeros_like, (PLACES,)),
    (arrays.zeros_like, ((1.0, 2.0),)),
    (arrays.accumulate, (ROW, MATRIX)),
    (arrays.owned, (ROW[::2],)),
    (arrays.copied, (MATRIX.T,)),
    (arrays.as_float, (PLACES,)),
    (arrays.as_float, (3,)),
    (arrays.conjugate, (MATRIX + 1j,)),
    (arrays.item, (np.array([2.0]),)),
    (arrays.scatter, (NUMBERS.normal(size=3), ROW, PLACES)),
    (arrays.scatter, (2.0, ROW, PLACES)),
    (arrays.scatter, (NUMBERS.normal(size=2), MATRIX, (np.array([0, 0]), np.array([3, 3])))),
    (arrays.written, (2.0, ROW, slice(1, 3))),
    (arrays.last_written, (MATRIX, (1, slice(0, 2)))),
    (arrays.last_written, (ROW, 2)),
    (words.power, (-3, 5)),
    (words.power, (1.5, -2)),
    (words.quotient, (-7, 2)),
    (words.quotient, (7.5, 2)),
    (words.remainder, (-7, 2)),
    (words.backwards, ([1.0, 2.0, 3.0],)),
    (words.stacked, ([ROW, 2.0 * ROW],)),
    (words.array_of, (ROW,)),
    (words.filled_like, (MATRIX, 2.0)),
    (words.max_along, (MATRIX, -1)),
    (words.min_along, (MATRIX.T, 1)),
    (arrays.diag_vjp, (ROW, (4, 4))),
    (arrays.diag_vjp, (ROW, (6, 5), -1)),
    (arrays.diag_vjp, (MATRIX, (3,), 1)),
    (arrays.tie_shares, (np.array([1.0, 3.0, 3.0]), 3.0)),
]

#: Most of what Numba takes long to compile is tried with --every-native alone.
SLOW = [
    (arrays.sum_to, (ROW, (1, 1))),
    (arrays.spread, (2.0, (2, 3))),
    (words.filled_like, (MATRIX, ROW)),
    (words.count_along, (MATRIX > 0.0, 1)),
    (words.mean_along, (MATRIX, -1)),
    (words.max_along, (MATRIX, 0)),
    (words.array_of, ([ROW, 2.0 * ROW],)),
    (arrays.unbroadcast, (MATRIX, ROW)),
    (arrays.unbroadcast, (MATRIX, MATRIX[:, :1])),
    (arrays.unbroadcast, (MATRIX.T, MATRIX.T)),
    (arrays.unbroadcast, (ROW, MATRIX)),
    (arrays.scatter, (MATRIX[:, :2], MATRIX, (slice(None), slice(1, 3)))),
    (arrays.spread, (ROW, (2, 4))),
]


@pytest.mark.parametrize(("helper", "args"), CALLS, ids=lambda x: getattr(x, "__name__", ""))
@pytest.mark.filterwarnings("ignore::numba.core.errors.NumbaWarning")
def test_agrees(helper: Any, args: tuple[Any, ...]) -> None:
    assert_agrees(helper, args)


@pytest.mark.parametrize(("helper", "args"), SLOW, ids=lambda x: getattr(x, "__name__", ""))
@pytest.mark.filterwarnings("ignore::numba.core.errors.NumbaWarning")
def test_agrees_at_length(
    helper: Any, args: tuple[Any, ...], request: pytest.FixtureRequest
) -> None:
    if not request.config.getoption("--every-native"):
        pytest.skip("--every-native")
    assert_agrees(helper, args)


def assert_agrees(helper: Any, args: tuple[Any, ...]) -> None:
    overloads.register()
    names = ", ".join(f"a{k}" for k in range(len(args)))
    scope = {"helper": helper}
    exec(f"def call({names}): return helper({names})", scope)
    typed = tuple(numba.typed.List(arg) if isinstance(arg, list) else arg for arg in args)
    if any(isinstance(arg, list) for arg in args):  # lists of arrays are made inside
        scope |= {"items": tuple(args[0])}
        exec("def call(): return helper([part for part in items])", scope)
        typed = ()
    found, expected = numba.njit(scope["call"])(*typed), helper(*args)
    np.testing.assert_allclose(found, expected, rtol=1e-14)
    assert np.asarray(found).dtype == np.asarray(expected).dtype


def test_ranges_are_run_through_backwards() -> None:
    def places(start: int, stop: int, step: int) -> Any:
        return [k for k in words.backwards(range(start, stop, step))]  # noqa: C416

    native = numba.njit(places)
    for one in ((0, 7, 3), (9, 1, -2), (4, 4, 1), (5, 2, 1)):
        assert list(native(*one)) == places(*one)


def test_what_is_no_number_is_refused() -> None:
    native = numba.njit(lambda value: arrays.require_scalar(value))
    native(2.0)
    with pytest.raises(ValueError, match="a gradient needs a function with one number"):
        native(ROW)
