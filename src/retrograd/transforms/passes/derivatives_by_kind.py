"""Call derivatives by the functions that they are for arguments of the kinds at hand.

    w = w - rate * g'grad(w)(w, lam)      ->      w = w - rate * g_grad(w, lam)

An integer by which is differentiated is made a float first, as `rg.grad` does it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from retrograd.transforms.analyses.kinds_and_ranks import Kinds
from retrograd.transforms.frontend.derivatives import Asked, asked_for
from retrograd.transforms.frontend.solvers import Solve, Solver, motion_starts
from retrograd.transforms.ir.algebra import ZERO, builtin
from retrograd.transforms.ir.kinds import (
    ANY,
    FLOAT,
    MANY,
    NEVER,
    ONE,
    UNKNOWN,
    Array,
    Dim,
    Kind,
    Never,
    Other,
    Record,
    Scalar,
    Sequence,
    Unknown,
    with_parts,
)
from retrograd.transforms.ir.kinds import (
    Mapping as MappingKind,
)
from retrograd.transforms.ir.nodes import (
    Block,
    Call,
    Callee,
    Const,
    Expr,
    Function,
    Known,
    Return,
    Stmt,
    Tuple,
)
from retrograd.transforms.ir.walk import (
    map_blocks,
    map_expressions,
    own_expressions,
    rewrite,
)
from retrograd.transforms.passes.interface import compiler_pass


@dataclass(frozen=True, slots=True)
class Written:
    """A derivative that is written: the function, and what it takes.

    `kinds` are those of the arguments that it shares with its primal. Of the tangents that follow
    them, it does not take those at the places `still`.
    """

    callee: Callee
    kinds: tuple[Kind, ...]
    still: tuple[int, ...]


#: Gives the derivative for arguments of certain kinds.
Writer: TypeAlias = Callable[[Asked, tuple[Kind, ...]], Written]


@compiler_pass
def derivatives_by_kind(function: Function, kinds: Kinds, written: Writer) -> Function:
    """`function` with calls of functions in place of those of derivatives."""

    def block(stmts: Block) -> Block:
        return tuple(map(statement, stmts))

    def statement(stmt: Stmt) -> Stmt:
        stmt_inside = map_blocks(stmt, block)
        env = kinds.before.get(stmt, {})

        def exchanged(part: Expr) -> Expr:
            match part:
                case Call(func=Callee(key=key), args=args) as call:
                    asked = asked_for(key)
                    if asked is None:
                        return part
                    given = tuple(kinds.of(arg, env) for arg in args)
                    return _called(call, written(asked, given), given)
                case _:
                    return part

        if all(rewrite(expr, exchanged) is expr for expr in own_expressions(stmt)):
            return stmt_inside
        new = map_expressions(stmt_inside, lambda expr: rewrite(expr, exchanged))
        return replace(new, origin=new.origin.rewritten())

    return replace(function, body=block(function.body))


def _called(call: Call, written: Written, given: tuple[Kind, ...]) -> Call:
    """`call` of a derivative as one of the function `written` for it."""
    shared = len(written.kinds)
    own = tuple(map(_as_taken, call.args[:shared], given, written.kinds))
    beside = tuple(arg for k, arg in enumerate(call.args[shared:]) if k not in written.still)
    assert isinstance(call.func, Callee)
    return replace(call, func=replace(written.callee, at=call.func.at), args=(*own, *beside))


def _as_taken(arg: Expr, given: Kind, taken: Kind) -> Expr:
    """The argument `arg` in floats, if those are what is `taken`."""
    match given, taken:
        case Scalar(dtype="int" | "bool"), Scalar(dtype="float"):
            return builtin("float", arg)
        case Array(dtype="int" | "bool"), Array(dtype="float"):
            return Call(Known("numpy.asarray", "np.asarray"), (arg, Known("float", "float")))
        case _:
            return arg


# ---------------------------------------------------------------- what derivatives are


def without_precision(kind: Kind) -> Kind:
    """`kind` where the dtype of the floats is left to what is computed with them."""
    match kind:
        case Scalar() | Array():
            return replace(kind, precision="")
        case _:
            return with_parts(kind, without_precision)


def solution_kind(solve: Solve, given: Mapping[str, Kind]) -> Kind:
    """The kind of what a function gives that calls a solver, if it shows.

    `given` are the kinds of its parameters.
    """
    match solve.solver:
        case Solver(condition="integral"):
            return Sequence("tuple", (FLOAT, FLOAT), UNKNOWN)
        case Solver(condition="motion"):
            start, *times = (given[name] for name in motion_starts(solve))
            axes = [_length(kind) for kind in (start, *times)]
            if start == NEVER or None in axes:
                return NEVER if start == NEVER else UNKNOWN
            dims = tuple(dim for dim in axes if dim is not None)
            return Array("float", dims if solve.solver.field else dims[::-1])
        case Solver(shape="number"):
            return FLOAT
        case Solver(shape=shape):
            return unknown_kind(given[solve.starts[0]], shape)


def _length(kind: Kind) -> Dim | None:
    """The extent of an array of numbers of one axis; None for what is none."""
    match kind:
        case Array(dtype="complex"):
            return None
        case Array(dims=(dim,)):
            return dim
        case Array(dims=None) | Unknown():
            return ANY
        case _:
            return None


def unknown_kind(start: Kind, shape: str) -> Kind:
    """The kind of the unknown of a solver that begins with a value of kind `start`, if it shows."""
    match start:
        case Never():
            return start
        case Scalar() | Array(dims=()):
            return FLOAT if shape == "start" else Array("float", (ONE,))
        case Array(dims=(dim,)):
            return Array("float", (dim,))
        case Sequence(items=tuple() as items) if items and all(
            isinstance(item, Scalar) for item in items
        ):
            return Array("float", (ONE if len(items) == 1 else MANY,))
        case _:
            return UNKNOWN


def varied_by_kind(kinds: Mapping[str, Kind], names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the parameters `names` that may hold floats."""
    return tuple(name for name in names if _may_hold_floats(kinds[name]))


def _may_hold_floats(kind: Kind) -> bool:
    match kind:
        case Scalar(dtype=dtype) | Array(dtype=dtype):
            return dtype not in ("int", "bool")
        case Sequence(items=items, item=item):
            return any(map(_may_hold_floats, (item,) if items is None else items))
        case MappingKind(items=pairs, value=value):
            return any(map(_may_hold_floats, (value,) if pairs is None else [k for _, k in pairs]))
        case Record(fields=fields):
            return any(_may_hold_floats(inner) for _, inner in fields)
        case Other():
            return False
        case _:
            return True


# ---------------------------------------------------------------- how derivatives are written


def with_all(
    function: Function, kinds: Mapping[str, Kind], names: tuple[str, ...], wrt: tuple[str, ...]
) -> Function:
    """A pullback that gives the cotangents of `wrt` as one that gives something for all of `names`."""
    if wrt == names:
        return function

    def statement(stmt: Stmt) -> Stmt:
        match stmt:
            case Return(value=Tuple(items=items)):
                found = dict(zip(wrt, items, strict=True))
                parts = (found.get(name, _none_of(kinds[name])) for name in names)
                return replace(stmt, value=Tuple(tuple(parts)))
            case _:
                return map_blocks(stmt, lambda block: tuple(map(statement, block)))

    return replace(function, body=tuple(map(statement, function.body)))


def _none_of(kind: Kind) -> Expr:
    return ZERO if isinstance(kind, Scalar) else Const("None")
