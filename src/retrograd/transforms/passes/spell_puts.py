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
    add_at(a, k, v)                        ->      a[...] = a[...] + scatter(v, a, k)
    z.imag[k] = v                          ->      z[k] = np.real(z[k]) + 1j * v

The statements keep their text.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from retrograd.transforms.analyses.kinds_and_ranks import Kinds
from retrograd.transforms.ir.algebra import KindOf, helper
from retrograd.transforms.ir.kinds import Array, Kind, Scalar, is_complex
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    AugAssign,
    Binary,
    Block,
    Call,
    Callee,
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
from retrograd.transforms.ir.walk import map_blocks, root_of, subexpressions
from retrograd.transforms.passes.arguments import Misfit, matched
from retrograd.transforms.passes.interface import compiler_pass

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
                written = _written(call, lambda expr: kinds.of(expr, env), fresh)
            case Assign(target=Index() | Attribute() as target, value=value) if (
                stmt in kinds.before and (part := _part(target)) is not None
            ):
                env = kinds.before[stmt]
                written = _part_written(*part, None, value, lambda expr: kinds.of(expr, env))
            case AugAssign(target=Index() | Attribute() as target, op=op, value=value) if (
                stmt in kinds.before and (part := _part(target)) is not None
            ):
                env = kinds.before[stmt]
                written = _part_written(*part, op, value, lambda expr: kinds.of(expr, env))
            case _:
                pass
        if written is None:
            yield map_blocks(stmt, block)
        else:
            place, value, before = written
            yield from before
            yield Assign(place, value, stmt.origin)

    return replace(function, body=block(function.body))


def _written(call: Call, kind_of: KindOf, fresh: Callable[[str], str]) -> Written | None:
    def is_number(expr: Expr) -> bool:
        return isinstance(kind_of(expr), Scalar)

    match call.func:
        case Known(path="retrograd.runtime.add_at") if isinstance(kind_of(call.args[0]), Array):
            out, index, value = call.args
            all_of_it = Index(out, Const("..."))
            more = helper("scatter", value, out, index)
            return all_of_it, Binary("+", all_of_it, more), []
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
            if not is_number(value):
                value = Index(_repeated(value, Attribute(out, "shape")), mask)
            return Index(out, mask), value, []
        case "numpy.place", [mask, value]:
            count = Call(Known("numpy.count_nonzero", "np.count_nonzero"), (mask,))
            return Index(out, mask), _repeated(value, count), []
        case "numpy.copyto", [value, where]:
            choice = Call(Known("numpy.where", "np.where"), (where, value, out))
            return Index(out, Const("...")), choice, []
        case _:
            raise AssertionError(path)


def _part(target: Expr) -> tuple[Expr, str] | None:
    """What `target` is the real or imaginary part of, and which; None for other places."""
    match target:
        case Attribute(value=whole, name="real" | "imag" as name, is_field=False):
            return whole, name
        case Index(value=Index() | Attribute() as inner, index=index):
            found = _part(inner)
            return None if found is None else (Index(found[0], index, target.at), found[1])
        case _:
            return None


def _part_written(
    whole: Expr, part: str, op: str | None, value: Expr, kind_of: KindOf
) -> Written | None:
    """A write of `value`, or by the operator `op`, to one part of the complex numbers `whole`."""
    kind = kind_of(whole)
    calls = any(isinstance(inner, Call | Callee) for inner in subexpressions(whole))
    element = isinstance(whole, Index) and isinstance(kind, Scalar) and is_complex(kind)
    if calls or is_complex(kind_of(value)) or not (element or _is_complex_array(kind)):
        return None
    place = whole if isinstance(whole, Index) else Index(whole, Const("..."))
    if root_of(place) is None:
        return None
    parts = {
        name: Call(Known(f"numpy.{name}", f"np.{name}"), (place,)) for name in ("real", "imag")
    }
    new: dict[str, Expr] = {**parts, part: value if op is None else Binary(op, parts[part], value)}
    return place, Binary("+", new["real"], Binary("*", Const("1j"), new["imag"])), []


def _is_complex_array(kind: Kind) -> bool:
    return isinstance(kind, Array) and is_complex(kind)


def _repeated(value: Expr, extent: Expr) -> Expr:
    """The elements of `value`, again and again, as far as that takes."""
    return Call(Known("numpy.resize", "np.resize"), (value, extent))
