"""NumPy functions that work element by element, operators and powers aside (arithmetic.py).

Constants are Python floats (``math.log(2.0)``), which leave float32 as it is.
"""

from typing import Final

from retrograd.transforms.rules.arithmetic import CHOSEN, STEP, TIES
from retrograd.transforms.rules.kinds import elementwise, general, inactive
from retrograd.transforms.rules.results import (
    chosen,
    floating,
    floating_array,
    promoted,
    quotient_and_rest,
    same,
    truth,
    two_of,
)
from retrograd.transforms.rules.rule import Rule, complex_operands, given, variants

RULES: Final[tuple[Rule, ...]] = (
    # ---- exponentials and logarithms
    elementwise("numpy.exp(x)", x="out"),
    elementwise("numpy.exp2(x)", x="out * math.log(2.0)"),
    elementwise("numpy.expm1(x)", x="out + 1.0"),
    elementwise("numpy.log(x)", x="1.0 / x", on="x > 0.0"),
    elementwise("numpy.log2(x)", x="1.0 / (x * math.log(2.0))", on="x > 0.0"),
    elementwise("numpy.log10(x)", x="1.0 / (x * math.log(10.0))", on="x > 0.0"),
    elementwise("numpy.log1p(x)", x="1.0 / (1.0 + x)", on="x > -1.0"),
    elementwise("numpy.logaddexp(x, y)", x="numpy.exp(x - out)", y="numpy.exp(y - out)"),
    elementwise("numpy.logaddexp2(x, y)", x="numpy.exp2(x - out)", y="numpy.exp2(y - out)"),
    # ---- powers and roots
    elementwise("numpy.sqrt(x)", x="0.5 / out", on="x > 0.0", kink="inf at 0"),
    elementwise("numpy.cbrt(x)", x="1.0 / (3.0 * out**2)", on="x != 0.0", kink="inf at 0"),
    elementwise("numpy.square(x)", x="2.0 * x", result=promoted),
    elementwise("numpy.reciprocal(x)", x="-(out**2)", on="x != 0.0", result=promoted),
    elementwise(
        "numpy.hypot(x, y)",
        x="x / numpy.where(out == 0.0, 1.0, out)",
        y="y / numpy.where(out == 0.0, 1.0, out)",
        on="(x != 0.0) | (y != 0.0)",
        kink="0 at the origin",
    ),
    # ---- trigonometry
    elementwise("numpy.sin(x)", x="numpy.cos(x)"),
    elementwise("numpy.cos(x)", x="-numpy.sin(x)"),
    elementwise("numpy.tan(x)", x="1.0 + out**2"),
    elementwise(
        "numpy.arcsin(x)",
        x="1.0 / numpy.sqrt((1.0 - x) * (1.0 + x))",
        on="abs(x) < 1.0",
        kink="inf at -1 and 1",
        also="numpy.asin",
    ),
    elementwise(
        "numpy.arccos(x)",
        x="-1.0 / numpy.sqrt((1.0 - x) * (1.0 + x))",
        on="abs(x) < 1.0",
        kink="-inf at -1 and 1",
        also="numpy.acos",
    ),
    elementwise("numpy.arctan(x)", x="1.0 / (1.0 + x**2)", also="numpy.atan"),
    elementwise(
        "numpy.arctan2(y, x)",
        y="x / numpy.where(r2 == 0.0, 1.0, r2)",
        x="-y / numpy.where(r2 == 0.0, 1.0, r2)",
        let={"r2": "x**2 + y**2"},
        on="(x != 0.0) | (y != 0.0)",
        kink="0 at the origin",
        also="numpy.atan2",
    ),
    elementwise("numpy.sinc(x)", x="sinc_slope(x)"),
    elementwise(
        "retrograd.runtime.sinc_slope(x)",
        x="numpy.where(x == 0.0, -math.pi**2 / 3.0,"
        " -(math.pi**2) * numpy.sinc(x) - 2.0 * out / numpy.where(x == 0.0, 1.0, x))",
    ),
    elementwise("numpy.deg2rad(x)", x="math.pi / 180.0", also="numpy.radians"),
    elementwise("numpy.rad2deg(x)", x="180.0 / math.pi", also="numpy.degrees"),
    # ---- hyperbolic functions
    elementwise("numpy.sinh(x)", x="numpy.cosh(x)"),
    elementwise("numpy.cosh(x)", x="numpy.sinh(x)"),
    elementwise("numpy.tanh(x)", x="1.0 - out**2"),
    elementwise("numpy.arcsinh(x)", x="1.0 / numpy.sqrt(x**2 + 1.0)", also="numpy.asinh"),
    elementwise(
        "numpy.arccosh(x)",
        x=variants(
            (complex_operands, "1.0 / (numpy.sqrt(x - 1.0) * numpy.sqrt(x + 1.0))"),
            otherwise="1.0 / numpy.sqrt((x - 1.0) * (x + 1.0))",
        ),
        on="x > 1.0",
        kink="inf at 1",
        also="numpy.acosh",
    ),
    elementwise(
        "numpy.arctanh(x)",
        x="1.0 / ((1.0 - x) * (1.0 + x))",
        on="abs(x) < 1.0",
        also="numpy.atanh",
    ),
    # ---- choices
    elementwise(
        "numpy.where(condition, x, y)",
        condition="0.0",
        x="numpy.where(condition, 1.0, 0.0)",
        y="numpy.where(condition, 0.0, 1.0)",
        kink=CHOSEN,
        result=chosen("x", "y"),
    ),
    elementwise(
        "numpy.maximum(x, y)",
        x="numpy.where(x >= y, numpy.where(x == y, 0.5, 1.0), 0.0)",
        y="numpy.where(y >= x, numpy.where(x == y, 0.5, 1.0), 0.0)",
        kink=TIES,
        result=promoted,
    ),
    elementwise(
        "numpy.minimum(x, y)",
        x="numpy.where(x <= y, numpy.where(x == y, 0.5, 1.0), 0.0)",
        y="numpy.where(y <= x, numpy.where(x == y, 0.5, 1.0), 0.0)",
        kink=TIES,
        result=promoted,
    ),
    elementwise(
        "numpy.fmax(x, y)",
        x="numpy.where((x >= y) | numpy.isnan(y), numpy.where(x == y, 0.5, 1.0), 0.0)",
        y="numpy.where((y >= x) | numpy.isnan(x), numpy.where(x == y, 0.5, 1.0), 0.0)",
        kink=TIES,
        result=promoted,
    ),
    elementwise(
        "numpy.fmin(x, y)",
        x="numpy.where((x <= y) | numpy.isnan(y), numpy.where(x == y, 0.5, 1.0), 0.0)",
        y="numpy.where((y <= x) | numpy.isnan(x), numpy.where(x == y, 0.5, 1.0), 0.0)",
        kink=TIES,
        result=promoted,
    ),
    elementwise(
        "numpy.clip(a, a_min=None, a_max=None)",
        a=variants(
            (given(a_min=None, a_max=None), "1.0"),
            (given(a_min=None), "numpy.where(a <= a_max, numpy.where(a == a_max, 0.5, 1.0), 0.0)"),
            (given(a_max=None), "numpy.where(a >= a_min, numpy.where(a == a_min, 0.5, 1.0), 0.0)"),
            otherwise=(
                "numpy.where((a >= a_min) & (a <= a_max),"
                " numpy.where((a == a_min) | (a == a_max), 0.5, 1.0), 0.0)"
            ),
        ),
        a_min=variants(
            (given(a_max=None), "numpy.where(a <= a_min, numpy.where(a == a_min, 0.5, 1.0), 0.0)"),
            otherwise=(
                "numpy.where((a <= a_min) & (a_min <= a_max),"
                " numpy.where(a == a_min, 0.5, 1.0), 0.0)"
            ),
        ),
        a_max=variants(
            (given(a_min=None), "numpy.where(a >= a_max, numpy.where(a == a_max, 0.5, 1.0), 0.0)"),
            otherwise=(
                "numpy.where(a_min > a_max, 1.0,"
                " numpy.where(a >= a_max, numpy.where(a == a_max, 0.5, 1.0), 0.0))"
            ),
        ),
        on="a_min < a_max",
        kink="half for the value and half for a bound that it meets; the upper of crossed bounds",
        result=chosen("a", "a_min", "a_max"),
    ),
    elementwise(
        "numpy.copysign(x, y)",
        x="numpy.sign(x) * numpy.copysign(1.0, y)",
        y="0.0",
        on="(x != 0.0) & (y != 0.0)",
        kink="0 at 0",
    ),
    elementwise(
        "numpy.heaviside(x, h0)", x="0.0", h0="numpy.where(x == 0.0, 1.0, 0.0)", on="x != 0.0"
    ),
    elementwise(
        "numpy.fmod(x, y)",
        x="1.0",
        y="-numpy.trunc(x / y)",
        on="y != 0.0",
        kink="one-sided where y divides x",
        result=promoted,
    ),
    elementwise("numpy.fabs(x)", x="numpy.sign(x)", on="x != 0.0", kink="0 at 0"),
    # ---- parts of numbers
    general(
        "numpy.divmod(x1, x2)",
        x1="unbroadcast(g[1], x1)",
        x2="unbroadcast(-g[1] * out[0], x2)",
        jvp={
            "x1": "(zeros_like(out[0]), spread(x1_dot, numpy.shape(out[1])))",
            "x2": "(zeros_like(out[0]), -out[0] * x2_dot)",
        },
        kink="one-sided where `x2` divides `x1`",
        result=quotient_and_rest,
    ),
    elementwise("numpy.ldexp(x1, x2)", x1="numpy.ldexp(1.0, x2)"),
    elementwise("numpy.nextafter(x1, x2)", x1="1.0", x2="0.0"),
    inactive("numpy.spacing(x)", result=floating),
    general(
        "numpy.modf(x)",
        x="g[0]",
        jvp="(x_dot, zeros_like(x_dot))",
        kink="0 for the whole part",
        result=two_of("float", "float"),
    ),
    general(
        "numpy.frexp(x)",
        x="g[0] * numpy.ldexp(1.0, -out[1])",
        jvp="(x_dot * numpy.ldexp(1.0, -out[1]), zeros_like(x_dot))",
        result=two_of("float", "int"),
    ),
    # ---- a Bessel function
    elementwise("numpy.i0(x)", x="bessel_i1(x)", result=floating_array),
    elementwise(
        "retrograd.runtime.bessel_i1(x)",
        x="numpy.i0(x) - bessel_i1(x) / numpy.where(x == 0.0, 1.0, x) - 0.5 * (x == 0.0)",
        on="x != 0.0",
    ),
    # ---- steps
    inactive(
        "numpy.floor(x)",
        "numpy.ceil(x)",
        "numpy.trunc(x)",
        "numpy.rint(x)",
        "numpy.fix(x)",
        "numpy.sign(x)",
        result=promoted,
        kink=STEP,
    ),
    inactive(
        "numpy.round(a, decimals=0)", "numpy.around(a, decimals=0)", result=same("a"), kink=STEP
    ),
    inactive(
        "numpy.isfinite(x)",
        "numpy.isinf(x)",
        "numpy.isnan(x)",
        "numpy.isneginf(x)",
        "numpy.isposinf(x)",
        "numpy.isreal(x)",
        "numpy.iscomplex(x)",
        "numpy.signbit(x)",
        "numpy.logical_not(x)",
        "numpy.logical_and(x, y)",
        "numpy.logical_or(x, y)",
        "numpy.logical_xor(x, y)",
        "numpy.less(x, y)",
        "numpy.less_equal(x, y)",
        "numpy.greater(x, y)",
        "numpy.greater_equal(x, y)",
        "numpy.equal(x, y)",
        "numpy.not_equal(x, y)",
        result=truth,
    ),
    inactive(
        "numpy.isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False)",
        result=truth,
    ),
)
