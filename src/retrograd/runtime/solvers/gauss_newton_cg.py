"""Gauss-Newton for many parameters: the linearized problem by conjugate gradients, no Jacobian formed.

Source: Steihaug, *The conjugate gradient method and trust regions in large scale optimization*, SIAM
J. Numer. Anal. 20 (1983), on the least-squares form of conjugate gradients (CGLS).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np

from retrograd.runtime.solvers.fit_result import FitResult
from retrograd.runtime.solvers.losses import Loss, Weighing
from retrograd.runtime.solvers.objective import left_domain
from retrograd.runtime.solvers.options import read_options
from retrograd.runtime.solvers.result import Array, Status
from retrograd.runtime.solvers.stopping import (
    EPS,
    ROUNDINGS,
    Callback,
    Verdict,
    begin,
    follow,
    measured_rounding,
)

METHOD: Final = "gauss-newton-cg"
DEFAULTS: Final[dict[str, Any]] = {"tol": 1e-8, "maxiter": 500, "maxinner": None}

#: A step is taken if it gives at least this part of the reduction that the linear model predicts.
SMALLEST_GAIN = 1e-4
#: Reductions below this part of the value may be rounding.
LEVEL = 64 * EPS
#: The path ends after so many rejected trials in a row.
MAX_REJECTED = 12
#: The inner problem is solved until its gradient has fallen by this factor at least; before a claim of
#: success by the second.
LOOSE, TIGHT = 0.1, 1e-4
#: Where rounding may account for a larger cosine than this, nothing can be claimed.
MOST_EXCUSED = float(np.sqrt(EPS))

#: From p, shape (n,), to r(p), shape (m,), v -> J v and w -> Jᵀw.
Products: TypeAlias = Callable[[Array], tuple[Any, Callable[[Array], Any], Callable[[Array], Any]]]


@dataclass(frozen=True, slots=True)
class ProductPoint:
    """A point of a fit whose Jacobian is known by its products.

    Args:
        x: the parameters, shape (n,).
        plain: r(x), shape (m,).
        residual: r(x) weighted by the loss.
        push, pull: products with the weighted Jacobian and its transpose.
        gradient: Jᵀr, shape (n,).
        value: half the sum of squares, or of losses.
        step: length of the step that led here, 0 at the start.
    """

    x: Array
    plain: Array
    residual: Array
    push: Callable[[Array], Array]
    pull: Callable[[Array], Array]
    gradient: Array
    value: float
    step: float = 0.0

    @property
    def size(self) -> float:
        """|r|."""
        return float(np.linalg.norm(self.residual))

    def record(self) -> dict[str, float]:
        """The history's entry."""
        norm = float(np.linalg.norm(self.gradient))
        return {"value": self.value, "gradient_norm": norm, "step": self.step}


class Problem:
    """The residual and its products; counts what is asked of them."""

    def __init__(
        self,
        residual: Callable[[Array], Any],
        products: Products,
        weighing: Weighing,
        maxinner: int | None,
    ) -> None:
        self._residual = residual
        self._products = products
        self._maxinner = maxinner
        self.weighing = weighing
        self.nfev = 0
        self.njev = 0

    def start(self, x: Array) -> ProductPoint:
        """The point to start from.

        Raises:
            ValueError: the start, or residual or gradient there, is not finite.
        """
        for what, values in (("start", x), ("residual at the start", self.residual_at(x))):
            if values is None or not np.all(np.isfinite(values)):
                raise ValueError(f"the {what} is not finite")
        point = self.point_at(x, 0.0)
        if point is None:
            raise ValueError("the gradient at the start is not finite")
        return point

    def residual_at(self, x: Array) -> Array | None:
        """r(x), shape (m,); None where it has no finite value."""
        self.nfev += 1
        try:
            with np.errstate(all="ignore"):
                found = np.array(self._residual(x.copy()), dtype=np.float64)
                return found if np.isfinite(np.vdot(found, found)) else None
        except (ArithmeticError, ValueError) as error:
            if not left_domain(error):
                raise
            return None

    def point_at(self, x: Array, step: float) -> ProductPoint | None:
        """The point `x`, None where the gradient is not finite."""
        with np.errstate(all="ignore"):
            value, push, pull = self._products(x.copy())
            plain = np.array(value, dtype=np.float64)
            if plain.ndim != 1:
                raise ValueError(f"the residual has shape {plain.shape}; a vector was wanted")
            parts, weights, _ = self.weighing.at(plain)
            roots = np.sqrt(weights)
            residual = roots * plain

            def pushed(v: Array) -> Array:
                self.njev += 1
                with np.errstate(all="ignore"):
                    return np.asarray(roots * np.asarray(push(v), dtype=np.float64))

            def pulled(w: Array) -> Array:
                self.njev += 1
                with np.errstate(all="ignore"):
                    return np.asarray(pull(roots * w), dtype=np.float64)

            gradient = pulled(residual)
        if not np.all(np.isfinite(gradient)):
            return None
        return ProductPoint(
            x, plain, residual, pushed, pulled, gradient, float(np.sum(parts)), step
        )

    def inner(self, point: ProductPoint, radius: float, accuracy: float) -> tuple[Array, Array]:
        """The step s of at most `radius` that minimizes |J s + r|², and J s.

        Ends where the gradient has fallen by `accuracy`, at the border, or after so many products as
        there are parameters or residuals, unless told another number.
        """
        most = min(2 * point.x.size, 2 * point.residual.size) + 10
        step, along = np.zeros(point.x.size), np.zeros(point.residual.size)
        left = -point.residual
        slope = -point.gradient
        direction, square = slope, float(slope @ slope)
        goal = accuracy**2 * square
        for _ in range(most if self._maxinner is None else self._maxinner):
            moved = point.push(direction)
            bend = float(moved @ moved)
            if square == 0 or not bend > 0:
                break
            alpha = square / bend
            new = step + alpha * direction
            if np.linalg.norm(new) > radius:
                alpha = _to_border(step, direction, radius)
                return step + alpha * direction, along + alpha * moved
            step, along, left = new, along + alpha * moved, left - alpha * moved
            slope = point.pull(left)
            before, square = square, float(slope @ slope)
            if square <= goal:
                break
            direction = slope + square / before * direction
        return step, along


def solve_gauss_newton_cg(
    residual: Callable[[Array], Any],
    products: Products,
    p0: Array,
    *,
    loss: str | Loss = "linear",
    f_scale: float = 1.0,
    names: tuple[str, ...] | None = None,
    callback: Callback | None = None,
    **options: Any,
) -> FitResult:
    """Minimize ½|r(p)|² by products with the Jacobian alone.

    Args:
        residual: r, from float64 (n,) to (m,).
        products: to r, v -> J v and w -> Jᵀw.
        p0: the start, shape (n,).
        loss, f_scale: as for `Weighing`.
        names: of the parameters.
        callback: as in `solve_least_squares`.
        options: ``tol``, the cosine between r and the range of J at which the fit has converged;
            ``maxiter`` steps; ``maxinner`` products with J for each of them.

    Returns:
        `jac`, `cov` and `rank` are None; `njev` counts products with J and Jᵀ.

    Raises:
        ValueError: the start, residual or gradient there is not finite, or an option has no sense.
        TypeError: an option that there is not.
    """
    settings = read_options(METHOD, options, DEFAULTS)
    inner = settings["maxinner"]
    problem = Problem(
        residual, products, Weighing(loss, f_scale), None if inner is None else int(inner)
    )
    run = begin(problem.start(p0))
    tol = float(settings["tol"])
    maxiter = settings["maxiter"]
    follow(run, _path(problem, run.last, tol), lambda _: None, maxiter=maxiter, callback=callback)
    verdict = run.verdict
    if verdict is None:
        verdict = _judge(problem, run.last, tol)
    point = run.last if verdict.status > 0 else run.best
    return FitResult(
        x=point.x,
        fun=point.plain,
        cost=point.value,
        jac=None,
        grad=point.gradient,
        nit=run.nit,
        nfev=problem.nfev,
        njev=problem.njev,
        status=verdict.status,
        message=verdict.message,
        method=METHOD,
        history=run.history(),
        names=names or tuple(f"x[{k}]" for k in range(point.x.size)),
        full=point.x,
        states=("",) * point.x.size,
        linear=problem.weighing.linear,
    )


def _path(problem: Problem, point: ProductPoint, tol: float) -> Iterator[ProductPoint]:
    """The path from `point`; ends where the cosine is down to `tol`, or no step descends any more."""
    first = float(np.linalg.norm(point.gradient))
    radius = float(np.linalg.norm(point.x)) or np.inf
    rejected = 0
    while np.any(point.gradient != 0) and rejected < MAX_REJECTED:
        relative = float(np.linalg.norm(point.gradient)) / first
        step, along = problem.inner(point, radius, min(LOOSE, np.sqrt(relative)))
        if np.linalg.norm(along) <= tol * point.size:
            step, along = problem.inner(point, radius, TIGHT)
            if np.linalg.norm(along) <= tol * point.size:
                return
        x = point.x + step
        if not np.any(x != point.x):
            return
        size = float(np.linalg.norm(step))
        predicted = -float(point.gradient @ step) - 0.5 * float(along @ along)
        found, gain = _try(problem, point, x, predicted)
        if gain < 0.25:
            radius = 0.25 * size
        elif gain > 0.75 and size > 0.99 * radius:
            radius *= 2
        rejected += 1
        if found is not None:
            point, rejected = found, 0
            yield point


def _try(
    problem: Problem, point: ProductPoint, x: Array, predicted: float
) -> tuple[ProductPoint | None, float]:
    """The point `x` if it is worth going there, and the gain: actual over predicted reduction.

    A reduction that drowns in the rounding of the value is told from the gradients at both ends.
    """
    new = problem.residual_at(x)
    if new is None or not predicted > 0:
        return None, 0.0
    actual = problem.weighing.reduction(point.plain, new)
    noise = LEVEL * point.value
    level = predicted <= noise
    if actual < (-noise if level else SMALLEST_GAIN * predicted):
        return None, 0.0
    step = x - point.x
    found = problem.point_at(x, float(np.linalg.norm(step)))
    if found is not None and level:
        actual = -0.5 * float((point.gradient + found.gradient) @ step)
    gain = actual / predicted
    return (found, gain) if gain > SMALLEST_GAIN else (None, 0.0)


def _judge(problem: Problem, point: ProductPoint, tol: float) -> Verdict:
    """What can be said of a point from which no step descends."""
    if tol == 0:
        text = "no step gives a smaller sum of squares; the stopping tests were off (tol=0)"
        return Verdict(Status.STALLED, text)
    noise = EPS * float(np.linalg.norm(point.push(point.x)))
    noise = max(noise, measured_rounding(problem.residual_at, point.x))
    if point.size <= ROUNDINGS * noise:
        text = f"the residual has fallen to rounding: |r| = {point.size:.2g}"
        return Verdict(Status.RESIDUAL_ZERO, text)
    _, along = problem.inner(point, np.inf, TIGHT)
    cosine = float(np.linalg.norm(along)) / point.size
    excused = ROUNDINGS * noise / point.size
    if cosine <= max(tol, excused if excused < MOST_EXCUSED else 0.0):
        text = f"the cosine between the residual and the range of J is {cosine:.2g}"
        return Verdict(Status.STATIONARY, text)
    text = (
        "no step gives a smaller sum of squares, but the cosine between the residual and the range of"
        f" J is {cosine:.2g}; is the Jacobian right, the residual smooth?"
    )
    return Verdict(Status.STALLED, text)


def _to_border(step: Array, direction: Array, radius: float) -> float:
    """How far along `direction` from `step` the length is `radius`."""
    a, b = float(direction @ direction), float(step @ direction)
    c = radius**2 - float(step @ step)
    root = float(np.sqrt(b * b + a * c))
    return c / (b + root) if b > 0 else (root - b) / a
