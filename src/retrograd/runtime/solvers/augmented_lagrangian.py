"""Constraints on top of any descent method: the augmented Lagrangian, minimized again and again.

To f is added, for each constraint ``l <= c(x) <= u`` with multiplier λ and penalty μ, half of μ times
the square of how far ``c(x) + λ/μ`` is outside of [l, u]. Where that is minimal, the next multiplier is
μ times that distance, and the constraint is violated by the less the better λ was known; where it
falls too slowly, μ grows.

Source: Nocedal and Wright, *Numerical Optimization*, 2nd ed., algorithm 17.4 and section 17.4,
slacks eliminated.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

import numpy as np

from retrograd.runtime.solvers.descent import minimize_vector
from retrograd.runtime.solvers.objective import HessianProduct, ValueAndGradient
from retrograd.runtime.solvers.result import Array, OptimizeResult, Status
from retrograd.runtime.solvers.stopping import Callback, State

FIRST_PENALTY: Final = 10.0
LARGEST_PENALTY: Final = 1e12
#: By what a penalty grows, where the violation did not fall to this part of what it was.
PENALTY_GROWTH, ENOUGH_FALL = 10.0, 0.25
#: The tolerance of the first minimization, and by what it shrinks from one to the next.
FIRST_TOL, SHRINKING = 1e-2, 0.1
#: The part of ``maxiter`` that one minimization may take, but at least the number beside it.
SHARE, FEWEST_STEPS = 0.1, 50

_FINAL: Final = (Status.NOT_FINITE, Status.CALLBACK, Status.INTERRUPTED, Status.SADDLE)


Products: TypeAlias = Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class Constraint:
    """``lower <= c(x) <= upper``.

    Args:
        at: from x, shape (n,), to c(x), shape (m,), and the products Jᵀ w of weights (m,) with its
            Jacobian there.
        along: from x and v, shape (n,), to J v, shape (m,), and the products of the Hessian of w · c
            with v, for weights w (m,).
        lower, upper: shape (m,).
    """

    at: Callable[[Array], tuple[Array, Products]]
    along: Callable[[Array, Array], tuple[Array, Products]]
    lower: Array
    upper: Array

    def outside(self, shifted: Array) -> Array:
        """How far c(x) plus a shift is above the upper bound, or below the lower one, shape (m,)."""
        return np.asarray(shifted - np.clip(shifted, self.lower, self.upper))


def minimize_constrained(
    value_and_gradient: ValueAndGradient,
    x0: Array,
    constraints: Sequence[Constraint],
    *,
    tol: float = 1e-8,
    constraint_tol: float = 1e-8,
    maxiter: int = 1000,
    callback: Callback | None = None,
    hessian_product: HessianProduct | None = None,
    **options: Any,
) -> OptimizeResult:
    """Minimize f subject to `constraints`.

    Args:
        tol: the largest entry of the gradient of the Lagrangian at which the loop has converged.
        constraint_tol: the largest violation of a constraint, of complementarity too.
        maxiter: steps over all minimizations.
        options: as `minimize_vector` takes them.

    Returns:
        With `fun` and `grad` those of f, `multipliers` an array for each constraint, so that the
        gradient of f plus the sum of multipliers times gradients of c vanishes; the values of
        `history` are of the augmented Lagrangian.
    """
    if not (tol > 0 and constraint_tol > 0):
        raise ValueError(
            f"tol={tol!r} and constraint_tol={constraint_tol!r} came; constraints are met by"
            " minimizing to a tolerance, so numbers above 0 were wanted"
        )
    multipliers = [np.zeros(one.lower.size) for one in constraints]
    penalty, inner_tol = FIRST_PENALTY, max(tol, FIRST_TOL)
    x, before, done = x0, np.inf, 0
    results: list[OptimizeResult] = []
    while True:
        lagrangian = _Lagrangian(
            value_and_gradient, hessian_product, constraints, multipliers, penalty
        )
        result = minimize_vector(
            lagrangian.value_and_gradient,
            x,
            tol=inner_tol,
            maxiter=min(maxiter - done, max(FEWEST_STEPS, int(SHARE * maxiter))),
            callback=None if callback is None else _counted_on(callback, done),
            hessian_product=None if hessian_product is None else lagrangian.hessian_product,
            **options,
        )
        results.append(result)
        x, done = result.x, done + result.nit
        following = lagrangian.next_multipliers(x)
        pairs = zip(following, multipliers, strict=True)
        violation = max(_largest(new - old) / penalty for new, old in pairs)
        multipliers = following
        verdict = _verdict(result, violation, inner_tol <= tol, tol, constraint_tol)
        if verdict is None and done >= maxiter:
            verdict = Status.MAXITER, f"maxiter={maxiter} steps were taken"
        if verdict is None and penalty > LARGEST_PENALTY:
            verdict = Status.INFEASIBLE, "no point was found that meets the constraints"
        if verdict is not None:
            status, message = verdict
            message += f"; the constraints are met to {lagrangian.violation(x):.2g}"
            return _joined(results, lagrangian, multipliers, status, message)
        if violation > max(ENOUGH_FALL * before, constraint_tol):
            penalty *= PENALTY_GROWTH
        before, inner_tol = violation, max(tol, SHRINKING * inner_tol)


def _verdict(
    result: OptimizeResult, violation: float, last: bool, tol: float, constraint_tol: float
) -> tuple[Status, str] | None:
    """What the end of one minimization says of the whole; None where it goes on."""
    if result.status in _FINAL:
        return result.status, result.message
    if violation > constraint_tol or not last:
        return None
    if result.success:
        return result.status, f"of the Lagrangian, {result.message}"
    return (result.status, result.message) if result.status == Status.STALLED else None


class _Lagrangian:
    """f and the penalties for the constraints."""

    def __init__(
        self,
        value_and_gradient: ValueAndGradient,
        hessian_product: HessianProduct | None,
        constraints: Sequence[Constraint],
        multipliers: Sequence[Array],
        penalty: float,
    ) -> None:
        self.of_f = value_and_gradient
        self._product = hessian_product
        self._terms = list(zip(constraints, multipliers, strict=True))
        self._penalty = penalty

    def value_and_gradient(self, x: Array) -> tuple[float, Array]:
        value, gradient = self.of_f(x)
        for constraint, multiplier in self._terms:
            c, pullback = constraint.at(x)
            weights = self._weights(constraint, multiplier, c)
            value += float(weights @ weights - multiplier @ multiplier) / (2 * self._penalty)
            gradient = gradient + pullback(weights)
        return value, gradient

    def hessian_product(self, x: Array, along: Array) -> Array:
        assert self._product is not None
        result = self._product(x, along)
        for constraint, multiplier in self._terms:
            c, pullback = constraint.at(x)
            weights = self._weights(constraint, multiplier, c)
            tangent, bend = constraint.along(x, along)
            stiff = np.where(weights != 0, self._penalty * tangent, 0.0)
            result = result + bend(weights) + pullback(stiff)
        return result

    def next_multipliers(self, x: Array) -> list[Array]:
        return [self._weights(one, multiplier, one.at(x)[0]) for one, multiplier in self._terms]

    def _weights(self, constraint: Constraint, multiplier: Array, c: Array) -> Array:
        return self._penalty * constraint.outside(c + multiplier / self._penalty)

    def violation(self, x: Array) -> float:
        """The most by which a constraint is not met at `x`."""
        return max(_largest(one.outside(one.at(x)[0])) for one, _ in self._terms)


def _largest(entries: Array) -> float:
    return float(np.max(np.abs(entries), initial=0.0))


def _counted_on(callback: Callback, done: int) -> Callback:
    return lambda state: callback(State(done + state.nit, state.x, state.value, state.record))


def _joined(
    results: list[OptimizeResult],
    lagrangian: _Lagrangian,
    multipliers: list[Array],
    status: Status,
    message: str,
) -> OptimizeResult:
    last = results[-1]
    value, gradient = lagrangian.of_f(last.x)
    columns = {
        key: np.concatenate([one.history[key][min(k, 1) :] for k, one in enumerate(results)])
        for key in last.history
    }
    return replace(
        last,
        fun=value,
        cost=value,
        jac=gradient,
        grad=gradient,
        nit=sum(one.nit for one in results),
        nfev=1 + sum(one.nfev for one in results),
        njev=1 + sum(one.njev for one in results),
        status=status,
        message=message,
        history=columns,
        multipliers=multipliers,
        state=None,
    )
