"""Spell functions that put values into an array at certain places as assignments to its elements.

    np.put(a, [0, 2], v)                   ->      places = places_in_order(a, [0, 2])
                                                   a[places] = np.resize(v, np.size([0, 2]))
    np.put_along_axis(a, order, v, 1)      ->      places = places_along(a, order, 1)
                                                   a[places] = v
    np.fill_diagonal(a, 0.0)               ->      places = places_on_diagonal(a)
                                                   a[places] = 0.0
    np.putmask(a, mask, v)                 ->      a[mask] = np.resize(v, a.shape)[mask]
    np.place(a, mask, v)                   ->      a[mask] = np.resize(v, np.count_nonzero(mask))
    np.copyto(a, v, where=mask)            ->      a[...] = np.where(mask, v, a)

The statements keep their text.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from retrograd.transforms.analyses.kinds_and_ranks import Kinds
from retrograd.transforms.ir.algebra import helper
from retrograd.transforms.ir.kinds import Scalar
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    Block,
    Call,
    Const,
    Do,
    Expr,
    Function,
    Index,
    Known,
    Name,
    Param,
    Stmt,
)
from retrograd.transforms.ir.walk import map_blocks, root_of
from retrograd.transforms.passes.arguments import Misfit, matched
from retrograd.transforms.passes.interface import compiler_pass

#: Whether an expression, where the statement at hand stands, is a number.
IsNumber: TypeAlias = Callable[[Expr], bool]
#: The elements of an array that are written, what to, and where they are if that gets a name.
Written: TypeAlias = tuple[Index, Expr, list[Stmt]]

_FALSE: Final = Const("False")
_PARAMS: Final[Mapping[str, tuple[Param, ...]]] = {
    "numpy.put": (Param("a"), Param("ind"), Param("v"), Param("mode", default=Const('"raise"'))),
    "numpy.put_along_axis": (Param("arr"), Param("indices"), Param("values"), Param("axis")),
    "numpy.fill_diagonal": (Param("a"), Param("val"), Param("wrap", default=_FALSE)),
    "numpy.putmask": (Param("a"), Param("mask"), Param("values")),
    "numpy.place": (Param("arr"), Param("mask"), Param("vals")),
    "numpy.copyto": (Param("dst"), Param("src"), Param("where", keyword_only=True)),
}

#: Of these the places are no operand.
_PLACED: Final = frozenset({"numpy.put", "numpy.put_along_axis", "numpy.fill_diagonal"})


@compiler_pass
def spell_puts(function: Function, kinds: Kinds, fresh: Callable[[str], str]) -> Function:
    """`function` with its calls that put values at certain places as assignments."""

    def block(stmts: Block) -> Block:
        return tuple(new for stmt in stmts for new in statement(stmt))

    def statement(stmt: Stmt) -> Iterator[Stmt]:
        written: Written | None = None
        match stmt:
            case Do(value=Call() as call) if stmt in kinds.before:
                env = kinds.before[stmt]
                written = _written(call, lambda e: isinstance(kinds.of(e, env), Scalar), fresh)
            case _:
                pass
        if written is None:
            yield map_blocks(stmt, block)
        else:
            place, value, before = written
            yield from before
            yield Assign(place, value, stmt.origin)

    return replace(function, body=block(function.body))


def _written(call: Call, is_number: IsNumber, fresh: Callable[[str], str]) -> Written | None:
    match call.func:
        case Known(path=path) if path in _PARAMS:
            args = call.args
        case Attribute(value=array, name="put"):
            path, args = "numpy.put", (array, *call.args)
        case _:
            return None
    given = matched(_PARAMS[path], args, call.kwargs)
    if isinstance(given, Misfit):
        return None
    out, *rest = given.values()
    if root_of(out) is None:
        return None

    places = Name(fresh("places")) if path in _PLACED else Name("")
    place = Index(out, places)

    def found(name: str, *more: Expr) -> list[Stmt]:
        return [Assign(places, helper(name, out, *more))]

    match path, rest:
        case "numpy.put", [indices, value, mode]:
            told = () if mode == _PARAMS["numpy.put"][-1].default else (mode,)
            count = Call(Known("numpy.size", "np.size"), (indices,))
            value = value if is_number(value) else _repeated(value, count)
            return place, value, found("places_in_order", indices, *told)
        case "numpy.put_along_axis", [indices, value, axis]:
            return place, value, found("places_along", indices, axis)
        case "numpy.fill_diagonal", [value, wrap]:
            told = () if wrap == _FALSE else (wrap,)
            count = Call(Known("len", "len"), (Index(places, Const("0")),))
            value = value if is_number(value) else _repeated(value, count)
            return place, value, found("places_on_diagonal", *told)
        case "numpy.putmask", [mask, value]:
            whole = _repeated(value, Attribute(out, "shape"))
            return Index(out, mask), value if is_number(value) else Index(whole, mask), []
        case "numpy.place", [mask, value]:
            count = Call(Known("numpy.count_nonzero", "np.count_nonzero"), (mask,))
            return Index(out, mask), _repeated(value, count), []
        case "numpy.copyto", [value, where]:
            choice = Call(Known("numpy.where", "np.where"), (where, value, out))
            return Index(out, Const("...")), choice, []
        case _:
            raise AssertionError(path)


def _repeated(value: Expr, extent: Expr) -> Expr:
    """The elements of `value`, again and again, as far as that takes."""
    return Call(Known("numpy.resize", "np.resize"), (value, extent))
