"""A step along a direction: by a strong Wolfe search, or within bounds along the path they bend."""

import numpy as np

from retrograd.runtime.solvers.line_search import (
    CURVATURE,
    DECREASE,
    MAX_TRIALS,
    StrongWolfe,
    Trial,
)
from retrograd.runtime.solvers.objective import Objective, Place
from retrograd.runtime.solvers.result import Array
from retrograd.runtime.solvers.stopping import EPS


def search(
    problem: Objective,
    place: Place,
    direction: Array,
    first: float,
    *,
    curvature: float = CURVATURE,
) -> Place | None:
    """The place that a line search along `direction` (n,) settles for, if it descends at all.

    Args:
        first: the part of the direction to try first.
        curvature: how much of the slope may be left, of the strong Wolfe conditions.
    """
    slope = float(direction @ place.gradient)
    if not slope < 0 or not np.isfinite(slope):
        return None
    if problem.box is not None:
        return _bent(problem, place, direction, first)

    def phi(alpha: float) -> Trial[Place]:
        there = problem.moved(place, alpha * direction, alpha)
        slope_there = float(direction @ there.gradient) if there.finite else np.nan
        return Trial(alpha, there.value, slope_there, there)

    start = Trial(0.0, place.value, slope, place)
    found = StrongWolfe(phi, start, curvature=curvature).search(first)
    return None if found is None else found.trial.payload


def downhill(problem: Objective, place: Place) -> Place | None:
    """The place that a line search along the negative gradient settles for."""
    direction = -place.gradient * problem.free(place)
    return search(problem, place, direction, 1.0 / max(place.largest_slope, 1.0))


def relative_size(step: Array, place: Place) -> float:
    """The most by which `step` (n,) would change a parameter of `place`, relative to its size."""
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(step == 0, 0.0, np.abs(step) / np.abs(place.x))
    return float(np.max(relative, initial=0.0))


def _bent(problem: Objective, place: Place, direction: Array, first: float) -> Place | None:
    """The first of steps ever shorter that decreases enough, or ever longer while the way is steep.

    Where the value is flat to rounding, the slope decides, as in `StrongWolfe`.

    Source: Bertsekas, *Projected Newton methods for optimization problems with simple constraints*,
    SIAM J. Control Optim. 20 (1982): Armijo's rule along the projected path.
    """

    def tried(alpha: float) -> Place | None:
        there = problem.moved(place, alpha * direction, alpha)
        wanted = place.value + DECREASE * float(place.gradient @ (there.x - place.x))
        lower = there.value <= wanted and there.value < place.value
        level = abs(there.value - place.value) <= EPS * abs(place.value)
        flatter = level and problem.slope(there) <= CURVATURE * problem.slope(place)
        return there if there.finite and (lower or flatter) else None

    trials = (tried(first / 2**k) for k in range(MAX_TRIALS))
    found = next((trial for trial in trials if trial is not None), None)
    steep = CURVATURE * float(direction @ place.gradient)
    while found is not None and found.rate >= first and float(direction @ found.gradient) < steep:
        farther = tried(2.0 * found.rate)
        if farther is None or not farther.value < found.value:
            break
        found = farther
    return found
