"""Bounds on parameters, as people write them for SciPy or beside a pytree."""

from typing import Any

import numpy as np

from retrograd.runtime.pytrees import flatten, is_active, is_complex, leaves
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
