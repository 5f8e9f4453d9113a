"""Integrals, filters, transforms and distances of sampled values: SciPy's functions of arrays.

Most are linear. Where the transpose has no name of its own, a function of one axis is applied to
the columns of a unit matrix, which gives the matrix to multiply with; so all options are covered. Of
a filter the matrix for a short signal tells the one for a long signal.
"""

from typing import Final

from retrograd.transforms.ir.kinds import INT
from retrograd.transforms.rules import sampling_results
from retrograd.transforms.rules.kinds import general, inactive, linear, multilinear
from retrograd.transforms.rules.results import always, same_in_float
from retrograd.transforms.rules.rule import Condition, Rule, Site, both, given, variants

_ORDER_0: Final = (0,)
_METRICS: Final = ("euclidean", "sqeuclidean", "cityblock", "chebyshev", "minkowski")
_BORDERS: Final = ("reflect", "mirror", "nearest", "wrap", "constant", "grid-mirror", "grid-wrap")
_BORDERS_TOO: Final = (*_BORDERS, "grid-constant")
_TIES: Final = "0 where points meet; equal shares for coordinates that tie"
_SHAPES: Final = "shape(in1), shape(in2), mode=mode"


def _is_orthogonal(site: Site) -> bool:
    """Is a cosine transform its own inverse transposed?"""
    return site.constant("norm") == "ortho" and site.constant("orthogonalize") is None


def _transposed(name: str) -> tuple[tuple[Condition, str], ...]:
    """The transposes of a cosine or sine transform, by its type.

    Type 4 is symmetric, as is the sine transform of type 1. Types 2 and 3 are each other's
    transposes, but for terms that type 3 has once and all others twice: the first one of a cosine,
    the last one of a sine. The cosine transform of type 1 has the outer two once. An inverse is the
    other type, up to a factor.
    """
    call = f"scipy.fft.{name}({{}}, type={{}}, axis=axis, norm=norm)"
    cosine, inverse = "c" in name, name.startswith("i")
    ends = "{0}, 1.0" if cosine else "1.0, {0}"
    third, second = (2, 3) if inverse else (3, 2)
    texts = {
        1: call.format("g", 1),
        second: call.format(f"weighed(g, axis, {ends.format(2.0)})", third),
        third: f"weighed({call.format('g', second)}, axis, {ends.format(0.5)})",
        4: call.format("g", 4),
    }
    if cosine:
        inner = call.format("weighed(g, axis, 2.0, 2.0)", 1)
        texts[1] = f"weighed({inner}, axis, 0.5, 0.5)"
    return tuple(
        (both(_is_scaled, given(type=type, orthogonalize=None)), text)
        for type, text in texts.items()
    )


def _is_scaled(site: Site) -> bool:
    """Is a cosine transform the sum of its definition but for a factor?"""
    return site.constant("norm") in (None, "backward", "forward")


RULES: Final[tuple[Rule, ...]] = (
    # ---- integrals
    multilinear(
        "scipy.integrate.cumulative_trapezoid(y, x=None, dx=1.0, axis=-1, initial=None)",
        y="cumulative_vjp_y(g, y, x, dx, axis, initial=initial)",
        dx="numpy.sum(g * scipy.integrate.cumulative_trapezoid(y, axis=axis, initial=initial))",
        only={"x": (None,), "initial": (None, 0)},
        result=sampling_results.accumulated,
    ),
    multilinear(
        "scipy.integrate.cumulative_trapezoid(y, x=None, dx=1.0, axis=-1, initial=None)",
        y="cumulative_vjp_y(g, y, x, dx, axis, initial=initial)",
        x="cumulative_vjp_x(g, y, x, axis, initial=initial)",
        only={"initial": (None, 0)},
        result=sampling_results.accumulated,
    ),
    multilinear(
        "scipy.integrate.simpson(y, x=None, *, dx=1.0, axis=-1)",
        y=(
            "numpy.expand_dims(g, axis) * along_axis("
            "scipy.integrate.simpson(numpy.eye(shape(y)[axis]), dx=dx), numpy.ndim(y), axis)"
        ),
        dx="numpy.sum(g * scipy.integrate.simpson(y, axis=axis))",
        only={"x": (None,)},
        result=sampling_results.integrated,
    ),
    linear(
        "scipy.integrate.simpson(y, x=None, *, dx=1.0, axis=-1)",
        y=(
            "numpy.expand_dims(g, axis) * along_axis("
            "scipy.integrate.simpson(numpy.eye(shape(y)[axis]), x=x), numpy.ndim(y), axis)"
        ),
        note="for y, where x is a vector",
        result=sampling_results.integrated,
    ),
    # ---- convolutions
    multilinear(
        'scipy.signal.convolve(in1, in2, mode="full", method="auto")',
        in1=f'scipy.signal.correlate(uncropped(g, {_SHAPES}), in2, mode="valid")',
        in2=f'scipy.signal.correlate(uncropped(g, {_SHAPES}), in1, mode="valid")',
        result=sampling_results.convolved,
    ),
    multilinear(
        'scipy.signal.fftconvolve(in1, in2, mode="full", axes=None)',
        in1=f'scipy.signal.correlate(uncropped(g, {_SHAPES}), in2, mode="valid")',
        in2=f'scipy.signal.correlate(uncropped(g, {_SHAPES}), in1, mode="valid")',
        only={"axes": (None,)},
        result=sampling_results.convolved,
    ),
    multilinear(
        'scipy.signal.convolve2d(in1, in2, mode="full", boundary="fill", fillvalue=0)',
        in1=f'scipy.signal.correlate(uncropped(g, {_SHAPES}), in2, mode="valid")',
        in2=f'scipy.signal.correlate(uncropped(g, {_SHAPES}), in1, mode="valid")',
        only={"boundary": ("fill",), "fillvalue": (0,)},
        result=sampling_results.convolved,
    ),
    multilinear(
        'scipy.signal.correlate(in1, in2, mode="full", method="auto")',
        in1=f'scipy.signal.convolve(uncropped(g, {_SHAPES}), in2, mode="valid")',
        in2=(f"numpy.flip(scipy.signal.correlate(uncropped(g, {_SHAPES}), in1," ' mode="valid"))'),
        result=sampling_results.convolved,
    ),
    linear(
        'retrograd.runtime.uncropped(x, first, second, mode="full")',
        x="cropped(g, first, second, mode=mode)",
        result=sampling_results.some_floats,
    ),
    linear(
        'retrograd.runtime.cropped(x, first, second, mode="full")',
        x="uncropped(g, first, second, mode=mode)",
        result=sampling_results.some_numbers,
    ),
    # ---- filters along an axis
    general(
        "scipy.signal.lfilter(b, a, x, axis=-1, zi=None)",
        b="lagged_products(back, x, size(b), axis)",
        a="-lagged_products(back, out, size(a), axis)",
        x="numpy.flip(scipy.signal.lfilter(b, a, numpy.flip(g, axis), axis=axis), axis)",
        jvp={
            "b": "scipy.signal.lfilter(b_dot, a, x, axis=axis)",
            "a": (
                "-scipy.signal.lfilter([1.0], a,"
                " scipy.signal.lfilter(a_dot, [1.0], out, axis=axis), axis=axis)"
            ),
            "x": "scipy.signal.lfilter(b, a, x_dot, axis=axis)",
        },
        let={
            "back": (
                "numpy.flip(scipy.signal.lfilter([1.0], a, numpy.flip(g, axis), axis=axis), axis)"
            )
        },
        only={"zi": (None,)},
        result=sampling_results.like_x,
    ),
    linear(
        'scipy.signal.detrend(data, axis=-1, type="linear", bp=0, overwrite_data=False)',
        data="scipy.signal.detrend(g, axis=axis, type=type, bp=bp)",
        only={"overwrite_data": (False,)},
        result=same_in_float,
    ),
    linear(
        "scipy.signal.savgol_filter(x, window_length, polyorder, deriv=0, delta=1.0, axis=-1,"
        ' mode="interp", cval=0.0)',
        x=(
            "filter_transposed(scipy.signal.savgol_filter("
            "numpy.eye(numpy.minimum(shape(x)[axis], 4 * window_length)),"
            " window_length, polyorder, deriv=deriv, delta=delta, axis=0, mode=mode), g, axis)"
        ),
        only={"cval": (0.0, 0)},
        result=same_in_float,
    ),
    general(
        'scipy.signal.stft(x, fs=1.0, window="hann_periodic", nperseg=256, noverlap=None, nfft=None,'
        ' detrend=False, return_onesided=True, boundary="zeros", padded=True, axis=-1,'
        ' scaling="spectrum")',
        x=(
            "stft_vjp(g[2], scipy.signal.stft(numpy.eye(segment_length(shape(x)[-1],"
            " nperseg=nperseg, window=window)), fs=fs, window=window,"
            " nperseg=segment_length(shape(x)[-1], nperseg=nperseg, window=window), noverlap=0,"
            " nfft=nfft, detrend=detrend, boundary=None, padded=False, scaling=scaling)[2][:, :, 0],"
            " shape(x)[-1], noverlap=noverlap, boundary=boundary)"
        ),
        jvp=(
            "(zeros_like(out[0]), zeros_like(out[1]), scipy.signal.stft(x_dot, fs=fs, window=window,"
            " nperseg=nperseg, noverlap=noverlap, nfft=nfft, detrend=detrend, boundary=boundary,"
            " padded=padded, scaling=scaling)[2])"
        ),
        only={"axis": (-1,), "return_onesided": (True,), "boundary": ("zeros", None)},
        note="of real signals",
        result=sampling_results.spectrogram,
    ),
    inactive(
        'retrograd.runtime.segment_length(length, nperseg=256, window="hann_periodic")',
        result=always(INT),
    ),
    # ---- windows with borders
    general(
        'scipy.ndimage.correlate(input, weights, output=None, mode="reflect", cval=0.0, origin=0)',
        input="window_sum_vjp_x(g, weights, shape(input), mode=mode, origin=origin)",
        weights=(
            "window_sum_vjp_weights(g, require_floats(input), shape(weights), mode=mode,"
            " origin=origin)"
        ),
        jvp={
            "input": "scipy.ndimage.correlate(input_dot, weights, mode=mode, origin=origin)",
            "weights": (
                "scipy.ndimage.correlate(require_floats(input), weights_dot, mode=mode, origin=origin)"
            ),
        },
        only={"output": (None,), "mode": _BORDERS_TOO, "cval": (0.0, 0)},
        result=sampling_results.filtered,
    ),
    general(
        'scipy.ndimage.convolve(input, weights, output=None, mode="reflect", cval=0.0, origin=0)',
        input=(
            "window_sum_vjp_x(g, numpy.flip(weights), shape(input), mode=mode,"
            " origin=reversed_origin(shape(weights), origin))"
        ),
        weights=(
            "numpy.flip(window_sum_vjp_weights(g, require_floats(input), shape(weights), mode=mode,"
            " origin=reversed_origin(shape(weights), origin)))"
        ),
        jvp={
            "input": "scipy.ndimage.convolve(input_dot, weights, mode=mode, origin=origin)",
            "weights": (
                "scipy.ndimage.convolve(require_floats(input), weights_dot, mode=mode, origin=origin)"
            ),
        },
        only={"output": (None,), "mode": _BORDERS_TOO, "cval": (0.0, 0)},
        result=sampling_results.filtered,
    ),
    general(
        'scipy.ndimage.uniform_filter(input, size=3, output=None, mode="reflect", cval=0.0,'
        " origin=0, *, axes=None)",
        input=(
            "window_sum_vjp_x(g, box(size, numpy.ndim(input), axes=axes), shape(input),"
            " mode=mode, origin=box_origin(origin, numpy.ndim(input), axes=axes))"
        ),
        jvp=(
            "scipy.ndimage.uniform_filter(input_dot, size=size, mode=mode, origin=origin,"
            " axes=axes)"
        ),
        only={"output": (None,), "mode": _BORDERS_TOO},
        result=sampling_results.filtered,
    ),
    general(
        'scipy.ndimage.gaussian_filter(input, sigma, order=0, output=None, mode="reflect",'
        " cval=0.0, truncate=4.0, *, radius=None, axes=None)",
        input=variants(
            (
                given(mode="reflect"),
                "scipy.ndimage.gaussian_filter(g, sigma, truncate=truncate, radius=radius,"
                " axes=axes)",
            ),
            otherwise=(
                "window_sum_vjp_x(g, bell(sigma, numpy.ndim(input), truncate=truncate,"
                " radius=radius, axes=axes), shape(input), mode=mode)"
            ),
        ),
        jvp=(
            "scipy.ndimage.gaussian_filter(input_dot, sigma, mode=mode, truncate=truncate,"
            " radius=radius, axes=axes)"
        ),
        only={"output": (None,), "order": _ORDER_0, "mode": _BORDERS_TOO},
        result=sampling_results.filtered,
    ),
    linear("retrograd.runtime.require_floats(x)", x="g", result=same_in_float),
    multilinear(
        'retrograd.runtime.window_sum(x, weights, mode="reflect", origin=0)',
        x="window_sum_vjp_x(g, weights, shape(x), mode=mode, origin=origin)",
        weights="window_sum_vjp_weights(g, x, shape(weights), mode=mode, origin=origin)",
        result=same_in_float,
    ),
    multilinear(
        'retrograd.runtime.window_sum_vjp_x(x, weights, shape, mode="reflect", origin=0)',
        x="window_sum(g, weights, mode=mode, origin=origin)",
        weights="window_sum_vjp_weights(x, g, shape(weights), mode=mode, origin=origin)",
        result=same_in_float,
    ),
    multilinear(
        'retrograd.runtime.window_sum_vjp_weights(x, y, shape, mode="reflect", origin=0)',
        x="window_sum(y, g, mode=mode, origin=origin)",
        y="window_sum_vjp_x(x, g, shape(y), mode=mode, origin=origin)",
        result=sampling_results.some_floats,
    ),
    inactive(
        "retrograd.runtime.reversed_origin(window, origin=0)",
        "retrograd.runtime.box_origin(origin, rank, axes=None)",
        result=sampling_results.whole_numbers,
    ),
    inactive(
        "retrograd.runtime.box(size, rank, axes=None)",
        "retrograd.runtime.bell(sigma, rank, truncate=4.0, radius=None, axes=None)",
        result=sampling_results.some_floats,
    ),
    # ---- cosine transforms
    *(
        linear(
            f"scipy.fft.{name}(x, type=2, n=None, axis=-1, norm=None, overwrite_x=False,"
            " workers=None, orthogonalize=None)",
            x=variants(
                (_is_orthogonal, f'scipy.fft.{back}(g, type=type, axis=axis, norm="ortho")'),
                *_transposed(name),
                otherwise=(
                    f"transposed_along(scipy.fft.{name}(numpy.eye(shape(x)[axis]), type=type,"
                    " axis=0, norm=norm, orthogonalize=orthogonalize), g, axis)"
                ),
            ),
            only={"n": (None,), "overwrite_x": (False,)},
            result=same_in_float,
        )
        for name, back in (("dct", "idct"), ("idct", "dct"), ("dst", "idst"), ("idst", "dst"))
    ),
    # ---- distances
    general(
        'scipy.spatial.distance.cdist(XA, XB, metric="euclidean", *, p=2.0)',
        XA="cdist_vjp(g, XA, XB, out, metric=metric, p=p)",
        XB="cdist_vjp(g.T, XB, XA, out.T, metric=metric, p=p)",
        jvp={
            "XA": "cdist_jvp(XA_dot, XA, XB, out, metric=metric, p=p)",
            "XB": "cdist_jvp(XB_dot, XB, XA, out.T, metric=metric, p=p).T",
        },
        only={"metric": (*_METRICS, "cosine")},
        kink=_TIES,
        result=sampling_results.distances,
    ),
    general(
        'scipy.spatial.distance.pdist(X, metric="euclidean", *, p=2.0)',
        X="pdist_vjp(g, X, out, pairs, metric=metric, p=p)",
        jvp="pdist_jvp(X_dot, X, out, pairs, metric=metric, p=p)",
        let={"pairs": "numpy.triu_indices(shape(X)[0], 1)"},
        only={"metric": (*_METRICS, "cosine")},
        kink=_TIES,
        result=sampling_results.some_vector,
    ),
    inactive("numpy.triu_indices(n, k=0, m=None)", result=sampling_results.two_places),
    inactive("numpy.tril_indices(n, k=0, m=None)", result=sampling_results.two_places),
)
