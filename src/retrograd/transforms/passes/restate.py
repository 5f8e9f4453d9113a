"""Say what a builtin function gives in terms of comprehensions, displays and operators.

    map(f, xs, ys)        ->  (f(x, y) for x, y in zip(xs, ys))
    list(zip(xs, ys))     ->  [(x, y) for x, y in zip(xs, ys)]
    [*xs, y]              ->  list(xs) + [y]
    sum(d.values())       ->  sum(value for value in d.values())
    dict(a=x, b=y)        ->  {"a": x, "b": y}
    divmod(x, y)          ->  (x // y, x % y)

One expression at a time, its parts being as they are.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from typing import Final

from retrograd.transforms.ir.algebra import builtin
from retrograd.transforms.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Clause,
    Comprehension,
    Const,
    Dict,
    Expr,
    Index,
    Known,
    Lambda,
    List,
    Name,
    Named,
    Outer,
    Slice,
    Starred,
    Tuple,
    Unary,
)
from retrograd.transforms.ir.walk import names, rewrite, subexpressions

Fresh = Callable[[str], str]


def restated(expr: Expr, fresh: Fresh) -> Expr:
    """`expr` in simpler words where it has any."""
    match expr:
        case List(items=items) | Tuple(items=items) if any(_is_starred(item) for item in items):
            return _joined(expr, _flat(items))
        case Call(func=Lambda() as function):
            return _applied(function, expr)
        case Call(func=Known(path=path), args=args):
            walks = path in _WALKING
            parts = (_entries(arg, fresh) if walks else arg for arg in _flat(args))
            plain = tuple(_generator(part, fresh) for part in parts)
            same = len(plain) == len(args) and all(a is b for a, b in zip(args, plain, strict=True))
            return _builtin(expr if same else replace(expr, args=plain), fresh)
        case _:
            return expr


def _builtin(call: Call, fresh: Fresh) -> Expr:
    assert isinstance(call.func, Known)
    match call.func.path, call.args, call.kwargs:
        case "map" | "filter", _, ():
            return _generator(call, fresh)
        case "list" | "tuple" | "set", (), ():
            return (
                call if call.func.path == "set" else (List(()) if _is(call, "list") else Tuple(()))
            )
        case "list", (source,), ():
            items = _items(source, fresh)
            return call if items is None else items
        case "tuple" | "set" | "sorted", (source,), _:
            items = _items(source, fresh)
            return call if items is None else replace(call, args=(items,))
        case "dict", (), pairs:
            return Dict(tuple((Const(f'"{key}"'), value) for key, value in pairs), call.at)
        case "dict", (source,), pairs if pairs:
            more = Dict(tuple((Const(f'"{key}"'), value) for key, value in pairs))
            return Binary("|", builtin("dict", source), more, call.at)
        case "dict", (source,), ():
            return _dict_of(source, fresh) or call
        case "pow" | "operator.pow", (x, y), ():
            return Binary("**", x, y, call.at)
        case "divmod", (x, y), ():
            (x, x_again), (y, y_again) = _twice(x, fresh), _twice(y, fresh)
            quotient, rest = Binary("//", x, y, call.at), Binary("%", x_again, y_again, call.at)
            return Tuple((quotient, rest), call.at)
        case "max" | "min", (Starred(value=items),), kwargs:
            return replace(call, args=(items,))
        case "math.hypot", (Starred(value=Name() | Outer() as point),), ():
            origin = Binary("*", List((Const("0.0"),)), builtin("len", point))
            return replace(call, func=Known("math.dist", "math.dist"), args=(point, origin))
        case "numpy.fromiter", (Comprehension() as items, *dtype), kwargs:
            told = (("dtype", dtype[0]),) if dtype else kwargs
            array = Known("numpy.array", "np.array", call.func.at)
            return Call(array, (replace(items, form="list"),), told, call.at)
        case path, (x, y), () if path in _OPERATORS:
            return Binary(_OPERATORS[path], x, y, call.at)
        case "operator.neg", (x,), ():
            return Unary("-", x, call.at)
        case ("sum" | "any" | "all" | "functools.reduce"), _, _:
            return call
        case _ if any(
            isinstance(arg, Comprehension) and arg.form == "generator" for arg in call.args
        ):
            args = tuple(
                replace(arg, form="list") if isinstance(arg, Comprehension) else arg
                for arg in call.args
            )
            return replace(call, args=args)
        case _:
            return call


_OPERATORS: Final = {
    "operator.add": "+",
    "operator.sub": "-",
    "operator.mul": "*",
    "operator.truediv": "/",
    "operator.floordiv": "//",
    "operator.mod": "%",
    "operator.matmul": "@",
}


def _is(call: Call, path: str) -> bool:
    return call.func == Known(path, "")


def _is_starred(expr: Expr) -> bool:
    return isinstance(expr, Starred)


def _flat(items: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """`items` with starred displays opened."""
    found: list[Expr] = []
    for item in items:
        match item:
            case Starred(value=Tuple(items=inner) | List(items=inner)):
                found += _flat(inner)
            case _:
                found.append(item)
    return tuple(found)


def _joined(display: List | Tuple, items: tuple[Expr, ...]) -> Expr:
    """A display with starred items as the sum of its stretches."""
    if not any(map(_is_starred, items)):
        return replace(display, items=items)
    form = "list" if isinstance(display, List) else "tuple"
    parts: list[Expr] = []
    stretch: list[Expr] = []
    for item in items:
        if isinstance(item, Starred):
            parts += [replace(display, items=tuple(stretch))] if stretch else []
            parts.append(builtin(form, item.value))
            stretch = []
        else:
            stretch.append(item)
    parts += [replace(display, items=tuple(stretch))] if stretch else []
    return reduce(lambda left, right: Binary("+", left, right, display.at), parts)


def _generator(expr: Expr, fresh: Fresh) -> Expr:
    """``map`` and ``filter`` as generators."""
    match expr:
        case Call(func=Known(path="map"), args=(f, *iterables), kwargs=()) if iterables:
            targets = tuple(Name(fresh(_variable(f, k))) for k in range(len(iterables)))
            element: Expr = Call(f, targets, (), expr.at)
            if len(targets) == 1:
                return Comprehension("generator", element, (Clause(targets[0], iterables[0]),))
            clause = Clause(Tuple(targets), builtin("zip", *iterables))
            return Comprehension("generator", element, (clause,), expr.at)
        case Call(func=Known(path="filter"), args=(f, iterable), kwargs=()):
            item = Name(fresh(_variable(f, 0)))
            test: Expr = item if f == Const("None") else Call(f, (item,), (), expr.at)
            return Comprehension("generator", item, (Clause(item, iterable, (test,)),), expr.at)
        case _:
            return expr


#: The functions that go through all that they are given.
_WALKING: Final = frozenset({"all", "any", "list", "max", "min", "set", "sorted", "sum", "tuple"})


def _entries(expr: Expr, fresh: Fresh) -> Expr:
    """``d.values()``, ``d.keys()`` and ``d.items()`` as generators."""
    match expr:
        case Call(func=Attribute(name="values" | "keys" as name), args=(), kwargs=()):
            entry = Name(fresh(name.removesuffix("s")))
            return Comprehension("generator", entry, (Clause(entry, expr),), expr.at)
        case Call(func=Attribute(name="items"), args=(), kwargs=()):
            pair = Tuple((Name(fresh("key")), Name(fresh("value"))))
            return Comprehension("generator", pair, (Clause(pair, expr),), expr.at)
        case _:
            return expr


def _variable(f: Expr, k: int) -> str:
    """What to call argument number `k` of `f`."""
    return f.params[k].id if isinstance(f, Lambda) and k < len(f.params) else "item"


def _items(source: Expr, fresh: Fresh) -> Expr | None:
    """The list of all that a loop over `source` gives, if it takes a loop."""
    match source:
        case Comprehension(form="generator" | "list"):
            return replace(source, form="list")
        case Call(func=Known(path="zip"), args=(Starred(value=Name() as rows),), kwargs=()):
            return _transposed(rows, fresh)
        case Call(func=Known(path="zip"), args=args) if not any(map(_is_starred, args)):
            targets = tuple(Name(fresh("item")) for _ in args)
            return Comprehension("list", Tuple(targets), (Clause(Tuple(targets), source),))
        case Call(func=Known(path="enumerate")):
            pair = (Name(fresh("k")), Name(fresh("item")))
            return Comprehension("list", Tuple(pair), (Clause(Tuple(pair), source),))
        case Call(func=Known(path="reversed"), args=(items,)):
            backward = Slice(None, None, Unary("-", Const("1")))
            return builtin("list", Index(items, backward))
        case _:
            return None


def _transposed(rows: Name, fresh: Fresh) -> Expr:
    """``list(zip(*rows))``: as many tuples as the shortest row has items."""
    k, row, other = Name(fresh("k")), Name(fresh("row")), Name(fresh("row"))
    lengths = Comprehension("list", builtin("len", other), (Clause(other, rows),))
    column = Comprehension("list", Index(row, k), (Clause(row, rows),))
    clause = Clause(k, builtin("range", builtin("min", lengths)))
    return Comprehension("list", builtin("tuple", column), (clause,))


def _dict_of(source: Expr, fresh: Fresh) -> Expr | None:
    """``dict(pairs)`` where the pairs stand there."""
    match source:
        case Comprehension(element=Tuple(items=(_, _))):
            return replace(source, form="dict")
        case Call(
            func=Known(path="zip"), args=(List() | Tuple() as keys, List() | Tuple() as values)
        ):
            if len(keys.items) == len(values.items):
                return Dict(tuple(zip(keys.items, values.items, strict=True)))
            return None
        case Call(func=Known(path="zip" | "enumerate")):
            pair = Tuple((Name(fresh("key")), Name(fresh("value"))))
            return Comprehension("dict", pair, (Clause(pair, source),))
        case List(items=items) | Tuple(items=items):
            pairs = [(i.items[0], i.items[1]) for i in items if isinstance(i, Tuple | List)]
            return Dict(tuple(pairs)) if len(pairs) == len(items) else None
        case _:
            return None


def _twice(expr: Expr, fresh: Fresh) -> tuple[Expr, Expr]:
    """`expr` where it is evaluated, and what to read afterwards."""
    if isinstance(expr, Name | Const | Outer):
        return expr, expr
    name = Name(fresh("operand"))
    return Named(name, expr), name


def _applied(function: Lambda, call: Call) -> Expr:
    """A lambda called on the spot, with names and literals: its body."""
    plain = all(param.default is None and not param.keyword_only for param in function.params)
    atomic = all(isinstance(arg, Name | Const | Outer) for arg in call.args)
    if not plain or not atomic or call.kwargs or len(call.args) != len(function.params):
        return call
    given = dict(zip((param.id for param in function.params), call.args, strict=True))
    if any(isinstance(part, Named) for part in subexpressions(function.body)):
        return call

    def replaced(part: Expr) -> Expr:
        return given.get(part.id, part) if isinstance(part, Name) and not part.role else part

    return (
        rewrite(function.body, replaced) if names(function.body) & given.keys() else function.body
    )
