"""What the rules promise where a derivative jumps or ends, and at values where a formula could fail."""

import math
from typing import Any

import numpy as np
import pytest

from tests.rules.calls import LEVELS, Call
from tests.rules.test_formulas import Calculus

A = np.array


def gradients(text: str, g: Any = 1.0, **values: Any) -> list[dict[str, Any]]:
    """The cotangents of the variables at every level of knowledge."""
    return [Calculus(Call(text, values), level).pullback(g) for level in LEVELS]


@pytest.mark.parametrize(
    ("text", "values", "wanted"),
    [
        # 0 where a slope changes its sign
        ("abs(x)", {"x": 0.0}, {"x": 0.0}),
        ("numpy.abs(x)", {"x": 0.0}, {"x": 0.0}),
        ("math.fabs(x)", {"x": -0.0}, {"x": 0.0}),
        ("numpy.hypot(x, y)", {"x": 0.0, "y": 0.0}, {"x": 0.0, "y": 0.0}),
        ("math.hypot(x, y)", {"x": 0.0, "y": 0.0}, {"x": 0.0, "y": 0.0}),
        ("math.atan2(y, x)", {"y": 0.0, "x": 0.0}, {"x": 0.0, "y": 0.0}),
        ("numpy.arctan2(y, x)", {"y": 0.0, "x": 0.0}, {"x": 0.0, "y": 0.0}),
        ("math.dist([x], [y])", {"x": 1.0, "y": 1.0}, {"x": 0.0, "y": 0.0}),
        ("numpy.linalg.norm(x)", {"x": A([0.0, 0.0])}, {"x": [0.0, 0.0]}),
        ("numpy.std(x)", {"x": A([2.0, 2.0])}, {"x": [0.0, 0.0]}),
        ("numpy.linalg.norm(x, 1)", {"x": A([0.0, 2.0])}, {"x": [0.0, 1.0]}),
        ("numpy.linalg.norm(x, 3)", {"x": A([0.0, 0.0])}, {"x": [0.0, 0.0]}),
        ("numpy.linalg.norm(x, 0.5)", {"x": A([0.0, 4.0])}, {"x": [0.0, 1.0]}),
        ("numpy.linalg.norm(x, 2)", {"x": np.zeros((2, 2))}, {"x": np.zeros((2, 2))}),
        ("numpy.linalg.norm(x, -2)", {"x": A([[3.0, 0.0], [0.0, 0.0]])}, {"x": np.zeros((2, 2))}),
        ("numpy.linalg.norm(x, 'nuc')", {"x": np.zeros((2, 2))}, {"x": np.zeros((2, 2))}),
        ("scipy.stats.laplace.logpdf(x)", {"x": 0.0}, {"x": 0.0}),
        # values, where vectors have no derivative
        # 0 outside of a support
        ("scipy.stats.expon.logpdf(x)", {"x": -1.0}, {"x": 0.0}),
        ("scipy.stats.gamma.pdf(x, a)", {"x": -1.0, "a": 2.0}, {"x": 0.0, "a": 0.0}),
        ("scipy.stats.gamma.cdf(x, a)", {"x": -1.0, "a": 2.0}, {"x": 0.0, "a": 0.0}),
        ("scipy.stats.uniform.pdf(x, scale=s)", {"x": 3.0, "s": 2.0}, {"x": 0.0, "s": 0.0}),
        ("scipy.special.xlogy(x, y)", {"x": 0.0, "y": 0.0}, {"x": 0.0, "y": 0.0}),
        # slopes at the ends of what a parameter may be
        ("scipy.stats.binom.logpmf(0, 5, p)", {"p": 0.0}, {"p": -5.0}),
        ("scipy.stats.binom.logpmf(5, 5, p)", {"p": 1.0}, {"p": 5.0}),
        ("scipy.stats.binom.pmf(1, 5, p)", {"p": 0.0}, {"p": 5.0}),
        ("scipy.stats.bernoulli.logpmf(0, p)", {"p": 0.0}, {"p": -1.0}),
        ("scipy.stats.bernoulli.pmf(1, p)", {"p": 0.0}, {"p": 1.0}),
        # equal shares for ties
        ("numpy.linalg.norm(x, numpy.inf)", {"x": A([2.0, -2.0])}, {"x": [0.5, -0.5]}),
        ("max(x, y)", {"x": 1.0, "y": 1.0}, {"x": 0.5, "y": 0.5}),
        ("min(x, y)", {"x": 1.0, "y": 1.0}, {"x": 0.5, "y": 0.5}),
        ("max(x, y, z)", {"x": 1.0, "y": 1.0, "z": 0.0}, {"x": 0.5, "y": 0.5, "z": 0.0}),
        ("max(x)", {"x": A([2.0, 1.0, 2.0])}, {"x": [0.5, 0.0, 0.5]}),
        ("numpy.max(x)", {"x": A([2.0, 1.0, 2.0])}, {"x": [0.5, 0.0, 0.5]}),
        ("numpy.min(x)", {"x": A([1.0, 1.0, 1.0, 1.0])}, {"x": [0.25] * 4}),
        ("numpy.maximum(x, y)", {"x": 3.0, "y": 3.0}, {"x": 0.5, "y": 0.5}),
        ("numpy.minimum(x, y)", {"x": 3.0, "y": 3.0}, {"x": 0.5, "y": 0.5}),
        ("numpy.fmax(x, y)", {"x": 3.0, "y": math.nan}, {"x": 1.0, "y": 0.0}),
        ("numpy.fmin(x, y)", {"x": math.nan, "y": 3.0}, {"x": 0.0, "y": 1.0}),
        ("numpy.clip(x, 0.0, 1.0)", {"x": 0.0}, {"x": 0.5}),
        ("numpy.clip(x, y, z)", {"x": 1.0, "y": 3.0, "z": 1.0}, {"x": 0.0, "y": 0.0, "z": 1.0}),
        (
            "numpy.clip(x, lo, hi)",
            {"x": 1.0, "lo": 0.0, "hi": 1.0},
            {"x": 0.5, "lo": 0.0, "hi": 0.5},
        ),
        (
            "numpy.max(x, initial=s)",
            {"x": A([2.0, 1.0, 2.0]), "s": 2.0},
            {"x": [1 / 3, 0.0, 1 / 3], "s": 1 / 3},
        ),
        ("numpy.nanmax(x)", {"x": A([2.0, math.nan, 2.0])}, {"x": [0.5, 0.0, 0.5]}),
        ("numpy.median(x)", {"x": A([1.0, 1.0, 3.0])}, {"x": [0.5, 0.5, 0.0]}),
        ("numpy.quantile(x, 0.5)", {"x": A([1.0, 2.0, 2.0, 3.0])}, {"x": [0.0, 0.5, 0.5, 0.0]}),
        ("numpy.ptp(x)", {"x": A([1.0, 3.0, 3.0])}, {"x": [-1.0, 0.5, 0.5]}),
        ("numpy.nanmedian(x)", {"x": A([1.0, math.nan, 3.0])}, {"x": [0.5, 0.0, 0.5]}),
        ("numpy.fabs(x)", {"x": 0.0}, {"x": 0.0}),
        # the mean of both sides at a corner
        (
            "numpy.interp(x, p, q)",
            {"x": 1.0, "p": A([0.0, 1.0, 2.0]), "q": A([0.0, 1.0, 4.0])},
            {"x": 2.0},
        ),
        # what nan was replaced by, or left out for, stands still
        ("numpy.nan_to_num(x)", {"x": math.nan}, {"x": 0.0}),
        ("numpy.nansum(x)", {"x": A([1.0, math.nan])}, {"x": [1.0, 0.0]}),
        # powers
        ("x**y", {"x": 0.0, "y": 0.0}, {"x": 0.0, "y": 0.0}),
        ("x**y", {"x": 0.0, "y": 2.0}, {"x": 0.0, "y": 0.0}),
        ("x**y", {"x": 0.0, "y": 0.5}, {"x": math.inf, "y": 0.0}),
        ("x**y", {"x": -2.0, "y": 3.0}, {"x": 12.0, "y": 0.0}),
        ("x**n", {"x": 0.0, "n": 0}, {"x": 0.0}),
        ("x**n", {"x": 0.0, "n": 1}, {"x": 1.0}),
        ("x**0.5", {"x": 0.0}, {"x": math.inf}),
        ("math.pow(x, y)", {"x": 0.0, "y": 0.0}, {"x": 0.0, "y": 0.0}),
        # where the slope is infinite and the function is not
        ("math.sqrt(x)", {"x": 0.0}, {"x": math.inf}),
        ("numpy.sqrt(x)", {"x": 0.0}, {"x": math.inf}),
        ("math.cbrt(x)", {"x": 0.0}, {"x": math.inf}),
        ("numpy.cbrt(x)", {"x": 0.0}, {"x": math.inf}),
        ("math.asin(x)", {"x": 1.0}, {"x": math.inf}),
        ("math.acos(x)", {"x": -1.0}, {"x": -math.inf}),
        ("math.acosh(x)", {"x": 1.0}, {"x": math.inf}),
        # sizes at which a careless formula overflows
        ("math.atan(x)", {"x": 1e200}, {"x": 0.0}),
        ("math.asinh(x)", {"x": 1e200}, {"x": 0.0}),
        ("math.fmod(x, y)", {"x": 3.0, "y": math.inf}, {"x": 1.0, "y": 0.0}),
        # products with zeros
        ("numpy.prod(x)", {"x": A([0.0, 2.0, 3.0])}, {"x": [6.0, 0.0, 0.0]}),
        ("numpy.prod(x)", {"x": A([0.0, 2.0, 0.0])}, {"x": [0.0, 0.0, 0.0]}),
        ("math.prod(x)", {"x": A([0.0, 2.0, 3.0])}, {"x": [6.0, 0.0, 0.0]}),
        # no element that counts for the slope of sinc at 0
        ("numpy.sinc(x)", {"x": 0.0}, {"x": 0.0}),
    ],
    ids=str,
)
def test_convention(text: str, values: dict[str, Any], wanted: dict[str, Any]) -> None:
    for found in gradients(text, **values):
        for name, value in wanted.items():
            assert np.array_equal(np.asarray(found[name]), np.asarray(value)), (name, found[name])


def test_ties_along_an_axis() -> None:
    x = A([[1.0, 3.0, 3.0], [2.0, 0.0, 1.0]])
    for found in gradients("numpy.max(x, axis=1)", g=A([2.0, 5.0]), x=x):
        assert np.array_equal(found["x"], [[0.0, 1.0, 1.0], [5.0, 0.0, 0.0]])


@pytest.mark.parametrize("text", ["numpy.sort(x)", "numpy.partition(x, 1)"])
def test_ties_in_order_share_equally(text: str) -> None:
    for found in gradients(text, g=A([1.0, 2.0, 6.0]), x=A([1.0, 3.0, 1.0])):
        assert np.array_equal(found["x"], [1.5, 6.0, 1.5])


def test_no_variance_along_an_axis() -> None:
    x = A([[1.0, 1.0], [0.0, 2.0]])
    for found in gradients("numpy.std(x, axis=1)", g=A([1.0, 1.0]), x=x):
        assert np.array_equal(found["x"], [[0.0, 0.0], [-0.5, 0.5]])


@pytest.mark.parametrize(
    "text", ["numpy.where(c, x, 0.0)", "numpy.maximum(x, 1.0)", "numpy.clip(x, 1.0, 2.0)"]
)
def test_what_is_not_chosen_gets_zero_whatever_comes(text: str) -> None:
    values = {"x": A([0.0, 1.5]), "c": A([False, True])}
    for found in gradients(text, g=A([math.inf, 1.0]), **values):
        assert np.array_equal(found["x"], [0.0, 1.0])


def test_sinc_near_zero() -> None:
    """Against the series sinc'(x) = -pi**2 x / 3 + pi**4 x**3 / 30 - ..."""
    for x in (1e-12, 1e-6, 1e-3):
        series = -(math.pi**2) * x / 3 + math.pi**4 * x**3 / 30
        for found in gradients("numpy.sinc(x)", x=x):
            assert math.isclose(found["x"], series, rel_tol=1e-10)


@pytest.mark.parametrize("at", [np.eye(3), np.zeros((3, 3)), np.diag([1.0, 1.0, 2.0])])
@pytest.mark.parametrize(
    "text",
    ["numpy.linalg.eigh(x)[0]", "numpy.linalg.eigvalsh(x)", "numpy.linalg.svd(x)[1]"],
)
def test_equal_values_without_their_vectors(text: str, at: Any) -> None:
    """The sum of the values is the trace, whatever they are, or the sum of the diagonal."""
    for found in gradients(text, g=np.ones(3), x=at):
        assert np.allclose(found["x"], np.eye(3))


def test_vectors_of_equal_values_have_no_derivative() -> None:
    for found in gradients("numpy.linalg.eigh(x)[1]", g=np.ones((2, 2)), x=np.eye(2)):
        assert np.isnan(found["x"]).any()
