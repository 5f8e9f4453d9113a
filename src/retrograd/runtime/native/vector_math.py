"""Functions of floats that become vector instructions: arithmetic and bits, and no call or branch.

Each is Python over lanes, which write what is done to them in LLVM's language. At most two units in
the last place are wrong, from the smallest float to the largest, and zeros keep their sign.

The mathematics is Cody and Waite's (*Software Manual for the Elementary Functions*, 1980): take the
argument apart so that a polynomial does for what is left. The polynomials interpolate at Chebyshev
nodes, and were computed with 60 digits.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import numpy as np
from llvmlite import ir

_FLOAT, _BITS = ir.DoubleType(), ir.IntType(64)

#: ``exp(r) = 1 + r + r * r * p(r)`` for ``abs(r) <= log(2) / 2``, highest power first.
_EXP: Final = (
    2.5100424157005067e-08,
    2.7620138719733994e-07,
    2.7557268378684192e-06,
    2.480152119021773e-05,
    0.00019841269863105968,
    0.0013888888917281794,
    0.008333333333330051,
    0.04166666666662399,
    0.16666666666666669,
    0.5000000000000001,
)

#: ``log((1 + s) / (1 - s)) = 2 * s + s * z * p(z)``, where ``z = s * s`` and ``abs(s) <= 0.1717``.
_LOG: Final = (
    0.14617807153417325,
    0.15331611722055008,
    0.1818289243253687,
    0.22222211089379496,
    0.28571428626253836,
    0.3999999999989889,
    0.666666666666667,
)

#: ``tanh(x) = x + x * z * p(z)``, where ``z = x * x`` and ``abs(x) <= 0.55``.
_TANH: Final = (
    -2.0598135435770385e-05,
    8.510647287642557e-05,
    -0.00023463067524526733,
    0.00058893468259176,
    -0.0014556615522767396,
    0.003592110343931255,
    -0.008863234395177999,
    0.021869488493552625,
    -0.05396825396743151,
    0.13333333333332711,
    -0.3333333333333333,
)

#: log(2), in a part whose multiples are exact and what is left of it.
_LOG2_HIGH: Final = 0.6931471805598903
_LOG2_LOW: Final = 5.497923018708371e-14
_PER_LOG2: Final = 1.4426950408889634

#: Added to a float of less than 2**51, it leaves the nearest whole number in the lowest bits.
_ROUNDING: Final = 6755399441055744.0
_ROUNDING_BITS: Final = 0x4338000000000000

_MANTISSA: Final = (1 << 52) - 1
_ONE: Final = 0x3FF0000000000000
_ROOT_HALF: Final = 0x3FE6A09E667F3BCD


@dataclass(frozen=True)
class Lane:
    """A float, whole number or truth of LLVM's, of which the operators write instructions."""

    builder: Any
    value: Any

    def _of(self, other: "Lane | float") -> Any:
        return other.value if isinstance(other, Lane) else ir.Constant(self.value.type, other)

    def _made(self, name: str, *args: Any) -> "Lane":
        # A product and a sum may be rounded at once.
        flags = ("contract",) if self.value.type == _FLOAT else ()
        return Lane(self.builder, getattr(self.builder, name)(*args, flags=flags))

    def _pair(self, of_floats: str, of_bits: str, one: Any, other: Any) -> "Lane":
        return self._made(of_floats if self.value.type == _FLOAT else of_bits, one, other)

    def __add__(self, other: "Lane | float") -> "Lane":
        return self._pair("fadd", "add", self.value, self._of(other))

    __radd__ = __add__

    def __sub__(self, other: "Lane | float") -> "Lane":
        return self._pair("fsub", "sub", self.value, self._of(other))

    def __rsub__(self, other: float) -> "Lane":
        return self._pair("fsub", "sub", self._of(other), self.value)

    def __mul__(self, other: "Lane | float") -> "Lane":
        return self._pair("fmul", "mul", self.value, self._of(other))

    __rmul__ = __mul__

    def __truediv__(self, other: "Lane | float") -> "Lane":
        return self._made("fdiv", self.value, self._of(other))

    def __rtruediv__(self, other: float) -> "Lane":
        return self._made("fdiv", self._of(other), self.value)

    def __lshift__(self, places: int) -> "Lane":
        return Lane(self.builder, self.builder.shl(self.value, self._of(places)))

    def __rshift__(self, places: int) -> "Lane":
        return Lane(self.builder, self.builder.ashr(self.value, self._of(places)))

    def __and__(self, mask: int) -> "Lane":
        return Lane(self.builder, self.builder.and_(self.value, self._of(mask)))

    def _compared(self, relation: str, other: "Lane | float") -> "Lane":
        return Lane(self.builder, self.builder.fcmp_ordered(relation, self.value, self._of(other)))

    def __lt__(self, other: "Lane | float") -> "Lane":
        return self._compared("<", other)

    def __gt__(self, other: "Lane | float") -> "Lane":
        return self._compared(">", other)

    def __ge__(self, other: "Lane | float") -> "Lane":
        return self._compared(">=", other)

    def equals(self, other: "Lane | float") -> "Lane":
        """Whether two floats are equal."""
        return self._compared("==", other)

    def bits(self) -> "Lane":
        """The bits of a float as a whole number."""
        return Lane(self.builder, self.builder.bitcast(self.value, _BITS))

    def float(self) -> "Lane":
        """The float of which these are the bits."""
        return Lane(self.builder, self.builder.bitcast(self.value, _FLOAT))

    def size(self) -> "Lane":
        """The absolute value of a float."""
        return (self.bits() & 0x7FFFFFFFFFFFFFFF).float()

    def with_sign_of(self, other: "Lane") -> "Lane":
        """A float that is not negative, with the sign of another."""
        sign = other.bits() & -(1 << 63)
        return Lane(self.builder, self.builder.or_(self.bits().value, sign.value)).float()


def _where(condition: Lane, one: "Lane | float", other: "Lane | float") -> Lane:
    """The float `one` under a condition, and `other` else."""
    values = [x.value if isinstance(x, Lane) else ir.Constant(_FLOAT, x) for x in (one, other)]
    return Lane(condition.builder, condition.builder.select(condition.value, *values))


def _polynomial(coefficients: Sequence[float], x: Lane) -> Lane:
    first, second, *rest = coefficients
    return reduce(lambda p, c: p * x + c, rest, x * first + second)


def _power_of_two(k: Lane) -> Lane:
    """``2.0**k`` for a whole number `k` from -1022 to 1023."""
    return ((k << 52) + _ONE).float()


def _scaled(x: Lane, k: Lane) -> Lane:
    """``x * 2.0**k``, rounded once where it is subnormal."""
    half = k >> 1
    return x * _power_of_two(half) * _power_of_two(k - half)


def _within(x: Lane, low: float, high: float) -> Lane:
    """`x`, but no more and no less; what is no number stays so."""
    x = _where(x < low, low, x)
    return _where(x > high, high, x)


def _by_powers_of_two(x: Lane) -> tuple[Lane, Lane, Lane]:
    """The whole number k as a float and as bits, and ``exp(x - k * log(2)) - 1``."""
    rounded = x * _PER_LOG2 + _ROUNDING
    k = rounded - _ROUNDING
    high = x - k * _LOG2_HIGH
    r = high - k * _LOG2_LOW
    lost = (high - r) - k * _LOG2_LOW
    return k, rounded.bits() - _ROUNDING_BITS, r + (r * r * _polynomial(_EXP, r) + lost)


def exp(x: Lane) -> Lane:
    """The exponential."""
    _, k, less_one = _by_powers_of_two(_within(x, -746.0, 710.0))
    return _scaled(1.0 + less_one, k)


def expm1(x: Lane) -> Lane:
    """The exponential less one."""
    number, k, less_one = _by_powers_of_two(_within(x, -40.0, 710.0))
    back = _where(number > 60.0, 0.0, _power_of_two(0 - k))
    return _where(x.equals(0.0), x, _scaled(less_one + (1.0 - back), k))


def _log(x: Lane, rest: "Lane | float", shift: "Lane | float") -> Lane:
    """``log(x) + rest + shift * log(2)`` for a positive float that is not subnormal."""
    bits = x.bits() - _ROOT_HALF
    f = ((bits & _MANTISSA) + _ROOT_HALF).float() - 1.0
    k = (((bits >> 52) + _ROUNDING_BITS).float() - _ROUNDING) + shift
    s = f / (f + 2.0)
    z = s * s
    half = f * f * 0.5
    # log(1 + f) = f - half + s * (half + ...), and the largest is added last.
    small = s * (half + z * _polynomial(_LOG, z)) + (k * _LOG2_LOW + rest)
    return k * _LOG2_HIGH - ((half - small) - f)


def _on_its_domain(result: Lane, x: Lane, end: float) -> Lane:
    """A logarithm of `x`, which begins at `end` with minus infinity."""
    result = _where(x < math.inf, result, x)
    result = _where(x > end, result, math.nan)
    return _where(x.equals(end), -math.inf, result)


def log(x: Lane) -> Lane:
    """The natural logarithm."""
    is_subnormal = x < 2.2250738585072014e-308
    normal = _where(is_subnormal, x * 2.0**54, x)
    return _on_its_domain(_log(normal, 0.0, _where(is_subnormal, -54.0, 0.0)), x, 0.0)


def log1p(x: Lane) -> Lane:
    """The natural logarithm of one more."""
    y = x + 1.0
    lost = _where(x > 1.0, 1.0 - (y - x), x - (y - 1.0))
    found = _on_its_domain(_log(y, lost / y, 0.0), x, -1.0)
    return _where(x.size() < 2.0**-54, x, found)


def tanh(x: Lane) -> Lane:
    """The hyperbolic tangent."""
    size = _within(x.size(), 0.0, 22.0)
    _, k, less_one = _by_powers_of_two(size * 2.0)
    large = 1.0 - 2.0 / (_scaled(1.0 + less_one, k) + 1.0)
    z = size * size
    small = size + size * z * _polynomial(_TANH, z)
    return _where(size < 0.55, small, large).with_sign_of(x)


def logaddexp(x: Lane, y: Lane) -> Lane:
    """``log(exp(x) + exp(y))``."""
    larger = _where(x > y, x, y)
    apart = larger + log1p(exp(0.0 - (x - y).size()))
    return _where(x.equals(y), x + 0.6931471805599453, apart)


#: The functions by those of NumPy that they stand for.
FUNCTIONS: Final[Mapping[np.ufunc, Callable[..., Lane]]] = {
    np.exp: exp,
    np.expm1: expm1,
    np.log: log,
    np.log1p: log1p,
    np.tanh: tanh,
    np.logaddexp: logaddexp,
}
