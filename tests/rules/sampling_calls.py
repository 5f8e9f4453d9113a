"""Calls of SciPy's functions of sampled values."""

from typing import Any

import numpy as np

from tests.rules.calls import RANGES, Call, numbers


def _at(text: str, **values: Any) -> Call:
    """`text` at these values; a shape stands for numbers in it."""
    return Call(
        text,
        {
            name: numbers(v, k, RANGES[0]) if isinstance(v, tuple) else v
            for k, (name, v) in enumerate(values.items())
        },
    )


_X = np.array([0.1, 0.4, 0.9, 1.2, 1.9])
_XS = np.stack([_X, _X**2 + _X])


def _integrals(path: str, *more: str) -> list[Call]:
    return [
        _at(f"{path}(y)", y=(5,)),
        _at(f"{path}(y)", y=(2, 5)),
        _at(f"{path}(y, axis=0)", y=(5, 2)),
        _at(f"{path}(y, dx=d, axis=-2)", y=(2, 5, 3), d=0.3),
        _at(f"{path}(y, dx=d)", y=(5,), d=0.3),
        *[_at(f"{path}(y{text})", y=(2, 5)) for text in more],
    ]


def _over_x(path: str, more: str = "") -> list[Call]:
    return [
        _at(f"{path}(y, x{more})", y=(5,), x=_X),
        _at(f"{path}(y, x=x{more})", y=(2, 5), x=_X),
        _at(f"{path}(y, x, axis=0{more})", y=(5, 2), x=_X),
        _at(f"{path}(y, x=x{more})", y=(2, 5), x=_XS),
    ]


def _convolutions(path: str, *shapes: Any) -> list[Call]:
    pairs = shapes or (((5,), (3,)), ((3,), (5,)), ((4,), (2,)), ((4, 5), (2, 3)), ((5, 4), (3, 3)))
    return [
        *[_at(f"{path}(x, y)", x=x, y=y) for x, y in pairs],
        *[_at(f"{path}(x, y, 'same')", x=x, y=y) for x, y in pairs],
        *[_at(f"{path}(x, y, mode='valid')", x=x, y=y) for x, y in pairs],
    ]


_MODES = ("reflect", "mirror", "nearest", "wrap", "constant", "grid-constant")
_PLANE = (((5, 4), (3, 3)), ((4, 5), (2, 3)))


def _windows(path: str) -> list[Call]:
    return [
        *[_at(f"{path}(x, k, mode='{mode}')", x=(6,), k=(3,)) for mode in _MODES],
        *[_at(f"{path}(x, k, mode='{mode}')", x=(4, 5), k=(3, 2)) for mode in _MODES],
        _at(f"{path}(x, k)", x=(5,), k=(4,)),
        _at(f"{path}(x, k, mode='nearest', origin=1)", x=(5,), k=(4,)),
        _at(f"{path}(x, k, origin=-1)", x=(5, 4), k=(3, 4)),
        _at(f"{path}(x, k, origin=(1, 0))", x=(5, 4), k=(3, 3)),
    ]


def _transforms(name: str) -> list[Call]:
    return [
        _at(f"scipy.fft.{name}(x)", x=(5,)),
        _at(f"scipy.fft.{name}(x, 3, axis=0)", x=(4, 2)),
        _at(f"scipy.fft.{name}(x, type=1)", x=(2, 5)),
        _at(f"scipy.fft.{name}(x, type=4, norm='forward')", x=(5,)),
        *[_at(f"scipy.fft.{name}(x, type={t}, norm='ortho')", x=(2, 5)) for t in (1, 2, 3, 4)],
        _at(f"scipy.fft.{name}(x, norm='ortho', orthogonalize=False)", x=(5,)),
    ]


_POINTS = numbers((4, 3), 0, RANGES[0]) ** 3
_ENDS = ("interp", "mirror", "nearest", "wrap", "constant")
_DISTANCES = ("euclidean", "sqeuclidean", "cityblock", "chebyshev", "cosine")

WRITTEN: dict[str, list[Call]] = {
    "scipy.integrate.trapezoid": [
        *_integrals("scipy.integrate.trapezoid"),
        *_over_x("scipy.integrate.trapezoid"),
    ],
    "scipy.integrate.cumulative_trapezoid": [
        *_integrals("scipy.integrate.cumulative_trapezoid", ", initial=0"),
        *_over_x("scipy.integrate.cumulative_trapezoid"),
        *_over_x("scipy.integrate.cumulative_trapezoid", ", initial=0"),
    ],
    "scipy.integrate.simpson": [
        *_integrals("scipy.integrate.simpson"),
        _at("scipy.integrate.simpson(y)", y=(2, 6)),
        _at("scipy.integrate.simpson(y, x=[0.0, 0.3, 0.5, 1.0])", y=(2, 4)),
        _at("scipy.integrate.simpson(y, [0.0, 0.3, 0.5, 1.0], axis=0)", y=(4, 2)),
    ],
    "scipy.signal.convolve": [
        *_convolutions("scipy.signal.convolve"),
        _at("scipy.signal.convolve(x, y, method='fft')", x=(5,), y=(3,)),
    ],
    "scipy.signal.fftconvolve": _convolutions("scipy.signal.fftconvolve"),
    "scipy.signal.convolve2d": _convolutions("scipy.signal.convolve2d", *_PLANE),
    "scipy.signal.correlate": _convolutions("scipy.signal.correlate"),
    "scipy.signal.lfilter": [
        _at("scipy.signal.lfilter(b, a, x)", b=(3,), a=np.array([1.3, 0.2]), x=(5,)),
        _at("scipy.signal.lfilter(b, a, x, axis=0)", b=(2,), a=np.array([1.3, 0.2, -0.4]), x=(5, 2)),
        _at("scipy.signal.lfilter(b, [1.0, 0.5], x)", b=(6,), x=(2, 4)),
    ],
    "scipy.signal.detrend": [
        _at("scipy.signal.detrend(x)", x=(5,)),
        _at("scipy.signal.detrend(x, axis=0, type='constant')", x=(5, 2)),
        _at("scipy.signal.detrend(x, bp=[3])", x=(2, 7)),
    ],
    "scipy.signal.savgol_filter": [
        _at("scipy.signal.savgol_filter(x, 5, 2)", x=(8,)),
        _at("scipy.signal.savgol_filter(x, 5, 3, deriv=1, delta=0.5)", x=(2, 8)),
        _at("scipy.signal.savgol_filter(x, 3, 1, axis=0, mode='nearest')", x=(6, 2)),
        _at("scipy.signal.savgol_filter(x, 3, 1, mode='constant')", x=(6,)),
        *[_at(f"scipy.signal.savgol_filter(x, 3, 2, mode='{m}')", x=(2, 15)) for m in _ENDS],
    ],
    "scipy.ndimage.correlate": _windows("scipy.ndimage.correlate"),
    "scipy.ndimage.convolve": _windows("scipy.ndimage.convolve"),
    "scipy.ndimage.uniform_filter": [
        *[_at(f"scipy.ndimage.uniform_filter(x, 3, mode='{m}')", x=(5, 4)) for m in _MODES],
        _at("scipy.ndimage.uniform_filter(x)", x=(6,)),
        _at("scipy.ndimage.uniform_filter(x, size=(2, 3))", x=(5, 4)),
        _at("scipy.ndimage.uniform_filter(x, size=4, origin=-1, axes=(0,))", x=(5, 4)),
        _at("scipy.ndimage.uniform_filter(x, 3, mode='constant', cval=2.0)", x=(5,)),
    ],
    "scipy.ndimage.gaussian_filter": [
        *[_at(f"scipy.ndimage.gaussian_filter(x, 0.8, mode='{m}')", x=(5, 4)) for m in _MODES],
        _at("scipy.ndimage.gaussian_filter(x, sigma=(0.5, 1.2), truncate=2.0)", x=(5, 4)),
        _at("scipy.ndimage.gaussian_filter(x, 0.7, mode='nearest', radius=2)", x=(6,)),
        _at("scipy.ndimage.gaussian_filter(x, 0.7, mode='mirror', axes=1)", x=(4, 6)),
        _at("scipy.ndimage.gaussian_filter(x, 0.7, mode='constant', cval=1.0)", x=(6,)),
    ],
    **{f"scipy.fft.{name}": _transforms(name) for name in ("dct", "idct", "dst", "idst")},
    "scipy.spatial.distance.cdist": [
        *[_at(f"scipy.spatial.distance.cdist(a, b, '{m}')", a=(4, 3), b=(2, 3)) for m in _DISTANCES],
        _at("scipy.spatial.distance.cdist(a, b)", a=(4, 3), b=(2, 3)),
        _at("scipy.spatial.distance.cdist(a, b, metric='minkowski', p=3)", a=(4, 3), b=(2, 3)),
        _at("scipy.spatial.distance.cdist(a, b, 'minkowski', p=1.5)", a=(4, 3), b=(2, 3)),
    ],
    "scipy.spatial.distance.pdist": [
        *[_at(f"scipy.spatial.distance.pdist(a, '{m}')", a=_POINTS) for m in _DISTANCES],
        _at("scipy.spatial.distance.pdist(a, metric='minkowski', p=3)", a=(4, 3)),
    ],
    # ---- helpers of generated code
    "retrograd.runtime.uncropped": [
        _at(f"retrograd.runtime.uncropped(x, (5,), (3,), '{mode}')", x=(n,))
        for mode, n in (("full", 7), ("same", 5), ("valid", 3))
    ],
    "retrograd.runtime.cropped": [
        _at(f"retrograd.runtime.cropped(x, (5,), (3,), '{mode}')", x=(7,))
        for mode in ("full", "same", "valid")
    ],
    "retrograd.runtime.window_sum": [
        _at(f"retrograd.runtime.window_sum(x, k, mode='{mode}')", x=(4, 5), k=(3, 2))
        for mode in _MODES
    ],
    "retrograd.runtime.window_sum_vjp_x": [
        _at("retrograd.runtime.window_sum_vjp_x(x, k, (4, 5), mode='nearest')", x=(4, 5), k=(3, 2))
    ],
    "retrograd.runtime.window_sum_vjp_weights": [
        _at("retrograd.runtime.window_sum_vjp_weights(x, y, (3, 2), mode='wrap')", x=(4, 5), y=(4, 5))
    ],
}  # fmt: skip
