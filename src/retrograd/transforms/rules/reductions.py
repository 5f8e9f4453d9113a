"""Sums, means, extremes and running sums.

`lift(v)` is a result-shaped `v` made to broadcast against the operand (the reduced axes put back
with extent 1), `count(a)` the number of elements that went into one element of the result.
"""

from typing import Final

from retrograd.transforms.ir.kinds import BOOL, Array, Other
from retrograd.transforms.rules.arithmetic import TIES
from retrograd.transforms.rules.kinds import general, inactive, linear
from retrograd.transforms.rules.results import (
    COMPLEX_TYPES,
    FLOAT_TYPES,
    accumulated,
    always,
    begun,
    places,
    reduced,
    summed,
)
from retrograd.transforms.rules.rule import (
    Rule,
    Site,
    both,
    complex_operands,
    given,
    scalars,
    variants,
)

_CENTRED: Final = variants(
    (given(axis=None), "(a - numpy.mean(a))"),
    otherwise="(a - numpy.mean(a, axis=axis, keepdims=True))",
)
#: Which elements count where `where=` leaves some out, and how many of them there are.
_COUNTED: Final = {
    "counted": "numpy.broadcast_to(where, shape(a))",
    "number": "numpy.count_nonzero(counted, axis=axis, keepdims=keepdims)",
}
_CENTRED_COUNTED: Final = (
    "numpy.where(counted, a - numpy.mean(a, axis=axis, keepdims=True, where=where), 0.0)"
)
#: How the squares of the distances from the mean grow with an element, and with all.
_SPREAD: Final = {
    "away": variants((complex_operands, "numpy.conj(centred)"), otherwise="centred"),
    "change": variants(
        (complex_operands, "numpy.real(numpy.conj(centred) * a_dot)"), otherwise="centred * a_dot"
    ),
}
_FREEDOM: Final = variants((given(ddof=0), "count(a)"), otherwise="(count(a) - ddof)")
EXTREME: Final = variants(
    (scalars("a"), "g"),
    (given(axis=None), "numpy.where(a == out, g / numpy.count_nonzero(a == out), 0.0)"),
    otherwise="numpy.where(a == lift(out), lift(g) / ties, 0.0)",
)
EXTREME_JVP: Final = (
    "numpy.sum(numpy.where(a == lift(out), a_dot, 0.0), axis=axis, keepdims=keepdims)"
    " / numpy.count_nonzero(a == lift(out), axis=axis, keepdims=keepdims)"
)
EXTREME_LET: Final = {"ties": "numpy.count_nonzero(a == lift(out), axis=axis, keepdims=True)"}
#: A `dtype` may say how exactly to add, but not that fractions are cut off.
FLOATS: Final = {"dtype": (None, *FLOAT_TYPES)}
NUMBERS: Final = {"dtype": (None, *FLOAT_TYPES, *COMPLEX_TYPES)}


def _one_axis(site: Site) -> bool:
    return site.rank("a") == 1


RULES: Final[tuple[Rule, ...]] = (
    linear(
        "numpy.sum(a, axis=None, dtype=None, *, keepdims=False, initial=0.0, where=True)",
        a=variants(
            (both(scalars("a"), given(where=True)), "g"),
            (scalars("a"), "numpy.where(where, g, 0.0)"),
            (given(where=True), "spread(lift(g), shape(a))"),
            otherwise="numpy.where(numpy.broadcast_to(where, shape(a)), lift(g), 0.0)",
        ),
        initial="numpy.sum(g)",
        only=NUMBERS,
        result=begun(summed, 0.0),
    ),
    linear(
        "numpy.mean(a, axis=None, dtype=None, *, keepdims=False)",
        a=variants((scalars("a"), "g"), otherwise="spread(lift(g) / count(a), shape(a))"),
        only=NUMBERS,
        result=reduced("float"),
    ),
    general(
        "numpy.mean(a, axis=None, dtype=None, *, keepdims=False, where)",
        a="numpy.where(counted, lift(g / number), 0.0)",
        jvp=("numpy.sum(numpy.where(counted, a_dot, 0.0), axis=axis, keepdims=keepdims) / number"),
        let=_COUNTED,
        only=FLOATS,
        result=reduced("float"),
    ),
    general(
        "numpy.prod(a, axis=None, dtype=None, *, keepdims=False)",
        a=variants((scalars("a"), "g"), otherwise="lift(g) * prod_of_others(a, axis=axis)"),
        jvp="numpy.sum(prod_of_others(a, axis=axis) * a_dot, axis=axis, keepdims=keepdims)",
        only=FLOATS,
        result=summed,
    ),
    general(
        "numpy.prod(a, axis=None, dtype=None, *, keepdims=False, initial=1.0, where=True)",
        a="numpy.where(counted, lift(g) * initial * prod_of_others(kept, axis=axis), 0.0)",
        initial="numpy.sum(g * numpy.prod(kept, axis=axis, keepdims=keepdims))",
        jvp={
            "a": (
                "initial * numpy.sum(numpy.where(counted, prod_of_others(kept, axis=axis) * a_dot,"
                " 0.0), axis=axis, keepdims=keepdims)"
            ),
            "initial": "initial_dot * numpy.prod(kept, axis=axis, keepdims=keepdims)",
        },
        let={**_COUNTED, "kept": "numpy.where(counted, a, 1.0)"},
        only=FLOATS,
        result=begun(summed, 1.0),
    ),
    general(
        "numpy.max(a, axis=None, *, keepdims=False)",
        a=EXTREME,
        jvp=EXTREME_JVP,
        let=EXTREME_LET,
        kink=TIES,
        result=reduced(),
        also=(
            "numpy.amax(a, axis=None, *, keepdims=False)",
            "numpy.min(a, axis=None, *, keepdims=False)",
            "numpy.amin(a, axis=None, *, keepdims=False)",
        ),
    ),
    general(
        "numpy.max(a, axis=None, *, keepdims=False, initial, where=True)",
        a="numpy.where(hit, lift(g / ties), 0.0)",
        initial="numpy.sum(numpy.where(out == initial, g / ties, 0.0))",
        jvp={
            "a": "numpy.sum(numpy.where(hit, a_dot, 0.0), axis=axis, keepdims=keepdims) / ties",
            "initial": "numpy.where(out == initial, initial_dot / ties, 0.0)",
        },
        let={
            "hit": variants(
                (given(where=True), "(a == lift(out))"), otherwise="((a == lift(out)) & where)"
            ),
            "ties": "(numpy.count_nonzero(hit, axis=axis, keepdims=keepdims) + (out == initial))",
        },
        kink=TIES,
        result=begun(reduced(), None),
        also=(
            "numpy.amax(a, axis=None, *, keepdims=False, initial, where=True)",
            "numpy.min(a, axis=None, *, keepdims=False, initial, where=True)",
            "numpy.amin(a, axis=None, *, keepdims=False, initial, where=True)",
        ),
    ),
    general(
        "numpy.var(a, axis=None, dtype=None, *, ddof=0, keepdims=False)",
        a="2.0 * lift(g) * away / freedom",
        jvp="2.0 * numpy.sum(change, axis=axis, keepdims=keepdims) / freedom",
        let={**_SPREAD, "centred": _CENTRED, "freedom": _FREEDOM},
        only=FLOATS,
        result=reduced("float"),
    ),
    general(
        "numpy.std(a, axis=None, dtype=None, *, ddof=0, keepdims=False)",
        a="lift(g) * away / (freedom * lift(numpy.where(out == 0.0, 1.0, out)))",
        jvp=(
            "numpy.sum(change, axis=axis, keepdims=keepdims)"
            " / (freedom * numpy.where(out == 0.0, 1.0, out))"
        ),
        let={**_SPREAD, "centred": _CENTRED, "freedom": _FREEDOM},
        only=FLOATS,
        kink="0 where all elements are equal",
        result=reduced("float"),
    ),
    general(
        "numpy.var(a, axis=None, dtype=None, *, ddof=0, keepdims=False, where)",
        a="2.0 * lift(g / (number - ddof)) * away",
        jvp=("2.0 * numpy.sum(change, axis=axis, keepdims=keepdims) / (number - ddof)"),
        let={**_SPREAD, **_COUNTED, "centred": _CENTRED_COUNTED},
        only=FLOATS,
        result=reduced("float"),
    ),
    general(
        "numpy.std(a, axis=None, dtype=None, *, ddof=0, keepdims=False, where)",
        a="lift(g / ((number - ddof) * numpy.where(out == 0.0, 1.0, out))) * away",
        jvp=(
            "numpy.sum(change, axis=axis, keepdims=keepdims)"
            " / ((number - ddof) * numpy.where(out == 0.0, 1.0, out))"
        ),
        let={**_SPREAD, **_COUNTED, "centred": _CENTRED_COUNTED},
        only=FLOATS,
        kink="0 where all elements are equal",
        result=reduced("float"),
    ),
    linear(
        "numpy.cumsum(a, axis=None, dtype=None)",
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
        only=NUMBERS,
        result=accumulated,
    ),
    general(
        "numpy.cumprod(a, axis=None, dtype=None)",
        a="cumprod_vjp(g, a, axis=axis)",
        jvp="cumprod_jvp(a, a_dot, axis=axis)",
        only=FLOATS,
        result=accumulated,
    ),
    linear(
        "numpy.cumulative_sum(x, /, *, axis=None, dtype=None, include_initial=False)",
        x=variants(
            (scalars("x"), "numpy.sum(g)"),
            otherwise="numpy.flip(numpy.cumsum(numpy.flip(g, axis), axis), axis)",
        ),
        only={**FLOATS, "include_initial": (False,)},
        result=accumulated,
    ),
    general(
        "numpy.cumulative_prod(x, /, *, axis=None, dtype=None, include_initial=False)",
        x="cumprod_vjp(g, x, axis=axis)",
        jvp="cumprod_jvp(x, x_dot, axis=axis)",
        only={**FLOATS, "include_initial": (False,)},
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
    inactive(
        'numpy.searchsorted(a, v, side="left", sorter=None)', result=always(Array("int", None))
    ),
    inactive("numpy.result_type(*arrays_and_dtypes)", result=always(Other("dtype"))),
    inactive(
        "numpy.allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False)",
        "numpy.array_equal(a1, a2, equal_nan=False)",
        "numpy.array_equiv(a1, a2)",
        "numpy.iscomplexobj(x)",
        "numpy.isscalar(element)",
        result=always(BOOL),
    ),
)
