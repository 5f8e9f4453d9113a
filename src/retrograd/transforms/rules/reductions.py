"""Sums, means, extremes and running sums.

`lift(v)` is a result-shaped `v` made to broadcast against the operand (the reduced axes put back
with extent 1), `count(a)` the number of elements that went into one element of the result.
"""

from typing import Final

from retrograd.transforms.ir.kinds import BOOL, UNKNOWN
from retrograd.transforms.rules.arithmetic import TIES
from retrograd.transforms.rules.kinds import general, inactive, linear
from retrograd.transforms.rules.results import accumulated, always, places, reduced, summed
from retrograd.transforms.rules.rule import Rule, Site, given, scalars, variants

_CENTRED: Final = variants(
    (given(axis=None), "(a - numpy.mean(a))"),
    otherwise="(a - numpy.mean(a, axis=axis, keepdims=True))",
)
_FREEDOM: Final = variants((given(ddof=0), "count(a)"), otherwise="(count(a) - ddof)")
_EXTREME: Final = variants(
    (scalars("a"), "g"),
    (given(axis=None), "numpy.where(a == out, g / numpy.count_nonzero(a == out), 0.0)"),
    otherwise="numpy.where(a == lift(out), lift(g) / ties, 0.0)",
)


def _one_axis(site: Site) -> bool:
    return site.rank("a") == 1


RULES: Final[tuple[Rule, ...]] = (
    linear(
        "numpy.sum(a, axis=None, *, keepdims=False)",
        a=variants((scalars("a"), "g"), otherwise="spread(lift(g), shape(a))"),
        result=summed,
    ),
    linear(
        "numpy.mean(a, axis=None, *, keepdims=False)",
        a=variants((scalars("a"), "g"), otherwise="spread(lift(g) / count(a), shape(a))"),
        result=reduced("float"),
    ),
    general(
        "numpy.prod(a, axis=None, *, keepdims=False)",
        a=variants((scalars("a"), "g"), otherwise="lift(g) * prod_of_others(a, axis=axis)"),
        jvp="numpy.sum(prod_of_others(a, axis=axis) * a_dot, axis=axis, keepdims=keepdims)",
        result=summed,
    ),
    general(
        "numpy.max(a, axis=None, *, keepdims=False)",
        a=_EXTREME,
        jvp=(
            "numpy.sum(numpy.where(a == lift(out), a_dot, 0.0), axis=axis, keepdims=keepdims)"
            " / numpy.count_nonzero(a == lift(out), axis=axis, keepdims=keepdims)"
        ),
        let={"ties": "numpy.count_nonzero(a == lift(out), axis=axis, keepdims=True)"},
        note=TIES,
        result=reduced(),
        also=(
            "numpy.amax(a, axis=None, *, keepdims=False)",
            "numpy.min(a, axis=None, *, keepdims=False)",
            "numpy.amin(a, axis=None, *, keepdims=False)",
        ),
    ),
    general(
        "numpy.var(a, axis=None, *, ddof=0, keepdims=False)",
        a="2.0 * lift(g) * centred / freedom",
        jvp="2.0 * numpy.sum(centred * a_dot, axis=axis, keepdims=keepdims) / freedom",
        let={"centred": _CENTRED, "freedom": _FREEDOM},
        result=reduced("float"),
    ),
    general(
        "numpy.std(a, axis=None, *, ddof=0, keepdims=False)",
        a="lift(g) * centred / (freedom * lift(numpy.where(out == 0.0, 1.0, out)))",
        jvp=(
            "numpy.sum(centred * a_dot, axis=axis, keepdims=keepdims)"
            " / (freedom * numpy.where(out == 0.0, 1.0, out))"
        ),
        let={"centred": _CENTRED, "freedom": _FREEDOM},
        note="0 where all elements are equal",
        result=reduced("float"),
    ),
    linear(
        "numpy.cumsum(a, axis=None)",
        a=variants(
            (scalars("a"), "numpy.sum(g)"),
            (_one_axis, "numpy.cumsum(g[::-1])[::-1]"),
            (
                lambda site: isinstance(site.constant("axis"), int),
                "numpy.flip(numpy.cumsum(numpy.flip(g, axis), axis), axis)",
            ),
            otherwise=(
                "numpy.reshape(numpy.flip(numpy.cumsum(numpy.flip(g, axis), axis), axis),"
                " shape(a))"
            ),
        ),
        result=accumulated,
    ),
    general(
        "numpy.cumprod(a, axis=None)",
        a="cumprod_vjp(g, a, axis=axis)",
        jvp="cumprod_jvp(a, a_dot, axis=axis)",
        result=accumulated,
    ),
    inactive(
        "numpy.argmax(a, axis=None, *, keepdims=False)",
        "numpy.argmin(a, axis=None, *, keepdims=False)",
        "numpy.count_nonzero(a, axis=None, *, keepdims=False)",
        result=reduced("int"),
    ),
    inactive(
        "numpy.all(a, axis=None, *, keepdims=False)",
        "numpy.any(a, axis=None, *, keepdims=False)",
        result=reduced("bool"),
    ),
    inactive(
        "numpy.argsort(a, axis=-1, kind=None, *, stable=None)",
        result=places,
    ),
    inactive('numpy.searchsorted(v, a, side="left")', result=always(UNKNOWN)),
    inactive(
        "numpy.allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False)",
        "numpy.array_equal(a1, a2, equal_nan=False)",
        "numpy.isscalar(element)",
        result=always(BOOL),
    ),
)
