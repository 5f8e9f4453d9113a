"""Constants of a module that a generated module may hold a copy of."""

import ast
from collections import abc
from typing import Final

from retrograd.transforms.frontend.names import OuterValue
from retrograd.transforms.ir.kinds import (
    BOOL,
    COMPLEX,
    FLOAT,
    GENERATOR,
    INT,
    LOGGER,
    MAYBE_COMPLEX,
    NONE,
    TEXT,
    UNKNOWN,
    Kind,
    Mapping,
    Scalar,
    Sequence,
    holds_complex,
)
from retrograd.transforms.ir.nodes import (
    Binary,
    Call,
    Const,
    Dict,
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

#: The classes of sparse matrices.
SPARSE_CLASSES: Final = frozenset(
    f"scipy.sparse.{form}_{what}"
    for form in ("bsr", "coo", "csc", "csr", "dia", "dok", "lil")
    for what in ("array", "matrix")
)

#: What makes a sparse matrix.
MAKES_SPARSE: Final = SPARSE_CLASSES | frozenset(
    f"scipy.sparse.{name}"
    for name in (
        *("diags", "diags_array", "eye", "eye_array", "identity", "kron", "block_diag"),
        *("hstack", "vstack", "block_array", "bmat", "tril", "triu", "spdiags"),
    )
)

_DTYPES: Final = frozenset({"float", "int", "bool"})


def is_copyable(expr: Expr, outers: abc.Mapping[str, OuterValue]) -> bool:
    """Does `expr` give the same value wherever and whenever it is computed, and nobody else's?

    A generator that is made again draws the same numbers; a logger is the same by its name. Whether
    a list or dict is changed elsewhere is for `is_only_read` to say.
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
        case Tuple(items=items) | List(items=items):
            return all(is_copyable(item, outers) for item in items)
        case Dict(items=pairs):
            return all(is_copyable(part, outers) for pair in pairs for part in pair)
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


def _is_argument(expr: Expr, outers: abc.Mapping[str, OuterValue]) -> bool:
    match expr:
        case List(items=items) | Tuple(items=items):
            return all(_is_argument(item, outers) for item in items)
        case _:
            return is_copyable(expr, outers)


def can_change(expr: Expr) -> bool:
    """Whether the value of a constant expression is a list or dict, or holds one."""
    return any(isinstance(part, List | Dict) for part in _values(expr))


def holds_changeable(expr: Expr) -> bool:
    """Whether an item of the value of a constant expression is a list or dict, or holds one."""
    return any(map(can_change, _items(expr)))


def _values(expr: Expr) -> abc.Iterator[Expr]:
    """A displayed container, and those that it holds."""
    yield expr
    for item in _items(expr):
        yield from _values(item)


def _items(expr: Expr) -> tuple[Expr, ...]:
    match expr:
        case Tuple(items=items) | List(items=items):
            return items
        case Dict(items=pairs):
            return tuple(value for _, value in pairs)
        case _:
            return ()


#: Functions that leave alone what they are given, and keep nothing of it.
_READERS: Final = frozenset(
    {"abs", "all", "any", "dict", "enumerate", "float", "frozenset", "int", "len", "list", "max"}
    | {"min", "print", "range", "repr", "reversed", "set", "sorted", "str", "sum", "tuple", "zip"}
    | {f"np.{name}" for name in ("array", "sum", "mean", "dot", "stack", "concatenate", "interp")}
    | {f"numpy.{name}" for name in ("array", "sum", "mean", "dot", "stack", "concatenate")}
)
_READING_METHODS: Final = frozenset({"count", "get", "index", "items", "keys", "values"})


def is_only_read(name: str, tree: ast.AST) -> bool:
    """Whether a module only looks at the items of the list or dict `name`, and at nothing more of it."""
    return all(_is_read(node, name) for node in ast.walk(tree))


def _is_read(node: ast.AST, name: str) -> bool:
    """Whether the parts of `node` that are `name` itself are only looked at."""
    whole = [
        part
        for part in ast.iter_child_nodes(node)
        if isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Load)
    ]
    match node:
        case _ if not whole:
            return True
        case ast.Subscript(ctx=ast.Load(), value=ast.Name()):
            return True
        case ast.Attribute(attr=attribute):
            return attribute in _READING_METHODS
        case ast.For(iter=iterable) | ast.comprehension(iter=iterable):
            return whole == [iterable]
        case ast.Compare() | ast.BinOp():
            return True
        case ast.Call(func=func):
            return ast.unparse(func) in _READERS
        case _:
            return False


def kind_of_constant(expr: Expr, outers: abc.Mapping[str, OuterValue]) -> Kind:
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
            return Sequence("tuple", parts, _kind_of_any(parts))
        case List(items=items):
            parts = tuple(kind_of_constant(item, outers) for item in items)
            return Sequence("list", parts, _kind_of_any(parts))
        case Dict(items=pairs) if all(
            isinstance(key, Const) and isinstance(key.value, str) for key, _ in pairs
        ):
            named = ((str(k.value), v) for k, v in pairs if isinstance(k, Const))
            return Mapping(tuple((key, kind_of_constant(v, outers)) for key, v in named))
        case Call(func=Known(path=path)) if path in _OBJECTS:
            return _OBJECTS[path]
        case Call(func=Known(path=path)):
            module, _, name = path.rpartition(".")
            return FLOAT if module == "math" and name in _FLOAT_FUNCTIONS else UNKNOWN
        case _:
            return UNKNOWN


def _kind_of_any(parts: tuple[Kind, ...]) -> Kind:
    if len(set(parts)) == 1:
        return parts[0]
    return MAYBE_COMPLEX if any(map(holds_complex, parts)) else UNKNOWN


def _kind_of_literal(value: object) -> Kind:
    match value:
        case bool():
            return BOOL
        case int():
            return INT
        case float():
            return FLOAT
        case complex():
            return COMPLEX
        case str():
            return TEXT
        case None:
            return NONE
        case _:
            return UNKNOWN


def _kind_of_arithmetic(op: str, right: Expr, kinds: tuple[Kind, Kind]) -> Kind:
    if not all(isinstance(kind, Scalar) for kind in kinds):
        return MAYBE_COMPLEX if any(map(holds_complex, kinds)) else UNKNOWN
    if COMPLEX in kinds:
        return COMPLEX
    if op == "/" or (op in ("+", "-", "*", "//", "%") and FLOAT in kinds):
        return FLOAT
    if op in ("+", "-", "*", "//", "%"):
        return INT
    if op == "**" and kinds[1] != FLOAT and isinstance(right, Const):
        return kinds[0] if kinds[0] == FLOAT else INT
    return UNKNOWN
