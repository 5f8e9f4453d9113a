"""Gradients beside central differences, entry by entry, with the doubt that differences leave.

With u for the precision of the floats and h = u^(1/3) max(1, |x|), the difference quotient is
d = (f(x + h) - f(x - h)) / 2h, and a gradient g agrees with it if

    |g - d|  <=  1000 u^(2/3) max(|g|, |d|)  +  |d2 - d|  +  10 r / h

d2 is the quotient with twice the step, so that the second term is three times what is left out of
the series; where d2 is far from d and the quotient with four times the step no farther, f jumps or
bends, nothing is left out of a series, and the term is not allowed for. r is the rounding error of f: that of its value and of the products of its operands and
partials, or the roughness that f shows on a path of small steps if that is more, as it is where f
takes small numbers out of large ones. Where g is far from d, and quotients with three steps are the same, r does
not count: then f is rough, but has that slope; unless they are all 0, which rounding gives too.
"""

import copy
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from retrograd.runtime.pytrees import (
    Array,
    flatten,
    is_active,
    is_complex,
    leaves,
    map_leaves,
    unflatten,
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One entry of a gradient beside the difference quotient.

    Attributes:
        where: the entry as Python spells it: ``params['W1'][0, 2]``.
        found: the entry of the gradient.
        expected: the difference quotient.
        allowed: how far apart they may be.
        settles: whether the quotient settles as the step shrinks, and on both sides at the same
            slope; where it does not, the function jumps or bends near the point.
    """

    where: str
    found: float
    expected: float
    allowed: float
    settles: bool = True

    @property
    def apart(self) -> float:
        """The distance of the two."""
        return 0.0 if self.found == self.expected else abs(self.found - self.expected)

    @property
    def agrees(self) -> bool:
        """Whether the two are as close as they should be; never so for nan."""
        return self.apart <= self.allowed

    def __str__(self) -> str:
        return (
            f"{self.where}: gradient {self.found:.10g}, difference {self.expected:.10g}, "
            f"{self.apart:.1e} apart where {self.allowed:.1e} is allowed"
        )


def compare_gradients(
    f: Callable[..., Any],
    args: Sequence[Any],
    gradients: Sequence[Any],
    *,
    argnums: Sequence[int],
    names: Sequence[str] | None = None,
) -> list[Comparison]:
    """The worst entry of each gradient beside its central difference; `f` never sees `args` itself.

    Args:
        f: returns a float, or an array of one element.
        args: where to compare, pytrees. An integer among those in `argnums` counts as a float.
        gradients: of `f` with respect to each of `argnums`.
        names: what to call each of `args`.

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
        for comparison in _worst(f, args, argnum, gradient, names[argnum])
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
) -> list[Comparison]:
    """The worst entry of one gradient; none if the argument has no entries."""
    like = _as_float(args[argnum])
    point, found = flatten(like), flatten(gradient, like=like)

    def value(moved: Array) -> Any:
        before, behind = map(_unused, args[:argnum]), map(_unused, args[argnum + 1 :])
        result = _call(f, [*before, _at(moved, like), *behind])
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
    if not point.size:
        return []
    size = np.max(np.abs(point * expected), initial=abs(float(here)))
    rounding = max(eps * size, _roughness(value, point, steps))
    change = np.abs(twice - expected)
    noise = 10 * rounding / steps
    largest = np.maximum(np.abs(found), np.abs(expected))
    settles = change <= 0.1 * np.abs(expected) + noise
    for k in map(int, np.flatnonzero(~settles | (np.abs(found - expected) > 0.1 * largest))):
        fourfold = _difference(value, point, k, 4 * steps[k])
        if max(change[k], abs(fourfold - expected[k])) <= 0.2 * abs(expected[k]) > 0.0:
            noise[k] = 0.0  # three steps give the same: that is no noise
        elif not settles[k]:
            settles[k] = abs(fourfold - twice[k]) > 2 * change[k]
    allowed = 1e3 * eps ** (2 / 3) * largest + np.where(settles, change, 0.0) + noise
    with np.errstate(all="ignore"):
        apart = np.where(found == expected, 0.0, np.abs(found - expected))
        excess = np.where(apart == 0.0, 0.0, apart / allowed)
    worst = int(np.argmax(excess))  # nan counts as the largest
    if apart[worst] > allowed[worst]:
        settles[worst] &= not _bends(value, point, worst, steps[worst], rounding)
    where = name + _entries(like)[worst]
    numbers = float(found[worst]), float(expected[worst]), float(allowed[worst])
    return [Comparison(where, *numbers, bool(settles[worst]))]


#: How many values show how rough a function is, and the order of the differences between them:
#: high enough that nothing is left of a smooth function, low enough that a single jump among the
#: values spoils less than half of the differences.
_VALUES: Final = 16
_ORDER: Final = 5


def _roughness(value: Callable[[Array], Any], point: Array, steps: Array) -> float:
    """The spread of the rounding errors of `value` around `point`, found without its derivatives.

    Differences of order n of values with independent errors of spread r have the spread
    ``r sqrt((2n)!) / n!`` (Hamming; Moré and Wild, "Estimating computational noise", 2011). Their
    median is taken, for a jump is not noise.
    """
    signs = np.random.default_rng(0).choice([-1.0, 1.0], point.size)
    path = [point + (k / _VALUES) * signs * steps for k in range(_VALUES)]
    values = np.array([float(value(place)) for place in path])
    with np.errstate(all="ignore"):
        median = float(np.median(np.abs(np.diff(values, _ORDER))))
    factor = math.factorial(_ORDER) / math.sqrt(math.factorial(2 * _ORDER))
    return factor * median / 0.6745 if math.isfinite(median) else 0.0


def _difference(value: Callable[[Array], Any], point: Array, k: int, step: float) -> float:
    ahead, behind = point.copy(), point.copy()
    ahead[k] += step
    behind[k] -= step
    return float((value(ahead) - value(behind)) / (ahead[k] - behind[k]))


def _bends(
    value: Callable[[Array], Any], point: Array, k: int, step: float, rounding: float
) -> bool:
    """Whether the slopes on both sides of `point` stay apart as the step shrinks."""
    apart, slopes = [], []
    for reach in (step, step / 8):
        sides = np.array([point, point, point])
        sides[:, k] += (-reach, 0.0, reach)
        below, here, above = (float(value(side)) for side in sides)
        slopes = [(here - below) / reach, (above - here) / reach]
        apart.append(abs(slopes[1] - slopes[0]))
    clear = apart[1] > 0.01 * max(map(abs, slopes)) + 80 * rounding / step
    return bool(clear and apart[1] > 0.5 * apart[0])


def _call(f: Callable[..., Any], args: Sequence[Any]) -> Any:
    """`f` of `args`; where it is not defined the difference is nan, and warnings say nothing new."""
    with np.errstate(all="ignore"):
        return f(*args)


def _at(point: Array, like: Any) -> Any:
    """The pytree `like` with the entries `point`; nothing in it is shared with `like`."""
    return unflatten(point, _copy(like))


def _unused(arg: Any) -> Any:
    """A copy of `arg` as it was handed in: a generator of random numbers begins again."""
    try:
        return copy.deepcopy(arg)
    except TypeError:  # a lock or an open file has no copy
        return _copy(arg)


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
    return float(np.finfo(dtype).eps) if np.issubdtype(dtype, np.inexact) else _EPS


def _entries(tree: Any) -> list[str]:
    """How each entry of `flatten(tree)` is reached from `tree`: ``['W1'][0, 2]``."""
    return [
        path + part + (f"[{', '.join(map(str, index))}]" if index else "")
        for path, leaf in leaves(tree)
        if is_active(leaf)
        for index in np.ndindex(np.shape(leaf))
        for part in ((".real", ".imag") if is_complex(leaf) else ("",))
    ]
