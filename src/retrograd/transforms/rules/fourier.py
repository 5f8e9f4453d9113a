"""Discrete Fourier transforms, of ``numpy.fft`` and ``scipy.fft``.

The matrix of a transform is symmetric, so that a complex one is its own VJP; padding and cropping
change places. A transform of real numbers (``rfft``, ``ihfft``) has half of the spectrum as its
value: its VJP is the full transform of a spectrum whose other half is zero. One with real values
(``irfft``, ``hfft``) takes each number of its half spectrum twice, but for those at frequency 0 and
at half the sampling rate, so that its VJP doubles the others.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from retrograd.transforms.ir.kinds import (
    ANY,
    INT,
    MANY,
    ONE,
    UNKNOWN,
    Array,
    Dim,
    DType,
    Kind,
    Sequence,
)
from retrograd.transforms.rules.kinds import general, inactive, linear
from retrograd.transforms.rules.results import ResultKind, always, as_array, itself
from retrograd.transforms.rules.rule import Formula, Rule, Site, complex_operands, given, variants


def _transformed(dtype: DType, extent: Callable[[Dim], Dim] = lambda dim: dim) -> ResultKind:
    """An array in `dtype` of the rank of the first operand; `extent` changes that of the last axis."""

    def result(site: Site) -> Kind:
        array = as_array(next(iter(site.kinds.values())))
        if array is None or array.dims is None:
            return Array(dtype, None)
        rank = len(array.dims)
        one = "n" in site.bound.operands
        told, axes = site.constant("n" if one else "s"), site.constant("axis" if one else "axes")
        if axes is None:
            axes = tuple(range(rank))
        taken = axes if isinstance(axes, tuple) else (axes,)
        if told is not None or not all(isinstance(k, int) and -rank <= k < rank for k in taken):
            return Array(dtype, (ANY,) * rank)
        dims = list(array.dims)
        dims[taken[-1]] = extent(dims[taken[-1]])
        return Array(dtype, tuple(dims))

    return result


def _half(dim: Dim) -> Dim:
    """The frequencies that `dim` real numbers have: one for one, several for more."""
    return dim if dim in (ONE, MANY) else ANY


def _twice(dim: Dim) -> Dim:
    """How many real numbers ``dim`` frequencies stand for: none for one, several for more."""
    return MANY if dim in (ONE, MANY) else ANY


def _shifted(site: Site) -> Kind:
    array = as_array(next(iter(site.kinds.values())))
    return UNKNOWN if array is None else Array(array.dtype, array.dims)


def _of_shape(dtype: DType) -> ResultKind:
    """An array in `dtype` of the shape that the argument `shape` tells."""

    def result(site: Site) -> Kind:
        match site.kind("shape"):
            case Sequence(items=tuple() as items):
                return Array(dtype, (ANY,) * len(items))
            case _:
                return Array(dtype, None)

    return result


def _resized(site: Site) -> Kind:
    array = as_array(site.kind("x"))
    return UNKNOWN if array is None or array.dtype is None else _of_shape(array.dtype)(site)


#: What the operand is called, and further arguments, which say how a transform is computed.
_LIBRARIES: Final[Mapping[str, tuple[str, str, Mapping[str, tuple[object, ...]]]]] = {
    "numpy.fft": ("a", "out=None", {"out": (None,)}),
    "scipy.fft": (
        "x",
        "overwrite_x=False, workers=None, *, plan=None",
        {"overwrite_x": (False,), "plan": (None,)},
    ),
}


def _rules(library: str) -> Iterator[Rule]:
    """The transforms of `library`."""
    a, rest, only = _LIBRARIES[library]

    def rule(name: str, where: str, result: ResultKind, whole: str, resized: str = "") -> Rule:
        """The VJP is `whole`, or `resized` in the shape of the operand, where a length is told."""
        told = "n" if where.startswith("axis=") else "s"
        header = f"{library}.{name}({a}, {told}=None, {where}, norm=None, {rest})"
        in_shape = f"resized({resized}, shape({a}))"
        vjp: Formula = whole
        if resized:
            vjp = variants((given(**{told: None}), whole), otherwise=in_shape)
        elif result is real:
            vjp = variants((complex_operands, whole), otherwise=f"numpy.real({whole})")
        return linear(header, result=result, only=only, **{a: vjp})  # type: ignore[arg-type]

    one, every, two = "axis=-1", "axes=None", "axes=(-2, -1)"
    spectrum = _transformed("complex")
    half, real = _transformed("complex", _half), _transformed("float", _twice)
    for name in ("fft", "ifft"):
        text = f"{library}.{name}(g, axis=axis, norm=norm)"
        yield rule(name, one, spectrum, text, text)
    for name, where in (("fftn", every), ("ifftn", every), ("fft2", two), ("ifft2", two)):
        text = f"{library}.{name}(g, axes=axes, norm=norm)"
        yield rule(name, where, spectrum, text, text.replace("(g,", "(g, s=s,"))
    for name, full in (("rfft", "fft"), ("ihfft", "ifft")):
        text = f"numpy.real({library}.{full}(g, LENGTH, axis=axis, norm=norm))"
        own = text.replace("LENGTH", f"shape({a})[axis]")
        yield rule(name, one, half, own, text.replace("LENGTH", "n"))
    for name, back in (("irfft", "ihfft"), ("hfft", "rfft")):
        text = f"half_doubled({library}.{back}(g, axis=axis, norm=norm), shape(out)[axis], axis)"
        yield rule(name, one, real, f"resized({text}, shape({a}))")
    further = library == "scipy.fft"
    for name, where, full in (
        *(("rfftn", every, "fftn"), ("rfft2", two, "fftn")),
        *((("ihfftn", every, "ifftn"), ("ihfft2", two, "ifftn")) if further else ()),
    ):
        extents = f"transformed_extents(shape({a}), s, axes)"
        axes = f"transformed_axes(shape({a}), s, axes)" if where == every else "axes"
        text = f"numpy.real({library}.{full}(g, {extents}, {axes}, norm=norm))"
        yield rule(name, where, half, text, text)
    for name, where in (
        *(("irfftn", every), ("irfft2", two)),
        *((("hfftn", every), ("hfft2", two)) if further else ()),
    ):
        helper = "hfftn_vjp" if name.startswith("h") else "irfftn_vjp"
        yield rule(name, where, real, f"{helper}(g, shape({a}), s, axes, norm)")
    for name, back in (("fftshift", "ifftshift"), ("ifftshift", "fftshift")):
        yield linear(
            f"{library}.{name}(x, axes=None)", x=f"{library}.{back}(g, axes=axes)", result=_shifted
        )


_EXTENTS: Final = always(Sequence("tuple", None, INT))

RULES: Final[tuple[Rule, ...]] = (
    *_rules("numpy.fft"),
    *_rules("scipy.fft"),
    general(
        "numpy.fft.fftfreq(n, d=1.0, device=None)",
        d="-numpy.sum(g * out) / d",
        jvp="-out * d_dot / d",
        result=always(Array("float", (ANY,))),
        also=(
            "numpy.fft.rfftfreq(n, d=1.0, device=None)",
            "scipy.fft.fftfreq(n, d=1.0, *, xp=None, device=None)",
            "scipy.fft.rfftfreq(n, d=1.0, *, xp=None, device=None)",
        ),
    ),
    # ---- helpers of generated code
    linear("retrograd.runtime.resized(x, shape)", x="resized(g, shape(x))", result=_resized),
    linear(
        "retrograd.runtime.half_doubled(x, n, axis)",
        x="half_doubled(g, n, axis)",
        result=itself,
    ),
    linear(
        "retrograd.runtime.irfftn_vjp(x, shape, s, axes, norm)",
        x="numpy.fft.irfftn(g, transformed_extents(shape(x), s, axes),"
        " transformed_axes(shape, s, axes), norm=norm)",
        result=_of_shape("complex"),
    ),
    linear(
        "retrograd.runtime.hfftn_vjp(x, shape, s, axes, norm)",
        x="scipy.fft.hfftn(g, transformed_extents(shape(x), s, axes),"
        " transformed_axes(shape, s, axes), norm=norm)",
        result=_of_shape("complex"),
    ),
    inactive(
        "retrograd.runtime.transformed_extents(shape, s, axes)",
        "retrograd.runtime.transformed_axes(shape, s, axes)",
        result=_EXTENTS,
    ),
)
