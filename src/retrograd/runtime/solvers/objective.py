"""A function and its gradient as the descent methods see them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from retrograd.runtime.solvers.batches import Batches
from retrograd.runtime.solvers.box import Box
from retrograd.runtime.solvers.result import Array

#: From x, shape (n,), and a batch if there are any, to f(x) and its gradient, shape (n,).
ValueAndGradient: TypeAlias = Callable[..., tuple[float, Array]]
#: From x and v, both of shape (n,), to the Hessian of f at x times v.
HessianProduct: TypeAlias = Callable[[Array, Array], Array]


@dataclass(frozen=True, slots=True)
class Place:
    """A point of a descent: together with the function, all that the rest of the path depends on.

    Args:
        x: the parameters, shape (n,).
        value: f(x), or of its batch.
        gradient: of f at x, or of its batch, shape (n,).
        step: length of the step that led here, 0 at the start.
        rate: the learning rate, or for a line search the part of its direction, that it was taken
            with; 0 at the start.
        memory: what the method has learnt on the way here, arrays and numbers by name.
    """

    x: Array
    value: float
    gradient: Array
    step: float = 0.0
    rate: float = 0.0
    memory: Mapping[str, Any] = field(default_factory=dict)

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


@dataclass(frozen=True, slots=True)
class Stall:
    """A method found no further place.

    Args:
        ahead: the most by which its step would change a parameter, relative to its size; infinite
            where nobody can tell.
    """

    ahead: float = np.inf


#: A descent method: from one place to the next.
Step: TypeAlias = "Callable[[Objective, Place], Place | Stall]"


class Objective:
    """Calls the user's function with its gradient, counts, and checks what comes back.

    Args:
        value_and_gradient: the function.
        hessian_product: of the whole function, where there is one.
        box: where x must stay.
        batches: what the function is given at each step; None where it takes x alone.
    """

    def __init__(
        self,
        value_and_gradient: ValueAndGradient,
        *,
        hessian_product: HessianProduct | None = None,
        box: Box | None = None,
        batches: Batches | None = None,
    ) -> None:
        self._value_and_gradient = value_and_gradient
        self._hessian_product = hessian_product
        self.box = box
        self.batches = batches
        self.nfev = 0

    def start(self, x: Array) -> Place:
        """The place `x`, shape (n,), to start from, or the next to it in the box.

        Raises:
            ValueError: start, value or gradient is not finite, or the gradient has another shape.
        """
        if not np.all(np.isfinite(x)):
            j = int(np.flatnonzero(~np.isfinite(x))[0])
            raise ValueError(f"the start is not finite: parameter {j} is {x[j]}")
        place = self._call(self._inside(x), 0.0, 0.0, 0)
        if place.gradient.shape != x.shape:
            raise ValueError(f"the gradient has shape {place.gradient.shape}; {x.shape} was wanted")
        if not np.isfinite(place.value):
            raise ValueError(f"the value at the start is {place.value}; a number was wanted")
        if not place.finite:
            j = int(np.flatnonzero(~np.isfinite(place.gradient))[0])
            found = f"entry {j} is {place.gradient[j]}"
            raise ValueError(f"the gradient is not finite at the start: {found}")
        return place

    def moved(self, place: Place, step: Array, rate: float, *, batch: int = 0) -> Place:
        """Where `step` leads from `place`, or the next point to it in the box.

        The value is nan where Python arithmetic has no finite result, and that of batch number
        `batch` where there are batches.
        """
        x = self._inside(place.x + step)
        length = float(np.linalg.norm(step if self.box is None else x - place.x))
        try:
            return self._call(x, length, rate, batch)
        except (ArithmeticError, ValueError) as error:
            if not left_domain(error):
                raise
            return Place(x, np.nan, np.full_like(x, np.nan), length, rate)

    def whole(self, place: Place) -> Place | None:
        """`place` as the whole of the data has it; None where nobody knows the whole."""
        if self.batches is None:
            return place
        if self.batches.whole is None:
            return None
        self.nfev += 1
        with np.errstate(all="ignore"):
            value, gradient = self._value_and_gradient(place.x.copy(), *self.batches.whole)
        return Place(place.x, float(value), np.array(gradient, dtype=np.float64))

    def undivided(self) -> "Objective":
        """The same of all the data at once."""
        if self.batches is None:
            return self
        whole = self.batches.whole
        assert whole is not None
        return Objective(
            lambda x: self._value_and_gradient(x, *whole),
            hessian_product=self._hessian_product,
            box=self.box,
        )

    def has_batch(self, number: int) -> bool:
        """Whether there is data for step `number`."""
        return self.batches is None or self.batches.has(number)

    def free(self, place: Place) -> Array:
        """1 for each parameter that can move downhill, 0 for those that a bound holds, shape (n,)."""
        if self.box is None:
            return np.ones_like(place.x)
        return self.box.free(place.x, place.gradient).astype(np.float64)

    def slope(self, place: Place, weight_decay: float = 0.0) -> float:
        """The largest entry of the gradient, or where bounds cut a step along it short, of that step."""
        gradient = place.gradient + weight_decay * place.x if weight_decay else place.gradient
        if self.box is not None:
            gradient = place.x - self.box.clip(place.x - gradient)
        return float(np.max(np.abs(gradient), initial=0.0))

    @property
    def has_curvature(self) -> bool:
        """Whether there are Hessian products."""
        return self._hessian_product is not None

    def hessian_product(self, place: Place, vector: Array) -> Array:
        """The Hessian at `place` times `vector`, both of shape (n,)."""
        assert self._hessian_product is not None
        with np.errstate(all="ignore"):
            return np.array(self._hessian_product(place.x.copy(), vector), dtype=np.float64)

    def hessian(self, place: Place) -> Array:
        """The Hessian at `place`, shape (n, n), one product for each column."""
        columns = [self.hessian_product(place, unit) for unit in np.eye(place.x.size)]
        matrix = np.array(columns)
        return np.asarray(0.5 * (matrix + matrix.T))

    def _inside(self, x: Array) -> Array:
        return x if self.box is None else self.box.clip(x)

    def _call(self, x: Array, step: float, rate: float, batch: int) -> Place:
        self.nfev += 1
        data = () if self.batches is None else self.batches.at(batch)
        with np.errstate(all="ignore"):
            value, gradient = self._value_and_gradient(x.copy(), *data)
        return Place(x, float(value), np.array(gradient, dtype=np.float64), step, rate)


def left_domain(error: Exception) -> bool:
    """Whether Python arithmetic raised for want of a finite result: exp(1000), 1/0, log(-1)."""
    return isinstance(error, ArithmeticError) or "math domain error" in str(error)
