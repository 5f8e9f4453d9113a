"""Bounds and constraints on parameters, as people write them for SciPy or beside a pytree."""

from collections.abc import Callable
from typing import Any

import numpy as np

from retrograd.hessians import PullbackProduct
from retrograd.modes import vjp
from retrograd.runtime.pytrees import flatten, is_active, is_complex, leaves, unflatten
from retrograd.runtime.solvers.augmented_lagrangian import Constraint
from retrograd.runtime.solvers.box import Box
from retrograd.runtime.solvers.result import Array


def box_of(bounds: Any, start: Any) -> Box | None:
    """`bounds` on parameters like `start`; None where they bind nothing.

    Args:
        bounds: None; an object with ``lb`` and ``ub``, as `scipy.optimize.Bounds`; for a vector a
            sequence of pairs ``(lower, upper)``, for everything else one such pair. Each side is
            None, a number, or what fits `start`: an array, or numbers and arrays nested like it.

    Raises:
        ValueError: they do not fit, or leave a parameter no value.
    """
    if bounds is None:
        return None
    if any(is_complex(leaf) for _, leaf in leaves(start)):
        raise ValueError("bounds came for complex parameters, which have no order")
    lower, upper = _sides(bounds, start)
    low, high = _side(lower, start, -np.inf), _side(upper, start, np.inf)
    if np.any(low == high):
        j = int(np.flatnonzero(low == high)[0])
        came = f"bounds {low[j]} and {high[j]} came for parameter {j}"
        raise ValueError(f"{came}, which leave it no choice; pass it in args, and not in x0")
    box = Box(low, high)
    return box if box.binds else None


def _sides(bounds: Any, start: Any) -> tuple[Any, Any]:
    if hasattr(bounds, "lb") and hasattr(bounds, "ub"):
        return bounds.lb, bounds.ub
    vector = isinstance(start, np.ndarray) and start.ndim == 1
    try:
        pairs = [tuple(pair) for pair in bounds] if vector else [tuple(bounds)]
    except TypeError:
        pairs = []
    if len(pairs) != (len(start) if vector else 1) or any(len(pair) != 2 for pair in pairs):
        wanted = f"{len(start)} pairs (lower, upper)" if vector else "a pair (lower, upper)"
        raise ValueError(f"bounds={bounds!r} came; {wanted} or an object with lb and ub was wanted")
    if not vector:
        return pairs[0][0], pairs[0][1]
    lower = [-np.inf if low is None else low for low, _ in pairs]
    return np.array(lower), np.array([np.inf if high is None else high for _, high in pairs])


def _side(side: Any, start: Any, unbound: float) -> Array:
    """One side of the bounds as a vector, shape (n,)."""
    if side is None or (_is_number(side) and np.ndim(side) == 0):
        return np.full_like(flatten(start), unbound if side is None else side)
    given = dict(leaves(np.asarray(side) if isinstance(start, np.ndarray) else side))
    parts = [np.zeros(0)]
    for path, leaf in leaves(start):
        if not is_active(leaf):
            continue
        if path not in given:
            raise ValueError(
                f"a bound has nothing for leaf {path or 'x'}; None was wanted for none"
            )
        value = unbound if given[path] is None else given[path]
        try:
            shape = np.shape(leaf)
            parts.append(np.broadcast_to(np.asarray(value, np.float64), shape).ravel())
        except ValueError:
            came = f"a bound has shape {np.shape(value)} for leaf {path or 'x'}"
            raise ValueError(f"{came} of shape {np.shape(leaf)}") from None
    return np.concatenate(parts)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number | np.ndarray)


# ---------------------------------------------------------------- constraints


def constraints_of(constraints: Any, start: Any) -> list[Constraint]:
    """`constraints` on parameters like `start`, with their derivatives.

    Args:
        constraints: one or a sequence of: a dict with ``"fun"`` and ``"type"``, which is ``"eq"`` for
            ``fun(x) = 0`` and ``"ineq"`` for ``fun(x) >= 0``; an object with ``fun``, ``lb`` and ``ub``,
            as `scipy.optimize.NonlinearConstraint`; an object with ``A``, ``lb`` and ``ub`` for
            ``lb <= A @ x <= ub``, as `scipy.optimize.LinearConstraint`. ``fun`` returns a number or
            a vector. Derivatives that come with them are not needed, and not used.

    Raises:
        ValueError: one of them is something else, or is never met.
    """
    single = isinstance(constraints, dict) or hasattr(constraints, "lb")
    return [_constraint(one, start) for one in ((constraints,) if single else constraints)]


def _constraint(given: Any, start: Any) -> Constraint:
    if np.any(getattr(given, "keep_feasible", False)):
        raise ValueError("keep_feasible came; the path may leave the constraints, leave it False")
    if isinstance(given, dict):
        if given.get("type") not in ("eq", "ineq") or not callable(given.get("fun")):
            raise ValueError(f"constraint {given!r} came; type 'eq' or 'ineq' and fun were wanted")
        if tuple(given.get("args", ())):
            raise ValueError("a constraint came with args; let its fun read them around it")
        return _linked(given["fun"], 0.0, 0.0 if given["type"] == "eq" else np.inf, start)
    if hasattr(given, "A") and hasattr(given, "lb"):
        return _linear(np.atleast_2d(np.asarray(given.A, dtype=np.float64)), given, flatten(start))
    if not (hasattr(given, "fun") and hasattr(given, "lb") and hasattr(given, "ub")):
        raise ValueError(
            f"constraint {given!r} came; a dict, or an object with lb and ub was wanted"
        )
    return _linked(given.fun, given.lb, given.ub, start)


def _linear(matrix: Array, given: Any, start: Array) -> Constraint:
    """``lb <= A x <= ub``."""
    if matrix.ndim != 2 or matrix.shape[1] != start.size:
        came = f"a constraint came with A of shape {matrix.shape}"
        raise ValueError(f"{came} for {start.size} parameters")
    return Constraint(
        lambda x: (matrix @ x, lambda weights: matrix.T @ weights),
        lambda x, along: (matrix @ along, lambda weights: np.zeros_like(x)),
        *_limits(given.lb, given.ub, (len(matrix),)),
    )


def _linked(fun: Any, lb: Any, ub: Any, start: Any) -> Constraint:
    """``lb <= fun(x) <= ub`` as functions of a vector."""
    shape = _shape(fun(start))
    bend = PullbackProduct(fun)

    def as_cotangent(weights: Array) -> Any:
        return weights.reshape(shape) if shape else float(weights[0])

    def at(x: Array) -> tuple[Array, Callable[[Array], Array]]:
        value, pullback = vjp(fun, unflatten(x, start))
        return _vector(value), lambda w: flatten(pullback(as_cotangent(w))[0], start)

    def along(x: Array, v: Array) -> tuple[Array, Callable[[Array], Array]]:
        tangent, pullback = bend(unflatten(x, start), unflatten(v, start))
        return _vector(tangent), lambda w: flatten(pullback(as_cotangent(w)), start)

    return Constraint(at, along, *_limits(lb, ub, shape))


def _shape(value: Any) -> tuple[int, ...]:
    shape: tuple[int, ...] = np.shape(value)
    if isinstance(value, list | tuple) or len(shape) > 1:
        came = f"a {type(value).__name__} of shape {shape}"
        raise ValueError(
            f"a constraint returned {came}; a number or a vector (np.array) was wanted"
        )
    return shape


def _vector(value: Any) -> Array:
    return np.atleast_1d(np.asarray(value, dtype=np.float64))


def _limits(lb: Any, ub: Any, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """The bounds of a constraint whose value has `shape`."""
    try:
        low, high = (np.broadcast_to(np.asarray(side, np.float64), shape) for side in (lb, ub))
    except ValueError:
        came = f"bounds of shapes {np.shape(lb)} and {np.shape(ub)} came"
        raise ValueError(f"{came} for a constraint of shape {shape}") from None
    if not np.all(low <= high):
        raise ValueError("a constraint has a lower bound above its upper one, or nan")
    return np.atleast_1d(low), np.atleast_1d(high)
