"""Fits in native code give what NumPy gives, are kept on disk, and refuse what they cannot do."""

import os
import subprocess
import sys

import numpy as np
import pytest

import retrograd as rg
from retrograd.runtime.solvers.linked_text import linked_loop
from retrograd.runtime.solvers.result import Status

pytest.importorskip("numba")

X = np.linspace(-4.0, 4.0, 40)
GRID = np.array(np.meshgrid(np.arange(7.0) - 3, np.arange(7.0) - 3)).reshape(2, -1)
WIDTH = 2.0


def fit(x, a, mu, s):  # the name of a function of the loop
    if x < -3.9:
        return 0.0 * a
    return a * np.exp(-0.5 * ((x - mu) / s) ** WIDTH)


def smooth(x, a, mu, s):
    return a * np.exp(-0.5 * ((x - mu) / s) ** 2) * (x >= -3.9)


def spot(xy, a, x0, y0, s):
    x, y = xy
    return a * np.exp(-0.5 * ((x - x0) ** 2 + (y - y0) ** 2) / s**2)


def share(x, a, b):
    return a * x / np.max(x) + b


TABLE = np.ones(3)


def reading(x, a):
    return a * x * TABLE[0]


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory):
    """A cache of native code for the tests of this file."""
    folder = tmp_path_factory.mktemp("native")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RETROGRAD_CACHE_DIR", str(folder))
        yield folder


def noisy(model, x, true, seed=0):
    rng = np.random.default_rng(seed)
    clean = np.array([model(x, *p) for p in true])
    return clean + 0.02 * rng.normal(size=clean.shape)


def check_alike(native, numpy):
    assert np.array_equal(native.status, numpy.status)
    for one, other in zip(native, numpy, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-7, atol=1e-12)


def test_native_fits_are_those_of_numpy():
    rng = np.random.default_rng(1)
    true = np.array([2.0, 0.1, -0.3, 1.5]) + rng.uniform(-0.2, 0.2, (6, 4))
    y = noisy(spot, GRID, true)
    y[1, 3] = np.nan
    start = true + 0.1
    start[2, 3] = 0.0  # a width of zero
    sigma = rng.uniform(1.0, 2.0, y.shape)
    for one in (None, sigma):
        native = rg.curve_fit_batch(spot, GRID, y, start, sigma=one, jit=True)
        check_alike(native, rg.curve_fit_batch(spot, GRID, y, start, sigma=one, jit=False))
        assert np.array_equal(native.status[[1, 2]], [Status.NOT_FINITE] * 2)
    xs = np.tile(GRID[0], (6, 1)), GRID[1]
    native = rg.curve_fit_batch(spot, xs, y, start, jit=True)
    check_alike(native, rg.curve_fit_batch(spot, GRID, y, start, jit=False))
    popt, pcov = rg.curve_fit(spot, GRID, y[0], start[0], jit=True)
    np.testing.assert_allclose(popt, native.popt[0], rtol=1e-12)
    np.testing.assert_allclose(pcov, native.pcov[0], rtol=1e-12)


SECOND = """
import sys
import numpy as np
import retrograd as rg
sys.path.insert(0, {here!r})
import test_fits
popt, _ = rg.curve_fit(test_fits.spot, test_fits.GRID, test_fits.spot(test_fits.GRID, 2, 0, 0, 1), [1.8, 0.1, 0.1, 1.1], jit=True)
np.testing.assert_allclose(popt, [2, 0, 0, 1], atol=1e-9)
[fits] = [entry for entry in sys.modules.values() if entry.__name__.startswith("retrograd_native")]
print(sum(fits.fits.stats.cache_hits.values()), sum(fits.fits.stats.cache_misses.values()))
"""


def test_a_second_process_loads_what_was_compiled(folder):
    rg.curve_fit(spot, GRID, spot(GRID, 2, 0, 0, 1), [1.8, 0.1, 0.1, 1.1], jit=True)
    done = subprocess.run(
        [sys.executable, "-c", SECOND.format(here=os.path.dirname(__file__))],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "RETROGRAD_CACHE_DIR": str(folder)},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["1", "0"]


@pytest.mark.parametrize(
    ("model", "options", "error", "words"),
    [
        (share, {}, ValueError, "one by one"),
        (reading, {}, rg.UnsupportedError, "reads an array"),
        (share, {"bounds": (0, 1)}, ValueError, "bounds came"),
    ],
)
def test_what_native_fits_do_not_take(model, options, error, words):
    start = [1.0, 1.0] if model is share else [1.0]
    y = np.array([X, 2 * X])
    with pytest.raises(error, match=words):
        rg.curve_fit_batch(model, X, y, start, jit=True, **options)
    with pytest.raises(error, match=words):
        rg.curve_fit(model, X, X, start, jit=True, **options)


def test_native_curve_fit_takes_lm_only():
    with pytest.raises(ValueError, match="method='gauss-newton' came"):
        rg.curve_fit(smooth, X, X, jit=True, method="gauss-newton")


# ---------------------------------------------------------------- the loop as plain Python


LOOP = """
import math
import numpy as np
def njit(**options): return lambda function: function
prange = range
def two(x, a, b):
    e = np.exp(-b * x)
    return a * e, (e, -a * x * e)
{loop}
"""


@pytest.fixture(scope="module")
def two():
    """The loop linked with a model of two parameters, not compiled."""
    loop, name = linked_loop(LOOP.format(loop=""), "two", 2, 0, cache="False", parallel=False)
    scope = {}
    exec(LOOP.format(loop=loop), scope)
    return scope[name]


def decay(x, a, b):
    return a * np.exp(-b * x)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("start", [(1.0, 1.0), (0.3, -0.5), (0.0, 1.0), (1.0, 20.0), (1.0, 1e-9)])
def test_the_loop_takes_the_steps_of_numpy(two, start):
    x = np.linspace(0.1, 1.0, 9)
    y = noisy(decay, x, [(2.0, 1.5), (2.0, 1e-7)])
    w = np.ones((1, 9))
    found = two(x[np.newaxis, np.newaxis], y, w, np.tile(start, (2, 1)), 1e-10, 60, 1e-3, 2)
    p, inverse, cost, status, _ = found
    many = rg.curve_fit_batch(decay, x, y, start, maxiter=60, jit=False, absolute_sigma=True)
    same = many.status != Status.STALLED
    np.testing.assert_allclose(p[same], many.popt[same], rtol=1e-6)
    np.testing.assert_allclose(cost[same], many.cost[same], rtol=1e-8)
    assert np.array_equal((status > 0)[same], many.success[same])
    np.testing.assert_allclose(inverse[many.success], many.pcov[many.success], rtol=1e-5)


def test_names_of_the_model_stay_its_own():
    model = "def fit(x, a):\n    return a, 1.0\n\n\nN = 7\n"
    loop, name = linked_loop(model, "fit", 1, 0, cache="False", parallel=False)
    assert name == "fits"
    assert "def fit_(" in loop
    assert "N_ = 1" in loop
