"""Differences tell right gradients from wrong ones, name the worst entry, and know their limits."""

import math
import re
from collections import namedtuple
from typing import Any

import numpy as np
import pytest

from retrograd.runtime.checking import Comparison, compare_gradients, directional_difference

Peak = namedtuple("Peak", "height width")


def model(params: dict[str, Any], X: Any, order: int) -> Any:
    return np.sum(np.tanh(X @ params["W"] + params["b"]) ** order) * params["peak"].width


def model_gradient(params: dict[str, Any], X: Any, order: int) -> dict[str, Any]:
    h = np.tanh(X @ params["W"] + params["b"])
    width = params["peak"].width
    h_bar = order * h ** (order - 1) * (1 - h**2) * width
    peak_bar = Peak(0.0, np.sum(h**order))
    return {"W": X.T @ h_bar, "b": np.sum(h_bar, axis=0), "peak": peak_bar, "n": None}


@pytest.fixture
def point() -> tuple[dict[str, Any], Any, int]:
    rng = np.random.default_rng(0)
    params = {"W": rng.normal(size=(3, 2)), "b": rng.normal(size=2), "peak": Peak(1.0, 0.5), "n": 3}
    return params, rng.normal(size=(4, 3)), 2


def worst(f: Any, x: Any, gradient: Any, **options: Any) -> Comparison:
    (comparison,) = compare_gradients(f, (x,), (gradient,), argnums=(0,), **options)
    return comparison


def test_a_right_gradient_agrees(point: tuple[dict[str, Any], Any, int]) -> None:
    (comparison,) = compare_gradients(model, point, (model_gradient(*point),), argnums=(0,))
    assert comparison.agrees
    assert comparison.apart < 1e-8


@pytest.mark.parametrize(
    ("spoil", "where"),
    [
        (lambda g: g["W"].__setitem__((2, 1), g["W"][2, 1] * 1.000001), "params['W'][2, 1]"),
        (lambda g: g["b"].__setitem__(0, 0.0), "params['b'][0]"),
        (lambda g: g.update(peak=Peak(0.0, 1.0)), "params['peak'].width"),
        (lambda g: g.update(peak=Peak(1e-6, g["peak"].width)), "params['peak'].height"),
        (lambda g: g["W"].__setitem__((0, 0), np.nan), "params['W'][0, 0]"),
    ],
)
def test_a_wrong_entry_is_named(
    point: tuple[dict[str, Any], Any, int], spoil: Any, where: str
) -> None:
    gradient = model_gradient(*point)
    spoil(gradient)
    (comparison,) = compare_gradients(
        model, point, (gradient,), argnums=(0,), names=("params", "X", "order")
    )
    assert not comparison.agrees
    assert comparison.where == where


def test_both_numbers_are_shown() -> None:
    comparison = worst(lambda x: x * x, 3.0, 7.0, names=["x"])
    assert re.fullmatch(
        r"x: gradient 7, difference 6, 1\.0e\+00 apart where \d\.\de-\d\d is allowed",
        str(comparison),
    )


def test_each_argument_has_its_own_worst_entry() -> None:
    first, second = compare_gradients(
        lambda x, y: x * y, (2.0, 3.0), (3.0, 5.0), argnums=(0, 1), names=("x", "y")
    )
    assert (first.where, first.agrees) == ("x", True)
    assert (second.where, second.agrees) == ("y", False)


@pytest.mark.parametrize(
    ("f", "x", "derivative"),
    [
        (lambda x: math.exp(30 * x), 1.0, 30 * math.exp(30.0)),
        (lambda x: 1e6 + math.sin(x), 0.5, math.cos(0.5)),
        (lambda x: (x - 1.0) ** 4, 1.0, 0.0),
        (lambda x: x**3, 0.0, 0.0),
        (lambda x: 1e-20 * x, 1.0, 1e-20),
        (lambda x: 1e200 * x * x, 1e3, 2e203),
        (lambda x: (x * 1e8 + 1.0) - x * 1e8, 3.0, 0.0),
        (abs, 0.0, 0.0),
        (lambda x: math.sin(1e3 * x), 0.3, 1e3 * math.cos(300.0)),
        (lambda x: 0.0, 1.0, 0.0),
        (
            lambda x: math.log(1.0 - 1.0 / (1.0 + math.exp(-x))),
            12.5,
            -1.0 / (1.0 + math.exp(-12.5)),
        ),
        (lambda x: (1e8 + math.cos(x)) - 1e8, 0.5, -math.sin(0.5)),
        (lambda x: (1.0 - math.cos(x)) / (x * x), 1e-3, -1e-3 / 12.0),
    ],
)
def test_what_a_difference_cannot_know_is_not_held_against_a_gradient(
    f: Any, x: float, derivative: float
) -> None:
    assert worst(f, x, derivative).agrees


def test_a_jump_is_no_noise() -> None:
    for edge in (1.0, 1.0 + 2e-6, 1.0 + 9e-6):
        comparison = worst(lambda x, edge=edge: float(x > edge) + x, 1.0, 1.0)
        assert comparison.agrees == (edge > 1.0 + 6e-6)
        assert not comparison.settles or comparison.agrees


def test_a_wrong_gradient_of_a_smooth_function_settles() -> None:
    comparison = worst(lambda x: x * x, 3.0, 7.0)
    assert not comparison.agrees
    assert comparison.settles


@pytest.mark.parametrize("wrong", [0.99, 1.01, -1.0, 0.0])
def test_noise_does_not_hide_a_gradient_that_is_off(wrong: float) -> None:
    f = lambda x: math.log(1.0 - 1.0 / (1.0 + math.exp(-x)))  # noqa: E731
    right = -1.0 / (1.0 + math.exp(-12.5))
    assert not worst(f, 12.5, wrong * right).agrees


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_a_gradient_that_is_off_by_a_millionth_is_wrong(scale: float) -> None:
    assert not worst(lambda x: scale * math.sin(x), 0.5, scale * math.cos(0.5) * (1 + 1e-6)).agrees


def test_outside_the_domain_nothing_agrees() -> None:
    assert not worst(np.log, 1e-9, 1e9).agrees


def test_single_precision_is_measured_by_its_own_precision() -> None:
    x = np.array([0.5, 1.5], dtype=np.float32)
    f = lambda x: np.sum(np.sin(x.astype(np.float32)))  # noqa: E731
    assert worst(f, x, np.cos(x)).agrees
    assert not worst(f, x, np.cos(x) * 1.1).agrees


def test_the_arguments_are_never_changed_by_a_function_that_writes() -> None:
    def f(x: Any, counts: Any) -> Any:
        x *= counts
        counts += 1
        return np.sum(x)

    x, counts = np.ones(3), np.arange(3)
    (comparison,) = compare_gradients(f, (x, counts), (np.arange(3.0),), argnums=(0,))
    assert comparison.agrees
    assert np.array_equal(x, np.ones(3))
    assert np.array_equal(counts, np.arange(3))


def test_an_integer_that_is_asked_for_counts_as_a_float() -> None:
    assert worst(lambda x: x * x, 3, 6.0).agrees
    assert worst(lambda x: np.sum(x * x), np.arange(3), 2.0 * np.arange(3)).agrees


def test_an_argument_without_entries_has_no_worst_one() -> None:
    assert compare_gradients(lambda x: 1.0, ([],), ([],), argnums=(0,)) == []


def test_a_gradient_of_another_shape() -> None:
    with pytest.raises(ValueError, match="shape"):
        worst(np.sum, np.ones(3), np.ones(2))


def test_a_result_of_several_numbers() -> None:
    with pytest.raises(ValueError, match=r"shape \(3,\)"):
        worst(np.sin, np.ones(3), np.ones(3))
    assert worst(lambda x: x * x, np.ones(1), np.array([2.0])).agrees


def test_a_directional_difference() -> None:
    def f(x: Any, p: Any) -> Any:
        return {"y": np.sin(x) * p["k"], "z": float(x[0]) * p["k"]}

    x, x_dot = np.array([0.5, 2.0]), np.array([10.0, -3.0])
    found = directional_difference(f, (x, {"k": 3.0, "n": 2}), (x_dot, {"k": 0.5, "n": None}))
    expected = [*(3.0 * np.cos(x) * x_dot + 0.5 * np.sin(x)), 3.0 * 10.0 + 0.5 * 0.5]
    assert found == pytest.approx(expected, rel=1e-8)
    still = directional_difference(f, (x, {"k": 3.0}), (np.zeros(2), {"k": 0.0}))
    assert np.array_equal(still, np.zeros(3))


def test_a_slope_that_is_lost_in_rounding_is_allowed_for():
    def root(y, x):
        guess = y
        while abs(guess * guess - x) > 1e-12:
            guess = 0.5 * (guess + x / guess)
        return guess

    (found,) = compare_gradients(root, (1.3, 0.7), (5.2e-20,), argnums=[0])
    assert found.agrees, str(found)
    (wrong,) = compare_gradients(root, (1.3, 0.7), (1e-3,), argnums=[0])
    assert not wrong.agrees
