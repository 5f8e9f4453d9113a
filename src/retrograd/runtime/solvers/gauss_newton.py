"""Gauss-Newton: at each iterate solve the linearized problem, and go as far as the line search says.

Source: Nocedal and Wright, *Numerical Optimization*, 2nd ed., section 10.3.
"""

from collections.abc import Iterator

import numpy as np

from retrograd.runtime.solvers.line_search import backtrack
from retrograd.runtime.solvers.residuals import FitPoint, Residual
from retrograd.runtime.solvers.result import Array
from retrograd.runtime.solvers.stopping import EPS, column_norms


def gauss_newton_step(residual: Array, jacobian: Array) -> Array:
    """The step ``s`` that solves ``JᵀJ s = -Jᵀr``, found without forming ``JᵀJ``.

    Args:
        residual: ``r`` at the iterate, float64, shape (m,).
        jacobian: ``J``, float64, shape (m, n); row i is the gradient of ``residual[i]``.

    Returns:
        float64, shape (n,); when ``J`` has dependent columns, the step that is shortest after its
        columns are scaled to length 1.

    Raises:
        ValueError: `residual` and `jacobian` disagree on m.

    Source: Nocedal and Wright, *Numerical Optimization*, 2nd ed., section 10.3.
    """
    if residual.shape != jacobian.shape[:1]:
        came = f"a residual of shape {residual.shape} and a Jacobian of shape {jacobian.shape}"
        raise ValueError(f"{came} came; their first extents should agree")
    lengths = column_norms(jacobian)
    lengths[lengths == 0] = 1.0
    cutoff = EPS * max(jacobian.shape)
    return np.asarray(-np.linalg.lstsq(jacobian / lengths, residual, rcond=cutoff)[0] / lengths)


def gauss_newton(problem: Residual, point: FitPoint) -> Iterator[FitPoint]:
    """The Gauss-Newton path from `point`; ends where no step along the direction descends."""
    while True:
        found = _search(problem, point)
        if found is None:
            return
        point = found
        yield point


def _search(problem: Residual, point: FitPoint) -> FitPoint | None:
    direction = gauss_newton_step(point.residual, point.jacobian)
    tried: dict[float, Array] = {}

    def decrease(alpha: float) -> float | None:
        new = problem.residual_at(point.x + alpha * direction)
        if new is None:
            return None
        tried[alpha] = new
        return problem.weighing.reduction(point.plain[0], new)

    slope = float((point.jacobian @ direction) @ point.residual)
    alpha = 1.0
    while np.any(point.x + alpha * direction != point.x):
        alpha = backtrack(decrease, slope, first=alpha)
        if alpha == 0:
            return None
        x = point.x + alpha * direction
        step = float(np.linalg.norm(x - point.x))
        found = problem.point_at(x, tried[alpha], step, 0.0)
        if found is not None:
            return found
        alpha *= 0.5
    return None
