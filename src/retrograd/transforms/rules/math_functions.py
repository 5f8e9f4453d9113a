"""The functions of the standard `math` module: numbers in, a number out.

Their partials divide by zero, where at all, only behind a test: Python raises an error there where
NumPy gives inf, and a gradient must not fail where the function does not.
"""

from typing import Final

from retrograd.transforms.ir.kinds import BOOL, FLOAT, INT
from retrograd.transforms.rules.arithmetic import POWER_KINK, POWER_X, POWER_Y, STEP
from retrograd.transforms.rules.kinds import elementwise, general, inactive, linear, multilinear
from retrograd.transforms.rules.results import always, number_of_items
from retrograd.transforms.rules.rule import Rule

_NUMBER: Final = always(FLOAT)

RULES: Final[tuple[Rule, ...]] = (
    # ---- exponentials and logarithms
    elementwise("math.exp(x)", x="out", result=_NUMBER),
    elementwise("math.expm1(x)", x="out + 1.0", result=_NUMBER),
    elementwise("math.exp2(x)", x="out * math.log(2.0)", result=_NUMBER),
    elementwise("math.log(x)", x="1.0 / x", on="x > 0.0", result=_NUMBER),
    elementwise(
        "math.log(x, base)",
        x="1.0 / (x * math.log(base))",
        base="-out / (base * math.log(base))",
        on="(x > 0.0) & (base > 1.0)",
        result=_NUMBER,
    ),
    elementwise("math.log1p(x)", x="1.0 / (1.0 + x)", on="x > -1.0", result=_NUMBER),
    elementwise("math.log2(x)", x="1.0 / (x * math.log(2.0))", on="x > 0.0", result=_NUMBER),
    elementwise("math.log10(x)", x="1.0 / (x * math.log(10.0))", on="x > 0.0", result=_NUMBER),
    elementwise(
        "math.sqrt(x)",
        x="0.5 / out if out else math.inf",
        on="x > 0.0",
        kink="inf at 0",
        result=_NUMBER,
    ),
    elementwise(
        "math.cbrt(x)",
        x="out / (3.0 * x) if x else math.inf",
        on="x != 0.0",
        kink="inf at 0",
        result=_NUMBER,
    ),
    elementwise(
        "math.pow(x, y)", x=POWER_X, y=POWER_Y, on="x > 0.0", kink=POWER_KINK, result=_NUMBER
    ),
    # ---- trigonometry
    elementwise("math.sin(x)", x="math.cos(x)", result=_NUMBER),
    elementwise("math.cos(x)", x="-math.sin(x)", result=_NUMBER),
    elementwise("math.tan(x)", x="1.0 + out**2", result=_NUMBER),
    elementwise(
        "math.asin(x)",
        x="1.0 / math.sqrt((1.0 - x) * (1.0 + x)) if abs(x) < 1.0 else math.inf",
        on="abs(x) < 1.0",
        kink="inf at -1 and 1",
        result=_NUMBER,
    ),
    elementwise(
        "math.acos(x)",
        x="-1.0 / math.sqrt((1.0 - x) * (1.0 + x)) if abs(x) < 1.0 else -math.inf",
        on="abs(x) < 1.0",
        kink="-inf at -1 and 1",
        result=_NUMBER,
    ),
    elementwise("math.atan(x)", x="1.0 / (1.0 + x * x)", result=_NUMBER),
    elementwise(
        "math.atan2(y, x)",
        y="x / r2 if r2 else 0.0",
        x="-y / r2 if r2 else 0.0",
        let={"r2": "x * x + y * y"},
        on="(x != 0.0) | (y != 0.0)",
        kink="0 at the origin",
        result=_NUMBER,
    ),
    elementwise(
        "math.hypot(*x)",
        x="x / out if out else 0.0",
        on="x != 0.0",
        kink="0 at the origin",
        result=_NUMBER,
    ),
    elementwise("math.degrees(x)", x="180.0 / math.pi", result=_NUMBER),
    elementwise("math.radians(x)", x="math.pi / 180.0", result=_NUMBER),
    # ---- hyperbolic functions
    elementwise("math.sinh(x)", x="math.cosh(x)", result=_NUMBER),
    elementwise("math.cosh(x)", x="math.sinh(x)", result=_NUMBER),
    elementwise("math.tanh(x)", x="1.0 - out**2", result=_NUMBER),
    elementwise("math.asinh(x)", x="1.0 / math.sqrt(x * x + 1.0)", result=_NUMBER),
    elementwise(
        "math.acosh(x)",
        x="1.0 / math.sqrt((x - 1.0) * (x + 1.0)) if x > 1.0 else math.inf",
        on="x > 1.0",
        kink="inf at 1",
        result=_NUMBER,
    ),
    elementwise(
        "math.atanh(x)", x="1.0 / ((1.0 - x) * (1.0 + x))", on="abs(x) < 1.0", result=_NUMBER
    ),
    # ---- special functions
    elementwise("math.erf(x)", x="2.0 / math.sqrt(math.pi) * math.exp(-x * x)", result=_NUMBER),
    elementwise("math.erfc(x)", x="-2.0 / math.sqrt(math.pi) * math.exp(-x * x)", result=_NUMBER),
    elementwise("math.gamma(x)", x="out * digamma(x)", on="x > 0.0", result=_NUMBER),
    elementwise("math.lgamma(x)", x="digamma(x)", on="x > 0.0", result=_NUMBER),
    # ---- parts of numbers
    elementwise("math.fabs(x)", x="numpy.sign(x)", on="x != 0.0", kink="0 at 0", result=_NUMBER),
    elementwise(
        "math.copysign(x, y)",
        x="numpy.sign(x) * math.copysign(1.0, y)",
        y="0.0",
        on="(x != 0.0) & (y != 0.0)",
        kink="0 at 0",
        result=_NUMBER,
    ),
    elementwise(
        "math.fmod(x, y)",
        x="1.0",
        y="(out - x) / y",
        on="y != 0.0",
        kink="one-sided where y divides x",
        result=_NUMBER,
        also="math.remainder(x, y)",
    ),
    linear("math.ldexp(x, i)", x="math.ldexp(g, i)", result=_NUMBER),
    elementwise("math.fma(x, y, z)", x="y", y="x", z="1.0", result=_NUMBER),
    # ---- sums and products of lists
    linear("math.fsum(seq)", seq="numpy.full(len(seq), g)", result=_NUMBER),
    general(
        "math.prod(iterable)",
        iterable="g * prod_of_others(iterable)",
        jvp="numpy.dot(prod_of_others(iterable), iterable_dot)",
        result=number_of_items,
    ),
    multilinear(
        "math.sumprod(p, q)",
        p="numpy.multiply(g, q)",
        q="numpy.multiply(g, p)",
        result=number_of_items,
    ),
    general(
        "math.dist(p, q)",
        p="g * (numpy.subtract(p, q) / (out if out else 1.0))",
        q="g * (numpy.subtract(q, p) / (out if out else 1.0))",
        jvp={
            "p": "numpy.dot(numpy.subtract(p, q), p_dot) / (out if out else 1.0)",
            "q": "numpy.dot(numpy.subtract(q, p), q_dot) / (out if out else 1.0)",
        },
        kink="0 where the points meet",
        result=_NUMBER,
    ),
    # ---- steps
    inactive("math.floor(x)", "math.ceil(x)", "math.trunc(x)", result=always(INT), kink=STEP),
    inactive("math.comb(n, k)", "math.factorial(n)", "math.isqrt(n)", result=always(INT)),
    inactive(
        "math.isfinite(x)",
        "math.isinf(x)",
        "math.isnan(x)",
        "math.isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)",
        result=always(BOOL),
    ),
)
