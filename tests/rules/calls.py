"""Calls to try the rules on: one function applied to numbers and arrays of every sort it admits.

An elementwise rule gives its calls itself, from its header and its `on`; the other functions have
theirs in `WRITTEN`. Values are fixed: away from 0, without ties, inside `on`.
"""

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import CodeType
from typing import Any

import numpy as np
import pytest
import scipy.interpolate
import scipy.linalg
import scipy.sparse.linalg
import scipy.special
import scipy.stats

import retrograd.runtime
from retrograd.transforms.frontend.build import expression
from retrograd.transforms.ir import kinds
from retrograd.transforms.ir.kinds import Array, Kind, Scalar
from retrograd.transforms.ir.nodes import (
    Attribute,
    Const,
    Expr,
    Index,
    Known,
    List,
    Name,
    Tuple,
    Unary,
)
from retrograd.transforms.rules.application import application
from retrograd.transforms.rules.rule import Bound, Rule
from retrograd.transforms.rules.table import all_rules, constant_kind, result_kind

LIBRARIES = {"numpy": np, "np": np, "math": math, "retrograd": retrograd, "scipy": scipy}
#: Names by which formulas call what comes from libraries.
SPELLED = {
    name: getattr(scipy, name)
    for name in (
        *(
            "fft",
            "integrate",
            "interpolate",
            "linalg",
            "ndimage",
            "signal",
            "sparse",
            "spatial",
            "special",
            "stats",
        ),
    )
}
HELPERS = {name: getattr(retrograd.runtime, name) for name in retrograd.runtime.__all__}

# ---------------------------------------------------------------- one call


@dataclass(frozen=True, eq=False)
class Call:
    """The text of a call and a value for each variable in it; float values are differentiated."""

    text: str
    values: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.text} at {', '.join(map(describe, self.values.values()))}"

    @property
    def wrt(self) -> tuple[str, ...]:
        """The variables that hold floats."""
        return tuple(name for name, value in self.values.items() if is_float(value))

    @property
    def expr(self) -> Expr:
        """The call as an expression."""
        return _read(self.text)

    def run(self, **changed: Any) -> Any:
        """The value of the call, some variables having other values."""
        return evaluate(self.text, {**self.values, **changed})


def describe(value: Any) -> str:
    """A word for a value, for the name of a test."""
    if isinstance(value, np.ndarray):
        form = "" if value.flags.c_contiguous else "F" if value.flags.f_contiguous else "strided "
        return f"{form}{value.dtype}{list(value.shape)}"
    return repr(value) if isinstance(value, int) else type(value).__name__


def is_float(value: Any) -> bool:
    """Is `value` a float or an array of floats?"""
    return isinstance(value, float | np.floating) or (
        isinstance(value, np.ndarray) and value.dtype.kind == "f"
    )


def parametrize_some(metafunc: pytest.Metafunc, calls: list[Call], one_in: int) -> None:
    """Run a test that takes the `number` of a call on one of so many, on every one if that is asked for."""
    if "number" in metafunc.fixturenames:
        step = 1 if metafunc.config.getoption("--every-call") else one_in
        numbers = range(0, len(calls), step)
        metafunc.parametrize("number", numbers, ids=[str(calls[number]) for number in numbers])


def evaluate(text: str, values: Mapping[str, Any]) -> Any:
    """What the expression `text` gives, NumPy's warnings silenced."""
    with np.errstate(all="ignore"):
        return eval(_compiled(text), {**LIBRARIES, **SPELLED, **HELPERS, **values})


@cache
def _compiled(text: str) -> CodeType:
    return compile(text, "<call>", "eval")


@cache
def _read(text: str) -> Expr:
    return expression(text, resolve)


def resolve(dotted: str) -> Expr | None:
    """Names in the text of a call: libraries, builtins, else variables."""
    known = dotted.partition(".")[0] in LIBRARIES
    return Known(dotted, dotted) if known or dotted in BUILTINS else None


BUILTINS = {rule.path for rule in all_rules() if rule.path.isidentifier()} - {"and", "or", "not"}

# ---------------------------------------------------------------- what is known of it

#: How much a compiler may know of the values: extents as far as kinds tell them, extents by
#: symbols, ranks only, nothing.
LEVELS = ("extents", "symbols", "ranks", "nothing")


def kind_of_value(value: Any, level: str) -> Kind:
    """What is known of `value` at `level`."""
    if value is None:
        return kinds.NONE
    if level == "nothing":
        return kinds.UNKNOWN
    if isinstance(value, np.ndarray):
        dtype = {"c": "complex", "f": "float", "i": "int", "b": "bool"}[value.dtype.kind]
        dims = {
            "extents": tuple("1" if n == 1 else "*" for n in value.shape),
            "symbols": tuple(f"n{n}" for n in value.shape),
            "ranks": ("?",) * value.ndim,
        }[level]
        return Array(dtype, dims)  # type: ignore[arg-type]
    if isinstance(value, bool | np.bool):
        return kinds.BOOL
    if isinstance(value, complex):
        return kinds.COMPLEX
    return kinds.INT if isinstance(value, int) else kinds.FLOAT


def kind_of(expr: Expr, values: Mapping[str, Any], level: str) -> Kind:
    """What is known of `expr` at `level`."""

    def kind(expr: Expr) -> Kind:
        match expr:
            case Name(id=id):
                return kind_of_value(values[id], level)
            case Const() if isinstance(expr.value, str):
                return kinds.Other("text")
            case Const():
                return kind_of_value(expr.value, "extents")
            case Unary(op="-", operand=Const() as number):
                return kind(number)
            case Tuple(items=items) | List(items=items):
                form = "list" if isinstance(expr, List) else "tuple"
                return kinds.Sequence(form, tuple(map(kind, items)), kinds.UNKNOWN)
            case Known(path=path):
                return constant_kind(path) or kinds.UNKNOWN
            case Index(value=value, index=Const(value=int() as place)):
                several = kind(value)
                if isinstance(several, kinds.Sequence) and several.items is not None:
                    return several.items[place]
                return kinds.UNKNOWN
            case Attribute(name="shape"):
                return kinds.Sequence("tuple", None, kinds.INT)
            case _:
                bound = application(expr)
                return result_kind(bound, kind) if isinstance(bound, Bound) else kinds.UNKNOWN

    return kind(expr)


def is_true_of(kind: Kind, value: Any) -> bool:
    """Does `kind` say nothing about `value` that is not so?"""
    match kind:
        case Scalar(dtype=dtype):
            letter = {"float": "f", "int": "i", "bool": "b"}[dtype]
            return not isinstance(value, np.ndarray) and np.asarray(value).dtype.kind == letter
        case Array(dtype=dtype, dims=dims):
            shape = np.shape(value)
            letter = np.asarray(value).dtype.kind
            if dtype is not None and letter != {"float": "f", "int": "i", "bool": "b"}[dtype]:
                return False
            if dims is None:
                return True
            return len(dims) == len(shape) and all(map(_is_extent, dims, shape))
        case kinds.Sequence(form=form, items=items):
            fits = isinstance(value, list if form == "list" else tuple)
            return fits and (
                items is None or (len(items) == len(value) and all(map(is_true_of, items, value)))
            )
        case _:
            return True


def _is_extent(dim: str, extent: int) -> bool:
    if dim in ("1", "*"):
        return (extent == 1) == (dim == "1")
    return dim == "?" or dim == f"n{extent}"


# ---------------------------------------------------------------- values

GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0

#: Where to look for points at which `on` holds: least and largest size, and whether signs change.
RANGES = (
    *((0.3, 2.0, True), (0.3, 2.0, False)),
    *((0.1, 0.9, True), (1.2, 3.0, False), (0.1, 0.9, False)),
)


def numbers(shape: tuple[int, ...], place: int, bounds: tuple[float, float, bool]) -> Any:
    """Distinct values inside `bounds`, other ones for every `place`; a float for the shape ()."""
    low, high, signs = bounds
    steps = np.arange(math.prod(shape), dtype=float)
    values = low + (high - low) * ((steps * GOLDEN + 0.137 * (place + 1)) % 1.0)
    if signs:
        values = np.where((steps + place) % 3 == 1, -values, values)
    return values.reshape(shape) if shape else float(values[0])


def points(names: tuple[str, ...], shapes: tuple[tuple[int, ...], ...], on: str) -> dict[str, Any]:
    """Values for the variables `names` at which `on` holds."""
    for bounds in RANGES:
        values = {
            name: numbers(shape, place, bounds)
            for place, (name, shape) in enumerate(zip(names, shapes, strict=True))
        }
        if not on or np.all(evaluate(on, values)):
            return values
    raise ValueError(f"no points where {on}")


# ---------------------------------------------------------------- elementwise calls

UNARY = ((), (1,), (3,), (2, 3), (2, 1, 3))
PAIRS = (
    *itertools.product([(), (3,), (2, 3)], repeat=2),
    ((1,), (3,)),
    ((3,), (1,)),
    ((2, 1), (1, 3)),
    ((2, 1), (2, 3)),
    ((2, 1, 3), (4, 1)),
    ((1, 1), (3,)),
)
TRIPLES = (((), (), ()), ((3,), (), (2, 3)), ((2, 1), (3,), ()), ((2, 3), (2, 3), (2, 3)))


def header(rule: Rule) -> str:
    """The call that an elementwise rule's header spells."""
    names = operand_names(rule)
    if rule.path in ("-u", "+u"):
        return f"{rule.path[0]}{names[0]}"
    if not rule.path[0].isalpha():
        return f"{names[0]} {rule.path} {names[1]}"
    return f"{rule.path}({', '.join(names)})"


def operand_names(rule: Rule) -> tuple[str, ...]:
    """The operands of an elementwise rule; three of them where it takes any number."""
    if rule.variadic is not None:
        return tuple(f"{rule.variadic}{k}" for k in range(3))
    return tuple(param.name for param in rule.params if param.default is None)


#: Functions of numbers alone, beside those of `math`.
_OF_NUMBERS = frozenset({"max", "min", "retrograd.runtime.power_slope"})


def takes_arrays(rule: Rule) -> bool:
    """Does the function work on arrays?"""
    return not (rule.path.startswith("math.") or rule.path in _OF_NUMBERS)


def exists(path: str) -> bool:
    """Do this Python and this NumPy have the function?"""
    module, *names = path.split(".")
    place = LIBRARIES.get(module)
    for name in names:
        place = getattr(place, name, None)
    return module not in LIBRARIES or place is not None


def elementwise_calls() -> Iterator[Call]:
    """Calls of every elementwise rule, over ranks and broadcasting."""
    from tests.rules import distribution_calls, numpy_calls, scipy_calls

    others = (numpy_calls, scipy_calls, distribution_calls)
    taken = {*WRITTEN, *(path for module in others for path in module.WRITTEN)}
    for rule in all_rules():
        if rule.form != "elementwise" or not exists(rule.path) or rule.path in taken:
            continue
        names = operand_names(rule)
        shapes = {1: [(s,) for s in UNARY], 2: PAIRS, 3: TRIPLES}[len(names)]
        on = rule.on
        if rule.variadic is not None:
            on = " and ".join(on.replace(rule.variadic, name) for name in names) if on else ""
        for some in shapes if takes_arrays(rule) else [((),) * len(names)]:
            yield Call(header(rule), points(names, some, on))


# ---------------------------------------------------------------- written calls


def _values(**shapes: Any) -> dict[str, Any]:
    """Values for variables given by shape, or as they are."""
    return {
        name: numbers(shape, place, RANGES[0]) if isinstance(shape, tuple) else shape
        for place, (name, shape) in enumerate(shapes.items())
    }


_REDUCED = ({"a": ()}, {"a": (3,)}, {"a": (2, 3)}, {"a": (2, 1, 3)})
_AXES = (
    *("", "axis=None", "axis=0", "axis=-1", "axis=1", "axis=(0, 2)", "axis=(0, 1)", "axis=(1, 0)"),
    *("keepdims=True", "axis=0, keepdims=True", "axis=1, keepdims=True", "axis=(-1, 0)"),
    *("axis=(0, 2), keepdims=True", "axis=which", "axis=which, keepdims=keep", "axis=()"),
)


def _reductions(path: str, *more: str) -> list[Call]:
    calls = []
    for shapes, axes in itertools.product(_REDUCED, (*_AXES, *more)):
        rank = len(shapes["a"])
        least = {"axis=1": 2, "axis=(0, 1)": 2, "axis=(1, 0)": 2, "axis=(-1, 0)": 2}
        needed = max((n for text, n in least.items() if text in axes), default=0)
        needed = max(
            needed, 3 if "2)" in axes else 1 if "axis=" in axes and "None" not in axes else 0
        )
        if rank < max(needed, "ddof=1" in axes):
            continue
        names: dict[str, Any] = dict(shapes)
        names |= {"which": 0} if "which" in axes else {}
        names |= {"keep": False} if "keepdims=keep" in axes else {}
        calls.append(Call(f"{path}({', '.join(filter(None, ('a', axes)))})", _values(**names)))
    listed = Call(f"{path}([x, y, z])", _values(x=(), y=(), z=()))
    return [*calls, listed]


def _calls(text: str, *shapes: Mapping[str, Any]) -> list[Call]:
    return [Call(text, _values(**some)) for some in shapes]


_PRODUCTS = (
    *itertools.product([(3,), (2, 3)], [(3,), (3, 2)]),
    *[((4, 2, 3), (3,)), ((4, 2, 3), (3, 2)), ((4, 2, 3), (4, 3, 2)), ((4, 2, 3), (1, 3, 2))],
    *[((3,), (4, 3, 2)), ((2, 3), (4, 3, 2)), ((5, 1, 2, 3), (4, 3, 2)), ((1, 3), (3, 1))],
)
_DOTS = (
    *[((), ()), ((), (3,)), ((2, 3), ()), ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2))],
    *[((2, 3), (3, 2)), ((4, 2, 3), (3,)), ((3,), (4, 3, 2)), ((2, 3), (4, 3, 2))],
    *[((4, 2, 3), (3, 2)), ((4, 2, 3), (5, 3, 2))],
)
_INNERS = (
    *[((), ()), ((), (3,)), ((2, 3), ()), ((3,), (3,)), ((2, 3), (3,)), ((3,), (2, 3))],
    *[((2, 3), (4, 3)), ((4, 2, 3), (5, 3)), ((2, 3), (4, 2, 3))],
)


def _products(text: str, names: str, shapes: Any) -> list[Call]:
    x, y = names
    return _calls(text, *({x: left, y: right} for left, right in shapes))


def _regular(*shape: int) -> Any:
    """Matrices that are far from singular."""
    return numbers(shape, 0, RANGES[0]) + 3.0 * np.eye(shape[-1])


def _systems() -> list[Call]:
    shapes = [((3, 3), (3,)), ((3, 3), (3, 2)), ((2, 3, 3), (3,)), ((2, 3, 3), (2, 3, 1))]
    shapes += [((2, 3, 3), (3, 2)), ((3, 3), (4, 3, 2))]
    return [
        Call("numpy.linalg.solve(a, b)", {"a": _regular(*a), "b": numbers(b, 1, RANGES[0])})
        for a, b in shapes
    ]


_MATRICES = [{"a": _regular(3, 3)}, {"a": _regular(1, 1)}, {"a": _regular(2, 3, 3)}]

#: Calls of the functions whose rules do not tell their calls themselves.
WRITTEN: dict[str, list[Call]] = {
    # ---- operators and builtins
    "@": _products("x @ y", "xy", _PRODUCTS),
    "float": [*_calls("float(x)", {"x": ()}, {"x": np.array(1.5)})],
    "sum": [
        *_calls("sum(a)", {"a": (3,)}, {"a": (2, 3)}),
        *_calls("sum([x, y])", {"x": (), "y": ()}, {"x": (3,), "y": ()}, {"x": (2, 3), "y": (3,)}),
        *_calls("sum((x, y), start=z)", {"x": (), "y": (), "z": ()}),
        *_calls("sum(a, s)", {"a": (2, 3), "s": (3,)}),
    ],
    # ---- math
    "math.fsum": [*_calls("math.fsum(a)", {"a": (4,)}), *_calls("math.fsum([x, y])", {"x": (), "y": ()})],
    "math.prod": [
        *_calls("math.prod(a)", {"a": (4,)}),
        *_calls("math.prod([x, y, z])", {"x": (), "y": (), "z": ()}),
    ],
    "math.sumprod": _calls("math.sumprod(p, q)", {"p": (3,), "q": (3,)}),
    "math.dist": [
        *_calls("math.dist(p, q)", {"p": (3,), "q": (3,)}),
        *_calls("math.dist([x, y], (z, 2.0))", {"x": (), "y": (), "z": ()}),
    ],
    "math.ldexp": _calls("math.ldexp(x, n)", {"x": (), "n": 3}),
    # ---- choices
    "numpy.where": [
        *_calls("numpy.where(a > 0.5, x, y)", {"a": (3,), "x": (3,), "y": ()}),
        *_calls("numpy.where(a > b, x, y)", {"a": (), "b": (), "x": (2, 3), "y": (3,)}),
        *_calls("numpy.where(a > b, x, y)", {"a": (2, 1), "b": (), "x": (), "y": (3,)}),
        *_calls("numpy.where(a > b, x, y)", {"a": (), "b": (), "x": (), "y": ()}),
        *_calls("numpy.where(c, x, 0.0)", {"c": np.array([True, False, True]), "x": (3,)}),
    ],
    "numpy.clip": [
        *_calls("numpy.clip(a, -0.5, 0.75)", *({"a": shape} for shape in UNARY)),
        *_calls("numpy.clip(a, None, 0.75)", *({"a": shape} for shape in UNARY)),
        *_calls("numpy.clip(a, 0.75, None)", *({"a": shape} for shape in UNARY)),
        *_calls("numpy.clip(a)", {"a": (3,)}, {"a": ()}),
        *_calls("numpy.clip(a, b - 2.0, b + 0.1)", {"a": (2, 3), "b": (3,)}),
    ],
    # ---- reductions
    "numpy.sum": _reductions("numpy.sum"),
    "numpy.mean": _reductions("numpy.mean"),
    "numpy.prod": _reductions("numpy.prod"),
    "numpy.max": _reductions("numpy.max"),
    "numpy.min": _reductions("numpy.min"),
    "numpy.amax": _reductions("numpy.amax"),
    "numpy.amin": _reductions("numpy.amin"),
    "numpy.var": _reductions("numpy.var", "ddof=1", "axis=-1, ddof=1", "ddof=0.5, keepdims=True"),
    "numpy.std": _reductions("numpy.std", "ddof=1", "axis=-1, ddof=1", "ddof=0.5, keepdims=True"),
    "numpy.cumsum": [
        *_calls("numpy.cumsum(a)", {"a": (3,)}, {"a": (2, 3)}, {"a": ()}),
        *_calls("numpy.cumsum(a, axis=-1)", {"a": (3,)}, {"a": (2, 3)}),
        *_calls("numpy.cumsum(a, 0)", {"a": (2, 3)}, {"a": (2, 1, 3)}),
        *_calls("numpy.cumsum(a, which)", {"a": (2, 3), "which": 1}),
    ],
    "numpy.cumprod": [
        *_calls("numpy.cumprod(a)", {"a": (3,)}, {"a": (2, 3)}),
        *_calls("numpy.cumprod(a, axis=1)", {"a": (2, 3)}, {"a": (2, 1, 3)}),
        *_calls("numpy.cumprod(a)", {"a": np.array([2.0, 0.0, 3.0, 0.0, 1.5])}),
    ],
    # ---- linear algebra
    "numpy.matmul": _products("numpy.matmul(x, y)", "xy", _PRODUCTS),
    "numpy.dot": _products("numpy.dot(a, b)", "ab", _DOTS),
    "numpy.inner": _products("numpy.inner(a, b)", "ab", _INNERS),
    "numpy.outer": _products(
        "numpy.outer(a, b)", "ab", [((2,), (3,)), ((), (3,)), ((3,), ()), ((2, 2), (3,)), ((1,), (1,))]
    ),
    "numpy.vdot": _products(
        "numpy.vdot(a, b)", "ab", [((), ()), ((3,), (3,)), ((2, 3), (2, 3)), ((2, 3), (6,))]
    ),
    "numpy.trace": [
        *_calls("numpy.trace(a)", {"a": (3, 3)}, {"a": (2, 3)}, {"a": (3, 2, 2)}),
        *_calls("numpy.trace(a, 1)", {"a": (3, 3)}, {"a": (3, 2, 2)}),
        *_calls("numpy.trace(a, offset=-1)", {"a": (3, 4)}),
        *_calls("numpy.trace(a, 1, 2, 0)", {"a": (3, 2, 4)}),
        *_calls("numpy.trace(a, axis1=-2, axis2=-1)", {"a": (2, 3, 3)}, {"a": (3, 2)}),
    ],
    "numpy.linalg.inv": _calls("numpy.linalg.inv(a)", *_MATRICES),
    "numpy.linalg.det": _calls("numpy.linalg.det(a)", *_MATRICES),
    "numpy.linalg.solve": _systems(),
    # ---- shaping
    "numpy.reshape": [
        *_calls("numpy.reshape(a, (3, 2))", {"a": (2, 3)}, {"a": (6,)}, {"a": (2, 1, 3)}),
        *_calls("numpy.reshape(a, -1)", {"a": (2, 3)}, {"a": ()}),
        *_calls("numpy.reshape(a, (1, -1))", {"a": (2, 3)}),
        *_calls('numpy.reshape(a, (3, 2), order="F")', {"a": (2, 3)}),
        *_calls("numpy.reshape(a, b.shape)", {"a": (2, 3), "b": (3, 2)}),
        *_calls("numpy.reshape(a, (n, 2))", {"a": (2, 3), "n": 3}),
        *_calls("numpy.reshape(a, (b.shape[1], len(b), 1))", {"a": (6,), "b": (3, 2)}),
    ],
    "numpy.ravel": [
        *_calls("numpy.ravel(a)", *({"a": shape} for shape in UNARY)),
        *_calls('numpy.ravel(a, order="F")', {"a": (2, 3)}),
    ],
    "numpy.expand_dims": [
        *_calls("numpy.expand_dims(a, 0)", {"a": ()}, {"a": (3,)}),
        *_calls("numpy.expand_dims(a, axis=-1)", {"a": (3,)}, {"a": (2, 3)}),
        *_calls("numpy.expand_dims(a, (0, 2))", {"a": (3,)}),
    ],
    "numpy.squeeze": [
        *_calls("numpy.squeeze(a)", {"a": (2, 1, 3)}, {"a": (1,)}, {"a": (2, 3)}),
        *_calls("numpy.squeeze(a, 1)", {"a": (2, 1, 3)}),
        *_calls("numpy.squeeze(a, axis=(0, 2))", {"a": (1, 3, 1)}),
        *_calls("numpy.squeeze(a, which)", {"a": (2, 1, 3), "which": -2}),
    ],
    "numpy.atleast_1d": _calls("numpy.atleast_1d(x)", *({"x": shape} for shape in UNARY)),
    "numpy.atleast_2d": _calls("numpy.atleast_2d(x)", *({"x": shape} for shape in UNARY)),
    "numpy.atleast_3d": _calls("numpy.atleast_3d(x)", *({"x": shape} for shape in UNARY)),
    "numpy.broadcast_to": [
        *_calls("numpy.broadcast_to(a, (2, 3))", {"a": ()}, {"a": (3,)}, {"a": (2, 1)}),
        *_calls("numpy.broadcast_to(a, b.shape)", {"a": (3,), "b": (2, 3)}),
    ],
    "numpy.transpose": [
        *_calls("numpy.transpose(a)", *({"a": shape} for shape in UNARY)),
        *_calls("numpy.transpose(a, (1, 0))", {"a": (2, 3)}),
        *_calls("numpy.transpose(a, axes=(1, 2, 0))", {"a": (2, 4, 3)}),
        *_calls("numpy.transpose(a, (-1, 0, 1))", {"a": (2, 4, 3)}),
        *_calls("numpy.transpose(a, (p, 0, 1))", {"a": (2, 4, 3), "p": -1}),
    ],
    "numpy.permute_dims": _calls("numpy.permute_dims(a, (2, 0, 1))", {"a": (2, 4, 3)}),
    "numpy.matrix_transpose": _calls("numpy.matrix_transpose(x)", {"x": (2, 3)}, {"x": (4, 2, 3)}),
    "numpy.swapaxes": _calls("numpy.swapaxes(a, 0, -1)", {"a": (2, 3)}, {"a": (2, 4, 3)}),
    "numpy.moveaxis": [
        *_calls("numpy.moveaxis(a, 0, -1)", {"a": (2, 3)}, {"a": (2, 4, 3)}),
        *_calls("numpy.moveaxis(a, (0, 1), (-1, 0))", {"a": (2, 4, 3)}),
    ],
    "numpy.flip": [
        *_calls("numpy.flip(m)", {"m": (3,)}, {"m": (2, 3)}),
        *_calls("numpy.flip(m, 1)", {"m": (2, 3)}),
        *_calls("numpy.flip(m, axis=(0, 1))", {"m": (2, 3)}),
    ],
    "numpy.flipud": _calls("numpy.flipud(m)", {"m": (3,)}, {"m": (2, 3)}),
    "numpy.fliplr": _calls("numpy.fliplr(m)", {"m": (2, 3)}),
    "numpy.roll": [
        *_calls("numpy.roll(a, 1)", {"a": (3,)}, {"a": (2, 3)}),
        *_calls("numpy.roll(a, -2, axis=1)", {"a": (2, 3)}),
        *_calls("numpy.roll(a, (1, 2), axis=(0, 1))", {"a": (2, 3)}),
        *_calls("numpy.roll(a, n)", {"a": (4,), "n": 3}),
    ],
    "numpy.tril": _calls("numpy.tril(m)", {"m": (3, 3)}, {"m": (2, 3)}),
    "numpy.triu": _calls("numpy.triu(m, k=1)", {"m": (3, 3)}, {"m": (2, 2, 3)}),
    "numpy.diag": [
        *_calls("numpy.diag(v)", {"v": (3,)}, {"v": (3, 3)}, {"v": (2, 3)}),
        *_calls("numpy.diag(v, 1)", {"v": (3,)}, {"v": (2, 3)}),
        *_calls("numpy.diag(v, k=-1)", {"v": (3,)}, {"v": (3, 2)}),
    ],
    "numpy.diff": [
        *_calls("numpy.diff(a)", {"a": (4,)}, {"a": (2, 3)}),
        *_calls("numpy.diff(a, axis=0)", {"a": (2, 3)}, {"a": (3, 1, 2)}),
    ],
    "numpy.tile": [
        *_calls("numpy.tile(a, 3)", {"a": (2,)}, {"a": (2, 3)}, {"a": ()}),
        *_calls("numpy.tile(a, (2, 1))", {"a": (3,)}, {"a": (2, 3)}, {"a": (2, 1, 3)}),
    ],
    "numpy.repeat": [
        *_calls("numpy.repeat(a, 2)", {"a": (3,)}, {"a": (2, 3)}, {"a": ()}),
        *_calls("numpy.repeat(a, 3, axis=1)", {"a": (2, 3)}),
        *_calls("numpy.repeat(a, (2, 0, 1), axis=-1)", {"a": (2, 3)}),
    ],
    # ---- several arrays
    "numpy.concatenate": [
        *_calls("numpy.concatenate([x, y])", {"x": (2,), "y": (3,)}, {"x": (2, 3), "y": (1, 3)}),
        *_calls("numpy.concatenate((x, y), axis=1)", {"x": (2, 1), "y": (2, 3)}),
        *_calls("numpy.concatenate((x, y), -1)", {"x": (2, 1, 3), "y": (2, 1, 1)}),
        *_calls("numpy.concatenate([x, y], axis=None)", {"x": (2, 3), "y": (4,)}),
        *_calls("numpy.concatenate(a)", {"a": (2, 3)}),
        *_calls("numpy.concatenate([x])", {"x": (1, 2)}),
    ],
    "numpy.concat": _calls("numpy.concat([x, y])", {"x": (2,), "y": (3,)}),
    "numpy.stack": [
        *_calls("numpy.stack([x, y])", {"x": (), "y": ()}, {"x": (3,), "y": (3,)}),
        *_calls("numpy.stack((x, y), axis=1)", {"x": (3,), "y": (3,)}, {"x": (2, 3), "y": (2, 3)}),
        *_calls("numpy.stack([x, y], axis=-1)", {"x": (2, 3), "y": (2, 3)}),
        *_calls("numpy.stack(a)", {"a": (2, 3)}),
    ],
    "numpy.vstack": [
        *_calls("numpy.vstack([x, y])", {"x": (), "y": ()}, {"x": (3,), "y": (3,)}),
        *_calls("numpy.vstack((x, y))", {"x": (2, 3), "y": (1, 3)}, {"x": (3,), "y": (2, 3)}),
    ],
    "numpy.hstack": [
        *_calls("numpy.hstack([x, y])", {"x": (), "y": ()}, {"x": (3,), "y": (2,)}),
        *_calls("numpy.hstack((x, y))", {"x": (2, 3), "y": (2, 1)}, {"x": (2, 1, 3), "y": (2, 2, 3)}),
    ],
    "numpy.column_stack": [
        *_calls("numpy.column_stack([x, y])", {"x": (3,), "y": (3,)}, {"x": (3,), "y": (3, 2)}),
    ],
    # ---- creation
    "numpy.array": [
        *_calls("numpy.array(x)", *({"x": shape} for shape in UNARY)),
        *_calls("numpy.array([x, y, 1.0])", {"x": (), "y": ()}, ),
        *_calls("numpy.array([[x, 0.0], [y, z]])", {"x": (), "y": (), "z": ()}),
        *_calls("numpy.array([x, y], dtype=float)", {"x": (3,), "y": (3,)}),
    ],
    "numpy.asarray": [
        *_calls("numpy.asarray(a)", *({"a": shape} for shape in UNARY)),
        *_calls("numpy.asarray([x, y], dtype=numpy.float64)", {"x": (), "y": ()}),
    ],
    "numpy.ascontiguousarray": _calls("numpy.ascontiguousarray(a)", {"a": (3,)}, {"a": (2, 3)}),
    "numpy.asfortranarray": _calls("numpy.asfortranarray(a)", {"a": (3,)}, {"a": (2, 3)}),
    "numpy.asanyarray": _calls("numpy.asanyarray(a)", {"a": (3,)}, {"a": (2, 3)}),
    "numpy.copy": _calls("numpy.copy(a)", {"a": (3,)}, {"a": (2, 3)}),
    "numpy.astype": _calls("numpy.astype(x, float)", {"x": (3,)}, {"x": (2, 3)}),
    "numpy.full": [
        *_calls("numpy.full((2, 3), x)", {"x": ()}, {"x": (3,)}, {"x": (2, 1)}),
        *_calls("numpy.full(n, x)", {"n": 3, "x": ()}),
        *_calls("numpy.full(b.shape, x, dtype=float)", {"b": (2, 1), "x": ()}),
    ],
    "numpy.full_like": _calls("numpy.full_like(a, x)", {"a": (2, 3), "x": ()}, {"a": (2, 3), "x": (3,)}),
    "numpy.linspace": [
        *_calls("numpy.linspace(x, y, 5)", {"x": (), "y": ()}, {"x": (3,), "y": ()}),
        *_calls("numpy.linspace(x, y, num=4, endpoint=False)", {"x": (), "y": ()}),
        *_calls("numpy.linspace(x, 2.0, n)", {"x": (), "n": 3}),
        *_calls("numpy.linspace(x, y, 3)", {"x": (2, 1), "y": (3,)}),
    ],
}  # fmt: skip

#: Further calls of elementwise functions: exponents as they are written.
POWERS = [
    *_calls("x**2", {"x": ()}, {"x": (2, 3)}),
    *_calls("x**0", {"x": ()}, {"x": (3,)}),
    *_calls("2**y", {"y": ()}, {"y": (2, 3)}),
    *_calls("x**-3", {"x": ()}, {"x": (3,)}),
    *_calls("x**n", {"x": (), "n": 3}, {"x": (), "n": 0}, {"x": (3,), "n": 2}),
    *[Call("x**0.5", {"x": numbers(shape, 0, RANGES[1])}) for shape in ((), (3,))],
    *_calls("x**n", {"x": (2, 3), "n": np.array([1, 2, 3])}),
]
EXTREMES = [
    *_calls("max(a)", {"a": (4,)}),
    *_calls("min([x, y, z])", {"x": (), "y": (), "z": ()}),
    *_calls("min(a)", {"a": (4,)}),
    *_calls("max([x, y, z])", {"x": (), "y": (), "z": ()}),
]
#: Lists and tuples of an array's items; numbers and arrays in NumPy's floats.
CONVERSIONS = [
    *_calls("numpy.array(list(a))", {"a": (4,)}, {"a": (2, 3)}),
    *_calls("numpy.array(tuple(a))", {"a": (4,)}, {"a": (2, 3)}),
    *_calls("numpy.stack(list([x, y]))", {"x": (3,), "y": (3,)}),
    *_calls("numpy.stack(tuple([x, y]))", {"x": (3,), "y": (3,)}),
    *_calls("numpy.float64(x)", {"x": ()}, {"x": (3,)}),
    *_calls("retrograd.runtime.item(a)", {"a": (1,)}, {"a": (1, 1)}),
    *_calls("numpy.double(x)", {"x": ()}, {"x": (3,)}),
]

#: Helpers of generated code, which is differentiated too.
GENERATED = [
    *_calls("retrograd.runtime.unbroadcast(x, y)", {"x": (2, 3), "y": (3,)}, {"x": (3,), "y": ()}),
    *_calls("retrograd.runtime.sum_to(x, (3,))", {"x": (2, 3)}, {"x": (1, 3)}),
    *_calls("retrograd.runtime.spread(x, (2, 3))", {"x": ()}, {"x": (3,)}),
    *_calls("retrograd.runtime.lift(x, 0, False)", {"x": (3,)}),
    *_calls("retrograd.runtime.accumulate(x, y)", {"x": (3,), "y": (3,)}, {"x": (), "y": ()}),
    *_calls("retrograd.runtime.owned(x)", {"x": (3,)}),
    *_calls("retrograd.runtime.duplicate(x)", {"x": (3,)}),
    *_calls("retrograd.runtime.as_float(x)", {"x": (3,)}, {"x": ()}),
    *_calls("retrograd.runtime.restructure(x, y)", {"x": (3,), "y": (3,)}),
    *_calls("retrograd.runtime.scatter(x, y, 1)", {"x": (3,), "y": (2, 3)}),
    *_calls("retrograd.runtime.written(x, y, [0, 1, 1])", {"x": (3,), "y": (4,)}),
    *_calls("retrograd.runtime.last_written(y, [0, 1, 1])", {"y": (4,)}, {"y": (2, 3)}),
]


def laid_out() -> Iterator[Call]:
    """A few calls on arrays that lie in memory in other ways."""
    a = numbers((3, 4), 0, RANGES[1])
    for text in (
        *("numpy.exp(a)", "numpy.sum(a, axis=1)", "numpy.max(a)", "numpy.ravel(a)", "a @ a.T"),
        *(
            "numpy.cumsum(a, axis=0)",
            "numpy.prod(a, axis=0)",
            "numpy.reshape(a, -1)",
            "a * a.T[:1]",
        ),
        *(
            "numpy.std(a, axis=0)",
            "numpy.concatenate([a, a])",
            "numpy.diag(a)",
            "numpy.transpose(a)",
        ),
        *("numpy.take(a, [0, 5, 5])", "numpy.sort(a, axis=0)", "numpy.median(a, axis=1)"),
        *("numpy.einsum('ij->ji', a)", "numpy.tensordot(a, a)", "numpy.kron(a, a)"),
        *("numpy.pad(a, 1, 'wrap')", "numpy.gradient(a, axis=0)", "numpy.cov(a)"),
        *("numpy.insert(a, 1, 2.0)", "numpy.rot90(a)", "numpy.diagonal(a)"),
        *(
            "numpy.add.reduceat(a, [0, 2])",
            "numpy.trapezoid(a, axis=0)",
            "numpy.multiply.outer(a, a)",
        ),
    ):
        wide = numbers((6, 8), 0, RANGES[1])
        for value in (np.asfortranarray(a), wide[::2, ::2], a[::-1, ::-1]):
            if "a.T" not in text:
                yield Call(text, {"a": value})


def all_calls() -> list[Call]:
    """Every call that the rules are tried on."""
    # They make their calls with what stands above.
    from tests.rules import (
        distribution_calls,
        interpolant_calls,
        linalg_calls,
        numpy_calls,
        sampling_calls,
        scipy_calls,
        scipy_linalg_calls,
        sparse_calls,
    )

    tables = (WRITTEN, numpy_calls.WRITTEN, linalg_calls.WRITTEN, scipy_calls.WRITTEN)
    tables += (scipy_linalg_calls.WRITTEN, distribution_calls.WRITTEN, sampling_calls.WRITTEN)
    tables += (interpolant_calls.WRITTEN, sparse_calls.WRITTEN)
    written = (
        call for table in tables for path, calls in table.items() if exists(path) for call in calls
    )
    return [
        *elementwise_calls(),
        *written,
        *POWERS,
        *EXTREMES,
        *CONVERSIONS,
        *GENERATED,
        *laid_out(),
    ]
