"""When a solver stops, and what it may claim then.

A least-squares fit has converged when the residual is at a right angle to every column of the
Jacobian: the largest cosine |Jⱼ·r| / (|Jⱼ| |r|) is small. The cosine has no unit, so one tolerance
serves data of any size. It cannot be trusted below the level at which rounding alone turns `r`,
and when `r` is nothing but rounding it means nothing: the fit is then exact.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from retrograd.runtime.solvers.result import Array, Status

EPS = float(np.finfo(np.float64).eps)

#: How many roundings of the size of its terms we allow a residual to carry.
ROUNDINGS = 8.0


class Iterate(Protocol):
    """A point of a solver's path."""

    @property
    def x(self) -> Array:
        """The parameters, shape (n,)."""

    @property
    def value(self) -> float:
        """What is minimized, here."""

    def record(self) -> dict[str, float]:
        """What the history keeps of this point; always the same keys, "value" among them."""


Point = TypeVar("Point", bound=Iterate)


@dataclass(frozen=True, slots=True)
class State:
    """What a callback sees: the number of steps so far, the parameters, and the history's entry."""

    nit: int
    x: Any
    value: float
    record: dict[str, float]


Callback = Callable[[State], bool | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status, and its reason in words."""

    status: Status
    message: str


@dataclass(slots=True)
class Run(Generic[Point]):
    """The path of a solver so far: its last and best points, history, and why it ended."""

    last: Point
    best: Point
    nit: int = 0
    verdict: Verdict | None = None
    records: list[dict[str, float]] = field(default_factory=list)

    def history(self) -> dict[str, Array]:
        """One array of shape (nit + 1,) for each recorded quantity."""
        return {key: np.array([record[key] for record in self.records]) for key in self.records[0]}


def begin(start: Point) -> Run[Point]:
    """A run that has taken no step yet."""
    return Run(start, start, records=[_record(start)])


def follow(
    run: Run[Point],
    path: Iterator[Point],
    test: Callable[[Point], Verdict | None],
    *,
    maxiter: int,
    callback: Callback | None,
) -> None:
    """Walk `path` from where `run` stands, until something ends it.

    Ends with a verdict when `test` gives one, after `maxiter` steps of the whole run, on request of
    the callback, or on Ctrl-C; with ``run.verdict`` None when `path` has no further point.
    """
    run.verdict = test(run.last)
    try:
        while run.verdict is None and run.nit < maxiter:
            with np.errstate(over="ignore", invalid="ignore"):  # the path looks out for itself
                point = next(path, None)
            if point is None:
                return
            run.nit += 1
            run.last = point
            if point.value <= run.best.value and point.value > -np.inf:
                run.best = point
            run.records.append(_record(point))
            run.verdict = test(point) or _ask(callback, run)
        if run.verdict is None:
            run.verdict = Verdict(Status.MAXITER, f"maxiter={maxiter} steps were taken")
    except KeyboardInterrupt:
        run.verdict = Verdict(Status.INTERRUPTED, "interrupted from the keyboard")


def _record(point: Iterate) -> dict[str, float]:
    with np.errstate(over="ignore", invalid="ignore"):
        return point.record()


def _ask(callback: Callback | None, run: Run[Any]) -> Verdict | None:
    stopped = Verdict(Status.CALLBACK, f"the callback stopped the loop after step {run.nit}")
    if callback is None:
        return None
    point = run.last
    try:
        asked = callback(State(run.nit, point.x.copy(), point.value, run.records[-1]))
    except StopIteration:
        return stopped
    return stopped if asked is True else None


# ---------------------------------------------------------------- least squares


def column_norms(jacobian: Array) -> Array:
    """Length of each column of `jacobian` (m, n), shape (n,)."""
    return np.asarray(np.sqrt(np.einsum("ij,ij->j", jacobian, jacobian)))


def largest_cosine(residual: Array, jacobian: Array) -> float:
    """max |Jⱼ·r| / (|Jⱼ| |r|) over the columns that are not zero; 0 for a zero residual.

    Args:
        residual: r, shape (m,).
        jacobian: J, shape (m, n).
    """
    lengths = column_norms(jacobian)
    length = float(np.linalg.norm(residual))
    seen = lengths > 0
    if length == 0 or not seen.any():
        return 0.0
    return float(np.max(np.abs((jacobian[:, seen] / lengths[seen]).T @ (residual / length))))


def residual_rounding(x: Array, jacobian: Array) -> float:
    """About how far rounding of the parameters alone moves the residual: eps ‖ |J| |x| ‖."""
    return EPS * float(np.linalg.norm(np.abs(jacobian) @ np.abs(x)))


def measured_rounding(residual: Callable[[Array], Array | None], x: Array) -> float:
    """How far `residual` is from smooth at `x`: half its second difference over steps √eps x.

    For a smooth function the curvature adds about eps to that; what is beyond is rounding noise,
    the noise of an inner iteration included. 0 where a neighbour is not finite.

    Source: the idea of Hamming's difference table, as in Moré and Wild, *Estimating computational
    noise*, SIAM J. Sci. Comput. 33 (2011).
    """
    h = np.sqrt(EPS) * x
    here, ahead, behind = residual(x), residual(x + h), residual(x - h)
    if here is None or ahead is None or behind is None:
        return 0.0
    return 0.5 * float(np.linalg.norm((ahead - here) - (here - behind)))
