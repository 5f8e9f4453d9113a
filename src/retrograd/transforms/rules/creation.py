"""Functions that make arrays, of nothing or of what they are given.

`dtype=` is accepted where it names floats or complex numbers, or where nothing is differentiated. `order=` and `copy=`
change how an array lies in memory, not its values.
"""

from typing import Final

from retrograd.transforms.rules import results, shape_results
from retrograd.transforms.rules.kinds import general, inactive, linear
from retrograd.transforms.rules.results import BOOL_TYPES, COMPLEX_TYPES, FLOAT_TYPES, INT_TYPES
from retrograd.transforms.rules.rule import Rule, both, is_array, scalars, variants

_NUMBERS: Final = {"dtype": (None, *FLOAT_TYPES, *COMPLEX_TYPES)}
_WHOLE: Final = {"dtype": (*INT_TYPES, *BOOL_TYPES)}
#: How much both ends of a row of spaced numbers count in each of them.
_SHARES: Final = {
    "down": "numpy.linspace(1.0, 0.0, num, endpoint=endpoint)",
    "up": "numpy.linspace(0.0, 1.0, num, endpoint=endpoint)",
}

RULES: Final[tuple[Rule, ...]] = (
    # ---- of values
    linear(
        'numpy.array(object, dtype=None, *, copy=True, order="K")',
        object="g",
        only=_NUMBERS,
        result=results.converted,
    ),
    linear(
        "numpy.asarray(a, dtype=None, order=None, *, copy=None)",
        a="g",
        only=_NUMBERS,
        result=results.converted,
    ),
    linear(
        "numpy.ascontiguousarray(a, dtype=None)",
        a="g",
        only=_NUMBERS,
        result=results.converted,
        also=("numpy.asfortranarray(a, dtype=None)", "numpy.asanyarray(a, dtype=None)"),
    ),
    linear('numpy.copy(a, order="K")', a="g", result=results.converted),
    linear("retrograd.runtime.copied(x)", x="g", result=results.itself),
    linear("copy.deepcopy(x)", x="g", result=results.itself),
    linear(
        "numpy.astype(x, dtype, *, copy=True)",
        x="g",
        only={"dtype": (*FLOAT_TYPES, *COMPLEX_TYPES)},
        result=results.converted,
    ),
    linear(
        'numpy.full(shape, fill_value, dtype=None, order="C")',
        fill_value=variants(
            (scalars("fill_value"), "numpy.sum(g)"), otherwise="unbroadcast(g, fill_value)"
        ),
        only=_NUMBERS,
        result=shape_results.shaped(operand="fill_value"),
    ),
    linear(
        'numpy.full_like(a, fill_value, dtype=None, order="K")',
        a="0.0",
        fill_value=variants(
            (scalars("fill_value"), "numpy.sum(g)"), otherwise="unbroadcast(g, fill_value)"
        ),
        only=_NUMBERS,
        result=results.like("a"),
    ),
    linear(
        "numpy.linspace(start, stop, num=50, endpoint=True)",
        start=variants(
            (
                both(scalars("start"), scalars("stop")),
                "numpy.linspace(1.0, 0.0, num, endpoint=endpoint) @ g",
            ),
            otherwise=(
                "unbroadcast("
                "numpy.tensordot(numpy.linspace(1.0, 0.0, num, endpoint=endpoint), g, 1), start)"
            ),
        ),
        stop=variants(
            (
                both(scalars("start"), scalars("stop")),
                "numpy.linspace(0.0, 1.0, num, endpoint=endpoint) @ g",
            ),
            otherwise=(
                "unbroadcast("
                "numpy.tensordot(numpy.linspace(0.0, 1.0, num, endpoint=endpoint), g, 1), stop)"
            ),
        ),
        result=shape_results.spaced,
    ),
    general(
        "numpy.logspace(start, stop, num=50, endpoint=True, base=10.0)",
        start="unbroadcast(numpy.tensordot(down, g * out * numpy.log(base), 1), start)",
        stop="unbroadcast(numpy.tensordot(up, g * out * numpy.log(base), 1), stop)",
        jvp={
            "start": "numpy.multiply.outer(down, spread(start_dot, numpy.shape(out)[1:])) * out * numpy.log(base)",
            "stop": "numpy.multiply.outer(up, spread(stop_dot, numpy.shape(out)[1:])) * out * numpy.log(base)",
        },
        let=_SHARES,
        result=shape_results.spaced,
    ),
    general(
        "numpy.geomspace(start, stop, num=50, endpoint=True)",
        start="unbroadcast(numpy.tensordot(down, g * out, 1) / start, start)",
        stop="unbroadcast(numpy.tensordot(up, g * out, 1) / stop, stop)",
        jvp={
            "start": "numpy.multiply.outer(down, spread(start_dot / start, numpy.shape(out)[1:])) * out",
            "stop": "numpy.multiply.outer(up, spread(stop_dot / stop, numpy.shape(out)[1:])) * out",
        },
        let=_SHARES,
        result=shape_results.spaced,
    ),
    # ---- the same value, as if it depended on nothing
    inactive(
        "retrograd.stop_gradient(x)",
        "retrograd.api.stop_gradient(x)",
        result=lambda site: site.kind("x"),
        note="zero by request",
    ),
    # ---- numbers of NumPy, arrays as Python numbers
    linear(
        "numpy.float64(x)",
        x=variants((scalars("x"), "g"), (is_array("x"), "g"), otherwise="unbroadcast(g, x)"),
        result=results.as_float,
        also=("numpy.float32(x)", "numpy.double(x)", "numpy.single(x)"),
    ),
    linear(
        "retrograd.runtime.item(a)",
        a=variants((scalars("a"), "g"), otherwise="spread(g, shape(a))"),
        result=results.only_item,
    ),
    linear(
        "retrograd.runtime.tolist(a)",
        a=variants((scalars("a"), "g"), otherwise="numpy.reshape(g, shape(a))"),
        result=results.listed,
    ),
    # ---- rounded to whole numbers: steps
    inactive(
        'numpy.array(object, dtype, *, copy=True, order="K")',
        "numpy.asarray(a, dtype, order=None, *, copy=None)",
        "numpy.ascontiguousarray(a, dtype)",
        "numpy.asfortranarray(a, dtype)",
        "numpy.asanyarray(a, dtype)",
        "numpy.astype(x, dtype, *, copy=True)",
        only=_WHOLE,
        result=results.converted,
    ),
    inactive(
        'numpy.full(shape, fill_value, dtype, order="C")',
        only=_WHOLE,
        result=shape_results.shaped(),
    ),
    inactive(
        'numpy.full_like(a, fill_value, dtype, order="K")', only=_WHOLE, result=results.like("a")
    ),
    # ---- of shapes and whole numbers
    inactive(
        'numpy.zeros(shape, dtype=float, order="C")',
        'numpy.ones(shape, dtype=None, order="C")',
        'numpy.empty(shape, dtype=float, order="C")',
        result=shape_results.shaped("float"),
    ),
    inactive(
        'numpy.zeros_like(a, dtype=None, order="K")',
        'numpy.ones_like(a, dtype=None, order="K")',
        'numpy.empty_like(a, dtype=None, order="K")',
        result=results.like("a"),
    ),
    inactive(
        'numpy.eye(N, M=None, k=0, dtype=float, order="C")',
        result=shape_results.unit_matrix("N", "M"),
    ),
    inactive("numpy.identity(n, dtype=None)", result=shape_results.unit_matrix("n", "n")),
    # the number of elements may depend on the arguments: no derivative is written down
    general("numpy.arange(start, /, *, dtype=None)", result=shape_results.arranged),
    general("numpy.arange(start, stop, step=1, dtype=None)", result=shape_results.arranged),
)
