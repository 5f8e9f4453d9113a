"""Cotangents of the methods of NumPy's elementwise functions.

Like `arrays`, each function can be copied into a module that stands alone.
"""

from typing import Any

import numpy as np


def reduceat_vjp(g: Any, shape: tuple[int, ...], indices: Any, axis: int = 0) -> Any:
    """The cotangent of an array of this `shape` when `g` is that of ``numpy.add.reduceat`` of it."""
    result = np.zeros(shape, np.asarray(g).dtype)
    rows, parts = np.moveaxis(result, axis, 0), np.moveaxis(np.asarray(g), axis, 0)
    ends = [*np.asarray(indices).tolist()[1:], len(rows)]
    for part, start, end in zip(parts, np.asarray(indices).tolist(), ends, strict=True):
        rows[start : max(end, start + 1)] += part
    return result


def weights_along(weights: Any, shape: tuple[int, ...], axis: Any = None) -> Any:
    """The `weights` of ``numpy.average`` of an array of `shape`, made to broadcast against it."""
    if np.shape(weights) == tuple(shape) or axis is None:
        return np.asarray(weights)
    axes = [int(k) % len(shape) for k in np.atleast_1d(axis)]
    ordered = np.transpose(weights, np.argsort(axes))
    return np.reshape(ordered, [n if k in axes else 1 for k, n in enumerate(shape)])


def weights_vjp(g: Any, like: Any, axis: Any = None) -> Any:
    """The cotangent of the weights `like` when `g` is that of ``weights_along(...)`` spread out."""
    if np.shape(like) == g.shape or axis is None:
        return g
    axes = [int(k) % g.ndim for k in np.atleast_1d(axis)]
    summed = np.sum(g, axis=tuple(k for k in range(g.ndim) if k not in axes))
    return np.transpose(summed, np.argsort(np.argsort(axes)))


def bessel_i1(x: Any) -> Any:
    """The modified Bessel function of order 1, the derivative of ``numpy.i0``.

    Its integral ``exp(x cos t) cos t`` over half a turn is that of a smooth periodic function, for
    which the trapezoidal rule converges faster than any power: 128 points are enough up to 700.
    """
    angles = (np.arange(128) + 0.5) * np.pi / 128
    cosines = np.cos(angles)
    size = np.expand_dims(np.abs(x), -1)
    scaled = np.mean(np.exp(size * (cosines - 1.0)) * cosines, axis=-1)
    return np.sign(x) * np.exp(np.abs(x)) * scaled
