"""What a solver gives back: numbers by attribute or key, and a report for people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retrograd.runtime.pytrees import leaves

Array: TypeAlias = NDArray[np.float64]

#: Parameters and correlations beyond these numbers are counted, not listed.
MAX_ROWS = 40
SMALLEST_CORRELATION = 0.1


class Status(IntEnum):
    """Why a solver stopped; positive where a stopping test was met."""

    RESIDUAL_ZERO = 2
    STATIONARY = 1
    MAXITER = 0
    STALLED = -1
    NO_EFFECT = -2
    NOT_FINITE = -3
    CALLBACK = -4
    INTERRUPTED = -5
    SADDLE = -6
    INFEASIBLE = -7


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OptimizeResult(Mapping[str, Any]):
    """The end of an optimizer loop; every field is an attribute and a key.

    Args:
        x: the parameters, with the structure of the start: array of shape (n,), float or pytree.
        fun: the value for `minimize`; the residual, shape (m,), for `least_squares`.
        cost: the value that was minimized: `fun`, or half the sum of squared residuals.
        jac: Jacobian of the residual, shape (m, n); for `minimize` the gradient, as in SciPy.
        grad: gradient of `cost`, with the structure of `x`.
        cov: s² (JᵀJ)⁻¹, shape (n, n), infinite for parameters that the data do not determine; None
            for `minimize`.
        rank: rank of `jac` with its columns scaled to length 1; None for `minimize`.
        nit, nfev, njev: steps taken, evaluations of the function, and of its derivative.
        success: a stopping test was met at this finite point.
        status: the reason as a `Status`, positive exactly on success.
        message: the reason in words, with figures.
        history: for the start and each step ``value``, ``gradient_norm``, ``step`` and whatever else
            the method keeps, as arrays of shape (nit + 1,).
        method: the name of the method.
        state: of `minimize`: what ``state=`` takes to go on from here as if the loop had not stopped.
        multipliers: of `minimize` with constraints, those of the Lagrangian, an array for each; else None.
    """

    x: Any
    fun: Any
    cost: float
    jac: Any
    grad: Any
    nit: int
    nfev: int
    njev: int
    status: Status
    message: str
    method: str
    cov: Array | None = None
    rank: int | None = None
    history: dict[str, Array] = field(default_factory=dict)
    state: Any = None
    multipliers: list[Array] | None = None

    @property
    def success(self) -> bool:
        """Whether a stopping test was met at this finite point."""
        return self.status > 0

    def __getitem__(self, key: str) -> Any:
        if key not in self._keys():
            raise KeyError(key)
        return getattr(self, key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys())

    def __len__(self) -> int:
        return len(self._keys())

    def __eq__(self, other: object) -> bool:
        """Results are events: equal to themselves alone."""
        return self is other

    __hash__ = object.__hash__

    def _keys(self) -> tuple[str, ...]:
        return (*(entry.name for entry in fields(self)), "success")

    def report(self) -> None:
        """Print value, standard error and relative error of each parameter, and correlations."""
        print(self)

    def plot(self) -> Any:
        """A Matplotlib figure of the value over the steps.

        Raises:
            ImportError: Matplotlib is not installed.
        """
        from retrograd.runtime.solvers.history_plot import draw_history, new_figure

        figure = new_figure()
        draw_history(figure, self.history, self.method)
        return figure

    def __str__(self) -> str:
        return "\n".join(_report(self))

    def __repr__(self) -> str:
        shown = {
            "success": self.success,
            "message": self.message,
            "method": self.method,
            "x": (
                np.array2string(self.x, threshold=20) if isinstance(self.x, np.ndarray) else self.x
            ),
            "cost": self.cost,
            "nit": self.nit,
            "nfev": self.nfev,
            "njev": self.njev,
        }
        rows = [
            f"  {key:>8}: {value}".replace("\n", "\n" + " " * 12) for key, value in shown.items()
        ]
        return "\n".join(["OptimizeResult", *rows])


def standard_errors(cov: Array) -> Array:
    """Square roots of the diagonal of a covariance, shape (n,)."""
    return np.sqrt(np.diag(cov))


def correlations(cov: Array) -> Array:
    """Correlation matrix of a covariance, shape (n, n); nan where a variance is zero or infinite."""
    errors = standard_errors(cov)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(cov / np.outer(errors, errors))


def _report(result: OptimizeResult) -> list[str]:
    outcome = "succeeded" if result.success else "did NOT succeed"
    counts = f"{result.nit} steps, {result.nfev} evaluations, {result.njev} derivatives"
    head = [f"{result.method} {outcome}: {result.message}", counts]
    return [*head, f"value {result.cost:.10g}", "", *_parameter_table(result.x)]


def _parameter_table(x: Any) -> list[str]:
    lines = [f"{'parameter':>14}  value"]
    for path, value in leaves(x, "x"):
        if np.ndim(value) == 0:
            shown = f"{value:.10g}" if isinstance(value, float) else repr(value)
        elif np.size(value) <= MAX_ROWS:
            shown = np.array2string(np.asarray(value), precision=6, max_line_width=80)
            shown = shown.replace("\n", "\n" + " " * 16)
        else:
            shown = f"shape {np.shape(value)}, from {np.min(value):.4g} to {np.max(value):.4g}"
        lines.append(f"{path:>14}  {shown}")
    return lines
