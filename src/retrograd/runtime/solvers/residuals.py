"""A residual function and its Jacobian as the least-squares solvers see them.

At the start a non-finite answer is the caller's mistake and raises; on the way it only makes a trial
point unusable, so there it is None.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from retrograd.runtime.solvers.objective import left_domain
from retrograd.runtime.solvers.result import Array
from retrograd.runtime.solvers.stopping import column_norms, largest_cosine


@dataclass(frozen=True, slots=True)
class FitPoint:
    """A point of a fit.

    Args:
        x: the parameters, shape (n,).
        residual: r(x), shape (m,).
        jacobian: J(x), shape (m, n).
        cosine: the largest cosine between r and a column of J.
        step: length of the step that led here, 0 at the start.
        damping: the damping it was found with, 0 without any.
    """

    x: Array
    residual: Array
    jacobian: Array
    cosine: float
    step: float = 0.0
    damping: float = 0.0

    @property
    def value(self) -> float:
        """Half the sum of squared residuals."""
        return 0.5 * float(self.residual @ self.residual)

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
            "gradient_norm": float(np.linalg.norm(self.gradient)),
            "cosine": self.cosine,
            "step": self.step,
            "damping": self.damping,
        }


class Residual:
    """Calls the user's functions, counts the calls, and checks what comes back.

    NumPy's warnings of overflow and the like are silent meanwhile: a result that is not finite is
    noticed here.
    """

    def __init__(self, residual: Callable[[Array], Any], jacobian: Callable[[Array], Any]) -> None:
        self._residual = residual
        self._jacobian = jacobian
        self.nfev = 0
        self.njev = 0

    def start(self, x: Array) -> FitPoint:
        """The point `x`, shape (n,), to start from.

        Raises:
            ValueError: the residual is not a vector, the Jacobian does not fit it, or either is not
                finite; the message names the entry.
        """
        if not np.all(np.isfinite(x)):
            j = int(np.flatnonzero(~np.isfinite(x))[0])
            raise ValueError(f"the start is not finite: parameter {j} is {x[j]}")
        residual = self._call_residual(x)
        if residual.ndim != 1:
            raise ValueError(f"the residual has shape {residual.shape}; a vector was wanted")
        if residual.size == 0:
            raise ValueError("the residual is empty")
        if not np.all(np.isfinite(residual)):
            i = int(np.flatnonzero(~np.isfinite(residual))[0])
            raise ValueError(f"the residual is not finite at the start: entry {i} is {residual[i]}")
        jacobian = self._call_jacobian(x)
        if jacobian.shape != (residual.size, x.size):
            wanted = (residual.size, x.size)
            raise ValueError(f"the Jacobian has shape {jacobian.shape}; {wanted} was wanted")
        if not np.all(np.isfinite(jacobian)):
            i, j = np.argwhere(~np.isfinite(jacobian))[0]
            found = f"entry ({i}, {j}) is {jacobian[i, j]}"
            raise ValueError(f"the Jacobian is not finite at the start: {found}")
        with np.errstate(over="ignore"):
            squares = [residual @ residual, *column_norms(jacobian)]
        if not np.all(np.isfinite(squares)):
            raise ValueError("the sum of squares overflows at the start; scale the residual down")
        return FitPoint(x, residual, jacobian, largest_cosine(residual, jacobian))

    def residual_at(self, x: Array) -> Array | None:
        """r(x), shape (m,); None where the model has no finite value or its square overflows."""
        try:
            residual = self._call_residual(x)
        except (ArithmeticError, ValueError) as error:
            if not left_domain(error):
                raise
            return None
        with np.errstate(over="ignore", invalid="ignore"):
            return residual if np.isfinite(residual @ residual) else None

    def point_at(self, x: Array, residual: Array, step: float, damping: float) -> FitPoint | None:
        """The point `x` whose residual is known; None where the Jacobian is not finite."""
        try:
            jacobian = self._call_jacobian(x)
        except (ArithmeticError, ValueError) as error:
            if not left_domain(error):
                raise
            return None
        with np.errstate(over="ignore", invalid="ignore"):
            if not np.all(np.isfinite(column_norms(jacobian))):
                return None
        return FitPoint(x, residual, jacobian, largest_cosine(residual, jacobian), step, damping)

    def _call_residual(self, x: Array) -> Array:
        self.nfev += 1
        with np.errstate(all="ignore"):
            return np.array(self._residual(x.copy()), dtype=np.float64)

    def _call_jacobian(self, x: Array) -> Array:
        self.njev += 1
        with np.errstate(all="ignore"):
            return np.array(self._jacobian(x.copy()), dtype=np.float64)
