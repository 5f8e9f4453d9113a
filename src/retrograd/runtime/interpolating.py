"""Cotangents and tangents of functions of rows of numbers: interpolation, differences, trapezoids.

Like `arrays`, each function can be copied into a module that stands alone.
"""

from typing import Any

import numpy as np

# ---------------------------------------------------------------- interpolation


def interp_slope(x: Any, xp: Any, fp: Any) -> Any:
    """The slope at `x` of the line through the points (xp, fp): 0 outside, the mean at a corner."""
    xp, fp = np.asarray(xp), np.asarray(fp)
    slopes = np.concatenate([[0.0], np.diff(fp) / np.diff(xp), [0.0]])
    before, after = np.searchsorted(xp, x, "left"), np.searchsorted(xp, x, "right")
    return (0.5 * (slopes[before] + slopes[after]))[()]


def interp_slope_vjp(g: Any, x: Any, xp: Any) -> Any:
    """The cotangent of `fp` when `g` is that of ``interp_slope(x, xp, fp)``."""
    xp, x, g = np.asarray(xp), np.ravel(x), 0.5 * np.ravel(g)
    before, after = np.searchsorted(xp, x, "left"), np.searchsorted(xp, x, "right")
    length = len(xp) + 1
    slopes_bar = np.bincount(before, g, length) + np.bincount(after, g, length)
    rises_bar = slopes_bar[1:-1] / np.diff(xp)
    return -np.diff(rises_bar, prepend=0.0, append=0.0)


def interp_vjp(g: Any, x: Any, xp: Any, left: Any = None, right: Any = None) -> Any:
    """The cotangent of `fp` when `g` is that of ``numpy.interp(x, xp, fp, left, right)``."""
    xp, x, g = np.asarray(xp), np.ravel(x), np.ravel(g)
    if left is not None:
        g = np.where(x < xp[0], 0.0, g)
    if right is not None:
        g = np.where(x > xp[-1], 0.0, g)
    k = np.clip(np.searchsorted(xp, x, "right") - 1, 0, max(len(xp) - 2, 0))
    after = np.minimum(k + 1, len(xp) - 1)
    width = np.where(after > k, xp[after] - xp[k], 1.0)
    part = np.clip((x - xp[k]) / width, 0.0, 1.0)
    return np.bincount(k, g * (1.0 - part), len(xp)) + np.bincount(after, g * part, len(xp))


# ---------------------------------------------------------------- differences


def diff_vjp(
    g: Any, a: Any, n: int, axis: int, prepend: Any = None, append: Any = None, part: int = 1
) -> Any:
    """The cotangent of `prepend`, `a` or `append`, by number, when `g` is that of ``numpy.diff``.

    Args:
        g: an array.
        a, n, axis, prepend, append: what the function was given.
        part: 0 for `prepend`, 1 for `a`, 2 for `append`.
    """
    for _ in range(n):
        g = -np.diff(g, axis=axis, prepend=0.0, append=0.0)
    parts = (prepend, a, append)
    widths = [0 if x is None else np.shape(x)[axis] if np.ndim(x) else 1 for x in parts]
    start = sum(widths[:part])
    own = np.take(g, np.arange(start, start + widths[part]), axis)
    return own if np.ndim(parts[part]) else np.sum(own)


def diff_of_part(
    x: Any, a: Any, n: int, axis: int, prepend: Any = None, append: Any = None, part: int = 1
) -> Any:
    """``numpy.diff`` of `x` in the place of one of its operands, and zeros in that of the others."""
    operands = [x if k == part else other for k, other in enumerate((prepend, a, append))]
    lines = list(np.shape(a))
    lines[axis] = 1
    parts = [
        np.broadcast_to(other if k == part else 0.0, np.shape(other) or lines)
        for k, other in enumerate(operands)
        if other is not None
    ]
    return np.diff(np.concatenate(parts, axis), n, axis)


def gradient_of(f: Any, spacing: Any, axis: Any = None, edge_order: Any = 1) -> Any:
    """``numpy.gradient(f, *spacing)``."""
    return np.gradient(f, *spacing, axis=axis, edge_order=edge_order)


def gradient_vjp(
    g: Any, shape: tuple[int, ...], spacing: Any, axis: Any = None, edge_order: Any = 1
) -> Any:
    """The cotangent of `f`, of this `shape`, when `g` is that of ``numpy.gradient(f, *spacing)``.

    A slope depends on three neighbours at most. So the function itself, given every third element
    as 1 and the others as 0, tells how much each of them counts.

    Args:
        g: an array for one axis, a list or tuple of them for several.
        shape: that of `f`.
        spacing: the distances, as many as ``numpy.gradient`` was given.
        axis: the axes, None for all.
        edge_order: 1 or 2.
    """
    axes = range(len(shape)) if axis is None else [int(k) for k in np.atleast_1d(axis)]
    parts = [g] if len(axes) == 1 else list(g)
    apart = [1.0] * len(axes) if len(spacing) == 0 else [*spacing]
    if len(apart) == 1:
        apart = apart * len(axes)
    result = np.zeros(shape, np.result_type(*parts))
    for part, along, distance in zip(parts, axes, apart, strict=True):
        if np.ndim(part) == 0:
            continue  # nothing depends on this slope
        rows, moved = np.moveaxis(np.asarray(part), along, 0), np.moveaxis(result, along, 0)
        places = np.arange(len(rows))
        first = np.clip(places - 1, 0, max(len(rows) - 3, 0))
        for colour in range(3):
            ones = (places % 3 == colour) + 0.0
            counts = np.gradient(ones, distance, edge_order=edge_order)
            source = first + (colour - first) % 3
            seen = source < len(rows)
            shaped = np.reshape(counts, (-1,) + (1,) * (rows.ndim - 1))
            np.add.at(moved, source[seen], (rows * shaped)[seen])
    return result


# ---------------------------------------------------------------- the trapezoidal rule


def trapezoid_weights(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """How much each element of `y` counts in ``numpy.trapezoid(y, x, dx, axis)``.

    Returns:
        An array that broadcasts to the shape of `y`; only that shape counts.
    """
    rank, axis = np.ndim(y), axis % np.ndim(y)
    line = (1,) * axis + (-1,) + (1,) * (rank - axis - 1)
    if x is None:
        widths = np.reshape(np.full(np.shape(y)[axis] - 1, dx), line)
    elif np.ndim(x) == 1:
        widths = np.reshape(np.diff(x), line)
    else:
        widths = np.diff(x, axis=axis)
    padding = [(0, 0)] * rank
    padding[axis] = (1, 1)
    framed = np.moveaxis(np.pad(widths, padding), axis, 0)
    return np.moveaxis(0.5 * (framed[:-1] + framed[1:]), 0, axis)


def trapezoid_vjp_x(g: Any, y: Any, x: Any, axis: int = -1) -> Any:
    """The cotangent of `x` when `g` is that of ``numpy.trapezoid(y, x, axis=axis)``."""
    rows = np.moveaxis(np.asarray(y), axis, -1)
    areas = np.expand_dims(g, -1) * 0.5 * (rows[..., 1:] + rows[..., :-1])
    if np.ndim(x) == 1:
        areas = np.sum(areas, axis=tuple(range(areas.ndim - 1)))
        return -np.diff(areas, prepend=0.0, append=0.0)
    return np.moveaxis(-np.diff(areas, prepend=0.0, append=0.0), -1, axis)


# ---------------------------------------------------------------- padding


def pad_vjp(
    g: Any,
    shape: tuple[int, ...],
    pad_width: Any,
    mode: Any,
    stat_length: Any = None,
    reflect_type: Any = None,
) -> Any:
    """The cotangent of an array of this `shape` when `g` is that of ``numpy.pad`` of it.

    Each axis is padded by itself, as a product with a matrix would: that is what padding makes of
    the identity.
    """
    for axis, extent in enumerate(shape):
        told: dict[str, Any] = {} if reflect_type is None else {"reflect_type": reflect_type}
        if stat_length is not None:
            told["stat_length"] = [_of_axis(stat_length, len(shape), axis), (extent, extent)]
        widths = [_of_axis(pad_width, len(shape), axis), (0, 0)]
        matrix = np.pad(np.eye(extent), widths, mode, **told).astype(g.dtype)
        g = np.moveaxis(np.tensordot(matrix, g, (0, axis)), 0, axis)
    return g


def _of_axis(value: Any, rank: int, axis: int) -> Any:
    """The pair for `axis` in an argument of ``numpy.pad``."""
    if isinstance(value, dict):
        value = value.get(axis, value.get(axis - rank, 0))
        return tuple(np.broadcast_to(value, 2).tolist())
    return tuple(np.broadcast_to(value, (rank, 2))[axis].tolist())
