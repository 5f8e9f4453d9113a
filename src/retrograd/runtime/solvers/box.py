"""Bounds on the parameters, and the damped linear problem within them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrograd.runtime.solvers.result import Array


class Box:
    """The parameters between `lower` and `upper`, each of shape (n,), infinite where there is no bound.

    Raises:
        ValueError: a lower bound is not below its upper one, or is nan.
    """

    def __init__(self, lower: Array, upper: Array) -> None:
        wrong = np.flatnonzero(~(lower < upper))
        if wrong.size:
            j = int(wrong[0])
            came = f"bounds {lower[j]} and {upper[j]} came for parameter {j}"
            raise ValueError(f"{came}; the lower should be below the upper (fix it with fixed=)")
        self.lower, self.upper = lower, upper

    @classmethod
    def read(cls, bounds: Any, n: int) -> "Box":
        """The box of `bounds` as a caller gives them: None, or a pair of numbers or of shape (n,) each.

        Raises:
            ValueError: it is no such pair.
        """
        if bounds is None:
            return cls(np.full(n, -np.inf), np.full(n, np.inf))
        if hasattr(bounds, "lb") and hasattr(bounds, "ub"):  # SciPy's Bounds
            bounds = bounds.lb, bounds.ub
        try:
            lower, upper = bounds
            return cls(
                *(np.broadcast_to(np.asarray(side, np.float64), (n,)) for side in (lower, upper))
            )
        except (TypeError, ValueError) as error:
            if "should be below" in str(error):
                raise
            wanted = f"(lower, upper) was wanted, each a number or {n} of them"
            raise ValueError(f"bounds={bounds!r} came; {wanted}") from None

    @property
    def binds(self) -> bool:
        """Whether there is any bound."""
        return bool(np.any(np.isfinite(self.lower)) or np.any(np.isfinite(self.upper)))

    def check(self, x: Array) -> None:
        """Raises ValueError if `x` is not within."""
        outside = np.flatnonzero(~((self.lower <= x) & (x <= self.upper)))
        if outside.size:
            j = int(outside[0])
            came = f"parameter {j} starts at {x[j]}"
            raise ValueError(f"{came}, outside its bounds {self.lower[j]} and {self.upper[j]}")

    def holds(self, x: Array) -> bool:
        """Whether `x` is within."""
        return bool(np.all((self.lower <= x) & (x <= self.upper)))

    def clip(self, x: Array) -> Array:
        """The point within that is nearest to `x`."""
        return np.clip(x, self.lower, self.upper)

    def free(self, x: Array, gradient: Array) -> NDArray[np.bool_]:
        """Which parameters are not held by a bound that the value falls beyond, bool, shape (n,)."""
        held = ((x <= self.lower) & (gradient > 0)) | ((x >= self.upper) & (gradient < 0))
        return np.asarray(~held)


def bounded_step(factor: Array, target: Array, low: Array, high: Array) -> Array:
    """The s between `low` and `high` that minimizes |F s + t|².

    Args:
        factor: F, triangular without zeros on its diagonal, shape (n, n).
        target: t, shape (n,).
        low, high: from 0 down and from 0 up, shape (n,).

    Returns:
        float64, shape (n,), strictly no worse than 0.

    Source: Stark and Parker, *Bounded-variable least squares*, Computational Statistics 10 (1995).
    """
    n = target.size
    step = np.zeros(n)
    free = np.ones(n, dtype=bool)
    for _ in range(10 * n + 10):
        if np.any(free):
            rest = target + factor[:, ~free] @ step[~free]
            wanted = step.copy()
            wanted[free] = np.linalg.lstsq(factor[:, free], -rest, rcond=None)[0]
            beyond = free & ((wanted < low) | (wanted > high))
            if np.any(beyond):
                edge = np.where(wanted < low, low, high)
                with np.errstate(divide="ignore", invalid="ignore"):
                    parts = np.where(beyond, (edge - step) / (wanted - step), np.inf)
                first = int(np.argmin(parts))
                step = np.where(free, step + parts[first] * (wanted - step), step)
                step = np.clip(step, low, high)
                step[first], free[first] = edge[first], False
                continue
            step = wanted
        slope = factor.T @ (factor @ step + target)
        inward = ~free & (((step <= low) & (slope < 0)) | ((step >= high) & (slope > 0)))
        if not np.any(inward):
            return step
        free[int(np.argmax(np.where(inward, np.abs(slope), -1.0)))] = True
    return step
