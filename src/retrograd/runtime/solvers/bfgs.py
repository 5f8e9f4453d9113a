"""BFGS: a quasi-Newton method that learns the inverse Hessian from the gradients it sees.

Source: Nocedal and Wright, *Numerical Optimization*, 2nd ed., algorithm 6.1.
"""

from dataclasses import replace

import numpy as np

from retrograd.runtime.solvers.objective import Objective, Place, Stall
from retrograd.runtime.solvers.result import Array
from retrograd.runtime.solvers.stepping import downhill, relative_size, search
from retrograd.runtime.solvers.stopping import EPS


def bfgs(problem: Objective, place: Place) -> Place | Stall:
    """The next place; none where neither the learnt direction nor steepest descent finds a lower value."""
    free = problem.free(place)
    inverse: Array | None = None
    if np.array_equal(free, place.memory.get("free", free)):  # else it is of another subspace
        inverse = place.memory.get("inverse")
    found, ahead = None, np.inf
    if inverse is not None:
        direction = -free * (inverse @ (free * place.gradient))
        found, ahead = search(problem, place, direction, 1.0), relative_size(direction, place)
    if found is None:
        inverse = None
        found = downhill(problem, place)
    if found is None:
        return Stall(ahead)
    change = free * (found.gradient - place.gradient)
    inverse = updated_inverse(inverse, found.x - place.x, change)
    return replace(found, memory={"inverse": inverse, "free": free})


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
