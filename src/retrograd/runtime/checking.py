"""Gradients beside central differences, entry by entry, with the doubt that differences leave.

A central difference with step ``h = eps**(1/3)`` is off by ``h**2 f'''/6``, found from a second
difference with step ``2 h``, and by the rounding of ``f`` divided by ``h``. What could be either is
not held against a gradient.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from retrograd.runtime.pytrees import Array, flatten, is_active, leaves, map_leaves, unflatten


@dataclass(frozen=True, slots=True)
class Comparison:
    """One entry of a gradient beside the difference quotient.

    Attributes:
        where: the entry as Python spells it: ``params['W1'][0, 2]``.
        found: the entry of the gradient.
        expected: the central difference.
        error: their distance, relative to the larger of the two; what the difference itself may be
            off by counts as `rtol`.
        rtol: the largest `error` that is accepted.
    """

    where: str
    found: float
    expected: float
    error: float
    rtol: float

    @property
    def agrees(self) -> bool:
        """Whether the two are as close as they should be; never so for nan."""
        return self.error <= self.rtol

    def __str__(self) -> str:
        return (
            f"{self.where}: gradient {self.found:.10g}, difference {self.expected:.10g}, "
            f"relative error {self.error:.1e}"
        )


def compare_gradients(
    f: Callable[..., Any],
    args: Sequence[Any],
    gradients: Sequence[Any],
    *,
    argnums: Sequence[int],
    names: Sequence[str] | None = None,
    rtol: float | None = None,
) -> list[Comparison]:
    """The worst entry of each gradient beside its central difference; `f` never sees `args` itself.

    Args:
        f: returns a float, or an array of one element.
        args: where to compare, pytrees. An integer among those in `argnums` counts as a float.
        gradients: of `f` with respect to each of `argnums`.
        names: what to call each of `args`.
        rtol: the default is a thousand times ``eps**(2/3)``, for the coarsest floats in play.

    Returns:
        one comparison for each of `argnums`; arguments without entries have none.

    Raises:
        ValueError: a gradient has not the structure of its argument, or `f` returned more than one
            number.
    """
    names = [f"args[{k}]" for k in range(len(args))] if names is None else names
    return [
        comparison
        for argnum, gradient in zip(argnums, gradients, strict=True)
        for comparison in _worst(f, args, argnum, gradient, names[argnum], rtol)
    ]


def directional_difference(
    f: Callable[..., Any], args: Sequence[Any], tangents: Sequence[Any]
) -> Array:
    """The derivative of `f` along `tangents`, from a central difference.

    Args:
        f: returns a pytree.
        args: where to differentiate, pytrees; `f` never sees them itself.
        tangents: of the structure of `args`; what they hold for constants is not read.

    Returns:
        float64, shape (n,): one number for each entry of the result, in the order of its leaves.
    """
    point, along = flatten(list(args)), flatten(list(tangents), like=list(args))
    length = float(np.max(np.abs(along), initial=0.0)) or 1.0
    step = _EPS ** (1 / 3) * max(1.0, float(np.max(np.abs(point), initial=0.0))) / length
    ahead, behind = (
        flatten(_call(f, _at(point + side * step * along, list(args)))) for side in (1, -1)
    )
    return np.asarray((ahead - behind) / (2 * step))


_EPS: Final = float(np.finfo(np.float64).eps)


def _worst(
    f: Callable[..., Any],
    args: Sequence[Any],
    argnum: int,
    gradient: Any,
    name: str,
    rtol: float | None,
) -> list[Comparison]:
    """The worst entry of one gradient; none if the argument has no entries."""
    like = _as_float(args[argnum])
    point, found = flatten(like), flatten(gradient, like=like)

    def value(moved: Array) -> Any:
        result = _call(f, [*_copy(args[:argnum]), _at(moved, like), *_copy(args[argnum + 1 :])])
        if np.size(result) != 1:
            raise ValueError(f"a gradient needs one number, and shape {np.shape(result)} came")
        return np.asarray(result).reshape(())

    here = value(point)
    eps = max(map(_eps, [here, *(leaf for _, leaf in leaves(like))]))
    steps = eps ** (1 / 3) * np.maximum(1.0, np.abs(point))
    expected, twice = (
        np.array([_difference(value, point, k, reach * steps[k]) for k in range(point.size)])
        for reach in (1, 2)
    )
    # `f` is rounded like its own value and like the products of its operands and partials.
    size = np.max(np.abs(point * expected), initial=abs(float(here)))
    doubt = np.abs(twice - expected) + 10 * eps * size / steps
    rtol = 1e3 * eps ** (2 / 3) if rtol is None else rtol
    largest = np.maximum(np.abs(found), np.abs(expected)) + doubt / rtol
    error = np.abs(found - expected) / np.where(largest > 0, largest, 1.0)
    if not point.size:
        return []
    k = int(np.argmax(error))  # nan counts as the largest
    where = name + _entries(like)[k]
    return [Comparison(where, float(found[k]), float(expected[k]), float(error[k]), rtol)]


def _difference(value: Callable[[Array], Any], point: Array, k: int, step: float) -> float:
    ahead, behind = point.copy(), point.copy()
    ahead[k] += step
    behind[k] -= step
    return float((value(ahead) - value(behind)) / (ahead[k] - behind[k]))


def _call(f: Callable[..., Any], args: Sequence[Any]) -> Any:
    """`f` of `args`; where it is not defined the difference is nan, and warnings say nothing new."""
    with np.errstate(all="ignore"):
        return f(*args)


def _at(point: Array, like: Any) -> Any:
    """The pytree `like` with the entries `point`; nothing in it is shared with `like`."""
    return unflatten(point, _copy(like))


def _copy(tree: Any) -> Any:
    return map_leaves(lambda x: x.copy() if isinstance(x, np.ndarray) else x, tree)


def _as_float(arg: Any) -> Any:
    """`arg`, with an integer or an array of integers as floats: asked for, it is differentiated."""
    if isinstance(arg, bool | int | np.integer):
        return float(arg)
    if isinstance(arg, np.ndarray) and not is_active(arg):
        return arg.astype(np.float64)
    return arg


def _eps(leaf: Any) -> float:
    """The precision of a float or an array of floats; that of float64 for anything else."""
    dtype = np.asarray(leaf).dtype
    return float(np.finfo(dtype).eps) if np.issubdtype(dtype, np.floating) else _EPS


def _entries(tree: Any) -> list[str]:
    """How each entry of `flatten(tree)` is reached from `tree`: ``['W1'][0, 2]``."""
    return [
        path + (f"[{', '.join(map(str, index))}]" if index else "")
        for path, leaf in leaves(tree)
        if is_active(leaf)
        for index in np.ndindex(np.shape(leaf))
    ]
