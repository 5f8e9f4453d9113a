"""Say what methods of lists and dicts do in terms of the few that have an adjoint of their own.

    xs.extend(e)            ->  for item in e: xs.append(item)
    xs.sort(key=f)          ->  xs[:] = sorted(xs, key=f)
    xs.reverse()            ->  xs[:] = xs[::-1]
    xs.remove(v)            ->  xs.pop(xs.index(v))
    del d["k"]              ->  d.pop("k")
    d.update(a=x)           ->  d["a"] = x
    d.setdefault("a", x)    ->  if "a" not in d: d["a"] = x

What remains is `append`, `insert`, `pop` and `clear`, and assignments to elements.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from retrograd.transforms.ir.algebra import builtin, helper
from retrograd.transforms.ir.nodes import (
    MADE,
    Assign,
    Attribute,
    Call,
    Compare,
    Comprehension,
    Const,
    Delete,
    Dict,
    Do,
    Expr,
    For,
    If,
    Index,
    Known,
    List,
    Name,
    Slice,
    Stmt,
    Tuple,
    Unary,
)
from retrograd.transforms.ir.walk import names

Fresh = Callable[[str], str]

_ALL: Final = Slice(None, None, None)


def in_few_methods(stmt: Do | Delete, fresh: Fresh) -> list[Stmt] | None:
    """The statements that do what `stmt` does by a method of a container; None if it stays."""
    origin = replace(MADE, quote=stmt.origin.spelling or stmt.origin.quote)
    match stmt:
        case Delete(targets=targets) if all(isinstance(t, Index) for t in targets):
            return [_deleted(target, fresh) for target in targets if isinstance(target, Index)]
        case Do(value=Call(func=Attribute(value=place, name=name), args=args, kwargs=kwargs)):
            lines = _done(place, name, args, kwargs, fresh)
            if lines is None:
                return None
            return [replace(line, origin=origin) for line in lines]
        case _:
            return None


def _deleted(target: Index, fresh: Fresh) -> Stmt:
    if isinstance(target.index, Slice):
        if target.index == _ALL:
            return Do(Call(Attribute(target.value, "clear")))
        return Delete((target,))
    return Assign(Name(fresh("gone")), Call(Attribute(target.value, "pop"), (target.index,)))


def _done(
    place: Expr,
    name: str,
    args: tuple[Expr, ...],
    kwargs: tuple[tuple[str, Expr], ...],
    fresh: Fresh,
) -> list[Stmt] | None:
    match name, args:
        case "extend", (items,) if not kwargs:
            before: list[Stmt] = []
            if names(items) & names(place):
                kept = Name(fresh("items"))
                before.append(Assign(kept, builtin("list", items)))
                items = kept
            item = Name(fresh("item"))
            step = Do(Call(Attribute(place, "append"), (item,)))
            return [*before, For(item, items, (step,))]
        case "sort", ():
            ordered = Call(builtin("sorted").func, (helper("sortable", place),), kwargs)
            return [_put(Index(place, _ALL), ordered)]
        case "reverse", () if not kwargs:
            backward = Slice(None, None, Unary("-", Const("1")))
            return [_put(Index(place, _ALL), Index(place, backward))]
        case "remove", (value,) if not kwargs:
            where = Call(Attribute(place, "index"), (value,))
            return [Assign(Name(fresh("gone")), Call(Attribute(place, "pop"), (where,)))]
        case "pop", _ if not kwargs:
            return [Assign(Name(fresh("gone")), Call(Attribute(place, "pop"), args))]
        case "setdefault", (key, value) if not kwargs:
            return [If(Compare(key, ("not in",), (place,)), (_put(Index(place, key), value),), ())]
        case "update", () | (_,):
            lines = [line for arg in args for line in _updated(place, arg, fresh)]
            return [*lines, *(_put(Index(place, Const(f'"{k}"')), v) for k, v in kwargs)]
        case _:
            return None


def _updated(place: Expr, source: Expr, fresh: Fresh) -> list[Stmt]:
    """``place.update(source)``, entry by entry."""
    key, value = Name(fresh("key")), Name(fresh("value"))
    step = _put(Index(place, key), value)
    match source:
        case Dict(items=pairs):
            return [_put(Index(place, k), v) for k, v in pairs]
        case Comprehension(form="dict", element=element, clauses=clauses):
            pairs_of = Comprehension("generator", element, clauses)
            return [For(Tuple((key, value)), pairs_of, (step,))]
        case Comprehension() | List() | Call(func=Known(path="zip" | "enumerate" | "map")):
            return [For(Tuple((key, value)), source, (step,))]
        case _:
            return [For(Tuple((key, value)), Call(Attribute(source, "items")), (step,))]


def _put(place: Index, value: Expr) -> Assign:
    return Assign(place, value)
