"""Windows that move over arrays: the transposes of convolutions and of filters with borders.

These functions are each other's transposes, which is what their rules say.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np


def uncropped(g: Any, first: Any, second: Any, mode: str = "full") -> Any:
    """The cotangent of a full convolution when `g` is that of the part which `mode` keeps of it.

    Args:
        g: what `mode` keeps.
        first, second: the shapes of the arrays that were convolved.
        mode: full, same or valid.
    """
    result = np.zeros([m + n - 1 for m, n in zip(first, second, strict=True)])
    result[_kept(first, second, mode)] = g
    return result


def cropped(x: Any, first: Any, second: Any, mode: str = "full") -> Any:
    """The part of the full convolution `x` that `mode` keeps."""
    return x[_kept(first, second, mode)]


def _kept(first: Any, second: Any, mode: str) -> tuple[slice, ...]:
    pairs = list(zip(first, second, strict=True))
    if mode == "same":
        return tuple(slice((n - 1) // 2, (n - 1) // 2 + m) for m, n in pairs)
    if mode == "valid":
        return tuple(slice(min(m, n) - 1, max(m, n)) for m, n in pairs)
    return (slice(None),) * len(pairs)


# ---------------------------------------------------------------- filters with borders

#: What NumPy calls the ways in which scipy.ndimage goes on beyond a border.
_BORDERS = {"reflect": "symmetric", "mirror": "reflect", "nearest": "edge", "wrap": "wrap"} | {
    "grid-mirror": "symmetric",
    "grid-wrap": "wrap",
}


def window_sum(x: Any, weights: Any, mode: str = "reflect", origin: Any = 0) -> Any:
    """The sum of `x` times `weights` around each element, 0 being added beyond constant borders."""
    values = np.append(np.ravel(x), 0.0)
    places = _places(np.shape(x), np.shape(weights), mode, origin)
    parts = zip(np.ravel(weights), places, strict=True)
    return sum((weight * values[part] for weight, part in parts), np.zeros(np.shape(x)))


def window_sum_vjp_x(
    g: Any, weights: Any, shape: Any, mode: str = "reflect", origin: Any = 0
) -> Any:
    """The cotangent of `x`, of this `shape`, when `g` is that of ``window_sum(x, weights)``."""
    result = np.zeros(int(np.prod(shape)) + 1)
    parts = zip(np.ravel(weights), _places(shape, np.shape(weights), mode, origin), strict=True)
    for weight, part in parts:
        np.add.at(result, part, weight * g)
    return np.reshape(result[:-1], shape)


def require_floats(x: Any) -> Any:
    """`x`, which a filter of integers must not be: its results are integers, and have no derivative.

    Raises:
        ValueError: `x` holds integers.
    """
    if np.asarray(x).dtype.kind != "f":
        raise ValueError(
            "filtering integers gives integers, rounded towards 0, which have no derivative by the "
            "weights: pass floats, as np.asarray(x, float)"
        )
    return x


def window_sum_vjp_weights(
    g: Any, x: Any, shape: Any, mode: str = "reflect", origin: Any = 0
) -> Any:
    """The cotangent of `weights`, of this `shape`, when `g` is that of ``window_sum(x, weights)``."""
    values = np.append(np.ravel(x), 0.0)
    places = _places(np.shape(x), shape, mode, origin)
    return np.reshape([np.sum(g * values[part]) for part in places], shape)


def _places(shape: Any, window: Any, mode: str, origin: Any) -> Iterator[Any]:
    """For each place in the window the places of the elements that it stands over."""
    rank, count = len(shape), int(np.prod(shape))
    shifts = np.broadcast_to(origin, rank)
    left = [n // 2 + int(shift) for n, shift in zip(window, shifts, strict=True)]
    margins = [(k, n - 1 - k) for k, n in zip(left, window, strict=True)]
    places = np.reshape(np.arange(count), shape)
    if mode in _BORDERS:
        around = np.pad(places, margins, _BORDERS[mode])  # type: ignore[call-overload]
    else:
        around = np.pad(places, margins, constant_values=count)
    for start in np.ndindex(*window):
        yield around[tuple(slice(k, k + n) for k, n in zip(start, shape, strict=True))]


def reversed_origin(window: Any, origin: Any = 0) -> Any:
    """The origin at which a window reversed along every axis stands where it did at `origin`."""
    shifts = np.broadcast_to(origin, len(window))
    return [-int(shift) - (n % 2 == 0) for n, shift in zip(window, shifts, strict=True)]


def box(size: Any, rank: int, axes: Any = None) -> Any:
    """The weights of a mean over a window of `size` along `axes`."""
    window = _along(size, rank, axes, 1)
    return np.full(window, 1.0 / np.prod(window))


def box_origin(origin: Any, rank: int, axes: Any = None) -> Any:
    """An `origin` along `axes` as one for every axis."""
    return _along(origin, rank, axes, 0)


def bell(sigma: Any, rank: int, truncate: float = 4.0, radius: Any = None, axes: Any = None) -> Any:
    """The weights of a Gaussian window of standard deviation `sigma` along `axes`."""
    widths = _along(sigma, rank, axes, 0.0)
    reaches = [None] * rank if radius is None else _along(radius, rank, axes, 0)
    result = np.ones((1,) * rank)
    for axis, (width, reach) in enumerate(zip(widths, reaches, strict=True)):
        if width > 1e-15:
            reach = int(truncate * float(width) + 0.5) if reach is None else int(reach)
            weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
            shape = [1] * rank
            shape[axis] = -1
            result = result * np.reshape(weights / np.sum(weights), shape)
    return result


def _along(value: Any, rank: int, axes: Any, otherwise: Any) -> list[Any]:
    """`value`, one or one for each of `axes`, as a list for all axes, the rest being `otherwise`."""
    chosen = range(rank) if axes is None else [int(axis) % rank for axis in np.atleast_1d(axes)]
    result = [otherwise] * rank
    for axis, one in zip(chosen, np.broadcast_to(value, len(chosen)).tolist(), strict=True):
        result[axis] = one
    return result


# ---------------------------------------------------------------- short-time Fourier transforms


def segment_length(length: int, nperseg: Any = 256, window: Any = "hann_periodic") -> int:
    """How long the segments are that ``scipy.signal.stft`` cuts a signal of this `length` into."""
    if not isinstance(window, (str, tuple)):
        return int(np.size(window))
    return int(min(256 if nperseg is None else nperseg, length))


def stft_vjp(
    g: Any, transform: Any, length: int, noverlap: Any = None, boundary: Any = "zeros"
) -> Any:
    """The cotangent of a real signal when `g` is that of ``scipy.signal.stft``.

    Args:
        g: complex128, shape (..., frequencies, segments).
        transform: that of unit vectors as long as a segment: shape (segment, frequencies).
        length: that of the signal.
        noverlap: how far neighbouring segments overlap; by half if None.
        boundary: "zeros" where half a segment of them was put at both ends, or None.
    """
    size = len(transform)
    step = size - (size // 2 if noverlap is None else noverlap)
    pieces = np.real(np.swapaxes(g, -1, -2) @ transform.T)
    count = pieces.shape[-2]
    first = size // 2 if boundary is not None else 0
    whole = np.zeros((*pieces.shape[:-2], max((count - 1) * step + size, first + length)))
    for k in range(count):
        whole[..., k * step : k * step + size] += pieces[..., k, :]
    return whole[..., first : first + length]
