"""The slopes of norms: what a norm changes by when one element changes, in the shape of the array.

Written, as `matrices`, in the language that the compiler reads. At a kink the slope is shared equally
among the elements that tie, and it is 0 where the norm is 0.
"""

from typing import Any

import numpy as np


def shares(x: Any, extreme: Any, axis: Any) -> Any:
    """Equal shares, of sum 1 along `axis`, for the elements of `x` that are the `extreme` one."""
    ties = x == extreme
    return ties / np.sum(ties, axis=axis, keepdims=True)


def vector_norm_slope(x: Any, length: Any, ord: Any = 2, axis: Any = None) -> Any:
    """The slope of the norm `length` of vectors that lie along `axis`, where it is kept as 1."""
    if ord is None or ord == 2:
        return x / np.where(length == 0.0, 1.0, length)
    if ord == np.inf or ord == -np.inf:
        return np.sign(x) * shares(np.abs(x), length, axis)
    if ord == 1:
        return np.sign(x)
    if ord == 0:
        return np.zeros(x.shape)
    ratio = np.abs(x) / np.where(length == 0.0, 1.0, length)
    return np.sign(x) * np.where(x == 0.0, 1.0, ratio) ** (ord - 1)


def matrix_norm_slope(x: Any, ord: Any = "fro") -> Any:
    """The slope of a norm of each matrix."""
    if ord is None or ord == "fro" or ord == "f":
        length = np.linalg.norm(x, axis=(-2, -1), keepdims=True)
        return x / np.where(length == 0.0, 1.0, length)
    if ord == "nuc" or ord == 2 or ord == -2:
        u, s, vt = np.linalg.svd(x, full_matrices=False)
        extreme = np.max(s, axis=-1, keepdims=True) if ord == 2 else s[..., -1:]
        weights = np.sign(s) if ord == "nuc" else np.sign(extreme) * shares(s, extreme, -1)
        return (u * np.expand_dims(weights, -2)) @ vt
    inner = -2 if ord == 1 or ord == -1 else -1
    outer = -3 - inner
    sums = np.sum(np.abs(x), axis=inner, keepdims=True)
    if ord > 0:
        return np.sign(x) * shares(sums, np.max(sums, axis=outer, keepdims=True), outer)
    return np.sign(x) * shares(sums, np.min(sums, axis=outer, keepdims=True), outer)


def norm_slope(x: Any, length: Any, ord: Any = None, axis: Any = None) -> Any:
    """The slope of ``numpy.linalg.norm(x, ord, axis)``, `length` being the norm with its axes kept."""
    x = np.asarray(x)
    if axis is None:
        matrix = ord is not None and x.ndim == 2
        axes = (0, 1)
    elif np.ndim(axis) == 0:
        matrix = False
        axes = (0, 1)
    else:
        matrix = len(axis) == 2
        axes = axis
    if not matrix:
        return vector_norm_slope(x, length, ord, axis)
    return np.moveaxis(matrix_norm_slope(np.moveaxis(x, axes, (-2, -1)), ord), (-2, -1), axes)


def cond_slope(x: Any, out: Any, p: Any = None) -> Any:
    """The slope of the condition number `out` of each matrix of `x`."""
    out = np.expand_dims(out, (-2, -1))
    if p is None or p == 2 or p == -2:
        u, s, vt = np.linalg.svd(x, full_matrices=False)
        largest, smallest = s[..., :1], s[..., -1:]
        top = shares(s, largest, -1) / largest - shares(s, smallest, -1) / smallest
        slope = out * ((u * np.expand_dims(top, -2)) @ vt)
        return -slope if p == -2 else slope
    inverse = np.linalg.inv(x)
    back = np.swapaxes(inverse, -1, -2)
    own = np.linalg.norm(x, p, axis=(-2, -1), keepdims=True)
    other = np.linalg.norm(inverse, p, axis=(-2, -1), keepdims=True)
    return matrix_norm_slope(x, p) * other - own * (back @ matrix_norm_slope(inverse, p) @ back)
