"""Levenberg-Marquardt: Gauss-Newton steps, damped until the model can be trusted that far.

Sources: Moré, *The Levenberg-Marquardt algorithm: implementation and theory*, Lecture Notes in
Mathematics 630 (1978), for the scaling and the QR solution; Nielsen, *Damping parameter in
Marquardt's method*, IMM-REP-1999-05 (1999), for the damping.
"""

from collections.abc import Iterator

import numpy as np

from retrograd.runtime.solvers.gauss_newton import reduction
from retrograd.runtime.solvers.residuals import FitPoint, Residual
from retrograd.runtime.solvers.result import Array
from retrograd.runtime.solvers.stopping import EPS, ROUNDINGS, column_norms, residual_rounding

#: A step is taken if it gives at least this part of the reduction that the linear model predicts.
SMALLEST_GAIN = 1e-4
SMALLEST_DAMPING = EPS**2
#: So many rejected trials in a row raise the damping by 2**465, more than any step can outlast.
MAX_REJECTED = 30
#: A step refines if cosine or residual fall at least by this factor; refinement ends after so many steps
#: that do not, or trials that are rejected, in a row.
SLOWEST_REFINEMENT = 0.9
PATIENCE = 4


def damped_step(triangle: Array, scale: Array, damping: float) -> Array:
    """The step that minimizes |J s + r|² + damping |D s|², by QR of the augmented system.

    Args:
        triangle: the triangular factor of [J r], shape (k, n + 1).
        scale: diagonal of D, positive, shape (n,).
        damping: the Levenberg-Marquardt parameter, positive.

    Returns:
        float64, shape (n,).
    """
    n = scale.size
    bottom = np.zeros((n, n + 1))
    np.fill_diagonal(bottom, np.sqrt(damping))
    scaled = np.column_stack([triangle[:, :n] / scale, triangle[:, n]])
    factor = _triangle(np.vstack([scaled, bottom]))
    return np.asarray(-np.linalg.solve(factor[:n, :n], factor[:n, n]) / scale)


def levenberg_marquardt(
    problem: Residual,
    point: FitPoint,
    *,
    scale: Array | None,
    damping: float,
    patience: int = MAX_REJECTED,
) -> Iterator[FitPoint]:
    """The Levenberg-Marquardt path from `point`; ends where no step that can be told from 0 descends.

    Args:
        problem: the residual and its Jacobian.
        point: where to start.
        scale: diagonal of D, shape (n,); None for the largest length that each column of J has had
            so far, as in MINPACK.
        damping: the first damping, relative to D.
        patience: end after so many rejected trials in a row.
    """
    lengths = _no_zeros(column_norms(point.jacobian)) if scale is None else scale
    damping = max(damping, SMALLEST_DAMPING)
    while True:
        triangle = _triangle(np.column_stack([point.jacobian, point.residual]))
        for rejected in range(patience):
            x = point.x + damped_step(triangle, lengths, damping)
            if not np.any(x != point.x):
                return
            found, gain = _try(problem, point, x, damping, lengths)
            if found is not None:
                break
            damping *= 2.0 ** (rejected + 1)
        else:
            return
        damping = max(damping * max(1 / 3, 1 - (2 * gain - 1) ** 3), SMALLEST_DAMPING)
        point = found
        if scale is None:
            lengths = np.maximum(lengths, column_norms(point.jacobian))
        yield point


def refine(problem: Residual, point: FitPoint) -> Iterator[FitPoint]:
    """Points on from one near a minimum, as long as the cosine or the residual still falls.

    There each column of J is scaled to length 1, whatever it was far from the minimum.
    """
    path = levenberg_marquardt(problem, point, scale=None, damping=point.damping, patience=PATIENCE)
    wasted = 0
    while wasted < PATIENCE and point.size > residual_rounding(point.x, point.jacobian):
        found = next(path, None)
        if found is None:
            return
        goal = SLOWEST_REFINEMENT
        if found.cosine < goal * point.cosine or found.size < goal * point.size:
            point, wasted = found, 0
            yield point
        else:
            wasted += 1


def _try(
    problem: Residual, point: FitPoint, x: Array, damping: float, scale: Array
) -> tuple[FitPoint | None, float]:
    """The point `x` if it is worth going there, and the gain: actual over predicted reduction.

    Where any reduction that the linear model can promise drowns in the rounding of the sum of
    squares, the gradients at both ends still tell the actual one, by the trapezoidal rule.
    """
    residual = problem.residual_at(x)
    if residual is None:
        return None, 0.0
    step = x - point.x
    along = point.jacobian @ step
    predicted = 0.5 * float(along @ along) + damping * float(np.sum((scale * step) ** 2))
    noise = ROUNDINGS * residual_rounding(point.x, point.jacobian) * point.size
    level = max(predicted, 0.5 * (point.cosine * point.size) ** 2) <= noise
    actual = reduction(point.residual, residual)
    if actual <= (-noise if level else SMALLEST_GAIN * predicted):
        return None, 0.0
    found = problem.point_at(x, residual, float(np.linalg.norm(step)), damping)
    if found is not None and level:
        actual = -0.5 * float((point.gradient + found.gradient) @ step)
    if found is None or actual <= SMALLEST_GAIN * predicted:
        return None, 0.0
    return found, min(actual / predicted, 1.0)


def _triangle(matrix: Array) -> Array:
    return np.asarray(np.linalg.qr(matrix, mode="r"))


def _no_zeros(lengths: Array) -> Array:
    return np.where(lengths > 0, lengths, 1.0)
