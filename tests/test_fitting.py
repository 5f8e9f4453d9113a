"""`least_squares` and `curve_fit` with generated derivatives."""

import io
import warnings
from functools import partial

import numpy as np
import pytest
import scipy.optimize
from rich.console import Console

import retrograd as rg
from retrograd.progress import progress_of

X = np.linspace(0.0, 4.0, 40)
Y = 2.5 * np.exp(-1.3 * X) + 0.5 + 0.02 * np.cos(37 * X)
SIGMA = np.linspace(0.5, 2.0, 40)


def decay(x, a, b, c):
    return a * np.exp(-b * x) + c


def decay_residual(p, x, y):
    return p[0] * np.exp(-p[1] * x) + p[2] - y


# ---------------------------------------------------------------- curve_fit


def covariance_of_noise():
    return np.diag(SIGMA**2) + 0.1


@pytest.mark.parametrize("absolute_sigma", [False, True])
@pytest.mark.parametrize(
    "sigma", [None, 0.3, SIGMA, covariance_of_noise()], ids=["no", "one", "m", "mm"]
)
def test_curve_fit_agrees_with_scipy(sigma, absolute_sigma):
    options = {"sigma": sigma, "absolute_sigma": absolute_sigma}
    popt, pcov = rg.curve_fit(decay, X, Y, **options)
    if sigma is not None and np.ndim(sigma) == 0:
        options["sigma"] = np.full(40, sigma)
    expected, expected_cov = scipy.optimize.curve_fit(
        decay, X, Y, ftol=1e-14, xtol=1e-14, gtol=1e-14, **options
    )
    assert popt.shape == (3,)
    assert pcov.shape == (3, 3)
    np.testing.assert_allclose(popt, expected, rtol=1e-7)
    np.testing.assert_allclose(pcov, expected_cov, rtol=1e-5)


def test_curve_fit_takes_lists_and_starts():
    popt, _ = rg.curve_fit(decay, list(X), list(Y), [1.0, 1.0, 0.0], method="gauss-newton")
    np.testing.assert_allclose(popt, rg.curve_fit(decay, X, Y)[0], rtol=1e-9)


def test_curve_fit_of_one_parameter():
    def through_origin(x, a):
        return a * x

    popt, pcov = rg.curve_fit(through_origin, X, 2 * X)
    np.testing.assert_allclose(popt, [2.0], rtol=1e-14)
    assert pcov.shape == (1, 1)


def test_curve_fit_of_single_precision_data_is_in_double():
    popt, pcov = rg.curve_fit(decay, X.astype(np.float32), Y.astype(np.float32))
    assert popt.dtype == pcov.dtype == np.float64
    np.testing.assert_allclose(popt, rg.curve_fit(decay, X, Y)[0], rtol=1e-5)


def test_curve_fit_with_a_jacobian_of_the_users():
    def jac(x, a, b, c):
        return np.stack([np.exp(-b * x), -a * x * np.exp(-b * x), np.ones_like(x)], axis=1)

    popt, pcov = rg.curve_fit(decay, X, Y, jac=jac, sigma=SIGMA)
    expected, expected_cov = rg.curve_fit(decay, X, Y, sigma=SIGMA)
    np.testing.assert_allclose(popt, expected, rtol=1e-10)
    np.testing.assert_allclose(pcov, expected_cov, rtol=1e-9)


def test_curve_fit_that_fails_raises():
    with pytest.raises(RuntimeError, match="Optimal parameters not found: maxiter=1"):
        rg.curve_fit(decay, X, Y, maxiter=1)


def test_curve_fit_that_does_not_determine_all_parameters_warns():
    def redundant(x, a, b):
        return (a + b) * x

    with pytest.warns(UserWarning, match="Covariance of the parameters could not be estimated"):
        _, pcov = rg.curve_fit(redundant, X, Y)
    assert np.all(np.isinf(pcov))
    with pytest.warns(UserWarning, match="Covariance"):
        rg.curve_fit(decay, X[:3], Y[:3])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rg.curve_fit(decay, X, Y)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"ydata": np.where(X == 0, np.nan, Y)}, ValueError, "ydata is not finite: entry 0 is nan"),
        ({"xdata": np.where(X == 0, np.inf, X)}, ValueError, "xdata is not finite: entry 0 is inf"),
        ({"xdata": X[:2], "ydata": Y[:2]}, TypeError, "3 parameters came for 2 data points"),
        ({"ydata": Y[:-1]}, ValueError, r"\(40,\)"),
        ({"sigma": SIGMA[:-1]}, ValueError, r"sigma has shape \(39,\)"),
        ({"sigma": 0.0}, ValueError, "sigma has an entry of zero"),
        ({"sigma": np.ones((40, 40))}, ValueError, "not positive definite"),
        ({"bounds": (2.0, 9.0), "p0": [1, 3, 3]}, ValueError, "parameter 0 starts at 1.0, outside"),
        ({"method": "trf"}, ValueError, "'trf' came; available are 'lm', 'gauss-newton'"),
        ({"jac": "2-point"}, ValueError, "jac='2-point' came"),
        ({"ftol": 1e-3}, TypeError, "no option 'ftol'; its options are 'tol'"),
        ({"p0": [1.0, np.nan, 0.0]}, ValueError, "parameter 1 is nan"),
    ],
)
def test_curve_fit_refuses(change, error, words):
    given = {"model": decay, "xdata": X, "ydata": Y, **change}
    with pytest.raises(error, match=words):
        rg.curve_fit(**given)


def test_curve_fit_accepts_bounds_that_bind_nothing():
    rg.curve_fit(decay, X, Y, bounds=(-np.inf, np.inf))


@pytest.mark.parametrize("bounds", [(0.0, 1.0), ([0, 0, 0.6], [3, 1.2, 2]), ([-9, -9, -9], 9)])
def test_curve_fit_within_bounds_agrees_with_scipy(bounds):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some parameters are held by a bound
        popt, pcov = rg.curve_fit(decay, X, Y, [0.9, 0.9, 0.9], bounds=bounds)
    tight = {"ftol": 1e-15, "xtol": 1e-15, "gtol": 1e-15}
    expected, _ = scipy.optimize.curve_fit(decay, X, Y, [0.9, 0.9, 0.9], bounds=bounds, **tight)
    np.testing.assert_allclose(popt, expected, rtol=1e-6)
    held = (popt == bounds[0]) | (popt == bounds[1])
    np.testing.assert_array_equal(np.isnan(np.diag(pcov)), held)


@pytest.mark.parametrize("loss", ["soft_l1", "huber", "cauchy", "arctan"])
@pytest.mark.parametrize("method", ["lm", "gauss-newton", "gauss-newton-cg"])
def test_robust_losses_agree_with_scipy(loss, method):
    y = Y.copy()
    y[[5, 17, 30]] += [2.0, -3.0, 1.0]
    options = {"loss": loss, "f_scale": 0.05, "method": method}
    result = rg.least_squares(decay_residual, [2.0, 1.0, 0.6], (X, y), **options)
    tight = {"ftol": 1e-15, "xtol": 1e-15, "gtol": 1e-15, "loss": loss, "f_scale": 0.05}
    expected = scipy.optimize.least_squares(decay_residual, [2.0, 1.0, 0.6], args=(X, y), **tight)
    assert result.success
    np.testing.assert_allclose(result.x, expected.x, rtol=1e-6)
    np.testing.assert_allclose(result.cost, expected.cost, rtol=1e-9)
    np.testing.assert_allclose(result.fun, decay_residual(result.x, X, y), rtol=1e-12)
    clean = rg.curve_fit(decay, X, Y)[0]
    np.testing.assert_allclose(result.x, clean, atol=0.02)


def test_curve_fit_without_a_start_begins_within_the_bounds():
    bounds = ([2, -np.inf, -5], [4, 2, np.inf])
    seen = []
    rg.curve_fit(decay, X, Y, bounds=bounds, callback=lambda state: seen.append(state.x))
    popt, _ = rg.curve_fit(decay, X, Y, [3.0, 1.0, -4.0], bounds=bounds)
    again, _ = rg.curve_fit(decay, X, Y, bounds=bounds)
    np.testing.assert_allclose(popt, again, rtol=1e-10)
    assert seen


def test_curve_fit_needs_to_know_the_parameters():
    with pytest.raises(ValueError, match="give p0"):
        rg.curve_fit(lambda x, *p: x, X, Y)


# ---------------------------------------------------------------- least_squares


@pytest.mark.parametrize("method", ["lm", "gauss-newton"])
def test_least_squares_with_a_generated_jacobian(method):
    result = rg.least_squares(decay_residual, [1.0, 1.0, 1.0], (X, Y), method=method)
    popt, pcov = rg.curve_fit(decay, X, Y)
    assert result.success
    np.testing.assert_allclose(result.x, popt, rtol=1e-10)
    np.testing.assert_allclose(result.cov, pcov, rtol=1e-8)


def test_least_squares_of_single_precision_data_is_in_double():
    result = rg.least_squares(
        decay_residual, np.ones(3, np.float32), (X.astype(np.float32), Y.astype(np.float32))
    )
    assert result.success
    assert result.x.dtype == result.fun.dtype == result.jac.dtype == np.float64


def test_least_squares_with_a_jacobian_of_the_users():
    calls = []

    def jac(p, x, y):
        calls.append(p)
        e = np.exp(-p[1] * x)
        return np.stack([e, -p[0] * x * e, np.ones_like(x)], axis=1)

    result = rg.least_squares(decay_residual, [1, 1, 1], (X, Y), jac=jac)
    assert result.success
    assert len(calls) == result.njev


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"loss": "tukey"}, ValueError, "loss='tukey' came; available are 'linear'"),
        ({"loss": lambda z: z}, ValueError, r"the loss returned shape \(40,\)"),
        ({"loss": "huber", "f_scale": 0.0}, ValueError, "f_scale=0.0 came"),
        ({"f_scale": 2.0}, ValueError, "f_scale=2.0 has no effect for loss='linear'"),
        ({"bounds": ([0, 0, 2], [1, 1, 3])}, ValueError, "parameter 2 starts at 1.0, outside"),
        ({"bounds": ([0, 0, 2], [1, 1, 2])}, ValueError, "bounds 2.0 and 2.0 came for parameter 2"),
        ({"bounds": ([0, 0], [1, 1])}, ValueError, "each a number or 3 of them"),
        ({"bounds": (0, 2), "method": "gauss-newton"}, ValueError, "only 'lm' honours them"),
        ({"bounds": (0, 2), "method": "gauss-newton-cg"}, ValueError, "bounds came for method"),
        ({"fixed": "x[0]", "method": "gauss-newton-cg"}, ValueError, "fixed or tied came for"),
        ({"x_scale": 2.0, "method": "gauss-newton-cg"}, ValueError, "x_scale came for method"),
        ({"maxinner": 1.5, "method": "gauss-newton-cg"}, ValueError, "maxinner=1.5 came"),
        ({"jit": True}, ValueError, "jit=True came"),
        ({"jacobian": "sparse"}, ValueError, "jacobian='sparse' came, and fits with sparse"),
        (
            {"method": "trf"},
            ValueError,
            "available are 'lm', 'gauss-newton', 'dogleg', 'gauss-newton-cg'",
        ),
        ({"constraints": ()}, TypeError, "no option 'constraints'"),
        ({"p0": "abc"}, ValueError, "p0 is of dtype"),
        ({"p0": np.ones((2, 2))}, ValueError, r"p0 has shape \(2, 2\)"),
        ({"p0": {"a": None}}, ValueError, "floats or arrays of floats were wanted"),
    ],
)
def test_least_squares_refuses(options, error, words):
    given = {"residual": decay_residual, "p0": [1.0, 1.0, 1.0], "args": (X, Y), **options}
    with pytest.raises(error, match=words):
        rg.least_squares(**given)


# ---------------------------------------------------------------- refusals of the compiler


def unreadable_model(x, a):
    try:
        return a * x
    finally:
        pass


def test_refusals_pass_through():
    with pytest.raises(rg.UnsupportedError):
        rg.curve_fit(unreadable_model, X, Y)


@pytest.mark.parametrize("method", ["lm", "dogleg", "gauss-newton", "gauss-newton-cg"])
def test_progress_shows_the_last_step_on_a_terminal(method, monkeypatch, capsys):
    screen = Console(file=io.StringIO(), force_terminal=True, width=200)
    shown = partial(progress_of, console=screen)
    quiet = rg.least_squares(decay_residual, [1.0, 1.0, 1.0], (X, Y), method=method, progress=True)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr("retrograd.linked_fits.progress_of", shown)
    seen = []
    result = rg.least_squares(
        decay_residual,
        [1.0, 1.0, 1.0],
        (X, Y),
        method=method,
        progress=True,
        callback=seen.append,
    )
    np.testing.assert_array_equal(result.x, quiet.x)
    last = seen[-1]
    assert f"{method} {last.nit:6d}   value {last.value:.8g}" in screen.file.getvalue()
