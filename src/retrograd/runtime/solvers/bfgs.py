"""BFGS: a quasi-Newton method that learns the inverse Hessian from the gradients it sees.

Source: Nocedal and Wright, *Numerical Optimization*, 2nd ed., algorithm 6.1.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from retrograd.runtime.solvers.line_search import StrongWolfe, Trial
from retrograd.runtime.solvers.objective import Objective, Place
from retrograd.runtime.solvers.result import Array
from retrograd.runtime.solvers.stopping import EPS


def bfgs(problem: Objective, place: Place) -> Iterator[Place]:
    """The BFGS path from `place`; ends where neither it nor steepest descent finds a lower value."""
    inverse: Array | None = None
    while True:
        found = None
        if inverse is not None:
            found = _search(problem, place, -inverse @ place.gradient, 1.0)
        if found is None:
            inverse = None
            found = _search(problem, place, -place.gradient, 1.0 / max(place.largest_slope, 1.0))
        if found is None:
            return
        moved = found.x - place.x
        inverse = updated_inverse(inverse, moved, found.gradient - place.gradient)
        place = replace(found, ahead=_ahead(inverse, found))
        yield place


def updated_inverse(inverse: Array | None, step: Array, change: Array) -> Array | None:
    """The inverse Hessian after a `step` (n,) that changed the gradient by `change` (n,).

    Before the first update it is a multiple of the identity, scaled to the curvature just seen
    (equation 6.20). A step without positive curvature teaches nothing and leaves it as it was.
    """
    curvature = float(step @ change)
    if curvature <= EPS * float(np.linalg.norm(step) * np.linalg.norm(change)):
        return inverse
    if inverse is None:
        inverse = np.eye(step.size) * (curvature / float(change @ change))
    turned = inverse @ change
    outer = np.outer(turned, step)
    weight = (1.0 + float(change @ turned) / curvature) / curvature
    return np.asarray(inverse - (outer + outer.T) / curvature + weight * np.outer(step, step))


def _ahead(inverse: Array | None, place: Place) -> float:
    if inverse is None:
        return np.inf
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.abs(inverse @ place.gradient) / np.abs(place.x)
    return float(np.max(relative, initial=0.0))


def _search(problem: Objective, place: Place, direction: Array, first: float) -> Place | None:
    """The place that the line search along `direction` settles for, if it descends at all."""
    slope = float(direction @ place.gradient)
    if not slope < 0 or not np.isfinite(slope):
        return None
    length = float(np.linalg.norm(direction))

    def phi(alpha: float) -> Trial[Place]:
        there = problem.at(place.x + alpha * direction, alpha * length, alpha)
        slope_there = float(direction @ there.gradient) if there.finite else np.nan
        return Trial(alpha, there.value, slope_there, there)

    found = StrongWolfe(phi, Trial(0.0, place.value, slope, place)).search(first)
    return None if found is None else found.trial.payload
