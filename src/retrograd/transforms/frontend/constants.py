"""Constants of a module that a generated module may hold a copy of."""

from collections.abc import Mapping
from typing import Final

from retrograd.transforms.frontend.names import OuterValue
from retrograd.transforms.ir.kinds import (
    BOOL,
    FLOAT,
    GENERATOR,
    INT,
    LOGGER,
    NONE,
    TEXT,
    UNKNOWN,
    Kind,
    Scalar,
    Sequence,
)
from retrograd.transforms.ir.nodes import (
    Binary,
    Call,
    Const,
    Expr,
    Known,
    List,
    Name,
    Outer,
    Tuple,
    Unary,
)

_FLOAT_NAMES: Final = frozenset({"pi", "e", "tau", "inf", "nan", "euler_gamma"})

#: Functions of `math` that give a float.
_FLOAT_FUNCTIONS: Final = frozenset((
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "copysign", "cos", "cosh",
    "degrees", "erf", "erfc", "exp", "exp2", "expm1", "fabs", "fmod", "gamma", "hypot", "ldexp",
    "lgamma", "log", "log10", "log1p", "log2", "pow", "radians", "sin", "sinh", "sqrt", "tan",
    "tanh",
))  # fmt: skip

#: Functions of `numpy` that give the same array whenever they are called.
_ARRAY_FUNCTIONS: Final = frozenset((
    "array", "asarray", "zeros", "ones", "full", "arange", "linspace", "logspace", "geomspace",
    "eye", "identity", "diag", "float64", "float32", "int64", "sqrt", "exp", "log", "log2",
    "log10", "sin", "cos", "tan", "arctan", "tanh", "abs", "square", "power", "sum", "mean",
    "prod", "cumsum", "outer", "dot", "reshape", "transpose", "concatenate", "stack", "deg2rad",
    "radians",
))  # fmt: skip

#: What makes an object that a module keeps: a generator of its own, a logger known by its name.
_OBJECTS: Final = {
    "numpy.random.default_rng": GENERATOR,
    "numpy.random.RandomState": GENERATOR,
    "random.Random": GENERATOR,
    "logging.getLogger": LOGGER,
}

_DTYPES: Final = frozenset({"float", "int", "bool"})


def is_copyable(expr: Expr, outers: Mapping[str, OuterValue]) -> bool:
    """Does `expr` give the same value wherever and whenever it is computed, and nobody else's?

    A generator that is made again draws the same numbers; a logger is the same by its name. A list is nobody else's only as the argument of a call that copies it.
    """
    match expr:
        case Const():
            return True
        case Outer(id=id):
            return outers[id].source is not None
        case Name(id=id):
            return id == "__name__"
        case Known(path=path):
            module, _, name = path.rpartition(".")
            return path in _DTYPES or (module in ("math", "numpy") and name in _FLOAT_NAMES)
        case Unary(operand=operand):
            return is_copyable(operand, outers)
        case Binary(left=left, right=right):
            return is_copyable(left, outers) and is_copyable(right, outers)
        case Tuple(items=items):
            return all(is_copyable(item, outers) for item in items)
        case Call(func=Known(path=path), args=args, kwargs=kwargs):
            operands = (*args, *(value for _, value in kwargs))
            return _is_repeatable(path) and all(_is_argument(item, outers) for item in operands)
        case _:
            return False


def _is_repeatable(path: str) -> bool:
    module, _, name = path.rpartition(".")
    return (
        path in _DTYPES
        or path in _OBJECTS
        or (module == "math" and name in _FLOAT_FUNCTIONS)
        or (module == "numpy" and (name in _ARRAY_FUNCTIONS))
    )


def _is_argument(expr: Expr, outers: Mapping[str, OuterValue]) -> bool:
    match expr:
        case List(items=items) | Tuple(items=items):
            return all(_is_argument(item, outers) for item in items)
        case _:
            return is_copyable(expr, outers)


def kind_of_constant(expr: Expr, outers: Mapping[str, OuterValue]) -> Kind:
    """The kind of a constant expression, as far as it shows without the rules."""
    match expr:
        case Const():
            return _kind_of_literal(expr.value)
        case Outer(id=id):
            return outers[id].kind
        case Known(path=path):
            return FLOAT if path.rpartition(".")[2] in _FLOAT_NAMES else UNKNOWN
        case Unary(op="-" | "+", operand=operand):
            kind = kind_of_constant(operand, outers)
            return INT if kind == BOOL else kind if isinstance(kind, Scalar) else UNKNOWN
        case Binary(op=op, left=left, right=right):
            kinds = (kind_of_constant(left, outers), kind_of_constant(right, outers))
            return _kind_of_arithmetic(op, right, kinds)
        case Tuple(items=items):
            parts = tuple(kind_of_constant(item, outers) for item in items)
            return Sequence("tuple", parts, parts[0] if len(set(parts)) == 1 else UNKNOWN)
        case Call(func=Known(path=path)) if path in _OBJECTS:
            return _OBJECTS[path]
        case Call(func=Known(path=path)):
            module, _, name = path.rpartition(".")
            return FLOAT if module == "math" and name in _FLOAT_FUNCTIONS else UNKNOWN
        case _:
            return UNKNOWN


def _kind_of_literal(value: object) -> Kind:
    match value:
        case bool():
            return BOOL
        case int():
            return INT
        case float():
            return FLOAT
        case str():
            return TEXT
        case None:
            return NONE
        case _:
            return UNKNOWN


def _kind_of_arithmetic(op: str, right: Expr, kinds: tuple[Kind, Kind]) -> Kind:
    if not all(isinstance(kind, Scalar) for kind in kinds):
        return UNKNOWN
    if op == "/" or (op in ("+", "-", "*", "//", "%") and FLOAT in kinds):
        return FLOAT
    if op in ("+", "-", "*", "//", "%"):
        return INT
    if op == "**" and kinds[1] != FLOAT and isinstance(right, Const):
        return kinds[0] if kinds[0] == FLOAT else INT
    return UNKNOWN
