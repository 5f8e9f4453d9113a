"""Sums and products of derivative expressions, kept as short as a person would write them.

    2.0 * (1.0 * (g * x)) + x * g    ->    3.0 * x * g
    (g / n) * (a - b), a an array    ->    (g / n) * (a - b), the numbers multiplied first

A product is a `Term`: one number, factors above and factors below the line. What a selection masks
out stays out: a factor moves inside ``np.where(c, g, 0.0)``, so that a zero cotangent remains zero
whatever it would have been multiplied by.
"""

import math
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from retrograd.transforms.ir.kinds import Array, Kind, Scalar, holds_complex, is_complex
from retrograd.transforms.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Compare,
    Const,
    Expr,
    IfExp,
    Known,
    List,
    Name,
    Tuple,
    Unary,
)
from retrograd.transforms.ir.walk import subexpressions

KindOf: TypeAlias = Callable[[Expr], Kind]

ZERO = Const("0.0")
ONE = Const("1.0")


@dataclass(frozen=True, slots=True)
class Term:
    """``number * above[0] * above[1] ... / below[0] / below[1] ...``."""

    number: float
    above: tuple[Expr, ...] = ()
    below: tuple[Expr, ...] = ()


def number(value: float) -> Expr:
    """`value` as an expression; a negative one is a minus before a literal."""
    if not math.isfinite(value):
        return builtin("float", Const(repr(str(value))))
    return Const(repr(value)) if value >= 0 else Unary("-", Const(repr(-value)))


def integer(value: int) -> Expr:
    """The integer `value` as an expression."""
    return Const(str(value)) if value >= 0 else Unary("-", Const(str(-value)))


def own_copy(bar: Expr, kind: Kind) -> Expr:
    """A copy, which nothing shares, of the cotangent `bar` of a value of `kind`."""
    of_array, of_number, of_any = own_copies(bar)
    match kind:
        case Array(dims=None | ()):
            return of_number
        case Array():
            return of_array
        case _:
            return of_any


def own_copies(bar: Expr) -> tuple[Expr, Expr, Expr]:
    """What copies the cotangent `bar`: of an array, of one that may have no axes, of anything.

    The cotangent of an array without axes may be a number, which its copy must not be.
    """
    of_number = Call(Known("numpy.copy", "np.copy"), (bar,))
    return Call(Attribute(bar, "copy")), of_number, helper("owned", bar)


def zeros_like(value: Expr, kind: Kind) -> Expr:
    """An expression for the zero cotangent of `value`, which is of `kind`."""
    match kind:
        case Scalar():
            return ZERO
        case Array(dtype="float"):
            return Call(Known("numpy.zeros_like", "np.zeros_like"), (value,))
        case Array(dtype="complex"):  # of what may still be real
            whole = (("dtype", Known("complex", "complex")),)
            return Call(Known("numpy.zeros_like", "np.zeros_like"), (value,), whole)
        case _:
            return helper("zeros_like", value)


def real_part(g: Expr) -> Expr:
    """The real part of a cotangent or tangent, which selects and spreads what `g` does."""
    match g:
        case Call(func=Known(path="retrograd.runtime.spread"), args=(value, shape)):
            return replace(g, args=(real_part(value), shape))
        case Call(func=Known(path="numpy.where"), args=(test, then, orelse)) if is_mask(g):
            return replace(g, args=(test, real_part(then), real_part(orelse)))
        case IfExp(then=then, orelse=orelse) if is_mask(g):
            return replace(g, then=real_part(then), orelse=real_part(orelse))
        case Unary(op="-", operand=operand):
            return replace(g, operand=real_part(operand))
        case Call(func=Known(path="numpy.conj"), args=(value,)):
            return real_part(value)
        case _ if as_number(g) is not None:
            return g
        case _:
            return Call(Known("numpy.real", "np.real"), (g,))


def conjugated(g: Expr, kind: Kind) -> Expr:
    """The conjugate of a cotangent of what is of `kind`; `g` itself where that is real."""
    match g, kind:
        case Call(func=Known(path="numpy.conj"), args=(value,)), Scalar() | Array():
            return value
        case _, Scalar(dtype="complex") | Array(dtype="complex"):
            return Call(Known("numpy.conj", "np.conj"), (g,))
        case _:
            return helper("conjugate", g) if holds_complex(kind) else g


def in_complex(g: Expr, kind: Kind, kind_of: KindOf) -> Expr:
    """A cotangent or tangent `g` of what is of `kind`, as a complex array where that is one.

    More may be added to it in place.
    """
    if isinstance(kind, Array) and is_complex(kind) and not is_complex(kind_of(g)):
        return helper("as_complex", g)
    return g


def made(id: str) -> Name:
    """A name of our own making."""
    return Name(id, "made")


def helper(name: str, *args: Expr) -> Call:
    """A call of a function of the runtime."""
    return Call(Known(f"retrograd.runtime.{name}", name), args)


def builtin(name: str, *args: Expr) -> Call:
    """A call of a function of Python's own."""
    return Call(Known(name, name), args)


def counts_from_zero(iterable: Call) -> bool:
    """Whether a call of `range` gives 0, 1, 2 and so on."""
    match iterable.args:
        case (_,) | (Const(text="0"), _):
            return True
        case _:
            return False


def as_number(expr: Expr) -> float | None:
    """The value of a numeric literal with or without a minus, else None; also beyond all floats."""
    match expr:
        case Const(value=bool()):
            return None
        case Const(value=int() | float() as value) if abs(value) <= sys.float_info.max:
            return float(value)
        case Unary(op="-", operand=operand):
            value_ = as_number(operand)
            return None if value_ is None else -value_
        case _:
            return None


def is_zero(expr: Expr) -> bool:
    """Whether `expr` is the literal 0."""
    return as_number(expr) == 0.0


def as_term(expr: Expr, kind_of: KindOf) -> Term:
    """`expr` taken apart into a product; an atomic factor where it is none, or one of whole numbers.

    Those may be of a size that runs over, so that the order of their products matters.
    """
    value = as_number(expr)
    if value is not None:
        return Term(value)
    match expr:
        case Unary() | Binary() if _is_whole(kind_of(expr)):
            return Term(1.0, (expr,))
        case Unary(op="-", operand=operand):
            term = as_term(operand, kind_of)
            return replace(term, number=-term.number)
        case Binary(left=List() | Tuple()) | Binary(right=List() | Tuple()):
            return Term(1.0, (expr,))
        case Binary(op="*", left=left, right=right):
            return _multiplied(as_term(left, kind_of), as_term(right, kind_of))
        case Binary(op="/", left=left, right=right):
            top, divisor = as_term(left, kind_of), as_number(right)
            if divisor and _is_exact(top.number, divisor):
                return replace(top, number=top.number / divisor)
            return replace(top, below=(*top.below, right))
        case _:
            return Term(1.0, (expr,))


def _is_whole(kind: Kind) -> bool:
    return isinstance(kind, Scalar | Array) and kind.dtype == "int"


def _is_exact(value: float, divisor: float) -> bool:
    """Whether ``value / divisor`` loses no digit: a whole quotient, or a power of two below."""
    quotient = value / divisor
    return quotient == int(quotient) or abs(divisor) in (0.5, 2.0, 4.0, 8.0)


def _multiplied(a: Term, b: Term) -> Term:
    return Term(a.number * b.number, a.above + b.above, a.below + b.below)


def scaled(cotangent: Expr, partial: Expr, kind_of: KindOf) -> Expr:
    """``cotangent * partial`` where a zero cotangent of a selection stays zero."""
    for choice, other in ((cotangent, partial), (partial, cotangent)):
        match choice:
            case Call(func=Known(path="numpy.where"), args=(test, then, orelse)) if is_mask(choice):
                sides = (scaled(then, other, kind_of), scaled(orelse, other, kind_of))
                return replace(choice, args=(test, *sides))
            case IfExp(then=then, orelse=orelse) if is_mask(choice):
                then, orelse = scaled(then, other, kind_of), scaled(orelse, other, kind_of)
                return replace(choice, then=then, orelse=orelse)
            case _:
                pass
    return written(_multiplied(as_term(cotangent, kind_of), as_term(partial, kind_of)), kind_of)


def is_mask(choice: Expr) -> bool:
    """Whether some branch of a selection is the literal 0."""
    match choice:
        case Call(func=Known(path="numpy.where"), args=(_, then, orelse)):
            return is_mask(then) or is_mask(orelse)
        case IfExp(then=then, orelse=orelse):
            return is_mask(then) or is_mask(orelse)
        case _:
            return is_zero(choice)


def written(term: Term, kind_of: KindOf) -> Expr:
    """`term` as an expression: number first, scalars before arrays, cotangents last."""
    if term.number == 0.0:
        return ZERO
    above = sorted(term.above, key=_mentions_cotangent)
    if any(isinstance(kind_of(factor), Array) for factor in (*above, *term.below)):
        scalars = Term(
            term.number,
            tuple(f for f in above if isinstance(kind_of(f), Scalar)),
            tuple(f for f in term.below if isinstance(kind_of(f), Scalar)),
        )
        arrays = Term(
            1.0,
            tuple(f for f in above if not isinstance(kind_of(f), Scalar)),
            tuple(f for f in term.below if not isinstance(kind_of(f), Scalar)),
        )
        if arrays.above and len(scalars.above) + len(scalars.below) + (term.number != 1.0) > 1:
            first = _product(scalars, kind_of)
            return _product(Term(1.0, (first, *arrays.above), arrays.below), kind_of)
    return _product(replace(term, above=tuple(above)), kind_of)


def _product(term: Term, kind_of: KindOf) -> Expr:
    factors = _absolutes(list(term.above), kind_of)
    sure = bool(term.below) or any(
        _is_float(kind_of(factor)) or _mentions_cotangent(factor) for factor in factors
    )
    if term.number == -1.0 and factors and sure and not _is_unsigned(factors[0], kind_of):
        factors[0] = Unary("-", factors[0])
    elif term.number != 1.0 or not factors or not sure:
        factors.insert(0, number(term.number))
    elif len(factors) > 2 and all(_is_whole(kind_of(factor)) for factor in factors[:2]):
        # whole numbers that may run over meet as floats, as in what the user wrote
        first = next(k for k, f in enumerate(factors) if not _is_whole(kind_of(f)))
        factors.insert(0, factors.pop(first))
    result = factors[0]
    for factor in factors[1:]:
        result = Binary("*", result, factor)
    for divisor in term.below:
        result = Binary("/", result, divisor)
    return result


def _absolutes(factors: list[Expr], kind_of: KindOf) -> list[Expr]:
    """``x * np.sign(x)`` is ``|x|``."""
    for sign in factors:
        match sign:
            case Call(func=Known(path="numpy.sign"), args=(x,)) if x in factors:
                factors[factors.index(x)] = Call(_absolute(kind_of(x)), (x,))
                factors.remove(sign)
                return _absolutes(factors, kind_of)
    return factors


def _absolute(kind: Kind) -> Known:
    return Known("abs", "abs") if isinstance(kind, Scalar) else Known("numpy.abs", "np.abs")


def _is_float(kind: Kind) -> bool:
    return isinstance(kind, Scalar | Array) and kind.dtype in ("float", "complex")


def _is_unsigned(expr: Expr, kind_of: KindOf) -> bool:
    """Whether `expr` may hold booleans or whole numbers that have no negative in NumPy."""
    kind = kind_of(expr)
    truth = isinstance(kind, Scalar | Array) and kind.dtype == "bool"
    return truth or isinstance(expr, Compare) or _is_whole(kind)


def _mentions_cotangent(expr: Expr) -> bool:
    """Whether `expr` is made of a cotangent, so that it is a float."""
    return any(
        (isinstance(part, Name) and part.role in ("bar", "made"))
        or (isinstance(part, Known) and part.path.startswith("retrograd.runtime."))
        for part in subexpressions(expr)
    )


def multiplied_out(expr: Expr, kind_of: KindOf) -> Expr:
    """`expr`, where it is a product, with its numbers in one."""
    term = as_term(expr, kind_of)
    return expr if term.above == (expr,) else written(term, kind_of)


def total(parts: Iterable[Expr], kind_of: KindOf) -> Expr:
    """The sum of `parts`: equal terms counted, common factors taken out."""
    parts = _under_masks(list(parts), kind_of)
    terms: dict[tuple[frozenset[tuple[Expr, int]], frozenset[tuple[Expr, int]]], Term] = {}
    for part in parts:
        term = as_term(part, kind_of)
        term = replace(term, above=tuple(_absolutes(list(term.above), kind_of)))
        key = (_counted(term.above), _counted(term.below))
        seen = terms.get(key)
        terms[key] = term if seen is None else replace(seen, number=seen.number + term.number)
    kept = [term for term in terms.values() if term.number != 0.0]
    if not kept:
        return ZERO
    if len(kept) == 1:
        return written(kept[0], kind_of)
    common, rest = _common(kept)
    inner = _sum(rest, kind_of)
    if common == Term(1.0):
        return inner
    return written(_multiplied(Term(1.0, (inner,)), common), kind_of)


def _under_masks(parts: list[Expr], kind_of: KindOf) -> list[Expr]:
    """`parts` with those that the same selection masks added up inside it."""
    masked: dict[Expr, list[Call]] = {}
    rest: list[Expr] = []
    for part in parts:
        match part:
            case Call(func=Known(path="numpy.where"), args=(test, _, zero)) if is_zero(zero):
                masked.setdefault(test, []).append(part)
            case _:
                rest.append(part)
    for test, calls in masked.items():
        kept = total([call.args[1] for call in calls], kind_of)
        rest.append(kept if is_zero(kept) else replace(calls[0], args=(test, kept, ZERO)))
    return rest


def _counted(factors: tuple[Expr, ...]) -> frozenset[tuple[Expr, int]]:
    return frozenset((factor, factors.count(factor)) for factor in factors)


def _sum(terms: list[Term], kind_of: KindOf) -> Expr:
    terms = sorted(terms, key=lambda term: term.number < 0)
    result = written(terms[0], kind_of)
    for term in terms[1:]:
        if term.number < 0:
            result = Binary("-", result, written(replace(term, number=-term.number), kind_of))
        else:
            result = Binary("+", result, written(term, kind_of))
    return result


def _common(terms: list[Term]) -> tuple[Term, list[Term]]:
    """The factors that all of `terms` share, and the terms without them."""
    above, below = list(terms[0].above), list(terms[0].below)
    for term in terms[1:]:
        above = _shared(above, term.above)
        below = _shared(below, term.below)
    rest = [
        Term(term.number, _without(term.above, above), _without(term.below, below))
        for term in terms
    ]
    return Term(1.0, tuple(above), tuple(below)), rest


def _shared(first: list[Expr], second: tuple[Expr, ...]) -> list[Expr]:
    left = list(second)
    shared = []
    for factor in first:
        if factor in left:
            left.remove(factor)
            shared.append(factor)
    return shared


def _without(factors: tuple[Expr, ...], taken: list[Expr]) -> tuple[Expr, ...]:
    left = list(factors)
    for factor in taken:
        left.remove(factor)
    return tuple(left)
