"""Powell's dogleg: towards the Gauss-Newton step by way of the steepest descent, within a trust region.

Source: Nocedal and Wright, *Numerical Optimization*, 2nd ed., section 4.1; the region is an ellipsoid
with the scaling of Levenberg-Marquardt.
"""

from collections.abc import Iterator

import numpy as np

from retrograd.runtime.solvers.gauss_newton import gauss_newton_step
from retrograd.runtime.solvers.residuals import FitPoint, Residual
from retrograd.runtime.solvers.result import Array
from retrograd.runtime.solvers.stopping import column_norms

#: A step is taken if it gives at least this part of the reduction that the linear model predicts.
SMALLEST_GAIN = 1e-4
#: The region shrinks below the one gain, and grows above the other.
POOR, GOOD = 0.25, 0.75


def dogleg_step(residual: Array, jacobian: Array, radius: float) -> Array:
    """The step along the dogleg path that is no longer than `radius`.

    Args:
        residual: r, shape (m,).
        jacobian: J, shape (m, n), its columns scaled as the trust region is.
        radius: of the region, positive.

    Returns:
        float64, shape (n,).
    """
    newton = gauss_newton_step(residual, jacobian)
    if np.linalg.norm(newton) <= radius:
        return newton
    gradient = jacobian.T @ residual
    along = jacobian @ gradient
    cauchy = -float(gradient @ gradient) / float(along @ along) * gradient
    length = float(np.linalg.norm(cauchy))
    if length >= radius:
        return np.asarray(radius / length * cauchy)
    leg = newton - cauchy
    a, b, c = float(leg @ leg), float(cauchy @ leg), length**2 - radius**2
    part = -c / (b + np.sqrt(b * b - a * c)) if b > 0 else (np.sqrt(b * b - a * c) - b) / a
    return np.asarray(cauchy + part * leg)


def dogleg(problem: Residual, point: FitPoint, *, scale: Array | None) -> Iterator[FitPoint]:
    """The dogleg path from `point`; ends where no step that can be told from 0 descends.

    Args:
        problem: the residual and its Jacobian.
        point: where to start.
        scale: diagonal of D, shape (n,); None for the largest length that each column of J has had.
    """
    lengths = _no_zeros(column_norms(point.jacobian)) if scale is None else scale
    radius = float(np.linalg.norm(lengths * point.x)) or np.inf
    while np.any(point.gradient != 0):
        step = dogleg_step(point.residual, point.jacobian / lengths, radius) / lengths
        x = point.x + step
        if not np.any(x != point.x):
            return
        size = float(np.linalg.norm(lengths * step))
        along = point.jacobian @ step
        predicted = -float(point.gradient @ step) - 0.5 * float(along @ along)
        found, gain = _try(problem, point, x, predicted)
        if gain < POOR:
            radius = 0.25 * size
        elif gain > GOOD and size > 0.99 * radius:
            radius *= 2
        if found is None:
            continue
        point = found
        if scale is None:
            lengths = np.maximum(lengths, column_norms(point.jacobian))
        yield point


def _try(
    problem: Residual, point: FitPoint, x: Array, predicted: float
) -> tuple[FitPoint | None, float]:
    """The point `x` if it is worth going there, and the gain: actual over predicted reduction."""
    residual = problem.residual_at(x)
    if residual is None or not predicted > 0:
        return None, 0.0
    gain = problem.weighing.reduction(point.plain[0], residual) / predicted
    if not gain > SMALLEST_GAIN:
        return None, 0.0
    return problem.point_at(x, residual, float(np.linalg.norm(x - point.x)), 0.0), gain


def _no_zeros(lengths: Array) -> Array:
    return np.where(lengths > 0, lengths, 1.0)
