"""Functions of rows of numbers: interpolation, differences, the trapezoidal rule, padding."""

from typing import Final

from retrograd.transforms.ir.kinds import UNKNOWN, Array
from retrograd.transforms.rules import interpolation_results as results
from retrograd.transforms.rules.kinds import general, linear, multilinear
from retrograd.transforms.rules.results import always
from retrograd.transforms.rules.rule import Condition, Rule, both, given, is_array, variants
from retrograd.transforms.rules.selection_results import of_rank, vector_of

_EVEN: Final = given(reflect_type="even")


def _mode(*names: str) -> Condition:
    return lambda site: site.constant("mode") in names


def _given(name: str) -> Condition:
    return lambda site: site.constant(name) is not None


_AREA: Final = variants(
    (given(x=None), "numpy.sum(g * numpy.trapezoid(y, axis=axis))"),
    (is_array("x"), "0.0"),
    otherwise="numpy.sum(g * numpy.trapezoid(y, axis=axis)) if x is None else 0.0",
)

RULES: Final[tuple[Rule, ...]] = (
    general(
        "numpy.interp(x, xp, fp, left=None, right=None)",
        x="g * interp_slope(x, xp, fp)",
        xp="-interp_vjp(g * interp_slope(x, xp, fp), x, xp, left, right)",
        fp="interp_vjp(g, x, xp, left=left, right=right)",
        left="numpy.sum(numpy.where(x < xp[0], g, 0.0))",
        right="numpy.sum(numpy.where(x > xp[-1], g, 0.0))",
        jvp={
            "x": "interp_slope(x, xp, fp) * x_dot",
            "xp": "-interp_slope(x, xp, fp) * numpy.interp(x, xp, xp_dot)",
            "fp": variants(
                (given(left=None, right=None), "numpy.interp(x, xp, fp_dot)"),
                (given(right=None), "numpy.interp(x, xp, fp_dot, left=0.0)"),
                (given(left=None), "numpy.interp(x, xp, fp_dot, right=0.0)"),
                otherwise="numpy.interp(x, xp, fp_dot, left=0.0, right=0.0)",
            ),
            "left": "numpy.where(x < xp[0], left_dot, 0.0)",
            "right": "numpy.where(x > xp[-1], right_dot, 0.0)",
        },
        kink="the mean of both slopes at a point of `xp`",
        result=results.interpolated,
    ),
    linear(
        "numpy.gradient(f, *varargs, axis=None, edge_order=1)",
        f="gradient_vjp(g, shape(f), varargs_all, axis, edge_order)",
        result=results.slopes,
    ),
    linear(
        "numpy.ediff1d(ary)",
        ary="numpy.reshape(-numpy.diff(g, prepend=0.0, append=0.0), shape(ary))",
        result=vector_of("ary"),
    ),
    general(
        "numpy.trapezoid(y, x=None, dx=1.0, axis=-1)",
        y="numpy.expand_dims(g, axis) * trapezoid_weights(y, x, dx, axis)",
        x="trapezoid_vjp_x(g, y, x, axis=axis)",
        dx=_AREA,
        jvp={
            "y": "numpy.trapezoid(y_dot, x=x, dx=dx, axis=axis)",
            "x": "numpy.trapezoid(y, x=x_dot, axis=axis)",
            "dx": variants(
                (given(x=None), "dx_dot * numpy.trapezoid(y, axis=axis)"),
                otherwise="dx_dot * numpy.trapezoid(y, axis=axis) * (x is None)",
            ),
        },
        result=results.integrated,
        also="scipy.integrate.trapezoid",
    ),
    general(
        "numpy.unwrap(p, discont=None, axis=-1, *, period=6.283185307179586)",
        p="g",
        jvp="p_dot",
        result=results.unwrapped,
    ),
    general(
        "numpy.pad(array, pad_width, mode='constant', *, constant_values=0, end_values=0,"
        " stat_length=None, reflect_type='even')",
        array=variants(
            (
                _mode("constant"),
                "sum_at(g, numpy.pad(numbered(shape(array)), pad_width, constant_values=-1),"
                " shape(array))",
            ),
            (
                both(_mode("edge", "wrap", "reflect", "symmetric"), _EVEN),
                "sum_at(g, numpy.pad(numbered(shape(array)), pad_width, mode=mode), shape(array))",
            ),
            (_mode("mean"), "pad_vjp(g, shape(array), pad_width, mode, stat_length=stat_length)"),
            (_mode("linear_ramp"), "pad_vjp(g, shape(array), pad_width, mode)"),
            otherwise="pad_vjp(g, shape(array), pad_width, mode, reflect_type=reflect_type)",
        ),
        jvp=(
            "numpy.pad(array_dot, pad_width, mode=mode, stat_length=stat_length,"
            " reflect_type=reflect_type)"
        ),
        only={
            "mode": ("constant", "edge", "linear_ramp", "mean", "reflect", "symmetric", "wrap"),
        },
        result=of_rank("array"),
    ),
    # ---- helpers of generated code
    linear(
        "retrograd.runtime.interp_slope(x, xp, fp)",
        x="0.0",
        fp="interp_slope_vjp(g, x, xp)",
        result=results.interpolated,
    ),
    linear(
        "retrograd.runtime.interp_slope_vjp(g_, x, xp)",
        g_="interp_slope(x, xp, g)",
        x="0.0",
        result=always(Array("float", ("?",))),
    ),
    general(
        "retrograd.runtime.interp_vjp(g_, x, xp, left=None, right=None)",
        g_=variants(
            (given(left=None, right=None), "numpy.interp(x, xp, g)"),
            (given(right=None), "numpy.interp(x, xp, g, left=0.0)"),
            (given(left=None), "numpy.interp(x, xp, g, right=0.0)"),
            otherwise="numpy.interp(x, xp, g, left=0.0, right=0.0)",
        ),
        x="g_ * interp_slope(x, xp, g)",
        jvp={
            "g_": "interp_vjp(g__dot, x, xp, left=left, right=right)",
            "x": "interp_slope_vjp(g_ * x_dot, x, xp)",
        },
        result=always(Array("float", ("?",))),
    ),
    linear(
        "retrograd.runtime.diff_vjp(x, a, n, axis, prepend=None, append=None, part=1)",
        x="diff_of_part(g, a, n, axis, prepend, append, part)",
        a="0.0",
        prepend="0.0",
        append="0.0",
        result=always(UNKNOWN),
    ),
    linear(
        "retrograd.runtime.diff_of_part(x, a, n, axis, prepend=None, append=None, part=1)",
        x="diff_vjp(g, a, n, axis, prepend, append, part)",
        a="0.0",
        prepend="0.0",
        append="0.0",
        result=always(UNKNOWN),
    ),
    linear(
        "retrograd.runtime.gradient_vjp(x, shape, spacing, axis=None, edge_order=1)",
        x="gradient_of(g, spacing, axis, edge_order)",
        result=always(UNKNOWN),
    ),
    linear(
        "retrograd.runtime.gradient_of(f, spacing, axis=None, edge_order=1)",
        f="gradient_vjp(g, shape(f), spacing, axis, edge_order)",
        result=always(UNKNOWN),
    ),
    linear(
        "retrograd.runtime.trapezoid_weights(y, x=None, dx=1.0, axis=-1)",
        y="0.0",
        x="trapezoid_vjp_x(1.0, g, x, axis)",
        dx="numpy.sum(numpy.trapezoid(g, axis=axis))",
        result=always(Array(None, None)),
    ),
    multilinear(
        "retrograd.runtime.trapezoid_vjp_x(g_, y, x, axis=-1)",
        g_="numpy.trapezoid(y, g, axis=axis)",
        y="numpy.expand_dims(g_, axis) * trapezoid_weights(y, g, 1.0, axis)",
        x="0.0",
        result=always(Array(None, None)),
    ),
    linear(
        "retrograd.runtime.pad_vjp(g_, shape, pad_width, mode, stat_length=None, reflect_type=None)",
        g_=variants(
            (_given("stat_length"), "numpy.pad(g, pad_width, mode, stat_length=stat_length)"),
            (_given("reflect_type"), "numpy.pad(g, pad_width, mode, reflect_type=reflect_type)"),
            otherwise="numpy.pad(g, pad_width, mode)",
        ),
        result=always(Array(None, None)),
    ),
)
