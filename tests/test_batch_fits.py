"""`curve_fit_batch` gives what single fits give, and says of each fit how it ended."""

import numpy as np
import pytest
import scipy.optimize

import retrograd as rg
from retrograd.runtime.solvers.many_fits import BatchFit
from retrograd.runtime.solvers.result import Status

X = np.linspace(-4.0, 4.0, 40)
GRID = np.array(np.meshgrid(np.arange(7.0) - 3, np.arange(7.0) - 3)).reshape(2, -1)


def peak(x, a, mu, s, b):
    return a * np.exp(-0.5 * ((x - mu) / s) ** 2) + b


def spot(xy, a, x0, y0, s):
    x, y = xy
    return a * np.exp(-0.5 * ((x - x0) ** 2 + (y - y0) ** 2) / s**2)


def hinge(x, a, b):
    return np.where(x > 0.0, a * x, 0.0) + np.maximum(b * x, -1.0)


def falling(x, a, b):
    y = a * np.exp(-b * x)
    y += 1.0
    return y


def share(x, a, b):
    return a * x / np.mean(x) + b * x**2


def cut(x, a, b):
    values = [a * one if one > 1.0 else b * one**2 for one in x]
    return np.array(values)


def line(x, a, b):
    return a * x + b + 0.0 * x


def only_one(x, a):
    return np.exp(-a * x)


def no_effect(x, a, b):
    return a * x + 0.0 * b


def data(model, x, true, rng):
    """Noisy data of one fit for each row of `true`."""
    clean = np.array([model(x, *p) for p in true])
    return clean + 0.02 * rng.normal(size=clean.shape)


def peaks(count):
    rng = np.random.default_rng(0)
    true = np.array([3.0, 0.3, 1.0, 0.5]) + rng.uniform(-0.2, 0.2, (count, 4))
    return true, data(peak, X, true, rng), rng


def check_like_scipy(fits, model, xs, ys, p0, sigmas, absolute_sigma=False):
    assert fits.success.all()
    for k, y in enumerate(ys):
        popt, pcov = scipy.optimize.curve_fit(
            model, xs[k], y, p0[k], sigmas[k], absolute_sigma, ftol=1e-13, xtol=1e-13
        )
        np.testing.assert_allclose(fits.popt[k], popt, rtol=1e-6, atol=1e-8)
        np.testing.assert_allclose(fits.pcov[k], pcov, rtol=1e-4, atol=1e-9)
        rest = (model(xs[k], *popt) - y) / (1.0 if sigmas[k] is None else sigmas[k])
        assert fits.cost[k] == pytest.approx(0.5 * rest @ rest)


@pytest.mark.parametrize("sigma", [None, "m", "Nm"])
@pytest.mark.parametrize("absolute_sigma", [False, True])
def test_peaks_agree_with_scipy(sigma, absolute_sigma):
    true, y, rng = peaks(6)
    deviations = {None: None, "m": np.linspace(0.5, 2.0, 40), "Nm": rng.uniform(1, 2, y.shape)}
    given = deviations[sigma]
    fits = rg.curve_fit_batch(peak, X, y, true + 0.1, sigma=given, absolute_sigma=absolute_sigma)
    sigmas = [None] * 6 if given is None else np.broadcast_to(given, y.shape)
    check_like_scipy(fits, peak, [X] * 6, y, true + 0.1, sigmas, absolute_sigma)


@pytest.mark.parametrize("form", [np.array, tuple], ids=["stack", "tuple"])
def test_spots_have_two_coordinates(form):
    rng = np.random.default_rng(1)
    true = np.array([2.0, 0.1, -0.3, 1.5]) + rng.uniform(-0.2, 0.2, (5, 4))
    y = data(spot, GRID, true, rng)
    fits = rg.curve_fit_batch(spot, form(GRID), y, [1.8, 0.0, 0.0, 1.3])
    check_like_scipy(fits, spot, [GRID] * 5, y, [[1.8, 0.0, 0.0, 1.3]] * 5, [None] * 5)


def test_each_fit_may_have_its_own_x():
    true, _, rng = peaks(3)
    xs = X + rng.uniform(-0.1, 0.1, (3, 40))
    y = np.array([peak(x, *p) for x, p in zip(xs, true, strict=True)])
    y += 0.01 * rng.normal(size=y.shape)
    fits = rg.curve_fit_batch(peak, xs, y, true + 0.1)
    check_like_scipy(fits, peak, xs, y, true + 0.1, [None] * 3)
    moved = rg.curve_fit_batch(spot, (xs, np.zeros((3, 40))), y - 0.5, [3.0, 0.0, 0.0, 1.0])
    assert not moved.success.any()  # where y0 is at first, it has no effect


@pytest.mark.parametrize("model", [hinge, falling, share, cut, line], ids=lambda f: f.__name__)
def test_models_of_every_kind_agree_with_single_fits(model):
    rng = np.random.default_rng(2)
    true = np.array([1.5, 0.7]) + rng.uniform(-0.2, 0.2, (4, 2))
    x = np.linspace(-1.0, 2.5, 15)
    y = data(model, x, true, rng)
    fits = rg.curve_fit_batch(model, x, y, [1.0, 1.0])
    assert fits.success.all()
    for k in range(4):
        popt, pcov = rg.curve_fit(model, x, y[k], [1.0, 1.0])
        np.testing.assert_allclose(fits.popt[k], popt, rtol=1e-8)
        np.testing.assert_allclose(fits.pcov[k], pcov, rtol=1e-6)


def test_one_parameter():
    y = np.exp(-np.outer([0.5, 0.8], np.linspace(0, 3, 9)))
    fits = rg.curve_fit_batch(only_one, np.linspace(0, 3, 9), y, [1.0])
    np.testing.assert_allclose(fits.popt[:, 0], [0.5, 0.8], rtol=1e-12)
    assert np.array_equal(fits.status, [Status.RESIDUAL_ZERO] * 2)


def test_badly_conditioned_fits_are_as_exact_as_single_ones():
    def exponentials(x, a, b, c, d):
        return a * np.exp(-b * x) + c * np.exp(-d * x)

    x = np.linspace(0.0, 1.0, 30)
    true = np.array([[1.0, 1.0, 1.5, 1.05], [1.0, 1.0, 1.5, 1.2]])
    y = data(exponentials, x, true, np.random.default_rng(3))
    fits = rg.curve_fit_batch(exponentials, x, y, true, maxiter=2000)
    for k in np.flatnonzero(fits.success):
        r = exponentials(x, *fits.popt[k]) - y[k]
        columns = np.array(rg.jacobian(exponentials, (1, 2, 3, 4))(x, *fits.popt[k]))
        lengths = np.linalg.norm(columns, axis=1) * np.linalg.norm(r)
        assert np.max(np.abs(columns @ r) / lengths) < 1e-8


def test_failures_are_told_fit_by_fit():
    true, y, _ = peaks(5)
    y[1, 3] = np.nan
    start = true + 0.1
    start[2, 2] = 0.0  # a width of zero
    start[3] = [0.0, 0.0, 1.0, 0.5]
    y[3] = 0.5  # no peak at all: where it is and how wide cannot be known
    fits = rg.curve_fit_batch(peak, X, y, start)
    assert np.array_equal(fits.success, [True, False, False, True, True])
    assert np.array_equal(fits.status[[1, 2]], [Status.NOT_FINITE] * 2)
    assert np.isinf(fits.pcov[1:4]).any(axis=(1, 2)).all()
    assert np.array_equal(fits.popt[1], start[1])
    assert repr(fits) == (
        "<BatchFit of 5 fits of 4 parameters: 1 RESIDUAL_ZERO, 2 STATIONARY, 2 NOT_FINITE>"
    )


def test_what_is_not_determined_has_an_infinite_covariance():
    fits = rg.curve_fit_batch(no_effect, X, np.array([X, X + 0.1 * np.cos(9 * X)]), [2.0, 1.0])
    assert not fits.success[1]
    assert np.isinf(fits.pcov[1, 1, 1])


def test_more_fits_than_are_under_way_at_once(monkeypatch):
    import retrograd.runtime.solvers.many_fits as module

    true, y, _ = peaks(30)
    together = rg.curve_fit_batch(peak, X, y, true + 0.1)
    monkeypatch.setattr(module, "NUMBERS_AT_ONCE", 4 * X.size)
    few = rg.curve_fit_batch(peak, X, y, true + 0.1)
    for one, other in zip(together, few, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10)


def test_a_changed_constant_of_the_model_is_seen():
    y = np.array([2.0 * X, 3.0 * X])
    for factor in (1.0, 4.0):
        globals()["FACTOR"] = factor
        fits = rg.curve_fit_batch(scaled, X, y, [1.0])
        np.testing.assert_allclose(fits.popt[:, 0], [2.0 / factor, 3.0 / factor])


FACTOR = 1.0


def scaled(x, a):
    return FACTOR * a * x


def test_maxiter_and_tol_mean_what_they_mean_elsewhere():
    true, y, _ = peaks(3)
    fits = rg.curve_fit_batch(peak, X, y, true + 0.1, maxiter=2)
    assert np.array_equal(fits.status, [Status.MAXITER] * 3)
    assert np.array_equal(fits.nit, [2, 2, 2])
    assert not fits.success.any()
    assert isinstance(fits, BatchFit)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"ydata": np.zeros(40)}, ValueError, "a row for each fit"),
        ({"xdata": np.zeros(7)}, ValueError, r"xdata has shape \(7,\)"),
        ({"p0": np.ones((3, 4))}, ValueError, r"\(2, n\) was wanted"),
        ({"p0": np.ones(50)}, TypeError, "fewer were wanted"),
        ({"sigma": np.zeros(40)}, ValueError, "zero or not finite"),
        ({"bounds": (0, 1)}, ValueError, "bounds came"),
        ({"method": "trf"}, TypeError, "no option 'method'"),
        ({"model": lambda x, a: np.ones(3) * a, "p0": [1.0]}, ValueError, "was wanted"),
    ],
)
def test_what_does_not_fit_is_refused(change, error, words):
    given = {"model": line, "xdata": X, "ydata": np.zeros((2, 40)), "p0": [1.0, 1.0], **change}
    with pytest.raises(error, match=words):
        rg.curve_fit_batch(**given)
