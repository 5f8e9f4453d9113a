"""Iterators, which give each item once, and only when it is asked for.

    pairs = zip(xs, ys)                     for x, y in zip(xs, ys):
    for x, y in pairs:               ->         ...
        ...

One that is made where it is gone through is as good as a list. One that is kept under a name, passed
to a function or put into a container is not: what is left in it depends on who asked before, and what
its items are on when. Only where a name is read once, and nothing happens in between, it can go.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    AugAssign,
    Block,
    Call,
    Compare,
    Comprehension,
    Dict,
    Expr,
    For,
    Function,
    If,
    IfExp,
    Index,
    Known,
    Lambda,
    List,
    Name,
    Named,
    Return,
    Starred,
    Stmt,
    Target,
    Tuple,
    While,
)
from retrograd.transforms.ir.walk import (
    assigned,
    bound_names,
    children,
    functions_inside,
    map_blocks,
    map_expressions,
    names,
    own_expressions,
    places_written,
    rewrite,
    statements,
    stored,
    subexpressions,
)
from retrograd.transforms.rules.opaque import acts

_MAKERS: Final = frozenset({"enumerate", "filter", "iter", "map", "reversed", "zip"})
#: Functions that go through all that they are given, before they return.
_USERS: Final = frozenset(
    {"all", "any", "dict", "frozenset", "list", "max", "min", "set", "sorted", "sum", "tuple"}
    | {"functools.reduce", "math.fsum", "math.prod", "math.hypot", "math.dist", "numpy.fromiter"}
    | {"print"}
)
_USING_METHODS: Final = frozenset({"extend", "join", "update"})


def kept_iterators(stmt: Stmt) -> Iterator[Expr]:
    """The iterators in `stmt` that are not gone through where they stand."""
    for expr in own_expressions(stmt):
        yield from _kept(expr, _goes_through(stmt, expr))


def _goes_through(stmt: Stmt, expr: Expr) -> bool:
    match stmt:
        case For(iterable=iterable):
            return expr is iterable
        case Assign(target=Tuple()):
            return True
        case _:
            return not isinstance(stmt, Assign | Return)


def _kept(expr: Expr, used: bool) -> Iterator[Expr]:
    """The iterators in `expr` that are kept; `used` if what takes its value goes through it."""
    if _is_iterator(expr) and not used:
        yield expr
        return
    match expr:
        case Comprehension(element=element, clauses=clauses):
            yield from _kept(element, isinstance(element, Tuple) and expr.form == "dict")
            for clause in clauses:
                yield from _kept(clause.iterable, True)
                for test in clause.tests:
                    yield from _kept(test, True)
        case Call(func=Known(path=path)):
            uses = path in _USERS or path in _MAKERS or path.startswith(_LIBRARIES)
            for part in children(expr):
                yield from _kept(part, uses)
        case Call(func=Attribute(name=name)):
            for part in children(expr):
                yield from _kept(part, name in _USING_METHODS)
        case Starred() | Compare():
            for part in children(expr):
                yield from _kept(part, True)
        case IfExp(test=test, then=then, orelse=orelse):
            yield from _kept(test, True)
            yield from _kept(then, used)
            yield from _kept(orelse, used)
        case Call() | Tuple() | List() | Dict() | Named() | Index():
            for part in children(expr):
                yield from _kept(part, False)
        case _:
            for part in children(expr):
                yield from _kept(part, True)


#: Modules whose functions take iterators.
_LIBRARIES: Final = ("itertools.", "collections.", "statistics.", "operator.")


def _is_iterator(expr: Expr) -> bool:
    match expr:
        case Comprehension(form="generator"):
            return True
        case Call(func=Known(path=path)):
            return path in _MAKERS
        case _:
            return False


def iterators_in_place(function: Function) -> Function:
    """`function` with the iterators that a name is given where that name is read, if only there."""
    reads: Counter[str] = Counter()
    writes: Counter[str] = Counter()
    inside = (inner.body for inner in functions_inside(function.body))
    for stmt in (stmt for block in (function.body, *inside) for stmt in statements(block)):
        writes.update(assigned((map_blocks(stmt, lambda block: ()),)))
        for expr in own_expressions(stmt):
            reads.update(part.id for part in subexpressions(expr) if isinstance(part, Name))
    return replace(function, body=_in_place(function.body, reads, writes))


def _in_place(block: Block, reads: Counter[str], writes: Counter[str]) -> Block:
    done: list[Stmt | None] = []
    #: The iterators that names hold, each with the place of the statement that made it.
    held: dict[Name, tuple[Expr, int]] = {}
    for stmt in block:
        for name, (iterator, place) in list(held.items()):
            if name.id in _read_in(stmt):
                put = _put(stmt, name, iterator)
                if put is not stmt and not any(True for _ in kept_iterators(put)):
                    done[place] = None
                    stmt = put
                del held[name]
        held = {name: kept for name, kept in held.items() if not _may_change(stmt, kept[0])}
        match stmt:
            case Assign(target=Name(id=id) as target, value=value) if _is_iterator(value):
                if reads[id] == 1 and writes[id] == 1 and not acts(value):
                    held[target] = value, len(done)
            case _:
                pass
        done.append(map_blocks(stmt, lambda inner: _in_place(inner, reads, writes)))
    return tuple(stmt for stmt in done if stmt is not None)


def _read_in(stmt: Stmt) -> frozenset[str]:
    return frozenset(name for expr in own_expressions(stmt) for name in names(expr))


def _put(stmt: Stmt, name: Name, iterator: Expr) -> Stmt:
    """`stmt` with `iterator` where it reads `name`."""

    def put(part: Expr) -> Expr:
        return iterator if part == name else part

    if any(name.id in names(part) for part in _repeated(stmt)):
        return stmt
    new = map_expressions(stmt, lambda expr: rewrite(expr, put))
    return replace(new, origin=stmt.origin.rewritten())


def _repeated(stmt: Stmt) -> Iterator[Expr]:
    """What `stmt` may evaluate more than once, or later."""
    if isinstance(stmt, While):
        yield stmt.test
    for expr in own_expressions(stmt):
        for part in subexpressions(expr):
            match part:
                case Lambda(body=body):
                    yield body
                case Comprehension(element=element, clauses=(first, *rest)):
                    yield from (element, *first.tests)
                    for clause in rest:
                        yield from (clause.iterable, *clause.tests)
                case _:
                    pass


def taken_apart(loop: For) -> For:
    """`loop` over what the generators in its header are loops over, as far as that is the same."""
    match loop.iterable:
        case Comprehension(form="generator", element=element, clauses=(clause,)):
            body: Block = (Assign(loop.target, element), *loop.body)
            for test in reversed(clause.tests):
                body = (If(test, body, ()),)
            origin = loop.origin.rewritten()
            return replace(
                loop, target=clause.target, iterable=clause.iterable, body=body, origin=origin
            )
        case _:
            target, iterable, lines = _apart(loop.target, loop.iterable)
            given = frozenset(bound_names(loop.target))
            if not lines or any(names(line.value) & given for line in lines):
                return loop
            body = (*lines, *loop.body)
            origin = loop.origin.rewritten()
            return replace(loop, target=target, iterable=iterable, body=body, origin=origin)


def _apart(target: Target, iterable: Expr) -> tuple[Target, Expr, list[Assign]]:
    """Target and iterable of a loop without generators, and what the body begins with then."""
    match iterable, target:
        case Comprehension(form="generator", clauses=(clause,)), _ if not clause.tests:
            return clause.target, clause.iterable, [Assign(target, iterable.element)]
        case Call(func=Known(path="enumerate"), args=(items, *start)), Tuple(items=(k, inner)):
            assert isinstance(inner, Target)
            new, items, lines = _apart(inner, items)
            return Tuple((k, new)), replace(iterable, args=(items, *start)), lines
        case Call(func=Known(path="zip"), args=args), Tuple(items=items) if len(args) == len(items):
            parts = [
                _apart(item, arg)
                for item, arg in zip(items, args, strict=True)
                if isinstance(item, Name | Tuple)
            ]
            if len(parts) == len(items):
                targets = tuple(part[0] for part in parts)
                lines = [line for part in parts for line in part[2]]
                sources = tuple(part[1] for part in parts)
                return Tuple(targets), replace(iterable, args=sources), lines
    return target, iterable, []


def runs_ahead(loop: For) -> Expr | None:
    """A generator in the header of `loop` whose items the body may change before they are asked for."""
    changed = assigned(loop.body) | frozenset(bound_names(loop.target))
    for part in subexpressions(loop.iterable):
        if not isinstance(part, Comprehension) or part.form != "generator":
            continue
        if acts(part) or names(part) & changed or stored(loop.body):
            return part
    return None


def _may_change(stmt: Stmt, iterator: Expr) -> bool:
    """Whether the items of `iterator` may be others after `stmt`."""
    inner = list(statements((stmt,)))
    if any(places_written(one) or isinstance(one, AugAssign) for one in inner):
        return True
    if any(acts(expr) for one in inner for expr in own_expressions(one)):
        return True
    return bool(assigned((stmt,)) & names(iterator))
