"""Derivatives of products of many numbers; zeros among them are no trouble.

These functions are written in the language that the compiler reads, and call nothing without a
rule; so a derivative of generated code goes through them as through functions of the user's.
"""

from typing import Any

import numpy as np


def prod_of_others(x: Any, axis: Any = None) -> Any:
    """For each element of `x` the product of all others along `axis`, new.

    Args:
        x: an array, or a list of numbers.
        axis: an integer, several, or None for all axes.
    """
    x = np.asarray(x)
    order = reduced_last(x.ndim, axis)
    moved = np.transpose(x, order)
    kept = moved.shape[: x.ndim - count_reduced(x.ndim, axis)]
    rows = np.reshape(moved, (*kept, -1))
    ones = np.ones_like(rows[..., :1])
    before = np.cumprod(np.concatenate((ones, rows[..., :-1]), axis=-1), axis=-1)
    after = np.cumprod(np.concatenate((ones, rows[..., :0:-1]), axis=-1), axis=-1)[..., ::-1]
    return np.transpose(np.reshape(before * after, moved.shape), np.argsort(order))


def count_reduced(rank: Any, axis: Any) -> Any:
    """How many axes a reduction over `axis` takes away."""
    return rank if axis is None else np.size(axis)


def reduced_last(rank: Any, axis: Any) -> Any:
    """All axes, those that a reduction over `axis` takes away last."""
    reduced = np.arange(rank) if axis is None else np.atleast_1d(np.asarray(axis, dtype=int)) % rank
    return np.concatenate((np.delete(np.arange(rank), reduced), reduced))


def cumprod_vjp(g: Any, x: Any, axis: Any = None) -> Any:
    """The cotangent of `x` when `g` is that of ``numpy.cumprod(x, axis)``.

    With P the products before each element, ``x_bar[i] = P[i] * s[i]`` and
    ``s[i] = g[i] + x[i + 1] * s[i + 1]``.
    """
    if axis is None:
        return np.reshape(cumprod_vjp_rows(g, np.ravel(x)), np.shape(x))
    return np.moveaxis(cumprod_vjp_rows(np.moveaxis(g, axis, 0), np.moveaxis(x, axis, 0)), 0, axis)


def cumprod_vjp_rows(g: Any, x: Any) -> Any:
    """`cumprod_vjp` along the first axis."""
    result = np.array(g)
    for i in range(len(x) - 2, -1, -1):
        result[i] = result[i] + x[i + 1] * result[i + 1]
    return result * products_before(x)


def cumprod_jvp(x: Any, x_dot: Any, axis: Any = None) -> Any:
    """The tangent of ``numpy.cumprod(x, axis)`` when `x` moves by `x_dot`."""
    if axis is None:
        return cumprod_jvp_rows(np.ravel(x), np.ravel(x_dot))
    rows = cumprod_jvp_rows(np.moveaxis(x, axis, 0), np.moveaxis(x_dot, axis, 0))
    return np.moveaxis(rows, 0, axis)


def cumprod_jvp_rows(x: Any, x_dot: Any) -> Any:
    """`cumprod_jvp` along the first axis."""
    result = x_dot * products_before(x)
    for i in range(1, len(x)):
        result[i] = result[i] + result[i - 1] * x[i]
    return result


def products_before(x: Any) -> Any:
    """The products of all that stands before each element along the first axis."""
    return np.cumprod(np.concatenate((np.ones_like(x[:1]), x[:-1])), axis=0)
