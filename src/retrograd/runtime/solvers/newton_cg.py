"""Newton's method by Hessian products: its equations solved by conjugate gradients, and no further than pays.

Source: Nocedal and Wright, *Numerical Optimization*, 2nd ed., algorithm 7.1.
"""

import numpy as np

from retrograd.runtime.solvers.objective import Objective, Place, Stall
from retrograd.runtime.solvers.result import Array
from retrograd.runtime.solvers.stepping import downhill, relative_size, search

#: Cosines between a vector and its product with the Hessian that are taken as zero.
FLAT = 1e-10


def newton_cg(problem: Objective, place: Place) -> Place | Stall:
    """The next place along what conjugate gradients make of -H⁻¹ g."""
    direction = _inexact_step(problem, place)
    found = search(problem, place, direction, 1.0) or downhill(problem, place)
    return found or Stall(relative_size(direction, place))


def _inexact_step(problem: Objective, place: Place) -> Array:
    """Conjugate gradients on ``H d = -g``, until the error is small; or where H bends downwards, along that."""
    free = problem.free(place)
    residual = place.gradient * free
    length = float(np.linalg.norm(residual))
    enough = min(0.5, np.sqrt(length)) * length
    d, p = np.zeros_like(residual), -residual
    for j in range(2 * residual.size):
        turned = free * problem.hessian_product(place, p)
        bend = float(p @ turned)
        if bend < -FLAT * float(np.linalg.norm(p) * np.linalg.norm(turned)):
            return p
        if not bend > 0:  # flat, or not a number
            return p if j == 0 else d
        square = float(residual @ residual)
        part = square / bend
        d = d + part * p
        residual = residual + part * turned
        if float(np.linalg.norm(residual)) <= enough:
            break
        p = float(residual @ residual) / square * p - residual
    return d
