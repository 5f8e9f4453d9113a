"""Fits from start to finish: walk, refine, judge, and measure the uncertainty."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from retrograd.runtime.solvers.box import Box
from retrograd.runtime.solvers.covariance import covariance
from retrograd.runtime.solvers.curvature import beyond_saddle
from retrograd.runtime.solvers.dogleg import dogleg
from retrograd.runtime.solvers.fit_result import FitResult
from retrograd.runtime.solvers.gauss_newton import gauss_newton
from retrograd.runtime.solvers.levenberg_marquardt import levenberg_marquardt, refine
from retrograd.runtime.solvers.losses import Loss, Weighing
from retrograd.runtime.solvers.options import check_method, read_options
from retrograd.runtime.solvers.residuals import Bend, FitPoint, Residual
from retrograd.runtime.solvers.result import Array, Status
from retrograd.runtime.solvers.stopping import (
    EPS,
    ROUNDINGS,
    Callback,
    Verdict,
    begin,
    column_norms,
    follow,
    measured_rounding,
    residual_rounding,
)

DEFAULTS: Final[dict[str, dict[str, Any]]] = {
    "lm": {"tol": 1e-10, "maxiter": 2000, "maxfev": None, "damping": 1e-3},
    "gauss-newton": {"tol": 1e-10, "maxiter": 200, "maxfev": None},
    "dogleg": {"tol": 1e-10, "maxiter": 2000, "maxfev": None},
}

#: The methods that scale parameters; they give their first scaling up for the second after so many steps.
SCALED: Final = ("lm", "dogleg")
STEPS_PER_SCALING = 1000

#: Where rounding may account for a larger cosine than this, nothing can be claimed.
MOST_EXCUSED = float(np.sqrt(EPS))

#: A parameter that grew by more than this, without a rank to show for it, ran away.
FAR = 1e8

#: So many saddles are left on the way to a minimum.
MOST_SADDLES = 5


def solve_least_squares(
    residual: Callable[[Array], Any],
    jacobian: Callable[[Array], Any],
    p0: Array,
    *,
    method: str = "lm",
    bend: Bend | None = None,
    bounds: Any = None,
    loss: str | Loss = "linear",
    f_scale: float = 1.0,
    absolute: bool = False,
    names: tuple[str, ...] | None = None,
    x_scale: Any = "jac",
    callback: Callback | None = None,
    **options: Any,
) -> FitResult:
    """Minimize ½|r(p)|², or half the sum of a loss of r(p)².

    Args:
        residual: r, from float64 (n,) to (m,).
        jacobian: J, from float64 (n,) to (m, n).
        p0: the start, shape (n,).
        method: "lm", "dogleg" or "gauss-newton".
        bend: second derivatives of the residual, from p, u and v to that along u and v, shape (m,);
            None for none.
        bounds: None, or (lower, upper), each a number or of shape (n,); for "lm".
        loss, f_scale: as for `Weighing`.
        absolute: whether the variance of the residuals is known to be 1.
        names: of the parameters; x[0], x[1] ... otherwise.
        x_scale: but for "gauss-newton": "jac", or the size that each parameter typically has: a positive number
            or array of shape (n,).
        callback: called with a `State` after each step; stops the fit by returning True or raising
            StopIteration.
        options: ``tol``, the largest cosine at which the fit has converged (0 switches every
            stopping test off); ``maxiter`` steps; ``maxfev`` evaluations of the residual, looked at
            after each step; for "lm" ``damping``, the first one.

    Raises:
        ValueError: the start or the residual there is not finite, or an option has no sense.
        TypeError: an option that the method does not have.
    """
    check_method(method, DEFAULTS)
    settings = read_options(method, options, DEFAULTS[method])
    maxiter = settings["maxiter"]
    scales = _scales(x_scale, p0.size, method)
    if settings["tol"] == 0:
        scales = scales[:1]
    box = Box.read(bounds, p0.size)
    if box.binds and method != "lm":
        raise ValueError(f"bounds came for method {method!r}; only 'lm' honours them")
    problem = Residual(residual, jacobian, box=box, bend=bend, weighing=Weighing(loss, f_scale))
    fit = _Fit(problem, p0, settings, callback, names)
    for k, scale in enumerate(scales, start=1):
        fit.run.last = fit.start
        if method == "lm":
            walk = partial(levenberg_marquardt, problem, scale=scale, damping=settings["damping"])
        elif method == "dogleg":
            walk = partial(dogleg, problem, scale=scale)
        else:
            walk = partial(gauss_newton, problem)
        last = k == len(scales)
        fit.attempt(walk, maxiter=maxiter if last else min(maxiter, k * STEPS_PER_SCALING))
        if fit.verdict.status not in (Status.STALLED, Status.NO_EFFECT, Status.MAXITER):
            break
    return fit.result(method, absolute=absolute)


class _Fit:
    """A fit on its way: the problem, the run so far, and the tests that end it."""

    def __init__(
        self,
        problem: Residual,
        p0: Array,
        settings: Mapping[str, Any],
        callback: Callback | None,
        names: tuple[str, ...] | None,
    ) -> None:
        self.problem = problem
        self._names = names
        self.start = problem.start(p0)
        self.run = begin(self.start)
        self.saddles = 0
        self._ends: list[tuple[FitPoint, Verdict]] = []
        self._tol = float(settings["tol"])
        self._maxfev = np.inf if settings["maxfev"] is None else int(settings["maxfev"])
        self._callback = callback

    @property
    def verdict(self) -> Verdict:
        """Why the last attempt ended."""
        assert self.run.verdict is not None
        return self.run.verdict

    def attempt(self, walk: Callable[[FitPoint], Iterator[FitPoint]], *, maxiter: int) -> None:
        """Walk to the end of the path, or to `maxiter` steps of the run; leave saddles on the way."""
        for _ in range(MOST_SADDLES):
            self._approach(walk(self.run.last), maxiter=maxiter)
            if self.verdict.status not in (Status.STATIONARY, Status.NO_EFFECT) or self._tol == 0:
                break
            below = beyond_saddle(self.problem, self.run.last)
            if below is None:
                break
            self.run.verdict = None
            follow(
                self.run,
                iter([below]),
                self._out_of_evaluations,
                maxiter=maxiter,
                callback=self._callback,
            )
            self.saddles += 1
            if self.run.verdict is not None:
                break
        self.run.verdict = self._runaway(self.run.last) or self.verdict
        self._ends.append((self.run.last, self.verdict))

    def _runaway(self, point: FitPoint) -> Verdict | None:
        """What is to be said of a point that is stationary only for parameters went to infinity."""
        away = np.flatnonzero(np.abs(point.x) > FAR * np.maximum(np.abs(self.start.x), 1.0))
        jacobian = point.jacobian[:, point.free]
        if self.verdict.status != Status.STATIONARY or not away.size:
            return None
        if covariance(jacobian, 1.0)[1] == jacobian.shape[1]:
            return None
        text = f"{self._called(away)} ran away, to {point.x[away[0]]:.2g}, where J lost its rank"
        return Verdict(Status.STALLED, text)

    def _approach(self, path: Iterator[FitPoint], *, maxiter: int) -> None:
        """Walk `path`; refine and judge the outcome."""
        run, callback = self.run, self._callback
        follow(run, path, self._test, maxiter=maxiter, callback=callback)
        near = run.verdict is None or run.verdict.status > 0
        if near and self._tol > 0:
            path = refine(self.problem, run.last)
            follow(run, path, self._out_of_evaluations, maxiter=maxiter, callback=callback)
            if run.verdict is None or run.verdict.status == Status.MAXITER:
                run.verdict = self._converged(run.last)
        run.verdict = run.verdict or self._stalled(run.last)

    def result(self, method: str, *, absolute: bool) -> FitResult:
        """What the fit gives back: the point that earned its success, or the best there was."""
        point, verdict = self._ends[-1]
        if not verdict.status > 0:
            point, verdict = min(self._ends, key=lambda end: end[0].value)
            if self.run.best.value < point.value:
                point = self.run.best
        message = verdict.message
        residual, jacobian = point.plain
        m, n = jacobian.shape
        held = np.flatnonzero(~point.free)
        variance = 1.0
        if not absolute:
            variance = self.problem.weighing.variance(residual, n - held.size)
        cov, rank = covariance(jacobian[:, point.free], variance)
        if rank < n - held.size:
            message += f"; J has rank {rank} of {n - held.size}: some parameters are not determined"
        elif m <= n - held.size and not absolute:
            message += "; as many parameters as residuals, so there is no covariance"
        if held.size:
            message += f"; at a bound: {self._called(held)}"
        if self.saddles:
            message += (
                f"; {self.saddles} saddle{'s were' if self.saddles > 1 else ' was'} left on the way"
            )
        if not verdict.status > 0 and self.problem.trouble is not None:
            message += f"; on the way {self.problem.trouble}"
        whole = np.full((n, n), np.nan)
        whole[np.ix_(point.free, point.free)] = cov
        return FitResult(
            x=point.x,
            fun=residual,
            cost=point.value,
            jac=jacobian,
            grad=point.gradient,
            cov=whole,
            rank=rank,
            nit=self.run.nit,
            nfev=self.problem.nfev,
            njev=self.problem.njev,
            status=verdict.status,
            message=message,
            method=method,
            history=self.run.history(),
            names=self._names or tuple(f"x[{k}]" for k in range(n)),
            full=point.x,
            states=tuple("" if free else "at bound" for free in point.free),
            absolute=absolute,
            linear=self.problem.weighing.linear,
        )

    def _called(self, places: NDArray[np.intp]) -> str:
        names = [str(k) if self._names is None else self._names[k] for k in places]
        return "parameter" + ("s " if places.size > 1 else " ") + ", ".join(names)

    def _test(self, point: FitPoint) -> Verdict | None:
        return self._converged(point) or self._out_of_evaluations(point)

    def _out_of_evaluations(self, _: FitPoint) -> Verdict | None:
        if self.problem.nfev < self._maxfev:
            return None
        text = f"{self.problem.nfev} evaluations were made, maxfev={self._maxfev}"
        return Verdict(Status.MAXITER, text)

    def _converged(self, point: FitPoint) -> Verdict | None:
        """The stopping tests, as far as the Jacobian knows the rounding of the residual."""
        if self._tol == 0:
            return None
        noise = residual_rounding(point.x, point.jacobian)
        return judge(point, noise, self._tol)

    def _stalled(self, point: FitPoint) -> Verdict:
        """What can be said of a point from which no step descends."""
        if self._tol == 0:
            text = "no step gives a smaller sum of squares; the stopping tests were off (tol=0)"
            return Verdict(Status.STALLED, text)
        verdict = judge(point, *self._stalled_limits(point))
        if verdict is not None:
            return verdict
        idle = np.flatnonzero(without_effect(point))
        if idle.size:
            text = f"{self._called(idle)} without effect: the residual does not change with it at this point"
            return Verdict(Status.NO_EFFECT, text)
        text = (
            "no step gives a smaller sum of squares, but the largest cosine between the residual"
            f" and a column of J is {point.cosine:.2g}; is the Jacobian right, the residual smooth?"
        )
        return Verdict(Status.STALLED, text)

    def _stalled_limits(self, point: FitPoint) -> tuple[float, float]:
        """The rounding of the residual, now measured, and the cosine that it excuses.

        Near a pole everything drowns in rounding, but there J has lost its rank: no excuse then.
        """
        noise = residual_rounding(point.x, point.jacobian)
        jacobian = point.jacobian[:, point.free]
        if covariance(jacobian, 1.0)[1] < jacobian.shape[1]:
            return noise, self._tol
        noise = max(noise, measured_rounding(self.problem.residual_at, point.x))
        excused = ROUNDINGS * noise / point.size
        return noise, max(self._tol, excused if excused < MOST_EXCUSED else 0.0)


def judge(point: FitPoint, noise: float, largest_cosine: float) -> Verdict | None:
    """Success, if `point` earns it.

    Args:
        point: where the fit stands.
        noise: the length of the residual that rounding alone may account for.
        largest_cosine: between the residual and a column of J, that we take for a right angle.

    Returns:
        None also where a parameter has no effect: its cosine does not exist, or means nothing.
    """
    if point.size <= ROUNDINGS * noise:
        text = f"the residual has fallen to rounding: |r| = {point.size:.2g}"
        return Verdict(Status.RESIDUAL_ZERO, text)
    if point.cosine <= largest_cosine and not np.any(without_effect(point)):
        text = f"the largest cosine between the residual and a column of J is {point.cosine:.2g}"
        return Verdict(Status.STATIONARY, text)
    return None


def without_effect(point: FitPoint) -> NDArray[np.bool_]:
    """The free parameters of which even a change by their size, or by 1, drowns in the rounding of r."""
    change = column_norms(point.jacobian) * np.maximum(np.abs(point.x), 1.0)
    return np.asarray(point.free & (change <= EPS * point.size))


def _scales(x_scale: Any, n: int, method: str) -> list[Array | None]:
    """The scalings to try one after the other, each with its share of the steps."""
    if isinstance(x_scale, str):
        if x_scale != "jac":
            raise ValueError(f"x_scale={x_scale!r} came; 'jac' or positive numbers were wanted")
        return [None, np.ones(n)] if method in SCALED else [None]
    if method not in SCALED:
        raise ValueError(f"x_scale has no effect for method {method!r}; leave it at 'jac'")
    sizes = np.asarray(x_scale, dtype=np.float64)
    if sizes.shape not in ((), (n,)) or not np.all((sizes > 0) & np.isfinite(sizes)):
        raise ValueError(f"x_scale should be 'jac', a positive number or {n} of them")
    return [np.broadcast_to(1.0 / sizes, (n,))]
