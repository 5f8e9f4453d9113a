"""Newton's method with the exact Hessian: regularised, or with the size of each curvature.

Source: Nocedal and Wright, *Numerical Optimization*, 2nd ed., algorithm 3.3; Dauphin, Pascanu,
Gulcehre, Cho, Ganguli and Bengio, *Identifying and attacking the saddle point problem in
high-dimensional non-convex optimization*, NeurIPS 2014.
"""

import numpy as np

from retrograd.runtime.solvers.objective import Objective, Place, Stall
from retrograd.runtime.solvers.result import Array
from retrograd.runtime.solvers.saddles import way_down
from retrograd.runtime.solvers.stepping import downhill, relative_size, search
from retrograd.runtime.solvers.stopping import EPS

#: The first multiple of the identity that is added to a Hessian, relative to its size.
FIRST_SHIFT = 1e-3
#: Curvatures smaller than this, relative to the largest, count as this.
SMALLEST_CURVATURE = 1e-10


def newton(problem: Objective, place: Place) -> Place | Stall:
    """The next place along -(H + τ I)⁻¹ g, τ being 0 where H is positive definite."""
    free = problem.free(place) > 0
    hessian = problem.hessian(place)[np.ix_(free, free)]
    direction = np.zeros_like(place.x)
    if np.all(np.isfinite(hessian)):
        direction[free] = -_regularised_solve(hessian, place.gradient[free])
    return _along(problem, place, direction)


def saddle_free_newton(problem: Objective, place: Place) -> Place | Stall:
    """The next place along -|H|⁻¹ g; where that leads nowhere, along a negative curvature."""
    free = problem.free(place) > 0
    hessian = problem.hessian(place)[np.ix_(free, free)]
    direction = np.zeros_like(place.x)
    if np.all(np.isfinite(hessian)):
        curvatures, axes = np.linalg.eigh(hessian)
        sizes = np.abs(curvatures)
        sizes = np.maximum(sizes, SMALLEST_CURVATURE * np.max(sizes, initial=0.0))
        along = axes.T @ place.gradient[free]
        direction[free] = -axes @ np.divide(along, sizes, out=along, where=sizes > 0)
    if -float(direction @ place.gradient) <= EPS * abs(place.value):
        down = way_down(problem, place)
        if down is not None:
            return down.farther(problem, place)
    return _along(problem, place, direction)


def _along(problem: Objective, place: Place, direction: Array) -> Place | Stall:
    found = search(problem, place, direction, 1.0) or downhill(problem, place)
    return found or Stall(relative_size(direction, place))


def _regularised_solve(hessian: Array, gradient: Array) -> Array:
    """(H + τ I)⁻¹ g for the first τ of 0, FIRST_SHIFT |H|, ten times that, ... that allows a Cholesky root."""
    size = float(np.max(np.abs(hessian), initial=0.0)) or 1.0
    shift = 0.0
    while True:
        try:
            root = np.linalg.cholesky(hessian + shift * np.eye(len(hessian)))
        except np.linalg.LinAlgError:
            shift = max(10.0 * shift, FIRST_SHIFT * size)
            continue
        return np.asarray(np.linalg.solve(root.T, np.linalg.solve(root, gradient)))
