"""A function and its gradient as the descent methods see them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from retrograd.runtime.solvers.result import Array


@dataclass(frozen=True, slots=True)
class Place:
    """A point of a descent.

    Args:
        x: the parameters, shape (n,).
        value: f(x).
        gradient: of f at x, shape (n,).
        step: length of the step that led here, 0 at the start.
        rate: the learning rate, or for a line search the part of its direction, that it was taken
            with; 0 at the start.
        ahead: the most by which a quasi-Newton step from here would change a parameter, relative to
            its size; infinite where nobody can tell.
    """

    x: Array
    value: float
    gradient: Array
    step: float = 0.0
    rate: float = 0.0
    ahead: float = np.inf

    @property
    def finite(self) -> bool:
        """Whether value and gradient are numbers."""
        return bool(np.isfinite(self.value) and np.all(np.isfinite(self.gradient)))

    @property
    def largest_slope(self) -> float:
        """The largest entry of the gradient in size; 0 without parameters."""
        return float(np.max(np.abs(self.gradient), initial=0.0))

    def record(self) -> dict[str, float]:
        """The history's entry."""
        norm = float(np.linalg.norm(self.gradient))
        return {"value": self.value, "gradient_norm": norm, "step": self.step, "rate": self.rate}


class Objective:
    """Calls the user's function with its gradient, counts, and checks what comes back."""

    def __init__(self, value_and_gradient: Callable[[Array], tuple[float, Array]]) -> None:
        self._value_and_gradient = value_and_gradient
        self.nfev = 0

    def start(self, x: Array) -> Place:
        """The place `x`, shape (n,), to start from.

        Raises:
            ValueError: start, value or gradient is not finite, or the gradient has another shape.
        """
        if not np.all(np.isfinite(x)):
            j = int(np.flatnonzero(~np.isfinite(x))[0])
            raise ValueError(f"the start is not finite: parameter {j} is {x[j]}")
        place = self._call(x, 0.0, 0.0)
        if place.gradient.shape != x.shape:
            raise ValueError(f"the gradient has shape {place.gradient.shape}; {x.shape} was wanted")
        if not np.isfinite(place.value):
            raise ValueError(f"the value at the start is {place.value}; a number was wanted")
        if not place.finite:
            j = int(np.flatnonzero(~np.isfinite(place.gradient))[0])
            found = f"entry {j} is {place.gradient[j]}"
            raise ValueError(f"the gradient is not finite at the start: {found}")
        return place

    def at(self, x: Array, step: float, rate: float) -> Place:
        """The place `x`; its value is nan where Python arithmetic has no finite result."""
        try:
            return self._call(x, step, rate)
        except (ArithmeticError, ValueError) as error:
            if not left_domain(error):
                raise
            return Place(x, np.nan, np.full_like(x, np.nan), step, rate)

    def _call(self, x: Array, step: float, rate: float) -> Place:
        self.nfev += 1
        with np.errstate(all="ignore"):
            value, gradient = self._value_and_gradient(x.copy())
        return Place(x, float(value), np.array(gradient, dtype=np.float64), step, rate)


def left_domain(error: Exception) -> bool:
    """Whether Python arithmetic raised for want of a finite result: exp(1000), 1/0, log(-1)."""
    return isinstance(error, ArithmeticError) or "math domain error" in str(error)
