"""First-order descent: each method is the path of its update rule, one evaluation per step."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

import numpy as np

from retrograd.runtime.solvers.bfgs import bfgs
from retrograd.runtime.solvers.objective import Objective, Place
from retrograd.runtime.solvers.options import check_method, read_options
from retrograd.runtime.solvers.result import Array, OptimizeResult, Status
from retrograd.runtime.solvers.stopping import (
    EPS,
    ROUNDINGS,
    Callback,
    Run,
    Verdict,
    begin,
    follow,
)

DEFAULTS: Final[dict[str, dict[str, Any]]] = {
    "gd": {"learning_rate": 0.01, "tol": 1e-8, "maxiter": 1000},
    "momentum": {"learning_rate": 0.01, "momentum": 0.9, "tol": 1e-8, "maxiter": 1000},
    "adam": {
        "learning_rate": 0.001,
        "beta1": 0.9,
        "beta2": 0.999,
        "eps": 1e-8,
        "tol": 1e-8,
        "maxiter": 1000,
    },
    "bfgs": {"tol": 1e-8, "maxiter": 1000},
}

#: A learning rate, or a function from the step counter, from 0, to one.
Rate: TypeAlias = float | Callable[[int], float]


def minimize_vector(
    value_and_gradient: Callable[[Array], tuple[float, Array]],
    x0: Array,
    *,
    method: str = "bfgs",
    callback: Callback | None = None,
    **options: Any,
) -> OptimizeResult:
    """Minimize f.

    The gradient test cannot tell a minimum from a saddle: a run that starts or lands exactly on one
    is stationary there.

    Args:
        value_and_gradient: from float64 (n,) to f(x) and its gradient, shape (n,).
        x0: the start, shape (n,).
        method: "gd", "momentum", "adam" or "bfgs".
        callback: called with a `State` after each step; stops the loop by returning True or raising
            StopIteration.
        options: ``tol``, the largest entry of the gradient at which the loop has converged (0
            switches every stopping test off, so that ``maxiter=k`` means exactly k steps);
            ``maxiter``; ``learning_rate``, a number or a function of the step counter, from 0;
            ``momentum``; ``beta1``, ``beta2``, ``eps``.

    Returns:
        With `x` the point that met the stopping test, or the k-th one for ``tol=0``; otherwise the
        best one on the path.

    Raises:
        ValueError: the start, or the value or gradient there, is not finite.
        TypeError: an option that the method does not have.
    """
    check_method(method, DEFAULTS)
    settings = read_options(method, options, DEFAULTS[method])
    problem = Objective(value_and_gradient)
    run = begin(problem.start(x0))
    tol, maxiter = settings.pop("tol"), settings.pop("maxiter")
    path = _PATHS[method](problem, run.last, **settings)
    follow(run, path, lambda place: _test(place, tol), maxiter=maxiter, callback=callback)
    if run.verdict is None:
        run.verdict = _judge_stall(run.last, tol)
    return _result(run, problem, method, tol)


# ---------------------------------------------------------------- update rules


def gradient_descent(problem: Objective, place: Place, *, learning_rate: Rate) -> Iterator[Place]:
    """x ← x - rate g."""
    for k in itertools.count():
        rate = _rate(learning_rate, k)
        place = _moved(problem, place, -rate * place.gradient, rate)
        yield place


def momentum_descent(
    problem: Objective, place: Place, *, learning_rate: Rate, momentum: float
) -> Iterator[Place]:
    """v ← momentum v + g; x ← x - rate v (heavy ball: Polyak 1964)."""
    velocity = np.zeros_like(place.x)
    for k in itertools.count():
        rate = _rate(learning_rate, k)
        velocity = momentum * velocity + place.gradient
        place = _moved(problem, place, -rate * velocity, rate)
        yield place


def adam(
    problem: Objective,
    place: Place,
    *,
    learning_rate: Rate,
    beta1: float,
    beta2: float,
    eps: float,
) -> Iterator[Place]:
    """Steps along the mean gradient over the root of its mean square, both corrected for bias.

    Source: Kingma and Ba, *Adam: a method for stochastic optimization*, ICLR 2015, algorithm 1.
    """
    mean = np.zeros_like(place.x)
    square = np.zeros_like(place.x)
    for k in itertools.count():
        rate = _rate(learning_rate, k)
        mean = beta1 * mean + (1 - beta1) * place.gradient
        square = beta2 * square + (1 - beta2) * place.gradient**2
        unbiased_mean = mean / (1 - beta1 ** (k + 1))
        unbiased_square = square / (1 - beta2 ** (k + 1))
        place = _moved(
            problem, place, -rate * unbiased_mean / (np.sqrt(unbiased_square) + eps), rate
        )
        yield place


_PATHS: Final[dict[str, Callable[..., Iterator[Place]]]] = {
    "gd": gradient_descent,
    "momentum": momentum_descent,
    "adam": adam,
    "bfgs": bfgs,
}


def _moved(problem: Objective, place: Place, step: Array, rate: float) -> Place:
    return problem.at(place.x + step, float(np.linalg.norm(step)), rate)


def _rate(learning_rate: Rate, k: int) -> float:
    return float(learning_rate(k)) if callable(learning_rate) else float(learning_rate)


# ---------------------------------------------------------------- verdicts


def _test(place: Place, tol: float) -> Verdict | None:
    if not place.finite:
        text = "value or gradient is no longer finite: the steps are too long, or f has no minimum"
        return Verdict(Status.NOT_FINITE, text)
    if place.largest_slope <= tol and tol > 0:
        text = (
            f"the largest entry of the gradient is {place.largest_slope:.2g}, at most tol={tol:g}"
        )
        return Verdict(Status.STATIONARY, text)
    return None


def _judge_stall(place: Place, tol: float) -> Verdict:
    """What can be said of a point from which no search descends."""
    if place.ahead <= ROUNDINGS * EPS and tol > 0:
        text = f"a quasi-Newton step would change no parameter by more than {place.ahead:.1g} of it"
        return Verdict(Status.STATIONARY, text)
    text = (
        "the line search finds no lower value, but the largest entry of the gradient is"
        f" {place.largest_slope:.2g}, more than tol={tol:g}"
    )
    return Verdict(Status.STALLED, text)


# ---------------------------------------------------------------- result


def _result(run: Run[Place], problem: Objective, method: str, tol: float) -> OptimizeResult:
    verdict = run.verdict
    assert verdict is not None
    at_last = run.last.finite and (verdict.status > 0 or tol == 0)
    place = run.last if at_last else run.best
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
    )
