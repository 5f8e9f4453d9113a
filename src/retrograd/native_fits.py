"""Fits in native code: a model, its gradient and the solver's loop, linked into one module."""

from collections.abc import Callable
from os import cpu_count
from typing import TYPE_CHECKING, Any

import numpy as np

from retrograd import __version__
from retrograd.cache import SourceCache
from retrograd.native import refused
from retrograd.point_gradients import PointGradient, is_same, point_gradient
from retrograd.runtime.solvers.many_fits import Ends
from retrograd.runtime.solvers.result import Array
from retrograd.transforms.frontend.object_names import undecorated

if TYPE_CHECKING:
    from retrograd.batch_fits import Curves

#: So many data points of a fit are computed alone, to see whether the model takes them one by one.
TRIED = 5

#: The cost of a fit may differ so much between native code and NumPy, as a part of it.
SAME_COST = 1e-6


class NotLinked(ValueError):
    """A model that native fits do not take, and why."""


def _compiled(
    gradient: PointGradient, count: int, coordinates: int, parallel: bool
) -> Callable[..., Any]:
    """The linked loop of a model as it is now."""
    from retrograd.runtime.native.fits import native_fits
    from retrograd.runtime.native.refusing import NotNative

    written = gradient.written()
    folder = SourceCache.of_user().folder
    try:
        return native_fits(
            written.text,
            written.entry,
            values=written.value,
            below=undecorated,
            count=count,
            coordinates=coordinates,
            parallel=parallel,
            folder=None if folder is None else folder / "native",
            version=__version__,
        )
    except NotNative as refusal:
        raise refused(refusal, written.text, written.functions) from None


def native_ends(
    curves: "Curves", start: Array, *, tol: float, maxiter: int, damping: float, parallel: bool
) -> Ends:
    """The ends of all fits, made in native code.

    Raises:
        NotLinked: the model does not treat its data points one by one.
        UnsupportedError: Numba cannot compile it.
    """
    fits = native_loop(curves, start, parallel=parallel)
    x = np.array([np.broadcast_to(one, curves.rows) for one in curves.coordinates])
    blocks = min(len(start), 8 * (cpu_count() or 1)) if parallel else 1
    p, inverse, cost, status, nit = fits(
        x, curves.y, curves.weights, start, float(tol), int(maxiter), float(damping), blocks
    )
    ends = Ends(p, inverse, cost, status, nit)
    if not _costs_agree(curves, ends):
        raise NotLinked("the model does not treat its data points one by one")
    return ends


def native_loop(curves: "Curves", start: Array, *, parallel: bool) -> Callable[..., Any]:
    """The function `fits` of `retrograd.runtime.solvers.linked` for the model, compiled at first.

    Raises:
        NotLinked: the model does not treat its data points one by one.
        UnsupportedError: Numba cannot compile it.
    """
    count, coordinates = start.shape[1], curves.in_container
    gradient = point_gradient(curves.model, count, coordinates)
    if gradient is None:
        raise NotLinked("the model has no gradient at a data point by itself")
    key = gradient.number_form, parallel
    if key not in gradient.linked:
        if not _is_point_by_point(curves, gradient, start):
            raise NotLinked("the model does not treat its data points one by one")
        gradient.linked[key] = _compiled(gradient, count, coordinates, parallel)
    return gradient.linked[key]


def _is_point_by_point(curves: "Curves", gradient: PointGradient, p: Array) -> bool:
    """Whether a few points of a few fits have the same value alone as among the others."""
    points = tried(curves.y.shape[1])
    try:
        with np.errstate(all="ignore"):
            for fit in tried(len(p), 3):
                alone = [gradient.at_point(curves.point(fit, i), p[fit]) for i in points]
                values = np.array([float(found[0]) for found in alone])
                if not is_same(curves.values(fit, p[fit])[points], values):
                    return False
    except Exception:  # no function of numbers; what is wrong with it shows when it is called
        return False
    return True


def _costs_agree(curves: "Curves", ends: Ends) -> bool:
    """Whether a few fits have the sum of squares that the model has, called for all their points."""
    for k in tried(len(ends.p), 3):
        with np.errstate(all="ignore"):
            values = curves.values(k, ends.p[k])
            rest = (values - curves.y[k]) * curves.weights_of(k)
            cost, rounding = 0.5 * float(rest @ rest), 1e-26 * float(values @ values)
        if np.isfinite(cost) != np.isfinite(ends.cost[k]):
            return False
        if np.isfinite(cost) and abs(cost - ends.cost[k]) > SAME_COST * cost + rounding:
            return False
    return True


def tried(count: int, most: int = TRIED) -> list[int]:
    """A few numbers below `count`, from the first to the last."""
    return sorted({round(k * (count - 1) / (most - 1)) for k in range(most)})
