"""What second derivatives tell of a fit: Newton's step near a minimum, and whether it is one.

The value has the Hessian ``JᵀCJ + Σ ρ'ᵢ rᵢ ∇²rᵢ``, where C holds the curvatures of the losses (1 for
squares). Gauss and Newton leave the sum out; where residuals are large it decides how fast the last
digits come, and whether the point is a minimum at all.
"""

import numpy as np

from retrograd.runtime.solvers.residuals import FitPoint, Residual
from retrograd.runtime.solvers.result import Array
from retrograd.runtime.solvers.stopping import EPS, ROUNDINGS, column_norms, residual_rounding

#: A Hessian has n (n + 1) / 2 second derivatives; for more parameters than that it is not formed.
MOST_PARAMETERS = 50
#: A Newton step is small if it moves the residual by no more than this part of its length.
SMALL_STEP = 0.5
#: ... and worth taking if the cosine falls at least by this factor.
WORTHWHILE = 0.5
#: Up to so many parameters the curvature is looked at in all directions, beyond in the weakest.
ALL_DIRECTIONS = 20
#: Curvature below that of a linear model by more than this factor is taken for negative.
NEGATIVE = -1e-6


def newton_step(problem: Residual, point: FitPoint) -> FitPoint | None:
    """The point one Newton step on from `point`; None if it is not a small step to a better one."""
    free = point.free
    matrix = hessian(problem, point) if np.any(free) else None
    if matrix is None:
        return None
    lengths = column_norms(point.jacobian)
    scale = np.where(lengths > 0, lengths, 1.0)[free]
    try:
        root = np.linalg.cholesky(matrix[np.ix_(free, free)] / np.outer(scale, scale))
    except np.linalg.LinAlgError:
        return None
    part = np.linalg.solve(root.T, np.linalg.solve(root, point.gradient[free] / scale)) / scale
    step = np.zeros(point.x.size)
    step[free] = -part
    x = point.x + step
    if np.linalg.norm(point.jacobian @ step) > SMALL_STEP * point.size or not problem.box.holds(x):
        return None
    residual = problem.residual_at(x)
    noise = ROUNDINGS * residual_rounding(point.x, point.jacobian) * point.size
    if residual is None or problem.weighing.reduction(point.plain[0], residual) < -noise:
        return None
    found = problem.point_at(x, residual, float(np.linalg.norm(x - point.x)), 0.0)
    return found if found is not None and found.cosine <= WORTHWHILE * point.cosine else None


def hessian(problem: Residual, point: FitPoint) -> Array | None:
    """The exact Hessian of the value at `point`, shape (n, n); None where it is not to be had."""
    n = point.x.size
    if n > MOST_PARAMETERS or not problem.bends:
        return None
    residual, jacobian = point.plain
    _, weights, curvatures = problem.weighing.at(residual)
    found = jacobian.T @ (curvatures[:, np.newaxis] * jacobian)
    units = np.eye(n)
    for i in range(n):
        for j in range(i, n):
            bend = problem.bend(point.x, units[i], units[j])
            if bend is None:
                return None
            found[i, j] += (weights * residual) @ bend
            found[j, i] = found[i, j]
    return found if np.all(np.isfinite(found)) else None


def beyond_saddle(problem: Residual, point: FitPoint) -> FitPoint | None:
    """A point with a smaller value on the way down from a saddle; None if `point` is none.

    The curvature is taken from differences of the gradient, which asks for no more derivatives; that
    it is negative is believed only where a step along it does go down.
    """
    lengths = column_norms(point.jacobian)
    scale = np.where(lengths > 0, lengths, 1.0)
    basis = _directions(point, scale)
    if basis.shape[1] == 0:
        return None
    columns = []
    for direction in basis.T:
        slope = _slope_along(problem, point, direction)
        if slope is None:
            return None
        columns.append(basis.T @ slope)
    matrix = np.stack(columns, axis=-1)
    values, vectors = np.linalg.eigh(0.5 * (matrix + matrix.T))
    if values[0] > NEGATIVE:
        return None
    return _down(problem, point, basis @ vectors[:, 0], float(values[0]))


def _directions(point: FitPoint, scale: Array) -> Array:
    """Where to look for negative curvature, in units of `scale`: everywhere, or where J is weakest."""
    free = np.flatnonzero(point.free)
    units = (np.eye(point.x.size) / scale)[:, free]
    if free.size <= ALL_DIRECTIONS:
        return units
    weakest = np.linalg.svd(point.jacobian @ units, full_matrices=True)[2][-1]
    return np.asarray((units @ weakest)[:, np.newaxis])


def _slope_along(problem: Residual, point: FitPoint, direction: Array) -> Array | None:
    """The derivative of the gradient along `direction`, by a difference, shape (n,)."""
    reach = np.abs(direction) > 0
    size = np.max(np.abs(point.x[reach]) / np.abs(direction[reach]), initial=0.0)
    h = EPS ** (1 / 3) * (size if size > 0 else max(point.size, 1.0))
    for signed in (h, -h):
        x = point.x + signed * direction
        residual = problem.residual_at(x) if problem.box.holds(x) else None
        found = None if residual is None else problem.point_at(x, residual, 0.0, 0.0)
        if found is not None:
            return np.asarray((found.gradient - point.gradient) / signed)
    return None


def _down(
    problem: Residual, point: FitPoint, direction: Array, curvature: float
) -> FitPoint | None:
    """The first point along `direction`, forth or back, where the value falls as its curvature says."""
    noise = ROUNDINGS * residual_rounding(point.x, point.jacobian) * point.size
    length = max(point.size, EPS)
    while 0.5 * length**2 * -curvature > 2 * noise:
        for signed in (length, -length):
            x = problem.box.clip(point.x + signed * direction)
            residual = problem.residual_at(x)
            if residual is None:
                continue
            gained = problem.weighing.reduction(point.plain[0], residual)
            if gained > max(noise, 0.05 * length**2 * -curvature):
                return problem.point_at(x, residual, float(np.linalg.norm(x - point.x)), 0.0)
        length /= 4
    return None
