"""What an array expression computes of one element of each operand, in the dtypes that NumPy has.

    2.0 * x + k          x float32, k a whole number: all of it is float32
    np.where(x > 0, x, k)

The tree of steps is LLVM's language but for functions like the exponential, which Numba has.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.np import numpy_support

from retrograd.runtime.native.vector_math import FUNCTIONS, Lane

#: A dtype, or for a number that takes on the dtype of arrays, ``int`` or ``float``.
ElementType: TypeAlias = "np.dtype[Any] | type[int] | type[float]"

_TRUTH = np.dtype(np.bool_)

#: What one element may be; anything else Numba computes by itself.
TYPES: Final = (_TRUTH, np.dtype(np.int64), np.dtype(np.float32), np.dtype(np.float64))


class NoElements(Exception):
    """The expression is not one of elements, or of dtypes that are computed otherwise."""


@dataclass(frozen=True)
class Element:
    """One element of an expression.

    Attributes:
        type: its type.
        value: the name of an operand, a number, or the function that is applied to `parts`.
        parts: what it is computed from.
        taken: the dtypes that the parts are converted to.
    """

    type: ElementType
    value: Any
    parts: "tuple[Element, ...]" = ()
    taken: "tuple[np.dtype[Any], ...]" = ()


_OPERATORS: Final[Mapping[type[ast.AST], np.ufunc]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.true_divide,
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
    ast.USub: np.negative,
    ast.UAdd: np.positive,
}

_CALLS: Final[Mapping[str, np.ufunc]] = {
    "abs": np.absolute,
    **{
        f"np.{name}": getattr(np, name)
        for name in (
            *("sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh"),
            *("arcsinh", "arccosh", "arctanh", "exp", "exp2", "expm1", "log", "log2", "log10"),
            *("log1p", "sqrt", "cbrt", "floor", "ceil", "trunc", "arctan2", "hypot"),
            *("logaddexp", "copysign", "sign", "maximum", "minimum", "abs", "absolute", "fabs"),
            *("square", "negative", "add", "subtract", "multiply", "divide"),
        )
    },
}


def operands(node: ast.expr) -> list[ast.expr] | None:
    """What `node` computes elementwise from, in order; None if it is no elementwise expression."""
    match node:
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int() | float())):
            return [left]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return [left, right]
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _OPERATORS:
            return [left, right]
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
            return [operand]
        case ast.Call(func=function, args=args, keywords=[]):
            name = ast.unparse(function)
            count = 3 if name == "np.where" else _CALLS[name].nin if name in _CALLS else 0
            return list(args) if args and len(args) == count else None
        case _:
            return None


def element_of(node: ast.expr, given: Mapping[str, ElementType]) -> Element:
    """One element of the expression `node` of the names `given`.

    Raises:
        NoElements: a step of it is not in one of the dtypes that are known here.
    """
    match node:
        case ast.Name(id=name):
            return Element(given[name], name)
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return Element(type(value), value)
        case _:
            parts = [element_of(part, given) for part in operands(node) or ()]
    match node:
        case ast.BinOp(op=ast.Pow(), right=ast.Constant(value=int() | float() as exponent)):
            return _power(parts[0], exponent)
        case ast.BinOp(op=op) | ast.Compare(ops=[op]) | ast.UnaryOp(op=op):
            return _computed(_OPERATORS[type(op)], *parts)
        case ast.Call(func=function) if ast.unparse(function) == "np.where":
            return _chosen(*parts)
        case ast.Call(func=function):
            return _computed(_CALLS[ast.unparse(function)], *parts)
        case _:
            raise NoElements


def _computed(function: np.ufunc, *parts: Element) -> Element:
    """What `function` gives for the elements `parts`."""
    *taken, found = _resolved(function, *(part.type for part in parts))
    return Element(_type_of(found, parts), function, parts, tuple(taken))


def _power(base: Element, exponent: float) -> Element:
    """``base**exponent``: repeated products for a small whole exponent."""
    _, _, found = _resolved(np.power, base.type, type(exponent))
    if found.kind != "f":
        raise NoElements
    number = Element(type(exponent), exponent)
    return Element(_type_of(found, (base,)), np.power, (base, number), (found, found))


def _chosen(condition: Element, one: Element, other: Element) -> Element:
    """``np.where(condition, one, other)``."""
    *_, found = _resolved(np.maximum, one.type, other.type)
    if condition.type != _TRUTH:
        raise NoElements
    parts = (condition, one, other)
    return Element(_type_of(found, parts[1:]), np.where, parts, (_TRUTH, found, found))


def _resolved(function: np.ufunc, *given: ElementType) -> tuple[np.dtype[Any], ...]:
    """The dtypes that `function` takes its operands in, and at the end that of its result."""
    if all(isinstance(one, type) for one in given):
        given = tuple(np.dtype(one) for one in given)
    try:
        found = function.resolve_dtypes((*given, None))
    except TypeError:
        raise NoElements from None
    if any(one == _TRUTH for one in found[:-1]) or any(one not in TYPES for one in found):
        raise NoElements
    return found


def _type_of(found: np.dtype[Any], parts: tuple[Element, ...]) -> ElementType:
    """The type of a result of dtype `found`: a number if it is made of nothing else."""
    if all(isinstance(part.type, type) for part in parts) and found != _TRUTH:
        return float if found.kind == "f" else int
    return found


# ---------------------------------------------------------------- LLVM

#: How LLVM computes a function of floats, and of whole numbers.
_INSTRUCTIONS: Final[Mapping[Any, tuple[str, str]]] = {
    np.add: ("fadd", "add"),
    np.subtract: ("fsub", "sub"),
    np.multiply: ("fmul", "mul"),
    np.true_divide: ("fdiv", ""),
    np.negative: ("fneg", "neg"),
}

_RELATIONS: Final[Mapping[Any, str]] = {
    np.less: "<",
    np.less_equal: "<=",
    np.greater: ">",
    np.greater_equal: ">=",
    np.equal: "==",
    np.not_equal: "!=",
}

_DOUBLE: Final = ir.DoubleType()

#: The largest whole exponent for which products are taken.
_PRODUCTS: Final = 64


@dataclass(frozen=True)
class Writer:
    """Writes elements where `builder` stands."""

    context: Any
    builder: Any

    def written(self, element: Element, given: Mapping[str, Any]) -> Any:
        """The value of `element`, with those of its operands `given`."""
        value = element.value
        if isinstance(value, str):
            return given[value]
        kind = _numba_type(element.type)
        if not element.parts:
            return ir.Constant(self.context.get_value_type(kind), value)
        taken = [
            self.converted(self.written(part, given), part.type, wanted)
            for part, wanted in zip(element.parts, element.taken, strict=True)
        ]
        if value is np.where:
            return self.builder.select(*taken)
        if value is np.positive:
            return taken[0]
        is_float = element.taken[0].kind == "f"
        if value in _RELATIONS:
            if not is_float:
                return self.builder.icmp_signed(_RELATIONS[value], *taken)
            compare = (
                self.builder.fcmp_unordered if value is np.not_equal else self.builder.fcmp_ordered
            )
            return compare(_RELATIONS[value], *taken)
        if value is np.square:
            return self.products(taken[0], 2) if is_float else self.builder.mul(taken[0], taken[0])
        if value is np.power and element.parts[1].value in range(_PRODUCTS):
            return self.products(taken[0], int(element.parts[1].value))
        if value in _INSTRUCTIONS:
            return getattr(self.builder, _INSTRUCTIONS[value][not is_float])(*taken)
        return self.called(value, taken, element.taken, kind)

    def products(self, base: Any, exponent: int) -> Any:
        """``base**exponent`` by squaring."""
        found = None
        while exponent:
            if exponent % 2:
                found = base if found is None else self.builder.fmul(found, base)
            exponent //= 2
            base = self.builder.fmul(base, base) if exponent else base
        return ir.Constant(base.type, 1.0) if found is None else found

    def called(
        self, function: Any, taken: list[Any], dtypes: tuple[np.dtype[Any], ...], kind: Any
    ) -> Any:
        """What `function` gives for numbers: ours if there is one, or else Numba's."""
        if function in FUNCTIONS and dtypes[0].kind == "f":
            wide = [x if x.type == _DOUBLE else self.builder.fpext(x, _DOUBLE) for x in taken]
            value = FUNCTIONS[function](*(Lane(self.builder, x) for x in wide)).value
            wanted = self.context.get_value_type(kind)
            return value if wanted == _DOUBLE else self.builder.fptrunc(value, wanted)
        typing = self.context.typing_context
        kinds = tuple(map(_numba_type, dtypes))
        found = typing.resolve_function_type(typing.resolve_value_type(function), kinds, {})
        made = self.context.get_function(typing.resolve_value_type(function), found)
        self.context.add_linking_libs(getattr(made, "libs", ()))
        return self.context.cast(self.builder, made(self.builder, taken), found.return_type, kind)

    def converted(self, value: Any, given: ElementType, wanted: "np.dtype[Any]") -> Any:
        if isinstance(value, ir.Constant) and given in (int, float):
            return ir.Constant(
                self.context.get_value_type(_numba_type(wanted)), _TO[wanted.kind](value.constant)
            )
        return self.context.cast(self.builder, value, _numba_type(given), _numba_type(wanted))


_TO: Final[Mapping[str, Callable[[Any], Any]]] = {"f": float, "i": int}


def _numba_type(kind: ElementType) -> Any:
    dtype: Any = np.dtype(kind)
    return numpy_support.from_dtype(dtype)


def element_type(kind: Any) -> ElementType:
    """The type of an element of an operand of Numba's type `kind`.

    Numba does not tell Python's floats, which take on the dtype of arrays, from NumPy's.
    """
    if isinstance(kind, types.Integer):
        return int
    if isinstance(kind, types.Array):
        kind = kind.dtype
    try:
        dtype: np.dtype[Any] = numpy_support.as_dtype(kind)
    except NotImplementedError:
        raise NoElements from None
    return dtype
