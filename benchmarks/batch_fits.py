"""How many small fits a second of CPU makes, natively, in NumPy, one by one, and elsewhere?

    python benchmarks/batch_fits.py [--fits N] [--sample K]

Gaussian peaks (4 parameters, 50 points) and spots (5 parameters, 11 x 11 pixels), noisy, from starts
that are off by up to a fifth. Every fit is compared with the sum of squares at the true parameters,
and a sample with SciPy's. JAX, where it is installed, has a jitted and vmapped Levenberg-Marquardt
loop with exact Jacobians. Times are CPU time of all threads; compiling is not counted.
"""

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.optimize

import retrograd as rg
from retrograd.batch_fits import Curves
from retrograd.native_fits import native_loop


def peak(x, a, mu, s, b):
    """A Gaussian on a constant background."""
    return a * np.exp(-0.5 * ((x - mu) / s) ** 2) + b


def spot(xy, a, x0, y0, s, b):
    """A round Gaussian on a constant background."""
    x, y = xy
    return a * np.exp(-0.5 * ((x - x0) ** 2 + (y - y0) ** 2) / s**2) + b


def decay(x, a, b, c):
    """An exponential that falls to a constant."""
    return a * np.exp(-b * x) + c


def seconds(call: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """CPU seconds of the fastest of some calls, and what it gives."""
    best, found = np.inf, None
    for _ in range(repeats):
        begun = time.process_time()
        found = call()
        best = min(best, time.process_time() - begun)
    return best, found


def one_by_one(fit: Callable[..., Any], model: Any, x: Any, y: Any, p0: Any) -> Callable[[], Any]:
    """The calls that fit each row of `y` by itself."""
    return lambda: np.array([fit(model, x, y[k], p0[k])[0] for k in range(len(y))])


def jax_fits(name: str, x: Any, y: Any, p0: Any) -> Callable[[], Any] | None:
    """The fits in JAX; None where it is not installed."""
    try:
        import jax
    except ImportError:
        return None
    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy

    def gauss(p: Any) -> Any:
        square = (x - p[1]) ** 2 if name == "peak" else (x[0] - p[1]) ** 2 + (x[1] - p[2]) ** 2
        return p[0] * jnp.exp(-0.5 * square / p[-2] ** 2) + p[-1]

    def fit(data: Any, start: Any) -> Any:
        def residual(p: Any) -> Any:
            return gauss(p) - data

        def step(state: Any) -> Any:
            p, damping, k, _ = state
            r, columns = residual(p), jax.jacfwd(residual)(p)
            normal, slope = columns.T @ columns, columns.T @ r
            diagonal = jnp.diag(normal)
            s = -jnp.linalg.solve(normal + damping * jnp.diag(diagonal), slope)
            better = jnp.sum(residual(p + s) ** 2) < jnp.sum(r**2)
            cosine = jnp.max(jnp.abs(slope) / jnp.sqrt(diagonal)) / jnp.linalg.norm(r)
            damping = jnp.where(better, damping / 3.0, damping * 4.0)
            done = (cosine <= 1e-10) | (damping > 1e12)
            return jnp.where(better, p + s, p), damping, k + 1, done

        def under_way(state: Any) -> Any:
            return ~state[3] & (state[2] < 200)

        return jax.lax.while_loop(under_way, step, (start, 1e-3, 0, False))[0]

    fits = jax.jit(jax.vmap(fit))
    return lambda: np.asarray(fits(y, p0))


def problem(name: str, count: int) -> tuple[Any, Any, Any, Any, Any]:
    """The model, x, data, starts and true parameters of `count` fits."""
    rng = np.random.default_rng(0)
    places = 1 if name == "peak" else 2
    columns = [rng.uniform(1, 5, count), *rng.uniform(-2, 2, (places, count))]
    true = np.column_stack([*columns, rng.uniform(0.8, 1.6, count), rng.uniform(0, 1, count)])
    grid = np.arange(11.0) - 5
    x = (
        np.linspace(-5, 5, 50)
        if name == "peak"
        else np.array(np.meshgrid(grid, grid)).reshape(2, -1)
    )
    model = peak if name == "peak" else spot
    y = model(x, *true.T[:, :, np.newaxis])
    y += rng.normal(0, 0.05, y.shape)
    return model, x, y, true * rng.uniform(0.8, 1.2, true.shape) + 0.1, true


def compare(name: str, count: int, sample: int) -> None:
    """Print fits per CPU second, each beside SciPy's."""
    model, x, y, p0, true = problem(name, count)
    ways: dict[str, tuple[int, Callable[[], Any]]] = {
        "SciPy curve_fit": (sample, one_by_one(scipy.optimize.curve_fit, model, x, y[:sample], p0)),
        "curve_fit": (sample, one_by_one(rg.curve_fit, model, x, y[:sample], p0)),
        "curve_fit, jit=True": (
            sample,
            one_by_one(lambda *a: rg.curve_fit(*a, jit=True), model, x, y[:sample], p0),
        ),
        "batch in NumPy": (count, lambda: rg.curve_fit_batch(model, x, y, p0, jit=False).popt),
        "batch, native": (count, lambda: rg.curve_fit_batch(model, x, y, p0, jit=True).popt),
    }
    jax = jax_fits(name, x, y, p0)
    if jax is not None:
        ways["JAX, vmap"] = (count, jax)
    print(f"{name}: {y.shape[1]} points, {p0.shape[1]} parameters, {count} fits")
    at_truth = np.sum((model(x, *true.T[:, :, np.newaxis]) - y) ** 2, axis=1)
    scipy_found, rate = None, 0.0
    for way, (fits, call) in ways.items():
        call()  # compiled, and in the caches
        spent, found = seconds(call, 3)
        squares = np.sum((model(x, *found.T[:, :, np.newaxis]) - y[:fits]) ** 2, axis=1)
        wrong = int(np.sum(~(squares <= at_truth[:fits] * (1 + 1e-9))))
        if scipy_found is None:
            scipy_found, rate = found, fits / spent
        errors = np.abs(found[:sample] / scipy_found - 1.0).max(axis=1)
        print(
            f"  {way:22} {fits / spent:10.0f} fits/s {spent / fits * 1e6:9.1f} us/fit"
            f" {fits / spent / rate:7.1f} x   wrong {wrong}/{fits},"
            f" beyond 1e-4 of SciPy {int(np.sum(errors > 1e-4))}/{sample}"
        )


def one_fit() -> None:
    """Print what one native fit of three parameters takes, in the loop and as a call."""
    x = np.linspace(0.0, 4.0, 50)
    y = decay(x, 2.5, 1.3, 0.5) + 0.02 * np.cos(37 * x)
    start = np.array([[1.0, 1.0, 0.0]])
    curves = Curves(decay, (x[np.newaxis],), None, y[np.newaxis], np.ones((1, 50)))
    fits, x3 = native_loop(curves, start, parallel=False), x[np.newaxis, np.newaxis]
    given = x3, curves.y, curves.weights, start, 1e-10, 200, 1e-3, 1
    loop, _ = seconds(lambda: [fits(*given) for _ in range(1000)], 3)
    whole, _ = seconds(
        lambda: [rg.curve_fit(decay, x, y, start[0], jit=True) for _ in range(200)], 3
    )
    scipy_, _ = seconds(
        lambda: [scipy.optimize.curve_fit(decay, x, y, start[0]) for _ in range(50)], 3
    )
    print("one fit of 3 parameters to 50 points, us:")
    print(f"  native loop {loop * 1e3:.1f}, curve_fit(jit=True) {whole * 5e3:.0f}", end="")
    print(f", SciPy curve_fit {scipy_ * 2e4:.0f}")


def main() -> None:
    """Run it all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fits", type=int, default=10_000)
    parser.add_argument("--sample", type=int, default=200)
    given = parser.parse_args()
    for name in ("peak", "spot"):
        compare(name, given.fits, given.sample)
    one_fit()


if __name__ == "__main__":
    main()
