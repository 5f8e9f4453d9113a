"""Operators and builtin functions."""

from typing import Final

from retrograd.transforms.ir.kinds import ANY, BOOL, FLOAT, INT, Array, Other, Scalar
from retrograd.transforms.ir.kinds import Sequence as SequenceKind
from retrograd.transforms.rules import results
from retrograd.transforms.rules.kinds import elementwise, general, inactive, linear
from retrograd.transforms.rules.results import always, bitwise, one_of_operands, promoted, truth
from retrograd.transforms.rules.rule import (
    Condition,
    Rule,
    Site,
    both,
    complex_operands,
    ranks,
    scalars,
    variants,
)

TIES: Final = "ties share equally"
STEP: Final = "0 everywhere, though it jumps"
CHOSEN: Final = "that of the value which is chosen, also where the choice changes"


def _exponent(holds: Condition) -> Condition:
    return lambda site: isinstance(site.constant("y"), int | float) and holds(site)


def _zero(site: Site) -> bool:
    return site.constant("y") == 0


def _root(site: Site) -> bool:
    exponent = site.constant("y")
    return isinstance(exponent, float) and 0.0 < exponent < 1.0


def _positive_base(site: Site) -> bool:
    base = site.constant("x")
    return isinstance(base, int | float) and base > 0


def _maybe_number(site: Site) -> bool:
    return not isinstance(site.kind("x"), Array)


def _whole(site: Site) -> bool:
    return site.kind("y") == INT


def _numbers(site: Site) -> bool:
    kind = site.kind("iterable")
    if not isinstance(kind, SequenceKind):
        return False
    items = (kind.item,) if kind.items is None else kind.items
    return all(isinstance(item, Scalar) for item in items)


#: Slope of x**y for x. Neither a Python division by zero nor 0 * inf happens where the power itself
#: is well defined: ``x**0`` has slope 0 everywhere, and a root has slope inf at 0.
POWER_X: Final = variants(
    (_exponent(_zero), "0.0"),
    (both(complex_operands, scalars("x", "y")), "y * x ** (y - 1.0) if y else 0.0"),
    (complex_operands, "y * x ** numpy.where(y == 0.0, 1.0, y - 1.0)"),
    (both(scalars("x"), _exponent(_root)), "y * out / x if x else math.inf"),
    (both(_maybe_number, _exponent(_root)), "y * numpy.power(x, y - 1.0)"),
    (_exponent(lambda site: True), "y * x ** (y - 1)"),
    (both(scalars("x"), _whole), "y * x ** (y - 1) if y else 0.0"),
    (scalars("x", "y"), "power_slope(x, y)"),
    otherwise="y * x ** numpy.where(y == 0.0, 1.0, y - 1.0)",
)
POWER_Y: Final = variants(
    (complex_operands, "out * numpy.log(numpy.where(x == 0.0, 1.0, x) + 0j)"),
    (_positive_base, "out * math.log(x)"),
    (scalars("x", "y"), "out * math.log(x) if x > 0.0 else 0.0"),
    otherwise="out * numpy.log(numpy.where(x > 0.0, x, 1.0))",
)
POWER_KINK: Final = "slope 0 for the exponent where the base is not positive"

RULES: Final[tuple[Rule, ...]] = (
    # ---- operators
    elementwise("x + y", x="1.0", y="1.0", result=results.added, also="numpy.add(x, y)"),
    elementwise("x - y", x="1.0", y="-1.0", result=promoted, also="numpy.subtract(x, y)"),
    elementwise("x * y", x="y", y="x", result=results.multiplied, also="numpy.multiply(x, y)"),
    elementwise(
        "x / y",
        x="1.0 / y",
        y="-out / y",
        on="y != 0.0",
        also=("numpy.divide(x, y)", "numpy.true_divide(x, y)"),
    ),
    elementwise(
        "x**y",
        x=POWER_X,
        y=POWER_Y,
        on="x > 0.0",
        kink=POWER_KINK,
        result=results.raised,
        also=("pow(x, y)", "numpy.power(x, y)", "numpy.pow(x, y)"),
    ),
    elementwise("numpy.float_power(x, y)", x=POWER_X, y=POWER_Y, on="x > 0.0", kink=POWER_KINK),
    elementwise(
        "x % y",
        x="1.0",
        y="-(x // y)",
        on="y != 0.0",
        kink="one-sided where y divides x",
        result=results.remainder,
        also=("numpy.mod(x, y)", "numpy.remainder(x, y)"),
    ),
    elementwise("-x", x="-1.0", result=promoted, also="numpy.negative(x)"),
    elementwise("+x", x="1.0", result=promoted, also="numpy.positive(x)"),
    inactive("x // y", "numpy.floor_divide(x, y)", result=promoted, kink=STEP),
    inactive("x < y", "x <= y", "x > y", "x >= y", "x == y", "x != y", result=truth),
    inactive("x is y", "x is not y", "x in y", "x not in y", "not x", result=always(BOOL)),
    inactive("x | y", result=results.merged),
    inactive("x & y", "x ^ y", "~x", result=bitwise),
    inactive("x << y", "x >> y", result=promoted),
    # one of the operands themselves; no derivative is written down
    general("x and y", result=one_of_operands, also="x or y"),
    # ---- builtin functions
    elementwise(
        "abs(x)",
        x=variants(
            (complex_operands, "numpy.conj(x) / numpy.where(out == 0.0, 1.0, out)"),
            otherwise="numpy.sign(x)",
        ),
        on="x != 0.0",
        kink="0 at 0",
        result=promoted,
        also=("numpy.abs(x)", "numpy.absolute(x)"),
    ),
    linear(
        "float(x)",
        x=variants((scalars("x"), "g"), otherwise="spread(g, shape(x))"),
        result=always(FLOAT),
    ),
    elementwise(
        "max(x, y)",
        x="(0.5 if x == y else 1.0) if x >= y else 0.0",
        y="(0.5 if x == y else 1.0) if y >= x else 0.0",
        kink=TIES,
        result=one_of_operands,
    ),
    elementwise(
        "min(x, y)",
        x="(0.5 if x == y else 1.0) if x <= y else 0.0",
        y="(0.5 if x == y else 1.0) if y <= x else 0.0",
        kink=TIES,
        result=one_of_operands,
    ),
    general(
        "max(iterable)",
        iterable="g * tie_shares(iterable, out)",
        jvp="numpy.dot(tie_shares(iterable, out), iterable_dot)",
        kink=TIES,
        result=results.item_of,
        also="min(iterable)",
    ),
    inactive("retrograd.runtime.tie_shares(items, extreme)", result=always(Array("float", (ANY,)))),
    elementwise(
        "max(*x)",
        x="1.0 / x_all.count(out) if x == out else 0.0",
        kink=TIES,
        result=one_of_operands,
        also="min(*x)",
    ),
    linear(
        "sum(iterable, /, start=0)",
        iterable=variants(
            (ranks(iterable=1), "spread(g, shape(iterable))"),
            (_numbers, "[g] * len(iterable)"),
            otherwise="fan_out(g, iterable)",
        ),
        start=variants((scalars("start"), "g"), otherwise="unbroadcast(g, start)"),
        result=results.total,
    ),
    elementwise(
        "retrograd.runtime.power_slope(x, y)",
        x="y * power_slope(x, y - 1.0) if y else 0.0",
        y="x ** (y - 1.0) * (1.0 + y * math.log(x)) if x > 0.0 else 0.0",
        on="x > 0.0",
        result=always(FLOAT),
    ),
    inactive(
        "retrograd.runtime.keys_of(d)", result=always(SequenceKind("list", None, Other("key")))
    ),
    inactive("int(x=0)", "len(x)", "round(x)", result=always(INT)),
    inactive("round(x, ndigits)", result=results.same("x"), kink=STEP),
    inactive("bool(x=False)", "isinstance(x, y)", result=always(BOOL)),
    inactive(
        "range(stop)",
        "range(start, stop)",
        "range(start, stop, step)",
        result=always(Other("range")),
    ),
)
