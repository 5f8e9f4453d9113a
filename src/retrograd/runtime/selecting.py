"""Cotangents of functions that take, leave out, repeat or put together elements of arrays.

Whatever such a function does to the numbers 0, 1, 2 ... of the elements says where each element of
its result came from; the cotangent is then a sum by these places. Like `arrays`, each function can be
copied into a module that stands alone.
"""

from typing import Any

import numpy as np


def numbered(shape: tuple[int, ...]) -> Any:
    """The numbers 0, 1, 2 ... of the elements of an array of this `shape`, in its place."""
    return np.arange(int(np.prod(shape, dtype=int))).reshape(shape)


def sum_at(g: Any, places: Any, shape: tuple[int, ...]) -> Any:
    """An array of `shape` whose element number k is the sum of all `g` where `places` is k.

    Args:
        g: the cotangent of elements that were taken, a number or an array of the shape of `places`.
        places: for each the number of the element that it was; negative where it was none.
        shape: that of the array which they were taken from.
    """
    size = int(np.prod(shape, dtype=int))
    g = np.asarray(g)
    if g.dtype.kind == "c":
        return sum_at(g.real, places, shape) + 1j * sum_at(g.imag, places, shape)
    sums = np.bincount(np.ravel(places) + 1, np.ravel(g), size + 1)[1:]
    return sums.astype(g.dtype if g.dtype.kind == "f" else float).reshape(shape)[()]


def taken_from(x: Any, places: Any) -> Any:
    """The elements of `x` with the numbers `places`; 0.0 where they are negative."""
    if np.size(x) == 0:
        return np.zeros(np.shape(places))[()]
    return np.where(np.less(places, 0), 0.0, np.take(x, places, mode="clip"))[()]


def bins_of(a: Any, edges: Any) -> Any:
    """The number of the bin between two `edges` that each of the values `a` is in; -1 for none."""
    last = len(edges) - 1
    places = np.searchsorted(edges, a, "right") - 1
    return np.where(a == edges[last], last - 1, np.where(places == last, -1, places))


def trimmed(x: Any, trim: str) -> Any:
    """The numbers of the elements of the vector `x` that ``numpy.trim_zeros(x, trim)`` leaves."""
    kept = np.flatnonzero(x)
    if kept.size == 0:
        return kept
    first = kept[0] if "f" in trim.lower() else 0
    last = kept[-1] if "b" in trim.lower() else len(x) - 1
    return np.arange(first, last + 1)


def depth_split_like(g: Any, arrays: Any) -> Any:
    """The cotangents of `arrays` when `g` is that of ``numpy.dstack(arrays)``.

    Returns:
        a list, or an array where `arrays` is one.
    """
    shapes = [np.shape(array) for array in arrays]
    cuts = np.cumsum([shape[2] if len(shape) > 2 else 1 for shape in shapes])[:-1]
    pieces = [
        np.reshape(piece, shape)[()]
        for piece, shape in zip(np.split(g, cuts, 2), shapes, strict=True)
    ]
    return np.array(pieces) if isinstance(arrays, np.ndarray) else pieces


def block_vjp(g: Any, arrays: Any) -> Any:
    """The cotangents of nested lists of arrays when `g` is that of ``numpy.block(arrays)``."""
    owner = np.block(_numbered_leaves(arrays, [0]))
    return _leaves_of(g, owner, arrays, [0])


def _numbered_leaves(arrays: Any, next_number: list[int]) -> Any:
    """`arrays` with each array filled with its own number."""
    if isinstance(arrays, list):
        return [_numbered_leaves(item, next_number) for item in arrays]
    next_number[0] += 1
    return np.full(np.shape(arrays), next_number[0] - 1)


def _leaves_of(g: Any, owner: Any, arrays: Any, next_number: list[int]) -> Any:
    """The parts of `g` that belong to each of `arrays`, which `owner` tells by number."""
    if isinstance(arrays, list):
        return [_leaves_of(g, owner, item, next_number) for item in arrays]
    next_number[0] += 1
    return np.reshape(g[owner == next_number[0] - 1], np.shape(arrays))[()]


def meshgrid_vjp(g: Any, place: int, shape: tuple[int, ...], indexing: str = "xy") -> Any:
    """The cotangent of the axis number `place`, of `shape`, when `g` is that of its grid.

    Args:
        g: an array, or 0.0 for a grid that nothing depends on.
        place: the number of the axis among those of ``numpy.meshgrid``.
        shape: that of the axis.
        indexing: what ``numpy.meshgrid`` was told.
    """
    if np.ndim(g) == 0:
        return np.zeros(shape)[()]
    return sum_at(g, places_on_grid(np.shape(g), place, indexing), shape)


def places_on_grid(shape: tuple[int, ...], place: int, indexing: str = "xy") -> Any:
    """For each point of a ``numpy.meshgrid`` of `shape` which element of the axis `place` it has."""
    swapped = {0: 1, 1: 0} if indexing == "xy" and len(shape) > 1 else {}
    return np.indices(shape)[swapped.get(place, place)]


def as_columns(x: Any) -> Any:
    """`x` with at least two axes, a vector as a column."""
    return np.reshape(x, (-1, 1)) if np.ndim(x) < 2 else x


def chosen_parts(g: Any, number: Any, choices: Any) -> Any:
    """The cotangents of `choices` when `g` is that of an array put together from them.

    Args:
        g: a number or array.
        number: for each element of `g` the number of the choice that it is; others count as none.
        choices: a list or tuple of arrays that broadcast to the shape of `g`, or an array of them.
    """
    parts = []
    for k, choice in enumerate(choices):
        part = np.where(np.equal(number, k), g, 0.0)
        added = part.ndim - np.ndim(choice)
        axes = [n for n, extent in enumerate(np.shape(choice), added) if extent == 1]
        parts.append(np.reshape(np.sum(part, axis=(*range(added), *axes)), np.shape(choice))[()])
    return np.array(parts) if isinstance(choices, np.ndarray) else parts


def number_chosen(conditions: Any) -> Any:
    """For each element the number of the first of `conditions` that holds there, -1 if none does."""
    return np.select(list(conditions), list(range(len(conditions))), -1)


def put_together(parts: Any, number: Any) -> Any:
    """The array that has the elements of part k of `parts` where `number` is k, and 0.0 elsewhere."""
    return np.select([np.equal(number, k) for k in range(len(parts))], list(parts), 0.0)


# ---------------------------------------------------------------- places that are written


def places_in_order(a: Any, indices: Any, mode: str = "raise") -> tuple[Any, ...]:
    """Where ``numpy.put(a, indices, ..., mode)`` puts elements: an index array for each axis.

    Raises:
        IndexError: there is no such element.
    """
    size = np.size(a)
    flat = np.ravel(indices)
    if mode == "wrap":
        flat = flat % max(size, 1)
    elif mode == "clip":
        flat = np.clip(flat, 0, size - 1)
    elif np.any((flat < -size) | (flat >= size)):
        raise IndexError(f"there is no element with the number {flat}, but {size} elements")
    return np.unravel_index(np.where(flat < 0, flat + size, flat), np.shape(a))


def places_along(a: Any, indices: Any, axis: int | None) -> tuple[Any, ...]:
    """Where ``numpy.put_along_axis(a, indices, ..., axis)`` puts elements."""
    if axis is None:
        return places_in_order(a, indices)
    axis = axis % np.ndim(a)
    extents = [np.shape(indices)[k] if k == axis else n for k, n in enumerate(np.shape(a))]
    places = list(np.indices(extents, sparse=True))
    places[axis] = np.asarray(indices)
    return tuple(places)


def places_on_diagonal(a: Any, wrap: bool = False) -> tuple[Any, ...]:
    """Where ``numpy.fill_diagonal(a, ..., wrap)`` puts elements."""
    shape = np.shape(a)
    if len(shape) == 2 and wrap:
        return np.unravel_index(np.arange(0, np.size(a), shape[1] + 1), shape)
    return (np.arange(min(shape)),) * len(shape)
