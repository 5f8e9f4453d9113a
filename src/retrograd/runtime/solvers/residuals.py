"""A residual function and its derivatives as the least-squares solvers see them.

At the start a non-finite answer is the caller's mistake and raises; on the way it only makes a trial
point unusable, so there it is None, and kept in mind for the case that no better point is found.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrograd.runtime.solvers.box import Box
from retrograd.runtime.solvers.losses import Weighing
from retrograd.runtime.solvers.objective import left_domain
from retrograd.runtime.solvers.result import Array
from retrograd.runtime.solvers.stopping import column_norms, largest_cosine

#: The second derivative of the residual along two vectors: from p, u and v, shape (n,), to (m,); None
#: once and for all where there is none.
Bend: TypeAlias = Callable[[Array, Array, Array], Any]


@dataclass(frozen=True, slots=True)
class FitPoint:
    """A point of a fit. For a loss other than squares `residual` and `jacobian` are weighted by √ρ'.

    Args:
        x: the parameters, shape (n,).
        residual: r(x), shape (m,).
        jacobian: J(x), shape (m, n).
        plain: r(x) and J(x) without weights.
        value: what is minimized: half the sum of squared residuals, or of their losses.
        free: which parameters no bound holds, bool, shape (n,).
        cosine: the largest cosine between `residual` and a column of `jacobian` that is free.
        step: length of the step that led here, 0 at the start.
        damping: the damping it was found with, 0 without any.
    """

    x: Array
    residual: Array
    jacobian: Array
    plain: tuple[Array, Array]
    value: float
    free: NDArray[np.bool_]
    cosine: float
    step: float = 0.0
    damping: float = 0.0

    @property
    def size(self) -> float:
        """|r|."""
        return float(np.linalg.norm(self.residual))

    @property
    def gradient(self) -> Array:
        """Jᵀr, shape (n,)."""
        return self.jacobian.T @ self.residual

    def record(self) -> dict[str, float]:
        """The history's entry."""
        return {
            "value": self.value,
            "gradient_norm": float(np.linalg.norm(self.gradient[self.free])),
            "cosine": self.cosine,
            "step": self.step,
            "damping": self.damping,
        }


class Residual:
    """Calls the user's functions, counts the calls, and checks what comes back.

    NumPy's warnings of overflow and the like are silent meanwhile: a result that is not finite is
    noticed here.

    Attributes:
        box: the bounds on the parameters.
        weighing: the loss of the residuals.
        nfev, njev: how often residual and Jacobian were called.
        trouble: where the model was not finite last, in words; None if it never was.
    """

    def __init__(
        self,
        residual: Callable[[Array], Any],
        jacobian: Callable[[Array], Any],
        *,
        box: Box,
        bend: Bend | None = None,
        weighing: Weighing | None = None,
    ) -> None:
        self._residual = residual
        self._jacobian = jacobian
        self._bend = bend
        self.box = box
        self.weighing = Weighing() if weighing is None else weighing
        self.nfev = 0
        self.njev = 0
        self.trouble: str | None = None

    @property
    def bends(self) -> bool:
        """Whether second derivatives are to be had."""
        return self._bend is not None

    def start(self, x: Array) -> FitPoint:
        """The point `x`, shape (n,), to start from.

        Raises:
            ValueError: `x` is out of bounds, the residual is not a vector, the Jacobian does not fit
                it, or any of them is not finite; the message names the entry and the parameters.
        """
        if not np.all(np.isfinite(x)):
            j = int(np.flatnonzero(~np.isfinite(x))[0])
            raise ValueError(f"the start is not finite: parameter {j} is {x[j]}")
        self.box.check(x)
        residual = self._call_residual(x)
        if residual.ndim != 1:
            raise ValueError(f"the residual has shape {residual.shape}; a vector was wanted")
        if residual.size == 0:
            raise ValueError("the residual is empty")
        if not np.all(np.isfinite(residual)):
            found = _not_finite(residual)
            raise ValueError(
                f"the residual is not finite at the start: {found}, for p = {_shown(x)}"
            )
        jacobian = self._call_jacobian(x)
        if jacobian.shape != (residual.size, x.size):
            wanted = (residual.size, x.size)
            raise ValueError(f"the Jacobian has shape {jacobian.shape}; {wanted} was wanted")
        if not np.all(np.isfinite(jacobian)):
            found = _not_finite(jacobian)
            raise ValueError(
                f"the Jacobian is not finite at the start: {found}, for p = {_shown(x)}"
            )
        with np.errstate(over="ignore"):
            squares = [residual @ residual, *column_norms(jacobian)]
        if not np.all(np.isfinite(squares)):
            raise ValueError("the sum of squares overflows at the start; scale the residual down")
        return self._point(x, residual, jacobian, 0.0, 0.0)

    def residual_at(self, x: Array) -> Array | None:
        """r(x), shape (m,); None where the model has no finite value or its square overflows."""
        try:
            residual = self._call_residual(x)
        except (ArithmeticError, ValueError) as error:
            if not left_domain(error):
                raise
            self.trouble = (
                f"the residual raises {type(error).__name__}: {error}, for p = {_shown(x)}"
            )
            return None
        with np.errstate(over="ignore", invalid="ignore"):
            if np.isfinite(residual @ residual):
                return residual
        found = "its sum of squares overflows"
        if not np.all(np.isfinite(residual)):
            found = _not_finite(residual)
        self.trouble = f"the residual is not finite: {found}, for p = {_shown(x)}"
        return None

    def point_at(self, x: Array, residual: Array, step: float, damping: float) -> FitPoint | None:
        """The point `x` whose residual is known; None where the Jacobian is not finite."""
        try:
            jacobian = self._call_jacobian(x)
        except (ArithmeticError, ValueError) as error:
            if not left_domain(error):
                raise
            self.trouble = (
                f"the Jacobian raises {type(error).__name__}: {error}, for p = {_shown(x)}"
            )
            return None
        with np.errstate(over="ignore", invalid="ignore"):
            if not np.all(np.isfinite(column_norms(jacobian))):
                found = _not_finite(jacobian)
                self.trouble = f"the Jacobian is not finite: {found}, for p = {_shown(x)}"
                return None
        return self._point(x, residual, jacobian, step, damping)

    def bend(self, x: Array, u: Array, v: Array) -> Array | None:
        """The second derivative of r along `u` and `v`, shape (m,); None where it is not to be had."""
        if self._bend is None:
            return None
        try:
            with np.errstate(all="ignore"):
                bend = self._bend(x.copy(), u.copy(), v.copy())
        except (ArithmeticError, ValueError) as error:
            if not left_domain(error):
                raise
            return None
        if bend is None:
            self._bend = None
            return None
        found = np.array(bend, dtype=np.float64)
        return found if np.all(np.isfinite(found)) else None

    def _point(
        self, x: Array, residual: Array, jacobian: Array, step: float, damping: float
    ) -> FitPoint:
        plain = residual, jacobian
        if self.weighing.linear:
            value = 0.5 * float(residual @ residual)
        else:
            parts, weights, _ = self.weighing.at(residual)
            value = float(np.sum(parts))
            roots = np.sqrt(weights)
            residual, jacobian = roots * residual, roots[:, np.newaxis] * jacobian
        free = np.ones(x.shape, dtype=bool)
        if self.box.binds:
            free = self.box.free(x, jacobian.T @ residual)
        cosine = largest_cosine(residual, jacobian[:, free])
        return FitPoint(x, residual, jacobian, plain, value, free, cosine, step, damping)

    def _call_residual(self, x: Array) -> Array:
        self.nfev += 1
        with np.errstate(all="ignore"):
            return np.array(self._residual(x.copy()), dtype=np.float64)

    def _call_jacobian(self, x: Array) -> Array:
        self.njev += 1
        with np.errstate(all="ignore"):
            return np.array(self._jacobian(x.copy()), dtype=np.float64)


def _not_finite(values: Array) -> str:
    """The first entry of `values` that is not finite, in words."""
    where = np.argwhere(~np.isfinite(values))
    if not where.size:
        return "its squares overflow"
    first = tuple(int(k) for k in where[0])
    return f"entry {first[0] if len(first) == 1 else first} is {values[first]}"


def _shown(x: Array) -> str:
    return np.array2string(x, threshold=10, precision=6, separator=", ").replace("\n", "")
