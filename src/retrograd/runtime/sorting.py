"""Cotangents and tangents of functions that put elements in order: sort, partition, quantile.

Elements of one value share what comes to them equally, whatever their order. Like `arrays`, each
function can be copied into a module that stands alone.
"""

from typing import Any

import numpy as np


def sorted_like(x: Any, a: Any, axis: int | None = -1) -> Any:
    """`x` in the order that sorts `a` along `axis`; where `a` has ties, the mean of their `x`."""
    if axis is None:
        return sorted_like(np.ravel(x), np.ravel(a), -1)
    order = np.argsort(a, axis, kind="stable")
    ordered = np.take_along_axis(np.asarray(x), order, axis)
    return _mean_over_ties(ordered, np.take_along_axis(np.asarray(a), order, axis), axis)


def unsorted_like(g: Any, a: Any, axis: int | None = -1) -> Any:
    """The cotangent of `a` when `g` is that of ``numpy.sort(a, axis)``."""
    if axis is None:
        return np.reshape(unsorted_like(g, np.ravel(a), -1), np.shape(a))[()]
    order = np.argsort(a, axis, kind="stable")
    shared = _mean_over_ties(g, np.take_along_axis(np.asarray(a), order, axis), axis)
    return np.take_along_axis(shared, np.argsort(order, axis), axis)


def _mean_over_ties(x: Any, ordered: Any, axis: int) -> Any:
    """`x` with the mean over each run of equal elements of `ordered`, which is sorted along `axis`."""
    rows = np.moveaxis(ordered, axis, -1)
    starts = np.ones(rows.shape, dtype=bool)
    starts[..., 1:] = rows[..., 1:] != rows[..., :-1]
    if np.all(starts):
        return x
    run = np.cumsum(starts).reshape(rows.shape) - 1
    values = np.moveaxis(x, axis, -1)
    means = np.bincount(np.ravel(run), np.ravel(values)) / np.bincount(np.ravel(run))
    return np.moveaxis(means[run].astype(x.dtype), -1, axis)


def quantile_shares(a: Any, q: Any, axis: Any = None, method: Any = "linear") -> Any:
    """How much each element of `a` counts in its quantile: the derivative for that element.

    A quantile lies between two neighbours in the sorted row, at a place that only the number of
    elements tells: so it is asked for with the places 0, 1, 2 ... themselves. nan counts as absent.

    Args:
        a: a number or array.
        q: a number between 0 and 1, or an array of them.
        axis: what ``numpy.quantile`` was told: an integer, several, or None for all axes.
        method: one of its methods.

    Returns:
        The axes of `q`, then those of `a`; zero where an element does not count.
    """
    a = np.asarray(a)
    axes = range(a.ndim) if axis is None else np.atleast_1d(axis)
    reduced = [int(k) % a.ndim for k in axes]
    order = [k for k in range(a.ndim) if k not in reduced] + reduced
    moved = np.transpose(a, order)
    kept = moved.shape[: a.ndim - len(reduced)]
    rows = np.reshape(moved, (*kept, -1))
    ordered = np.sort(rows, axis=-1)  # nan last
    places = np.where(np.isnan(ordered), np.nan, np.arange(float(rows.shape[-1])))
    if np.isnan(places).any():
        position = np.nan_to_num(np.nanquantile(places, q, axis=-1, method=method, keepdims=True))
    else:
        position = np.quantile(np.arange(float(rows.shape[-1])), q, method=method)
        position = np.reshape(position, np.shape(q) + (1,) * rows.ndim)
    low = np.floor(position)
    upper = position - low
    shares = (1.0 - upper) * _share_of(low, rows, ordered)
    if np.any(upper):
        shares = shares + upper * _share_of(low + 1.0, rows, ordered)
    lead = np.ndim(q)
    back = [lead + order.index(k) for k in range(a.ndim)]
    shaped = np.reshape(shares, (*np.shape(q), *moved.shape))
    return np.transpose(shaped, (*range(lead), *back)).astype(a.dtype)


def _share_of(rank: Any, rows: Any, ordered: Any) -> Any:
    """For each element of `rows` the share that it has in the element of this `rank`."""
    exists = rank < rows.shape[-1]
    at = np.where(exists, rank, 0.0).astype(int)
    at = np.broadcast_to(at, (*at.shape[: at.ndim - rows.ndim], *rows.shape[:-1], 1))
    value = np.take_along_axis(np.broadcast_to(ordered, (*at.shape[:-1], rows.shape[-1])), at, -1)
    hit = (rows == value) & exists
    return hit / np.maximum(np.count_nonzero(hit, axis=-1, keepdims=True), 1)


def quantile_vjp(g: Any, shares: Any, lead: int, axis: Any, keepdims: bool) -> Any:
    """The cotangent of `a` when `g` is that of its quantiles, of which `lead` axes tell which."""
    rank = np.ndim(shares) - lead
    if not keepdims:
        axes = range(rank) if axis is None else np.atleast_1d(axis)
        g = np.expand_dims(g, tuple(lead + int(k) % rank for k in axes))
    return np.sum(g * shares, axis=tuple(range(lead)))


def quantile_jvp(a_dot: Any, shares: Any, lead: int, axis: Any, keepdims: bool) -> Any:
    """The tangent of the quantiles of `a`, of which `lead` axes tell which, when it moves by `a_dot`."""
    rank = np.ndim(shares) - lead
    axes = range(rank) if axis is None else np.atleast_1d(axis)
    along = tuple(lead + int(k) % rank for k in axes)
    return np.sum(shares * a_dot, axis=along, keepdims=keepdims)
