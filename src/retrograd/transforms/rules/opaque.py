"""Calls that no rule speaks of: what they do besides giving a value is not known.

Such a call may print, count or draw a random number. So the forward sweep evaluates it once, where
the user wrote it, whether or not its value is read, and the reverse sweep never does. No derivative
goes through it, and what depends on the inputs may not go into it, unless its result is of no
consequence: a line on the screen or in a log, or text to be put there.
"""

from collections.abc import Callable, Mapping
from typing import Final

from retrograd.transforms.frontend.constants import MAKES_SPARSE
from retrograd.transforms.frontend.own_functions import OWN
from retrograd.transforms.ir.kinds import (
    FLOAT,
    GENERATOR,
    LOGGER,
    MAYBE_COMPLEX,
    NONE,
    OF_SPARSE,
    SPARSE,
    TEXT,
    UNKNOWN,
    Array,
    DType,
    Kind,
    Other,
    Scalar,
    holds_complex,
)
from retrograd.transforms.ir.memo import by_identity
from retrograd.transforms.ir.nodes import (
    Attribute,
    Call,
    Callee,
    Const,
    Expr,
    Known,
    Name,
    Text,
)
from retrograd.transforms.ir.walk import subexpressions
from retrograd.transforms.rules.application import MAKERS, is_replacement
from retrograd.transforms.rules.results import dtype_named
from retrograd.transforms.rules.rule import constant
from retrograd.transforms.rules.table import rule_for

KindOf = Callable[[Expr], Kind]

#: Functions of Python's own that only wrap what they are given: loops and subscripts take them apart.
_WRAPPERS: Final = frozenset({"enumerate", "reversed", "slice", "zip"})

#: Methods that change a list, a dict or an array in place, whatever object they are called on.
WRITING_METHODS: Final = frozenset(
    {"append", "clear", "extend", "insert", "pop", "popitem", "remove", "reverse", "setdefault"}
    | {"sort", "update", "fill", "itemset", "partition", "put", "resize", "byteswap", "setfield"}
    | {"setflags"}
)

#: Methods of lists, tuples and dicts that only look.
_LOOKING_METHODS: Final = frozenset({"copy", "count", "index"})

#: Functions of NumPy that write into an argument.
_WRITING_FUNCTIONS: Final = frozenset(
    f"numpy.{name}" for name in ("copyto", "fill_diagonal", "place", "put", "put_along_axis",
                                 "putmask", "random.shuffle")
)  # fmt: skip

#: Functions through which a program looks at its own names, or runs text.
REFLECTION: Final = frozenset(
    {"compile", "delattr", "dir", "eval", "exec", "globals", "locals", "setattr", "vars"}
    | {"__import__", "importlib.import_module", "sys._getframe", "inspect.currentframe"}
    | {"inspect.stack", "gc.get_objects"}
)

LOGGING: Final = frozenset(
    {"debug", "info", "warning", "error", "exception", "critical", "log", "warn"}
)
_SHOWING: Final = frozenset(
    {"print", "str", "repr", "ascii", "format", "warnings.warn"}
    | {f"logging.{name}" for name in LOGGING}
    | {"numpy.array2string", "numpy.array_str", "numpy.array_repr", "numpy.format_float_positional"}
    | {"numpy.format_float_scientific"}
)


def is_opaque(expr: Expr) -> bool:
    """Whether `expr` is a call that is evaluated once, where it stands."""
    match expr:
        case _ if is_replacement(expr):
            return False
        case Call(func=Known(path=path)):
            ours = path.startswith(("retrograd.runtime.", OWN))
            told = path in _WRAPPERS or path in MAKERS or rule_for(path) is not None
            return not ours and not told
        case Call(func=Attribute(value=value, name=name)):
            known = name in WRITING_METHODS or name in _LOOKING_METHODS
            return not known and not isinstance(value, Known) and not _ours(value)
        case _:
            return False


def _ours(expr: Expr) -> bool:
    """Whether `expr` is a tape, or another value of our own making."""
    return isinstance(expr, Name) and bool(expr.role)


@by_identity
def acts(expr: Expr) -> bool:
    """Whether evaluating `expr` may do more than give a value."""
    return any(
        is_opaque(part) or (isinstance(part, Callee) and part.acts) for part in subexpressions(expr)
    )


def writes(call: Call) -> bool:
    """Whether `call` is known to change what it is given or called on."""
    match call.func:
        case Attribute(name=name):
            return name in WRITING_METHODS or name == "shuffle"
        case Known(path=path):
            telling = {name for name, _ in call.kwargs}
            return (
                path in _WRITING_FUNCTIONS
                or path in ("random.shuffle",)
                or path.startswith(("heapq.", "bisect.insort"))
                or (path.startswith("numpy.") and path.endswith(".at"))
                or bool(telling & {"out", "overwrite_a", "overwrite_b", "overwrite_x"})
            )
        case _:
            return False


def only_shows(expr: Expr, kind_of: KindOf) -> bool:
    """Whether the numbers that go into `expr` come out of it as text at most."""
    match expr:
        case Text():
            return True
        case Call(func=Known(path=path)):
            return path in _SHOWING
        case Call(func=Attribute(value=Const(), name="format")):
            return True
        case Call(func=Attribute(value=value, name=name)):
            return name in LOGGING and kind_of(value) == LOGGER
        case _:
            return False


#: What gives complex numbers, or may.
_COMPLEX: Final = frozenset({"numpy.roots", "scipy.signal.hilbert"})


def opaque_kind(call: Call, kind_of: KindOf) -> Kind:
    """The kind of what an opaque call gives."""
    match call.func:
        case Known(path="print" | "warnings.warn" | "random.seed" | "numpy.random.seed"):
            return NONE
        case Known(path="str" | "repr" | "ascii" | "format"):
            return TEXT
        case Known(path="numpy.random.default_rng" | "numpy.random.RandomState" | "random.Random"):
            return GENERATOR
        case Known(path="logging.getLogger"):
            return LOGGER
        case Known(path=path) if path in MAKES_SPARSE:
            return _made_sparse([kind_of(arg) for arg in call.args])
        case Known(path="set" | "frozenset"):
            return Other("set")
        case Known(path=path) if path.startswith("time."):
            return FLOAT if path.removeprefix("time.") in _CLOCKS else UNKNOWN
        case Known(path="numpy.dtype") if call.args:
            return Other("dtype", dtype_named(constant(call.args[0])) or "")
        case Known(path=path) if path in _COMPLEX:
            return MAYBE_COMPLEX
        case Known(path=path) if path.startswith(("numpy.random.", "random.")):
            return drawn_kind(path.rpartition(".")[2], call, kind_of)
        case Attribute(value=Const(), name="format"):
            return TEXT
        case Attribute(value=value, name=name) if kind_of(value) == GENERATOR:
            return drawn_kind(name, call, kind_of)
        case Attribute(value=value, name=name) if kind_of(value) == SPARSE:
            if name in ("toarray", "diagonal"):
                return Array("float", ("?",) * (2 if name == "toarray" else 1))
            return SPARSE if name in _GIVES_SPARSE else UNKNOWN
        case _:
            return UNKNOWN


def _made_sparse(given: list[Kind]) -> Kind:
    """What the function that makes a sparse matrix gives: of a vector, it has one axis."""
    if any(map(holds_complex, given)):
        return UNKNOWN
    vector = bool(given) and isinstance(given[0], Array) and given[0].rank not in (2, None)
    return OF_SPARSE if vector else SPARSE


#: Methods of sparse matrices that give such a matrix.
_GIVES_SPARSE: Final = frozenset(
    {"copy", "tobsr", "tocoo", "tocsc", "tocsr", "todia", "todok", "tolil", "transpose", "asformat"}
)

_CLOCKS: Final = frozenset({"time", "perf_counter", "monotonic", "process_time"})


# ---------------------------------------------------------------- random numbers

#: The parameters of distributions, by the name of the function or method that draws from them.
_DISTRIBUTIONS: Final[Mapping[str, tuple[DType, str]]] = {
    **dict.fromkeys(("random", "random_sample", "standard_normal"), ("float", "size")),
    **dict.fromkeys(("standard_exponential", "standard_cauchy"), ("float", "size")),
    **dict.fromkeys(("normal", "laplace", "logistic", "gumbel"), ("float", "loc scale size")),
    "uniform": ("float", "low high size"),
    "lognormal": ("float", "mean sigma size"),
    "gamma": ("float", "shape scale size"),
    "beta": ("float", "a b size"),
    **dict.fromkeys(("exponential", "rayleigh"), ("float", "scale size")),
    **dict.fromkeys(("weibull", "pareto", "power"), ("float", "a size")),
    **dict.fromkeys(("chisquare", "standard_t"), ("float", "df size")),
    **dict.fromkeys(("gauss", "normalvariate", "lognormvariate"), ("float", "mu sigma")),
    **dict.fromkeys(("expovariate",), ("float", "lambd")),
    **dict.fromkeys(("integers", "randint", "random_integers"), ("int", "low high size")),
    "randrange": ("int", "start stop step"),
    "poisson": ("int", "lam size"),
    "binomial": ("int", "n p size"),
    "geometric": ("int", "p size"),
}


_DRAWING_METHODS: Final = frozenset(
    {*_DISTRIBUTIONS, "choice", "permutation", "permuted", "multivariate_normal"}
)


def is_draw(expr: Expr, kind_of: KindOf) -> bool:
    """Whether `expr` draws from a distribution, so that what it gives is new."""
    match expr:
        case Call(func=Known(path=path)):
            return path.startswith(("numpy.random.", "random."))
        case Call(func=Attribute(value=value, name=name)):
            return kind_of(value) == GENERATOR or name in _DRAWING_METHODS
        case _:
            return False


def gives_items(expr: Expr) -> bool:
    """Whether `expr` surely draws something that can be subscripted, if it draws several numbers."""
    match expr:
        case Call(func=Attribute(name=name)):
            return name in _DRAWING_METHODS
        case Call(func=Known(path=path)):
            return path.startswith("numpy.random.")
        case _:
            return False


def drawn_kind(name: str, call: Call, kind_of: KindOf) -> Kind:
    """The kind of what the function or method `name` of a generator draws."""
    if name in ("randn", "rand") and not call.kwargs:
        return Array("float", ("?",) * len(call.args)) if call.args else FLOAT
    if name not in _DISTRIBUTIONS:
        return UNKNOWN
    dtype, signature = _DISTRIBUTIONS[name]
    given = {**dict(zip(signature.split(), call.args, strict=False)), **dict(call.kwargs)}
    size = given.pop("size", None)
    if size is None or kind_of(size) == NONE:
        kinds = [kind_of(value) for value in given.values()]
        return Scalar(dtype) if all(isinstance(kind, Scalar) for kind in kinds) else UNKNOWN
    match kind_of(Call(Known("numpy.zeros", "np.zeros"), (size,))):
        case Array(dims=dims):
            return Array(dtype, dims)
        case _:
            return UNKNOWN
