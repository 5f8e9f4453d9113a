"""What NumPy's functions do with the results of a function that they apply to elements, rows or pieces.

Like `arrays`, each function can be copied into a module that stands alone.
"""

from typing import Any

import numpy as np


def gathered(values: Any) -> Any:
    """The results of one function, numbers or arrays of one shape, as an array of the first one's class.

    Raises:
        ValueError: the first is a whole number and another is not, so that NumPy would cut it off.
    """
    array = np.array(values)
    if len(values) == 0:
        return array
    first = np.asarray(values[0]).dtype
    if array.dtype.kind in "fc" and first.kind != array.dtype.kind:
        raise ValueError(
            f"the first result of the function is of class {first}, and NumPy cuts the other ones off "
            "to that: return a float in every case, such as 0.0 instead of 0"
        )
    return array.astype(first)


def rows_along(x: Any, axis: int, count: int = 1) -> Any:
    """The parts of `x` along `count` axes, from `axis` on, one behind the other."""
    axis = axis % np.ndim(x) if count else axis
    behind = list(range(np.ndim(x) - count, np.ndim(x)))
    moved = np.moveaxis(x, list(range(axis, axis + count)), behind)
    extents = moved.shape[np.ndim(x) - count :]
    rows = int(np.prod(moved.shape[: np.ndim(x) - count], dtype=int))
    return np.reshape(moved, (rows, *extents))


def along_rows(parts: Any, shape: tuple[int, ...], axis: int) -> Any:
    """`parts`, one for each row along `axis` of an array of this `shape`, put where the rows were."""
    axis = axis % len(shape)
    lead = (*shape[:axis], *shape[axis + 1 :])
    extents = np.shape(parts)[1:]
    places = list(range(axis, axis + len(extents)))
    behind = list(range(len(lead), len(lead) + len(extents)))
    return np.moveaxis(np.reshape(parts, (*lead, *extents)), behind, places)


def shape_around(shape: tuple[int, ...], axis: int, count: int) -> tuple[int, ...]:
    """`shape` with one axis in place of `count` axes from `axis` on."""
    axis = axis % len(shape)
    return (*shape[:axis], 1, *shape[axis + count :])


def kept_axis(x: Any, like: Any, axis: int) -> Any:
    """`x`, a function of `like` along `axis`, with as many axes as `like`.

    Raises:
        ValueError: it lacks more than that axis.
    """
    if np.ndim(x) == np.ndim(like):
        return x
    if np.ndim(x) + 1 != np.ndim(like):
        raise ValueError(f"a function of an array of shape {np.shape(like)} gave {np.shape(x)}")
    return np.expand_dims(x, axis)


def pieces(x: Any, masks: Any, values: Any) -> Any:
    """An array of the shape of `x` with each of `values` where its mask holds, the last one counting.

    Raises:
        ValueError: `x` holds whole numbers, so that NumPy would cut off `values`, or a mask has another
            shape.
    """
    if np.asarray(x).dtype.kind not in "fc":
        raise ValueError("np.piecewise of whole numbers cuts off its values: pass floats")
    if any(np.shape(mask) != np.shape(x) for mask in masks):
        raise ValueError(
            f"np.piecewise needs conditions of the shape {np.shape(x)} of its argument"
        )
    result = np.zeros_like(np.asarray(x))
    for mask, value in zip(masks, values, strict=True):
        result[mask] = value
    return result


def pieces_vjp(g: Any, masks: Any, values: Any) -> list[Any]:
    """The cotangents of `values` when `g` is that of ``pieces(x, masks, values)``."""
    number = np.full(np.shape(g), -1)
    for k, mask in enumerate(masks):
        number[mask] = k
    bars = []
    for k, (mask, value) in enumerate(zip(masks, values, strict=True)):
        bar = np.where(number == k, g, 0.0)[mask]
        bars.append(
            bar if np.shape(bar) == np.shape(value) else np.sum(bar).reshape(np.shape(value))[()]
        )
    return bars
