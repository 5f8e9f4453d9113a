"""Levenberg-Marquardt: Gauss-Newton steps, damped until the model can be trusted that far.

A step is bent along the second derivative of the residual (geodesic acceleration), and where
convergence is slow, for the residuals are large, Newton's own step is tried.

Sources: Moré, *The Levenberg-Marquardt algorithm: implementation and theory*, Lecture Notes in
Mathematics 630 (1978), for the scaling and the QR solution; Nielsen, *Damping parameter in
Marquardt's method*, IMM-REP-1999-05 (1999), for the damping; Transtrum and Sethna, *Improvements to
the Levenberg-Marquardt algorithm for nonlinear least-squares minimization*, arXiv:1201.5885 (2012),
for the acceleration.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from retrograd.runtime.solvers.box import bounded_step
from retrograd.runtime.solvers.curvature import newton_step
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
#: Second derivatives have to be compiled first: fits that end in so many steps do without.
EASY = 10
#: The most that acceleration may add to a step, relative to it.
MOST_BENT = 0.75
#: From this cosine on a step that leaves more than this part of it is slow, and Newton's is tried.
NEAR = 1e-2
SLOW = 0.3


@dataclass(frozen=True, slots=True)
class Damped:
    """The damped linear problem at a point.

    Args:
        factor: triangular, shape (n, n); its square is ``D⁻¹JᵀJ D⁻¹ + damping``.
        target: what is left of the residual in it, shape (n,).
        scale: diagonal of D, shape (n,).
        damping: the Levenberg-Marquardt parameter.
    """

    factor: Array
    target: Array
    scale: Array
    damping: float

    @classmethod
    def of(cls, triangle: Array, scale: Array, damping: float) -> "Damped":
        """From the triangular factor of [J r], shape (k, n + 1)."""
        n = scale.size
        bottom = np.zeros((n, n + 1))
        np.fill_diagonal(bottom, np.sqrt(damping))
        scaled = np.column_stack([triangle[:, :n] / scale, triangle[:, n]])
        factor = _triangle(np.vstack([scaled, bottom]))
        return cls(factor[:n, :n], factor[:n, n], scale, damping)

    def to(self, problem: Residual, x: Array) -> Array:
        """The point where the best step from `x` within the bounds leads."""
        step = -np.linalg.solve(self.factor, self.target) / self.scale
        box = problem.box
        if not box.binds or box.holds(x + step):
            return np.asarray(x + step)
        low, high = (box.lower - x) * self.scale, (box.upper - x) * self.scale
        step = bounded_step(self.factor, self.target, low, high)
        inside = np.clip(x + step / self.scale, box.lower, box.upper)
        return np.where(step <= low, box.lower, np.where(step >= high, box.upper, inside))

    def predicted(self, point: FitPoint, step: Array) -> float:
        """At least what the linear model says that `step` gains."""
        along = point.jacobian @ step
        return 0.5 * float(along @ along) + self.damping * float(np.sum((self.scale * step) ** 2))

    def bent(self, problem: Residual, point: FitPoint, step: Array) -> Array | None:
        """What geodesic acceleration adds to `step`; None if that is too much, or not to be had."""
        bend = problem.bend(point.x, step, step)
        if bend is None:
            return None
        slope = (point.jacobian.T @ (problem.weighing.roots(point.plain[0]) * bend)) / self.scale
        solved = np.linalg.solve(self.factor, np.linalg.solve(self.factor.T, slope))
        if 2 * np.linalg.norm(solved) > MOST_BENT * np.linalg.norm(self.scale * step):
            return None
        return np.asarray(-0.5 * solved / self.scale)


def levenberg_marquardt(
    problem: Residual,
    point: FitPoint,
    *,
    scale: Array | None,
    damping: float,
    patience: int = MAX_REJECTED,
    easy: int = EASY,
) -> Iterator[FitPoint]:
    """The Levenberg-Marquardt path from `point`; ends where no step that can be told from 0 descends.

    Args:
        problem: the residual and its derivatives.
        point: where to start.
        scale: diagonal of D, shape (n,); None for the largest length that each column of J has had
            so far, as in MINPACK.
        damping: the first damping, relative to D.
        patience: end after so many rejected trials in a row.
        easy: use second derivatives after so many steps.
    """
    lengths = _no_zeros(column_norms(point.jacobian)) if scale is None else scale
    damping = max(damping, SMALLEST_DAMPING)
    newton = Newton()
    for taken in itertools.count():
        found = newton.next(problem, point)
        if found is None:
            triangle = _triangle(np.column_stack([point.jacobian, point.residual]))
            for rejected in range(patience):
                damped = Damped.of(triangle, lengths, damping)
                x = damped.to(problem, point.x)
                if not np.any(x != point.x):
                    return
                found, gain = _try(problem, point, x, damped, bend=taken >= easy)
                if found is not None:
                    break
                damping *= 2.0 ** (rejected + 1)
            else:
                return
            damping = max(damping * max(1 / 3, 1 - (2 * gain - 1) ** 3), SMALLEST_DAMPING)
            newton.note(point, found)
        point = found
        if scale is None:
            lengths = np.maximum(lengths, column_norms(point.jacobian))
        yield point


class Newton:
    """When Newton's step is worth its second derivatives: near a minimum, where others are slow."""

    def __init__(self) -> None:
        self._slow = 0
        self._enough = 1

    def note(self, before: FitPoint, after: FitPoint) -> None:
        """Count a step that was slow; forget them after one that was not."""
        noise = ROUNDINGS * residual_rounding(after.x, after.jacobian)
        slow = after.cosine > SLOW * before.cosine and after.cosine * after.size > noise
        self._slow = self._slow + 1 if slow and after.cosine < NEAR else 0

    def next(self, problem: Residual, point: FitPoint) -> FitPoint | None:
        """Newton's step from `point` if it is due and good; each failure makes the next wait longer."""
        if self._slow < self._enough or not problem.bends:
            return None
        found = newton_step(problem, point)
        self._slow = 0
        if found is None:
            self._enough *= 2
        else:
            self.note(point, found)
            self._slow = self._enough
        return found


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
    problem: Residual, point: FitPoint, x: Array, damped: Damped, *, bend: bool
) -> tuple[FitPoint | None, float]:
    """The point `x` if it is worth going there, and the gain: actual over predicted reduction.

    Where any reduction that the linear model can promise drowns in the rounding of the sum of
    squares, the gradients at both ends still tell the actual one, by the trapezoidal rule.
    """
    predicted = damped.predicted(point, x - point.x)
    added = damped.bent(problem, point, x - point.x) if bend else None
    if added is not None and problem.box.holds(x + added):
        x = x + added
    residual = problem.residual_at(x)
    if residual is None:
        return None, 0.0
    step = x - point.x
    noise = ROUNDINGS * residual_rounding(point.x, point.jacobian) * point.size
    level = max(predicted, 0.5 * (point.cosine * point.size) ** 2) <= noise
    actual = problem.weighing.reduction(point.plain[0], residual)
    if actual <= (-noise if level else SMALLEST_GAIN * predicted):
        return None, 0.0
    found = problem.point_at(x, residual, float(np.linalg.norm(step)), damped.damping)
    if found is not None and level:
        actual = -0.5 * float((point.gradient + found.gradient) @ step)
    if found is None or actual <= SMALLEST_GAIN * predicted:
        return None, 0.0
    return found, min(actual / predicted, 1.0)


def _triangle(matrix: Array) -> Array:
    return np.asarray(np.linalg.qr(matrix, mode="r"))


def _no_zeros(lengths: Array) -> Array:
    return np.where(lengths > 0, lengths, 1.0)
