"""What the derivatives of Fourier transforms need beside transforms."""

from typing import Any

import numpy as np


def resized(x: Any, shape: tuple[int, ...]) -> Any:
    """`x` in this `shape` of the same rank: cut off at the end of an axis, or filled up with zeros."""
    if x.shape == tuple(shape):
        return x
    kept = tuple([slice(min(n, m)) for n, m in zip(x.shape, shape, strict=True)])
    result = np.zeros(shape, x.dtype)
    result[kept] = x[kept]
    return result


def half_doubled(x: Any, n: int, axis: int) -> Any:
    """The half spectrum `x` of `n` real numbers, those frequencies doubled of which the other half has one too."""
    result = np.array(x)
    np.moveaxis(result, axis, 0)[1 : (n + 1) // 2] *= 2
    return result


def transformed_axes(shape: tuple[int, ...], s: Any, axes: Any) -> tuple[int, ...]:
    """The axes that a transform of an array of this `shape` takes: if none are told, the last or all."""
    if axes is None:
        return tuple(range(-(len(shape) if s is None else np.size(s)), 0))
    return tuple(int(axis) for axis in np.atleast_1d(axes))


def transformed_extents(shape: tuple[int, ...], s: Any, axes: Any) -> tuple[int, ...]:
    """The extents of those axes as `s` tells them, else those in `shape`, which -1 stands for too."""
    axes = transformed_axes(shape, s, axes)
    told = np.full(len(axes), -1) if s is None else np.atleast_1d(s)
    return tuple(
        shape[axis] if n == -1 else int(n) for axis, n in zip(axes, told.tolist(), strict=True)
    )


def irfftn_vjp(g: Any, shape: tuple[int, ...], s: Any, axes: Any, norm: Any) -> Any:
    """The cotangent of an array of this `shape` when `g` is that of ``numpy.fft.irfftn`` of it."""
    *others, last = transformed_axes(shape, s, axes)
    half = half_doubled(np.fft.ihfft(g, axis=last, norm=norm), g.shape[last], last)
    return resized(np.fft.ifftn(half, axes=others, norm=norm) if others else half, shape)


def hfftn_vjp(g: Any, shape: tuple[int, ...], s: Any, axes: Any, norm: Any) -> Any:
    """The cotangent of an array of this `shape` when `g` is that of ``scipy.fft.hfftn`` of it."""
    *others, last = transformed_axes(shape, s, axes)
    half = half_doubled(np.fft.rfft(g, axis=last, norm=norm), g.shape[last], last)
    return resized(np.fft.fftn(half, axes=others, norm=norm) if others else half, shape)
