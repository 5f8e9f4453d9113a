"""`curve_fit_batch`: one model fitted to many sets of data.

All fits take their steps at once, in arrays with the fits along the first axis, if the model treats
its data points one by one. Whether it does is tried on a few fits, before and after.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from retrograd.fitting import model_jacobian, parameter_count
from retrograd.native import check_numba
from retrograd.native_fits import NotLinked, native_ends, tried
from retrograd.point_gradients import PointGradient, is_same, point_gradient
from retrograd.runtime.solvers.covariance import covariance
from retrograd.runtime.solvers.least_squares import solve_least_squares
from retrograd.runtime.solvers.many_fits import BatchFit, Ends, fit_many
from retrograd.runtime.solvers.options import read_options
from retrograd.runtime.solvers.result import Array, Status
from retrograd.transforms.diagnostics.report import RetrogradError, brief_refusals

DEFAULTS: Final[dict[str, Any]] = {"tol": 1e-10, "maxiter": 200, "damping": 1e-3}

#: From so many fits on native code is worth being compiled unasked, or loaded.
MANY: Final = 5000


@brief_refusals
def curve_fit_batch(
    model: Callable[..., Any],
    xdata: Any,
    ydata: Any,
    p0: Any,
    *,
    sigma: Any = None,
    absolute_sigma: bool = False,
    bounds: Any = None,
    jit: bool | None = None,
    parallel: bool = False,
    **options: Any,
) -> BatchFit:
    """Fit ``model(xdata, a, b, ...)`` to each row of `ydata`, by Levenberg-Marquardt.

    Args:
        model: returns the predictions for one fit, shape (m,), or a number. One that treats its data
            points one by one, without branches, is computed for all fits at once, others fit by fit.
        xdata: shape (m,), or (N, m) with a row for each fit. Of several coordinates: a tuple of such
            arrays, or an array with a row of shape (m,) for each, which then are not N.
        ydata: the data, shape (N, m).
        p0: the starts, shape (N, n), or (n,) for all fits.
        sigma: standard deviations of the data, a number or shape (m,) or (N, m).
        absolute_sigma: as in `curve_fit`.
        bounds: None or infinite.
        jit: True for native code by Numba, one module of model, gradient and loop, kept on disk; it
            takes models that treat their data points one by one, with branches or without. False
            for NumPy; None for native code where it can be had and the fits are many.
        parallel: whether native code uses all processors.
        options: ``tol``, ``maxiter`` (200) and ``damping`` as in `least_squares`.

    Returns:
        Of each fit the parameters and their covariance, whether it succeeded, and why it ended. A
        fit that fails raises nothing, and one of data that are not finite ends where it starts.

    Raises:
        ValueError: the shapes do not fit each other; bounds, an option that has no sense.
        TypeError: an option that there is not.
        UnsupportedError: `model` cannot be differentiated, or with `jit` not compiled.
        ImportError: `jit` is True, and Numba is not installed.
    """
    settings = read_options("lm", options, DEFAULTS)
    _refuse_bounds(bounds)
    y = _real(ydata, "ydata")
    if y.ndim != 2 or y.size == 0:
        raise ValueError(f"ydata has shape {y.shape}; (N, m) was wanted, a row for each fit")
    start = _starts(p0, len(y))
    if start.shape[1] > y.shape[1]:
        raise TypeError(
            f"{start.shape[1]} parameters came for {y.shape[1]} data points; fewer were wanted"
        )
    curves = Curves(model, *_coordinates(xdata, y.shape), y, _weights(sigma, y.shape))
    ends = _in_native_code(curves, start, settings, jit, parallel)
    if ends is None:
        ends = _all_at_once(curves, start, settings)
    if ends is None:
        ends = _one_by_one(curves, start, np.arange(len(y)), settings)
    stalled = np.flatnonzero(ends.status == Status.STALLED)
    if stalled.size:  # where rounding may be the reason, which the solver of single fits judges
        ends.put(stalled, _one_by_one(curves, ends.p, stalled, settings))
    return _batch_fit(ends, y.shape[1], absolute_sigma)


def native_curve_fit(
    model: Callable[..., Any],
    xdata: Any,
    ydata: Any,
    p0: Any,
    sigma: Any,
    absolute_sigma: bool,
    bounds: Any,
    *,
    method: str,
    jac: Any,
    **options: Any,
) -> tuple[Array, Array] | None:
    """`curve_fit` in native code; None where that does not succeed.

    Raises:
        ValueError, TypeError: native code has not what is asked for.
    """
    settings = read_options("lm", options, DEFAULTS)
    given = {"method": (method, "lm"), "jac": (jac, None)}
    for name, (came, only) in given.items():
        if came != only:
            raise ValueError(f"{name}={came!r} came; with jit=True there is {only!r} only")
    _refuse_bounds(bounds)
    y = np.atleast_1d(_real(ydata, "ydata"))[np.newaxis]
    start = _starts(np.ones(parameter_count(model)) if p0 is None else np.atleast_1d(p0), 1)
    if np.ndim(y) != 2 or start.shape[1] > y.shape[1]:
        raise TypeError(f"{start.shape[1]} parameters came for data of shape {y.shape[1:]}")
    curves = Curves(model, *_coordinates(xdata, y.shape), y, _weights(sigma, y.shape))
    check_numba()
    ends = native_ends(curves, start, **settings, parallel=False)
    found = _batch_fit(ends, y.shape[1], absolute_sigma)
    if not (found.success[0] and np.all(np.isfinite(found.pcov))):
        return None
    return found.popt[0], found.pcov[0]


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """A model and the data to fit it to.

    Args:
        model: takes x and n parameters.
        coordinates: of the data points, each of shape (1, m) or (N, m).
        container: what makes one x of the coordinates of a fit; None if there is one coordinate.
        y: the data, shape (N, m).
        weights: 1 / sigma, shape (1, m) or (N, m).
    """

    model: Callable[..., Any]
    coordinates: tuple[Array, ...]
    container: Callable[[Any], Any] | None
    y: Array
    weights: Array

    def x(self, chosen: Any) -> Any:
        """What the model takes as x: for one fit as the caller has it, for several with coordinates in a tuple."""
        rows = [_rows(one, chosen) for one in self.coordinates]
        if self.container is None:
            return rows[0]
        return self.container(rows) if np.ndim(chosen) == 0 else tuple(rows)

    def point(self, k: int, i: int) -> Any:
        """The data point i of the fit k: a number or a tuple."""
        place = tuple(_rows(one, k)[i] for one in self.coordinates)
        return place[0] if self.container is None else place

    @property
    def in_container(self) -> int:
        """How many coordinates the model takes in a container; 0 for one array."""
        return 0 if self.container is None else len(self.coordinates)

    @property
    def rows(self) -> tuple[int, int]:
        """The shape that all coordinates broadcast to."""
        return max(map(len, self.coordinates)), self.y.shape[1]

    def weights_of(self, k: int) -> Array:
        """Of the fit k, shape (m,)."""
        return _rows(self.weights, k)

    def values(self, k: int, p: Array) -> Array:
        """The predictions for the fit k, shape (m,)."""
        found = np.asarray(self.model(self.x(k), *p.tolist()), dtype=np.float64)
        if found.shape not in ((), (1,), self.y.shape[1:]):
            wanted = self.y.shape[1:]
            raise ValueError(f"model returned shape {found.shape} for one fit; {wanted} was wanted")
        return np.broadcast_to(found, self.y.shape[1:])


# ---------------------------------------------------------------- all at once


def _in_native_code(
    curves: Curves, start: Array, settings: dict[str, Any], jit: bool | None, parallel: bool
) -> Ends | None:
    """The ends of all fits; None if native code is not wanted, or cannot be had and need not be."""
    if parallel and jit is False:
        raise ValueError("parallel=True came; NumPy has one thread for it, so leave jit alone")
    wanted = jit is None and find_spec("numba") is not None and (parallel or len(start) >= MANY)
    if not (jit or wanted):
        return None
    check_numba()
    try:
        return native_ends(curves, start, **settings, parallel=parallel)
    except (NotLinked, RetrogradError):
        if jit:
            raise
        return None


def _all_at_once(curves: Curves, start: Array, settings: dict[str, Any]) -> Ends | None:
    """The ends of all fits; None if the model is not computed point by point."""
    gradient = point_gradient(curves.model, start.shape[1], curves.in_container)
    if gradient is None or not _is_same_in_arrays(curves, gradient, start):
        return None
    weighted = bool(np.any(curves.weights != 1.0))

    def linearize(number: NDArray[np.intp], p: Array) -> Array:
        value, *bars = gradient.over_arrays(curves.x(number), p)
        system = np.empty((len(p), len(bars) + 1, curves.y.shape[1]))
        for j, bar in enumerate(bars):
            system[:, j] = bar
        np.subtract(value, curves.y[number], out=system[:, -1])
        if weighted:
            system *= _rows(curves.weights, number)[..., np.newaxis, :]
        return system

    ends = fit_many(linearize, start, curves.y.shape[1], **settings)
    if not _is_same_in_arrays(curves, gradient, ends.p):
        return None
    return ends


def _is_same_in_arrays(curves: Curves, gradient: PointGradient, p: Array) -> bool:
    """Whether a few fits have the same values and derivatives in arrays, alone, and at single points."""
    number, points = tried(len(p), 3), tried(curves.y.shape[1])
    try:
        with np.errstate(all="ignore"):
            many = gradient.over_arrays(curves.x(number), p[number])
            many = [np.broadcast_to(one, (len(number), curves.y.shape[1])) for one in many]
            for k, fit in enumerate(number):
                alone = [gradient.at_point(curves.point(fit, i), p[fit]) for i in points]
                columns = [one[k, points] for one in many]
                if not is_same(many[0][k], curves.values(fit, p[fit])):
                    return False
                if not all(map(is_same, columns, np.array(alone, dtype=np.float64).T)):
                    return False
    except (
        Exception
    ):  # it branches, or is no function of numbers; what is wrong with it shows later
        return False
    return True


# ---------------------------------------------------------------- one by one


def _one_by_one(
    curves: Curves, start: Array, number: NDArray[np.intp], settings: dict[str, Any]
) -> Ends:
    """The ends of the fits of given numbers, each from its row of `start`."""
    ends = Ends.before(start[number])
    derivative = model_jacobian(curves.model, start.shape[1])
    for place, k in enumerate(number):
        residual, jacobian = _functions(curves, derivative, k)
        with np.errstate(all="ignore"):
            first, columns = residual(start[k]), jacobian(start[k])
            ends.cost[place] = 0.5 * float(first @ first)
        if not (np.isfinite(ends.cost[place]) and np.all(np.isfinite(columns))):
            ends.status[place] = Status.NOT_FINITE
            continue
        found = solve_least_squares(residual, jacobian, start[k], **settings)
        ends.p[place], ends.cost[place] = found.x, found.cost
        ends.cov[place] = covariance(found.jac, 1.0)[0]
        ends.status[place], ends.nit[place] = found.status, found.nit
    return ends


def _functions(
    curves: Curves, derivative: Callable[..., Array], k: int
) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    """The weighted residual of the fit k, and its Jacobian."""
    x, weights = curves.x(k), _rows(curves.weights, k)

    def residual(p: Array) -> Array:
        return np.asarray((curves.values(k, p) - curves.y[k]) * weights)

    def jacobian(p: Array) -> Array:
        columns = np.broadcast_to(derivative(x, *p), (len(weights), p.size))
        return np.asarray(columns * weights[:, np.newaxis])

    return residual, jacobian


def _batch_fit(ends: Ends, m: int, absolute_sigma: bool) -> BatchFit:
    n = ends.p.shape[1]
    variance = 2.0 * ends.cost / (m - n) if m > n else np.full(len(ends.p), np.inf)
    factor = np.ones(len(ends.p)) if absolute_sigma else variance
    with np.errstate(invalid="ignore"):
        pcov = ends.cov * factor[:, np.newaxis, np.newaxis]
    pcov[np.isinf(ends.cov) | ~np.isfinite(pcov)] = np.inf
    return BatchFit(ends.p, pcov, ends.cost, ends.status > 0, ends.nit, ends.status)


# ---------------------------------------------------------------- what the caller gave


def _rows(array: Array, chosen: Any) -> Array:
    """The rows for the fits that are `chosen`, of an array with a row for each or one for all."""
    return np.asarray(array[0 if len(array) == 1 else chosen])


def _real(values: Any, name: str) -> Array:
    array = np.asarray(values)
    if array.dtype.kind not in "iuf":
        raise ValueError(f"{name} is of dtype {array.dtype}; real numbers were wanted")
    return array.astype(np.float64, order="C")


def _starts(p0: Any, count: int) -> Array:
    start = _real(p0, "p0")
    if start.ndim == 1 and start.size:
        return np.tile(start, (count, 1))
    if start.ndim != 2 or len(start) != count or start.size == 0:
        raise ValueError(f"p0 has shape {start.shape}; (n,) or ({count}, n) was wanted")
    return start


def _coordinates(
    xdata: Any, shape: tuple[int, int]
) -> tuple[tuple[Array, ...], Callable[[Any], Any] | None]:
    """The coordinates, each of shape (1, m) or (N, m), and what the model takes them in."""
    if isinstance(xdata, tuple):
        parts = tuple(_spread(one, shape, f"xdata[{j}]") for j, one in enumerate(xdata))
        return parts, tuple
    x = _real(xdata, "xdata")
    if x.ndim == 2 and x.shape != shape and x.shape[1] == shape[1]:
        return tuple(one[np.newaxis] for one in x), np.array
    return (_spread(x, shape, "xdata"),), None


def _weights(sigma: Any, shape: tuple[int, int]) -> Array:
    if sigma is None:
        return np.ones((1, shape[1]))
    deviations = _real(sigma, "sigma")
    if not np.all(np.isfinite(deviations) & (deviations != 0.0)):
        raise ValueError(
            "sigma has an entry that is zero or not finite; standard deviations were wanted"
        )
    if deviations.ndim == 0:
        deviations = np.full(shape[1], deviations)
    return 1.0 / _spread(deviations, shape, "sigma")


def _spread(values: Any, shape: tuple[int, int], name: str) -> Array:
    """`values` of shape (m,) or (N, m) as (1, m) or (N, m)."""
    array = _real(values, name)
    if array.shape not in (shape, shape[1:]):
        raise ValueError(f"{name} has shape {array.shape}; {shape[1:]} or {shape} was wanted")
    return array.reshape(-1, shape[1])


def _refuse_bounds(bounds: Any) -> None:
    if bounds is None:
        return
    edges = bounds if isinstance(bounds, tuple | list) else (bounds.lb, bounds.ub)
    if not all(np.all(np.isinf(np.asarray(edge, dtype=np.float64))) for edge in edges):
        raise ValueError("bounds came; this loop takes none: leave it None or infinite")
