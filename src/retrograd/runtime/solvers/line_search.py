"""How far to go along a descent direction.

φ(α) is the objective at distance α along the direction, α = 0 where we stand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from retrograd.runtime.solvers.stopping import EPS

#: Sufficient decrease: φ(α) <= φ(0) + DECREASE α φ'(0).
DECREASE = 1e-4
#: Curvature: |φ'(α)| <= CURVATURE |φ'(0)|.
CURVATURE = 0.9
MAX_TRIALS = 40

Payload = TypeVar("Payload")


@dataclass(frozen=True, slots=True)
class Trial(Generic[Payload]):
    """A point on the line: φ(α), φ'(α), and whatever the caller wants to find there again."""

    alpha: float
    value: float
    slope: float
    payload: Payload

    @property
    def finite(self) -> bool:
        """Whether value and slope are numbers."""
        return bool(np.isfinite(self.value) and np.isfinite(self.slope))


@dataclass(frozen=True, slots=True)
class Found(Generic[Payload]):
    """The step to take, and whether it satisfies the strong Wolfe conditions."""

    trial: Trial[Payload]
    wolfe: bool


def backtrack(
    decrease: Callable[[float], float | None], slope: float, *, first: float = 1.0
) -> float:
    """The largest tried step with sufficient decrease, halving or better from `first`.

    Args:
        decrease: φ(0) - φ(α), or None where φ has no value.
        slope: φ'(0), negative.
        first: the first step to try.

    Returns:
        The step, or 0 if none was found.

    Source: Nocedal and Wright, *Numerical Optimization*, 2nd ed., section 3.5 (quadratic
    interpolation kept between a tenth and a half of the last step).
    """
    alpha = first
    for _ in range(MAX_TRIALS):
        gained = decrease(alpha)
        if gained is not None and gained >= -DECREASE * alpha * slope and gained > 0:
            return alpha
        bend = 0.0 if gained is None else -gained - slope * alpha
        shorter = -slope * alpha**2 / (2 * bend) if bend > 0 else 0.5 * alpha
        alpha = min(max(shorter, 0.1 * alpha), 0.5 * alpha)
    return 0.0


class StrongWolfe(Generic[Payload]):
    """A search for a step with sufficient decrease and small slope.

    Source: Nocedal and Wright, *Numerical Optimization*, 2nd ed., algorithms 3.5 and 3.6, with these
    safeguards: a point that is not finite is a wall and halves the bracket; cubic interpolation is
    kept off the ends of the bracket; where the value is flat to rounding the slope decides alone
    (Hager and Zhang, *A new conjugate gradient method with guaranteed descent*, SIAM J. Optim. 16
    (2005), the approximate Wolfe conditions); and the best point seen is never given up.
    """

    def __init__(
        self,
        phi: Callable[[float], Trial[Payload]],
        start: Trial[Payload],
        *,
        curvature: float = CURVATURE,
    ) -> None:
        self._phi = phi
        self._start = start
        self._curvature = curvature
        self._rounding = EPS * abs(start.value)
        self._best = start
        self._trials = 0

    def search(self, first: float) -> Found[Payload] | None:
        """A step, the first tried being `first`; None if no trial was better than standing still."""
        previous, alpha = self._start, first
        wall = np.inf
        while self._trials < MAX_TRIALS:
            trial = self._try(alpha)
            if not trial.finite:
                wall = alpha
                alpha = 0.5 * (previous.alpha + alpha)
            elif self._too_high(trial) or (previous.alpha > 0 and trial.value >= previous.value):
                return self._zoom(previous, trial)
            elif self._flat(trial):
                return self._found(trial)
            elif trial.slope >= 0:
                return self._zoom(trial, previous)
            else:
                previous = trial
                alpha = min(4.0 * alpha, 0.5 * (alpha + wall))
        return self._settle()

    def _zoom(self, low: Trial[Payload], high: Trial[Payload]) -> Found[Payload] | None:
        while self._trials < MAX_TRIALS:
            alpha = _between(low, high)
            if alpha == low.alpha or alpha == high.alpha:
                break
            trial = self._try(alpha)
            if not trial.finite or self._too_high(trial) or trial.value > low.value:
                high = trial
            elif self._flat(trial):
                return self._found(trial)
            else:
                if trial.slope * (high.alpha - low.alpha) >= 0:
                    high = low
                low = trial
        return self._settle()

    def _try(self, alpha: float) -> Trial[Payload]:
        self._trials += 1
        trial = self._phi(alpha)
        if trial.finite and trial.value < self._best.value:
            self._best = trial
        return trial

    def _too_high(self, trial: Trial[Payload]) -> bool:
        start = self._start
        if trial.value <= start.value + DECREASE * trial.alpha * start.slope:
            return False
        level = abs(trial.value - start.value) <= self._rounding
        return not (level and trial.slope <= (2 * DECREASE - 1) * start.slope)

    def _flat(self, trial: Trial[Payload]) -> bool:
        return abs(trial.slope) <= -self._curvature * self._start.slope

    def _found(self, trial: Trial[Payload]) -> Found[Payload]:
        decreased = trial.value <= self._start.value + DECREASE * trial.alpha * self._start.slope
        return Found(trial, wolfe=decreased and self._flat(trial))

    def _settle(self) -> Found[Payload] | None:
        return self._found(self._best) if self._best.alpha > 0 else None


def _between(low: Trial[Payload], high: Trial[Payload]) -> float:
    """The minimum of the cubic through both ends, kept a tenth of the bracket away from them."""
    width = high.alpha - low.alpha
    middle = low.alpha + 0.5 * width
    if not high.finite:
        return middle
    d1 = low.slope + high.slope - 3 * (high.value - low.value) / width
    square = d1 * d1 - low.slope * high.slope
    if square < 0:
        return middle
    d2 = np.copysign(np.sqrt(square), width)
    bottom = high.slope - low.slope + 2 * d2
    if bottom == 0:
        return middle
    part = 1 - (high.slope + d2 - d1) / bottom
    if not np.isfinite(part):
        return middle
    return float(low.alpha + min(max(part, 0.1), 0.9) * width)
