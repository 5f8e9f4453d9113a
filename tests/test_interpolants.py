"""Objects of SciPy that are made of numbers and called: interpolants, frozen distributions."""

import numpy as np
import pytest
from scipy.interpolate import (
    Akima1DInterpolator,
    CubicSpline,
    PchipInterpolator,
    interp1d,
    make_interp_spline,
)
from scipy.stats import norm

import retrograd as rg

X = np.array([0.0, 0.7, 1.5, 2.2, 3.0])
Y = np.array([1.0, 0.3, -0.5, 2.0, 1.0])
T = np.array([0.2, 1.1, 2.9])
READY = CubicSpline(X, Y)


def made_and_called(y, t):
    return np.sum(CubicSpline(X, y)(t) ** 2)


def named(y, t):
    spline = CubicSpline(X, 2.0 * y, bc_type="natural")
    return np.sum(spline(t) * spline(t, 1))


def in_a_loop(y, t):
    spline = make_interp_spline(X, y, k=3)
    total = 0.0
    for k in range(3):
        total = total + np.sum(spline(t + 0.01 * k, nu=k) ** 2)
    return total


def broken_line(y, t):
    return np.sum(interp1d(X, y)(t) ** 2)


def beyond_the_ends(y, t):
    return np.sum(interp1d(X, y, fill_value="extrapolate")(t + 1.0) ** 2)


def cubic(y, t):
    return np.sum(interp1d(X, y, kind="cubic")(t) ** 2)


def steps(y, t):
    return np.sum(interp1d(X, y, kind="previous")(t) * t)


def ready(t):
    return np.sum(READY(t) ** 2)


def given(spline, t):
    return np.sum(spline(t, 1) * t)


def at_points(t):
    return np.sum(PchipInterpolator(X, Y)(t) * Akima1DInterpolator(X, Y)(t))


def frozen(mu, sigma):
    distribution = norm(mu, sigma)
    return np.sum(distribution.logpdf(T) + distribution.cdf(T))


@pytest.mark.parametrize(
    ("f", "args"),
    [
        (made_and_called, (Y, T)),
        (made_and_called, (np.stack([Y, Y**2], 1), T)),
        (made_and_called, (Y, 1.3)),
        (named, (Y, T)),
        (in_a_loop, (Y, T)),
        (broken_line, (Y, T)),
        (beyond_the_ends, (Y, T)),
        (cubic, (Y, T)),
        (steps, (Y, T)),
        (ready, (T,)),
        (at_points, (T,)),
        (frozen, (0.3, 1.2)),
    ],
)
def test_agrees_with_differences(f, args):
    rg.check_grads(f, args, order=2)


def test_an_interpolant_may_be_an_argument():
    found = rg.grad(given, argnums=1)(READY, T)
    np.testing.assert_allclose(found, READY(T, 1) + READY(T, 2) * T)


def test_the_source_makes_it_where_it_is_used():
    derivative = rg.grad(named)
    derivative(Y, T)
    assert 'CubicSpline(X, 2.0 * y, bc_type="natural")(t, 1)' in derivative.source
    assert "through_basis" in derivative.source
    assert "spline =" not in derivative.source


def test_the_mean_of_both_slopes_at_a_knot():
    def f(t):
        return interp1d(X, Y)(t) * 1.0

    slopes = np.diff(Y) / np.diff(X)
    assert rg.grad(f)(X[2]) == pytest.approx(0.5 * (slopes[1] + slopes[2]))


def test_what_is_refused():
    def by_knots(x):
        return np.sum(CubicSpline(x, Y)(T))

    def nonlinear(y):
        return np.sum(PchipInterpolator(X, y)(T))

    def filled(y):
        return np.sum(interp1d(X, y, bounds_error=False, fill_value=0.0)(T))

    for f, arg, name in ((by_knots, X, "x"), (nonlinear, Y, "y"), (filled, Y, "fill_value")):
        with pytest.raises(rg.UnsupportedError, match=f"`{name}`") as refusal:
            rg.grad(f)(arg)
        assert refusal.value.code == "RG302"

    def changed(y, t):
        spline = CubicSpline(X, y)
        z = y
        z[0] = 5.0
        return np.sum(spline(t))

    with pytest.raises(rg.UnsupportedError, match="which function"):
        rg.grad(changed)(Y.copy(), T)
