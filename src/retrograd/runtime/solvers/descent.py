"""Descent from a start to a point where a stopping test is met, or to the best one found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

import numpy as np

from retrograd.runtime.solvers.batches import Batches
from retrograd.runtime.solvers.bfgs import bfgs
from retrograd.runtime.solvers.box import Box
from retrograd.runtime.solvers.conjugate_gradients import conjugate_gradients
from retrograd.runtime.solvers.lbfgs import lbfgs
from retrograd.runtime.solvers.newton import newton, saddle_free_newton
from retrograd.runtime.solvers.newton_cg import newton_cg
from retrograd.runtime.solvers.objective import (
    HessianProduct,
    Objective,
    Place,
    Stall,
    Step,
    ValueAndGradient,
)
from retrograd.runtime.solvers.options import check_method, read_options
from retrograd.runtime.solvers.result import Array, OptimizeResult, Status
from retrograd.runtime.solvers.saddles import slope_leads_on, way_down
from retrograd.runtime.solvers.stopping import (
    EPS,
    ROUNDINGS,
    Callback,
    Run,
    Verdict,
    begin,
    follow,
)
from retrograd.runtime.solvers.update_rules import RULES, first_order


@dataclass(frozen=True, slots=True)
class Method:
    """A way to descend.

    Args:
        make: from its options to its step.
        options: its own, with their defaults.
        batches: whether it goes by parts of the data.
        curved: whether it needs Hessian products.
        leaves_saddles: whether it goes on from a point with a direction of negative curvature.
        draws: whether its steps are random.
        tol: the default of ``tol``.
    """

    make: Callable[..., Step]
    options: dict[str, Any] = field(default_factory=dict)
    batches: bool = False
    curved: bool = False
    leaves_saddles: bool = False
    draws: bool = False
    tol: float = 1e-8

    @property
    def defaults(self) -> dict[str, Any]:
        """Every option of the method with its default."""
        return {**self.options, "tol": self.tol, "maxiter": 1000}


METHODS: Final[dict[str, Method]] = {
    **{
        name: Method(
            partial(first_order, rule),
            rule.defaults,
            batches=True,
            draws=rule.noisy,
            tol=0.0 if rule.noisy else 1e-8,
        )
        for name, rule in RULES.items()
    },
    "cg": Method(lambda: conjugate_gradients),
    "bfgs": Method(lambda: bfgs),
    "lbfgs": Method(lbfgs, {"history_size": 10}),
    "newton": Method(lambda: newton, curved=True),
    "newton-cg": Method(lambda: newton_cg, curved=True),
    "saddle-free-newton": Method(lambda: saddle_free_newton, curved=True, leaves_saddles=True),
}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a run stopped, with all that it needs to go on as if it had not.

    Args:
        method: the name of the method.
        last, best: the last place of the run, and the best so far.
    """

    method: str
    last: Place
    best: Place

    @property
    def steps(self) -> int:
        """How many steps the run has taken in all, which is the step counter of schedules."""
        return int(self.last.memory.get("k", 0))

    @property
    def starved(self) -> bool:
        """Whether the data ended before the batch that belongs to the last place."""
        return bool(self.last.memory.get("starved", False))


def minimize_vector(
    value_and_gradient: ValueAndGradient,
    x0: Array,
    *,
    method: str = "bfgs",
    callback: Callback | None = None,
    hessian_product: HessianProduct | None = None,
    box: Box | None = None,
    batches: Batches | None = None,
    seed: int = 0,
    state: Checkpoint | None = None,
    **options: Any,
) -> OptimizeResult:
    """Minimize f.

    Where the gradient vanishes, a few Hessian products tell a minimum from a saddle.

    Args:
        value_and_gradient: from float64 (n,), and the arguments that a batch is if there are any,
            to f(x) and its gradient, shape (n,).
        x0: the start, shape (n,).
        method: one of `METHODS`.
        callback: called with a `State` after each step; stops the loop by returning True or raising
            StopIteration.
        hessian_product: from x and v to the Hessian of f, over all batches, at x times v.
        box: where x must stay.
        batches: what each step sees of the data, for a first-order method.
        seed: of random steps.
        state: the checkpoint of an earlier run, to go on from there instead of from `x0`.
        options: of the method; ``tol``, the largest entry of the gradient at which the loop has
            converged (0 switches every stopping test off, so that ``maxiter=k`` means exactly k
            steps); ``maxiter``.

    Returns:
        With `x` the point that met the stopping test, or the k-th one for ``tol=0``, or the last
        one where there are batches; otherwise the best one on the path.

    Raises:
        ValueError: the start, or the value or gradient there, is not finite; the method cannot do
            what is asked.
        TypeError: an option that the method does not have.
    """
    check_method(method, METHODS)
    entry = METHODS[method]
    settings = read_options(method, options, entry.defaults)
    if batches is not None and not entry.batches:
        raise ValueError(f"batches came; method {method!r} needs the whole function at each step")
    if entry.curved and hessian_product is None:
        raise ValueError(f"method {method!r} needs Hessian products")
    problem = Objective(
        value_and_gradient, hessian_product=hessian_product, box=box, batches=batches
    )
    if state is None:
        run = begin(replace(problem.start(x0), memory={"k": 0, "seed": seed}))
    else:
        run = _resumed(problem, state, method, x0.size)
    tol, maxiter = settings.pop("tol"), settings.pop("maxiter")
    coupled = method in RULES and not RULES[method].decoupled
    weight_decay = settings["weight_decay"] if coupled else 0.0
    judge = _Judge(problem, tol, weight_decay, entry.leaves_saddles)
    path = _Path(problem, entry.make(**settings), run.last)
    follow(run, path, judge, maxiter=maxiter, callback=callback)
    if run.verdict is None:
        run.verdict = judge.of_stall(run.last, path.stall)
    return _result(run, problem, method, judge)


def _resumed(problem: Objective, state: Checkpoint, method: str, n: int) -> Run[Place]:
    if state.method != method:
        raise ValueError(f"the state is of method {state.method!r}; {method!r} came")
    if state.last.x.size != n:
        raise ValueError(f"the state has {state.last.x.size} parameters, the start {n}")
    last = state.last
    if state.starved and problem.has_batch(state.steps):
        again = problem.moved(last, np.zeros(n), last.rate, batch=state.steps)
        last = replace(again, memory={**last.memory, "starved": False})
    run = begin(last)
    run.best = state.best
    return run


class _Path(Iterator[Place]):
    """The places of a method, one after the other, and why there are no more."""

    def __init__(self, problem: Objective, step: Step, place: Place) -> None:
        self._problem = problem
        self._step = step
        self._place = place
        self.stall = Stall()

    def __next__(self) -> Place:
        found = self._step(self._problem, self._place)
        if isinstance(found, Stall):
            self.stall = found
            raise StopIteration
        self._place = found
        return found


# ---------------------------------------------------------------- verdicts


@dataclass(frozen=True, slots=True)
class _Judge:
    """What can be said of a place."""

    problem: Objective
    tol: float
    weight_decay: float
    leaves_saddles: bool

    def __call__(self, place: Place) -> Verdict | None:
        if not place.finite:
            text = (
                "value or gradient is no longer finite: the steps are too long, or f has no minimum"
            )
            return Verdict(Status.NOT_FINITE, text)
        if self.tol == 0 or self.problem.slope(place, self.weight_decay) > self.tol:
            return None
        whole = self.problem.whole(place)
        return None if whole is None else self.of_whole(whole)

    def of_whole(self, place: Place) -> Verdict | None:
        """The verdict on a place whose value and gradient are of all the data."""
        slope = self.problem.slope(place, self.weight_decay)
        if self.tol == 0 or not place.finite or slope > self.tol:
            return None
        what = "gradient, weight decay included," if self.weight_decay else "gradient"
        text = f"the largest entry of the {what} is {slope:.2g}, at most tol={self.tol:g}"
        verdict = self._minimum(place, text)
        saddle = verdict.status == Status.SADDLE
        return None if saddle and self.leaves_saddles else verdict

    def of_stall(self, place: Place, stall: Stall) -> Verdict:
        """What can be said of a point from which the method finds no further one."""
        if not self.problem.has_batch(place.memory.get("k", 0)):
            return Verdict(Status.MAXITER, "the data came to its end")
        text = (
            "the line search finds no lower value, but the largest entry of the gradient is"
            f" {self.problem.slope(place):.2g}, more than tol={self.tol:g}"
        )
        stalled = Verdict(Status.STALLED, text)
        if stall.ahead > ROUNDINGS * EPS or self.tol == 0:
            return stalled
        text = f"a further step would change no parameter by more than {stall.ahead:.1g} of it"
        return self._minimum(place, text, steep=stalled)

    def _minimum(self, place: Place, text: str, steep: Verdict | None = None) -> Verdict:
        """Success, unless the curvature says that there is no minimum, or none so near (`steep`)."""
        if not self.problem.has_curvature or self.weight_decay:
            return Verdict(Status.STATIONARY, f"{text}; curvature was not looked at")
        problem = self.problem.undivided()
        try:
            if steep is not None and slope_leads_on(problem, place, self.tol):
                return steep
            down = way_down(problem, place)
        except Exception as error:  # whatever the matter is, the point found is worth more
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            return Verdict(Status.STATIONARY, f"{text}; curvature was not looked at: {reason}")
        if down is None:
            return Verdict(Status.STATIONARY, text)
        return Verdict(Status.SADDLE, f"{text}, but this is no minimum: {down}")


# ---------------------------------------------------------------- result


def _result(run: Run[Place], problem: Objective, method: str, judge: _Judge) -> OptimizeResult:
    verdict = run.verdict
    assert verdict is not None
    asked_for = verdict.status == Status.STATIONARY or verdict.status == Status.SADDLE
    asked_for |= judge.tol == 0 and verdict.status != Status.INTERRUPTED
    at_last = run.last.finite and (asked_for or problem.batches is not None)
    place = run.last if at_last else run.best
    if problem.batches is not None:
        place = problem.whole(place) or place
        if verdict.status == Status.MAXITER:
            verdict = judge.of_whole(place) or verdict
    return OptimizeResult(
        x=place.x,
        fun=place.value,
        cost=place.value,
        jac=place.gradient,
        grad=place.gradient,
        nit=run.nit,
        nfev=problem.nfev,
        njev=problem.nfev,
        status=verdict.status,
        message=verdict.message,
        method=method,
        history=run.history(),
        state=Checkpoint(method, run.last, run.best),
    )
