"""Nonlinear conjugate gradients: Polak and Ribière's, restarted where they stop being conjugate.

Source: Nocedal and Wright, *Numerical Optimization*, 2nd ed., section 5.2: PR+ (5.45), Powell's
restarts (5.52), and the first trial from the last decrease.
"""

from dataclasses import replace

import numpy as np

from retrograd.runtime.solvers.objective import Objective, Place, Stall
from retrograd.runtime.solvers.result import Array
from retrograd.runtime.solvers.stepping import downhill, relative_size, search

#: Gradients this far from a right angle to one another are not those of conjugate directions.
NOT_ORTHOGONAL = 0.2
#: How much of the slope a search may leave: conjugacy wants them narrow.
NARROW = 0.1


def conjugate_gradients(problem: Objective, place: Place) -> Place | Stall:
    """The next place; none where neither the conjugate direction nor steepest descent finds a lower value."""
    gradient = place.gradient * problem.free(place)
    direction = _conjugate(place, gradient)
    found, ahead = None, np.inf
    if direction is not None:
        slope = float(direction @ gradient)
        first = place.memory["slope"] / slope if slope < 0 else 1.0
        found = search(problem, place, direction, first, curvature=NARROW)
        ahead = relative_size(first * direction, place)
    if found is None:
        direction = -gradient
        found = downhill(problem, place)
    if found is None:
        return Stall(ahead)
    slope = found.rate * float(direction @ gradient) if direction is not None else 0.0
    return replace(found, memory={"gradient": gradient, "direction": direction, "slope": slope})


def _conjugate(place: Place, gradient: Array) -> Array | None:
    """The direction after the last one; None for a start anew along steepest descent."""
    if "direction" not in place.memory:
        return None
    before: Array = place.memory["gradient"]
    square = float(gradient @ gradient)
    if abs(float(gradient @ before)) >= NOT_ORTHOGONAL * square:
        return None
    beta = max(0.0, float(gradient @ (gradient - before)) / float(before @ before))
    direction = beta * place.memory["direction"] - gradient
    return np.asarray(direction)
