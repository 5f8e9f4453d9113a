"""Sums, means, extremes and running sums that leave nan out: what is nan gets the derivative 0."""

from collections.abc import Mapping
from typing import Final

from retrograd.transforms.rules.arithmetic import TIES
from retrograd.transforms.rules.kinds import elementwise, general
from retrograd.transforms.rules.reductions import EXTREME, EXTREME_JVP, EXTREME_LET, FLOATS
from retrograd.transforms.rules.results import accumulated, reduced, same, summed
from retrograd.transforms.rules.rule import Formula, Rule, given, scalars, variants

_NUMBER: Final = "numpy.count_nonzero(~numpy.isnan(a), axis=axis, keepdims=keepdims)"
_ONES: Final = "numpy.where(numpy.isnan(a), 1.0, a)"
_CENTRED: Final = variants(
    (given(axis=None), "numpy.where(numpy.isnan(a), 0.0, a - numpy.nanmean(a))"),
    otherwise="numpy.where(numpy.isnan(a), 0.0, a - numpy.nanmean(a, axis=axis, keepdims=True))",
)
_FREEDOM: Final = variants((given(ddof=0), "number"), otherwise="(number - ddof)")
_SPREAD: Final[Mapping[str, Formula]] = {
    "number": _NUMBER,
    "centred": _CENTRED,
    "freedom": _FREEDOM,
}

RULES: Final[tuple[Rule, ...]] = (
    general(
        "numpy.nansum(a, axis=None, dtype=None, *, keepdims=False)",
        a="numpy.where(numpy.isnan(a), 0.0, lift(g))",
        jvp=("numpy.sum(numpy.where(numpy.isnan(a), 0.0, a_dot), axis=axis, keepdims=keepdims)"),
        only=FLOATS,
        result=summed,
    ),
    general(
        "numpy.nanmean(a, axis=None, dtype=None, *, keepdims=False)",
        a=variants(
            (scalars("a"), "numpy.where(numpy.isnan(a), 0.0, g)"),
            otherwise="numpy.where(numpy.isnan(a), 0.0, lift(g / number))",
        ),
        jvp=(
            "numpy.sum(numpy.where(numpy.isnan(a), 0.0, a_dot), axis=axis, keepdims=keepdims)"
            " / number"
        ),
        let={"number": _NUMBER},
        only=FLOATS,
        result=reduced("float"),
    ),
    general(
        "numpy.nanprod(a, axis=None, dtype=None, *, keepdims=False)",
        a=variants(
            (scalars("a"), "numpy.where(numpy.isnan(a), 0.0, g)"),
            otherwise=(
                "numpy.where(numpy.isnan(a), 0.0, lift(g) * prod_of_others(ones, axis=axis))"
            ),
        ),
        jvp=(
            "numpy.sum(numpy.where(numpy.isnan(a), 0.0, prod_of_others(ones, axis=axis) * a_dot),"
            " axis=axis, keepdims=keepdims)"
        ),
        let={"ones": _ONES},
        only=FLOATS,
        result=summed,
    ),
    general(
        "numpy.nanmax(a, axis=None, *, keepdims=False)",
        a=EXTREME,
        jvp=EXTREME_JVP,
        let=EXTREME_LET,
        kink=TIES,
        result=reduced(),
        also="numpy.nanmin(a, axis=None, *, keepdims=False)",
    ),
    general(
        "numpy.nanvar(a, axis=None, dtype=None, *, ddof=0, keepdims=False)",
        a="2.0 * lift(g / freedom) * centred",
        jvp=(
            "2.0 * numpy.sum(centred * numpy.where(numpy.isnan(a), 0.0, a_dot), axis=axis,"
            " keepdims=keepdims) / freedom"
        ),
        let=_SPREAD,
        only=FLOATS,
        result=reduced("float"),
    ),
    general(
        "numpy.nanstd(a, axis=None, dtype=None, *, ddof=0, keepdims=False)",
        a="lift(g / (freedom * numpy.where(out == 0.0, 1.0, out))) * centred",
        jvp=(
            "numpy.sum(centred * numpy.where(numpy.isnan(a), 0.0, a_dot), axis=axis,"
            " keepdims=keepdims) / (freedom * numpy.where(out == 0.0, 1.0, out))"
        ),
        let=_SPREAD,
        only=FLOATS,
        kink="0 where all elements are equal",
        result=reduced("float"),
    ),
    general(
        "numpy.nancumsum(a, axis=None, dtype=None)",
        a=(
            "numpy.where(numpy.isnan(a), 0.0, numpy.reshape("
            "numpy.flip(numpy.cumsum(numpy.flip(g, axis), axis), axis), shape(a)))"
        ),
        jvp="numpy.cumsum(numpy.where(numpy.isnan(a), 0.0, a_dot), axis=axis)",
        only=FLOATS,
        result=accumulated,
    ),
    general(
        "numpy.nancumprod(a, axis=None, dtype=None)",
        a="numpy.where(numpy.isnan(a), 0.0, cumprod_vjp(g, ones, axis=axis))",
        jvp="cumprod_jvp(ones, numpy.where(numpy.isnan(a), 0.0, a_dot), axis=axis)",
        let={"ones": _ONES},
        only=FLOATS,
        result=accumulated,
    ),
    elementwise(
        "numpy.nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None)",
        x="numpy.where(numpy.isfinite(x), 1.0, 0.0)",
        only={"copy": (True,)},
        kink="0 at what is replaced",
        result=same("x"),
    ),
)
