"""The array functions that generated code calls, each at its plain use and at its edges."""

import ast
import builtins
import inspect
from collections import namedtuple
from typing import Any

import numpy as np
import pytest
from scipy import special

import retrograd.runtime
from retrograd.runtime import (
    accumulate,
    add_at,
    as_float,
    count,
    cumprod_jvp,
    cumprod_vjp,
    digamma,
    fan_out,
    inverse_axes,
    lift,
    owned,
    power_slope,
    prod_of_others,
    require_scalar,
    restructure,
    scatter,
    sinc_slope,
    split_like,
    spread,
    sum_to,
    tie_shares,
    unbroadcast,
    zeros_like,
)

Point = namedtuple("Point", ["x", "y"])

# ---------------------------------------------------------------- shapes


@pytest.mark.parametrize(
    ("shape", "like"),
    [
        *[((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 3), (1, 3)), ((2, 3), (2, 1)), ((2, 3), (1, 1))],
        *[((4, 2, 3), (2, 1)), ((2, 3), ()), ((1, 3), (3,)), ((0, 3), (3,)), ((2, 1), (2, 1))],
    ],
)
def test_unbroadcast_is_the_transpose_of_broadcasting(shape: Any, like: Any) -> None:
    g = np.arange(1.0, 1.0 + np.prod(shape)).reshape(shape)
    x = np.cos(np.arange(np.prod(like, dtype=int))).reshape(like)
    found = unbroadcast(g, x)
    assert np.shape(found) == like
    assert np.isclose(np.sum(found * x), np.sum(g * np.broadcast_to(x, shape)))


def test_unbroadcast_leaves_what_fits() -> None:
    g = np.ones((2, 3))
    assert unbroadcast(g, np.zeros((2, 3))) is g
    assert unbroadcast(2.0, 1.0) == 2.0


def test_unbroadcast_gives_a_number_for_a_number() -> None:
    assert not isinstance(unbroadcast(np.array(2.0), 1.0), np.ndarray)
    assert not isinstance(unbroadcast(np.ones(3), 1.0), np.ndarray)


def test_unbroadcast_spreads_what_is_too_small() -> None:
    assert np.array_equal(unbroadcast(2.0, np.zeros((2, 2))), [[2.0, 2.0], [2.0, 2.0]])
    assert np.array_equal(sum_to(np.array([[1.0], [2.0]]), (2, 2)), [[1.0, 1.0], [2.0, 2.0]])


def test_unbroadcast_keeps_the_precision() -> None:
    assert unbroadcast(np.ones((2, 3), np.float32), np.zeros(3)).dtype == np.float32


def test_spread_makes_an_array_of_its_own() -> None:
    g = np.array([1.0, 2.0])
    found = spread(g, (3, 2))
    found += 1.0
    assert np.array_equal(found, [[2.0, 3.0]] * 3)
    assert np.array_equal(g, [1.0, 2.0])
    assert spread(np.float32(2.0), (2,)).dtype == np.float32
    assert not isinstance(spread(2.0, ()), np.ndarray)


def test_what_reductions_took_away_comes_back() -> None:
    g = np.ones((2, 4))
    assert lift(g, 1, False).shape == (2, 1, 4)
    assert lift(g, (0, -1), False).shape == (1, 2, 4, 1)
    assert lift(g, 1, True) is g
    assert lift(2.0, None, False) == 2.0
    x = np.ones((2, 3, 4))
    assert [count(x, axis) for axis in (None, 1, (0, -1), ())] == [24, 3, 8, 1]


def test_inverse_axes() -> None:
    x = np.ones((2, 3, 4))
    for axes in ((2, 0, 1), (-1, 0, -2), [0, 2, 1]):
        assert np.transpose(np.transpose(x, axes), inverse_axes(axes)).shape == x.shape


# ---------------------------------------------------------------- structures


def test_zeros_mirror_the_structure() -> None:
    x = {"w": np.ones(2), "n": 3, "p": Point(1.0, (np.arange(2), True)), "name": "a", "none": None}
    zero = zeros_like(x)
    assert np.array_equal(zero["w"], [0.0, 0.0])
    assert zero["n"] == 0.0
    assert isinstance(zero["n"], float)
    assert zero["p"][0] == 0.0
    assert zero["p"][1][0].dtype == np.float64
    assert zero["name"] is None
    assert zeros_like(np.ones(2, np.float32)).dtype == np.float32


def test_accumulate_adds_structures_and_shares_nothing() -> None:
    a = {"w": np.ones(2), "l": [1.0, None]}
    b = {"w": np.ones(2), "l": (2.0, np.ones(1)), "k": np.ones(1)}
    total = accumulate(a, b)
    assert np.array_equal(total["w"], [2.0, 2.0])
    assert total["l"][0] == 3.0
    total["l"][1] += 1.0
    total["k"] += 1.0
    total["w"] += 1.0
    assert b["l"][1] == b["k"] == 1.0
    assert np.array_equal(a["w"], [1.0, 1.0])
    assert np.array_equal(accumulate([1.0, 2.0], np.array([3.0, 4.0])), [4.0, 6.0])


def test_owned_copies_down_to_the_arrays() -> None:
    bar = {"a": (np.ones(2), 1.0)}
    mine = owned(bar)
    mine["a"][0][0] = 5.0
    assert bar["a"][0][0] == 1.0


def test_restructure_gives_tuples_back() -> None:
    like = {"b": (1.0, [2.0]), "a": Point(1.0, 2.0), "c": np.ones(2)}
    found = restructure({"a": [3.0, None], "b": [4.0, [5.0]]}, like)
    assert list(found) == ["b", "a", "c"]
    assert found["b"] == (4.0, [5.0])
    assert found["a"] == Point(3.0, 0.0)
    assert np.array_equal(found["c"], [0.0, 0.0])


def test_add_at_counts_every_mention() -> None:
    buffer = np.zeros(3)
    add_at(buffer, np.array([0, 2, 0]), np.array([1.0, 2.0, 3.0]))
    assert np.array_equal(buffer, [4.0, 0.0, 2.0])
    items = [0.0, None, 1.0]
    add_at(items, 1, np.ones(1))
    add_at(items, slice(0, 3, 2), [1.0, 1.0])
    assert items[0] == 1.0
    assert items[2] == 2.0
    assert np.array_equal(items[1], [1.0])


def test_scatter_puts_a_part_among_zeros() -> None:
    assert np.array_equal(scatter(2.0, np.ones(3), 1), [0.0, 2.0, 0.0])
    assert scatter(2.0, [1.0, 1.0], 1) == [0.0, 2.0]
    assert scatter(2.0, {"a": 1.0, "b": 1.0}, "b") == {"a": 0.0, "b": 2.0}


def test_as_float_takes_whole_numbers_as_floats() -> None:
    found = as_float({"a": 1, "p": Point(2, [True]), "x": np.arange(2)})
    assert isinstance(found["a"], float)
    assert found["p"] == Point(2.0, [1.0])
    assert found["x"].dtype == np.float64


@pytest.mark.parametrize(
    ("value", "came"),
    [
        (np.ones(3), "an array of shape (3,)"),
        ([1.0, 2.0], "a list of 2"),
        (np.ones((1, 1)), "an array of shape (1, 1)"),
    ],
)
def test_a_gradient_is_of_one_number(value: Any, came: str) -> None:
    with pytest.raises(ValueError, match="return one number, or one array") as caught:
        require_scalar(value)
    assert came in str(caught.value)


@pytest.mark.parametrize("value", [1.0, np.float64(1.0), np.array(1.0)])
def test_one_number_passes(value: Any) -> None:
    require_scalar(value)


# ---------------------------------------------------------------- the rest


def test_shares_and_pieces() -> None:
    assert np.array_equal(tie_shares([1.0, 3.0, 3.0], 3.0), [0.0, 0.5, 0.5])
    assert [np.shape(part) for part in fan_out(np.ones((2, 3)), [1.0, np.ones(3)])] == [(), (3,)]
    pieces = split_like(np.arange(6.0), [np.ones((2, 1)), np.ones(4)], None)
    assert [piece.shape for piece in pieces] == [(2, 1), (4,)]


@pytest.mark.parametrize("zeros", [(), (1,), (0, 2), (0, 1, 2, 3)])
def test_products_with_zeros(zeros: tuple[int, ...]) -> None:
    x = np.array([2.0, -3.0, 0.5, 4.0])
    x[list(zeros)] = 0.0
    others = [np.prod(np.delete(x, k)) for k in range(4)]
    assert np.allclose(prod_of_others(x), others, rtol=1e-15)
    g, x_dot = np.cos(np.arange(4.0)), np.sin(np.arange(4.0))
    back, forth = np.dot(cumprod_vjp(g, x), x_dot), np.dot(g, cumprod_jvp(x, x_dot))
    assert np.isclose(back, forth, rtol=1e-14)


@pytest.mark.parametrize("shape", [(0,), (1,), (2, 0), (0, 2)])
def test_products_of_few(shape: tuple[int, ...]) -> None:
    assert prod_of_others(np.full(shape, 7.0)).shape == shape
    assert np.all(prod_of_others(np.full((1,), 7.0)) == 1.0)


def test_digamma() -> None:
    points = [1e-3, 0.1, 0.5, 1.0, 1.4616321449683623, 2.0, 7.5, 30.0, 1e6, -0.5, -1.7, -10.25]
    for x in points:
        wanted = float(special.digamma(x))
        assert abs(digamma(x) - wanted) <= 1e-13 * max(1.0, abs(wanted)), x
    assert np.isnan(digamma(0.0))
    assert np.isnan(digamma(-3.0))


def test_power_slope_where_powers_end() -> None:
    assert power_slope(0.0, 0.0) == power_slope(2.0, 0.0) == 0.0
    assert power_slope(0.0, 1.0) == 1.0
    assert power_slope(0.0, 0.5) == np.inf
    assert power_slope(-2.0, 3.0) == 12.0


def test_sinc_slope_joins_its_two_forms() -> None:
    """At the border between the series and the closed form both must agree."""
    border = 0.3 / np.pi
    below, above = sinc_slope(np.array([border * (1 - 1e-15), border * (1 + 1e-15)]))
    assert np.isclose(below, above, rtol=1e-12)


# ---------------------------------------------------------------- standing alone


#: What the copied text may import.
_IMPORTED = {"np", "Any", "collections", "dataclasses", "sys", "types"}


def test_every_function_needs_only_numpy_and_its_neighbours() -> None:
    """So that the text of some of them can be copied into a module that stands alone."""
    module = inspect.getmodule(unbroadcast)
    assert module is not None
    tree = ast.parse(inspect.getsource(module))
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            read = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
            made = {
                part.id
                for part in ast.walk(node)
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
            }
            made |= {part.arg for part in ast.walk(node) if isinstance(part, ast.arg)}
            assert read - made - functions - _IMPORTED <= set(dir(builtins)), node.name


def test_all_public_functions_are_exported() -> None:
    module = inspect.getmodule(unbroadcast)
    public = {
        name
        for name, value in vars(module).items()
        if inspect.isfunction(value) and not name.startswith("_")
    }
    assert public <= set(retrograd.runtime.__all__)
