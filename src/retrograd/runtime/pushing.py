"""Jacobians from pushforwards and from pullbacks: one call for each number in the argument or value.

A Jacobian has the structure of the value, and in the place of each number or array of it, of shape
r, the structure of the argument, with an array of shape r + s for each number or array of shape s.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from retrograd.runtime.draws import Draws
from retrograd.runtime.pytrees import is_active, is_complex, leaves, map_leaves


def columns(
    push: Callable[..., Any], args: tuple[Any, ...], place: int, *, enough: float = np.inf
) -> Any:
    """The Jacobian of a function with respect to its argument number `place`.

    Args:
        push: the function in forward mode: arguments and one tangent to value and tangent.
        args: the arguments.
        place: the one to differentiate by.
        enough: stop after the first column where there are more than `enough` times as many columns
            as rows.

    Returns:
        the Jacobian, see above: for a value of shape r and an argument of shape s an array of shape
        r + s, float64 or as the value. None if it stopped.
    """
    point = args[place]
    if isinstance(point, float):
        return _column(*push(*args, 1.0))
    found: list[list[Any]] = []
    value = None
    draws = Draws(push, args)
    for tangent in units(point):
        if found:
            draws.restart()
        value, dot = push(*args, tangent)
        found.append([leaf for _, leaf in leaves(dot)])
        if len(found) == 1 and _size(point) > enough * max(_size(value), 1):
            draws.restart()
            return None
    if not found:
        value, _ = push(*args, point)

    def block(row: int, r: tuple[int, ...], start: int, stop: int, s: tuple[int, ...]) -> Any:
        parts = [np.broadcast_to(column[row], r) for column in found[start:stop]]
        return _joined(parts, -1, (*r, *s))

    def entry(row: int, leaf: Any, *_: int) -> Any:
        r = np.shape(leaf)
        return _per_leaf(point, lambda _, s, start, stop: block(row, r, start, stop, np.shape(s)))

    return _per_leaf(value, entry)


def _column(value: Any, dot: Any) -> Any:
    """The Jacobian of `value` by a number: its tangent, in arrays of their own."""
    parts = [leaf for _, leaf in leaves(dot)]
    return _per_leaf(
        value, lambda row, leaf, *_: np.array(np.broadcast_to(parts[row], np.shape(leaf)))[()]
    )


def rows(pull: Callable[[Any], Any], value: Any, point: Any) -> Any:
    """The Jacobian at `point` of a function whose pullback for that argument is `pull`."""
    found = [_row(pull, unit) for unit in units(value)]

    def block(column: int, s: tuple[int, ...], start: int, stop: int, r: tuple[int, ...]) -> Any:
        parts = [np.broadcast_to(row[column], s) for row in found[start:stop]]
        return _joined(parts, 0, (*r, *s))

    def entry(_: int, leaf: Any, start: int, stop: int) -> Any:
        r = np.shape(leaf)
        return _per_leaf(point, lambda k, s, *_: block(k, np.shape(s), start, stop, r))

    return _per_leaf(value, entry)


def _row(pull: Callable[[Any], Any], unit: Any) -> list[Any]:
    """The derivatives of one number of the value, by each leaf of the argument."""
    row = [leaf for _, leaf in leaves(pull(unit))]
    if not any(is_complex(leaf) and np.any(leaf) for _, leaf in leaves(unit)):
        return row
    other = pull(map_leaves(lambda leaf: 1j * leaf if is_complex(leaf) else leaf, unit))
    return [real + 1j * leaf for real, (_, leaf) in zip(row, leaves(other), strict=True)]


def units(tree: Any) -> Iterator[Any]:
    """Structures like `tree` of zeros with a single 1.0, one for each number in it, in order."""
    for k, (_, leaf) in enumerate(leaves(tree)):
        if not is_active(leaf):
            continue
        for index in np.ndindex(np.shape(leaf)):
            yield _per_leaf(tree, partial(_unit_at, k, index))


def _unit_at(k: int, index: tuple[int, ...], number: int, leaf: Any, *_: int) -> Any:
    """What stands for leaf `number` in the unit that is 1 at `index` of leaf `k`."""
    if not is_active(leaf):
        return leaf
    if not isinstance(leaf, np.ndarray):
        return complex(number == k) if is_complex(leaf) else float(number == k)
    unit = np.zeros_like(leaf)
    if number == k:
        unit[index] = 1.0
    return unit


def _per_leaf(tree: Any, of: Callable[..., Any]) -> Any:
    """A structure like `tree`: of its number, itself, and where its entries start and stop, each leaf."""
    count = position = 0

    def next_leaf(leaf: Any) -> Any:
        nonlocal count, position
        start, number = position, count
        position, count = position + (np.size(leaf) if is_active(leaf) else 0), count + 1
        return of(number, leaf, start, position)

    return map_leaves(next_leaf, tree)


def _joined(parts: list[Any], axis: int, shape: tuple[int, ...]) -> Any:
    if not parts:
        return np.zeros(shape)
    whole = np.stack(parts, axis=axis).reshape(shape)
    return whole if shape else whole[()]


def _size(tree: Any) -> int:
    return sum(np.size(leaf) for _, leaf in leaves(tree) if is_active(leaf))
