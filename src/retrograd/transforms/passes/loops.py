"""Loops over anything as loops over numbers, so that they can be run backwards.

    for i, v in enumerate(xs):         ->  for i in range(len(xs)):
                                               v = xs[i]
    for v in reversed(xs * xs):        ->  items = xs * xs
                                           for k in range(len(items)):
                                               v = items[-1 - k]
    for name, w in params.items():     ->  keys = keys_of(params)
                                           for k in range(len(keys)):
                                               name = keys[k]
                                               w = params[name]

The text stays as the user wrote it where the header still does all this.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, TypeGuard

from retrograd.transforms.analyses.kinds_and_ranks import Env, Kinds
from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.ir.algebra import builtin, counts_from_zero, helper
from retrograd.transforms.ir.kinds import Mapping, Unknown
from retrograd.transforms.ir.nodes import (
    MADE,
    Assign,
    Attribute,
    Binary,
    Block,
    Call,
    Callee,
    Const,
    Expr,
    For,
    Function,
    Index,
    Known,
    Name,
    Origin,
    Outer,
    Stmt,
    Target,
    Tuple,
    Unary,
)
from retrograd.transforms.ir.walk import (
    assigned,
    bound_names,
    content_names,
    map_blocks,
    names,
    own_expressions,
    resized,
    rewrite,
    statements,
    stored,
    subexpressions,
    unpacked,
)
from retrograd.transforms.rules.application import application
from retrograd.transforms.rules.opaque import acts, gives_items

Fresh = Callable[[str], str]

#: What a loop over a dict, or over one of its views, is written as.
_VIEWS: Final = frozenset({"items", "keys", "values"})


# ---------------------------------------------------------------- dicts


def name_dicts(function: Function, kinds: Kinds, report: Diagnostics) -> Function:
    """`function` with ``d.keys()`` where a loop runs over a dict `d`; itself if none does.

    Where `d` may be one or a list, and the body takes ``d[k]``, nobody can tell what `k` is.
    """
    found: dict[Stmt, Expr] = {}
    for stmt in statements(function.body):
        if isinstance(stmt, For) and stmt in kinds.before:  # else it cannot be reached, so far
            env = kinds.before[stmt]
            if _is_unclear(stmt, kinds, env):
                label = "if this is a dict, it gives its keys: tell what it is"
                report.refuse("RG214", getattr(stmt.iterable, "at", None), label)
            told = _told(stmt.iterable, kinds, env)
            if told != stmt.iterable:
                found[stmt] = told

    def block(stmts: Block) -> Block:
        return tuple(map(statement, stmts))

    def statement(stmt: Stmt) -> Stmt:
        inner = map_blocks(stmt, block)
        if stmt in found and isinstance(inner, For):
            return replace(inner, iterable=found[stmt])
        return inner

    return replace(function, body=block(function.body)) if found else function


def _told(iterable: Expr, kinds: Kinds, env: Env) -> Expr:
    match iterable:
        case Call(func=Known(path="enumerate" | "zip" | "reversed"), args=args):
            return replace(iterable, args=tuple(_told(arg, kinds, env) for arg in args))
        case _ if isinstance(kinds.of(iterable, env), Mapping):
            return Call(Attribute(iterable, "keys"))
        case _ if (owner := _dict_of(iterable)) is not None:
            is_dict = isinstance(kinds.of(owner, env), Mapping | Unknown)
            return iterable if is_dict else builtin("list", iterable)
        case _:
            return iterable


def _is_unclear(stmt: For, kinds: Kinds, env: Env) -> bool:
    element = Index(stmt.iterable, stmt.target)
    return isinstance(kinds.of(stmt.iterable, env), Unknown) and any(
        part == element
        for inner in statements(stmt.body)
        for expr in own_expressions(inner)
        for part in subexpressions(expr)
    )


def _dict_of(iterable: Expr) -> Expr | None:
    """The dict whose keys, values or items a loop over `iterable` gives."""
    match iterable:
        case Call(func=Attribute(value=value, name=name, is_field=False), kwargs=()) if (
            name in _VIEWS
        ):
            return value
        case _:
            return None


# ---------------------------------------------------------------- loops


def counted(stmt: For, fresh: Fresh, report: Diagnostics) -> Iterator[Stmt]:
    """The loop `stmt` over a range, with what its header binds besides bound first in its body."""
    changed = assigned(stmt.body)
    lengths = resized(stmt.body)
    inside = changed | frozenset(bound_names(stmt.target))
    written = stored(stmt.body)
    iterable = stmt.iterable
    if stmt.counter:
        comment = replace(MADE, trailing="# iterations begun")
        yield Assign(Name(stmt.counter), Const("0"), comment)
        stmt = replace(stmt, body=(counting(stmt.counter), *stmt.body))
    if _is_plain_loop(stmt, inside | lengths, written):
        yield stmt
        return
    origin = stmt.origin
    before: list[Stmt] = []
    for source, is_bound in list(_sources(iterable)):
        stable = isinstance(source, Const | Name | Outer) or (is_bound and _is_plain(source))
        if not stable or names(source) & (inside | lengths):
            name = Name(fresh("bound" if is_bound else "items"))
            before.append(Assign(name, _subscriptable(source, is_bound)))
            iterable = _exchanged(iterable, source, name)
            origin = origin.rewritten()
    iterable = _with_keys(iterable, fresh, before)
    index, pairs = _bindings(stmt.target, iterable, changed, fresh)
    count = _count(iterable)
    if count is None or index is None:
        report.refuse("RG214", getattr(stmt.iterable, "at", None) or stmt.origin.span)
        yield stmt
        return
    by_header = MADE if origin.spelling is None else replace(MADE, spelling="")
    first = (Assign(target, value, by_header) for target, value in pairs)
    yield from before
    yield replace(
        stmt,
        target=index,
        iterable=builtin("range", count),
        body=(*first, *stmt.body),
        origin=origin,
    )


def counting(counter: str) -> Assign:
    """``counter += 1``."""
    added = Binary("+", Name(counter), Const("1"))
    return Assign(Name(counter), added, Origin(spelling=f"{counter} += 1"))


def by_counter(stmt: For) -> For:
    """A loop, by its counter where what we put into it reads that: ``for row in A`` has none."""
    if not isinstance(stmt.target, Name):
        return stmt
    ours = (line for line in statements(stmt.body) if line.origin.spelling is None)
    read = {name for line in ours for expr in own_expressions(line) for name in names(expr)}
    if stmt.target.id not in read or all(s.origin.spelling != "" for s in stmt.body):
        return stmt
    body = tuple(
        replace(line, origin=MADE) if line.origin.spelling == "" else line for line in stmt.body
    )
    return replace(stmt, body=body, origin=stmt.origin.rewritten())


def _is_plain_loop(stmt: For, changed: frozenset[str], written: frozenset[str]) -> bool:
    """Whether `stmt` runs over a range that stands still, with one name that its body leaves alone."""
    iterable, target = stmt.iterable, stmt.target
    if not _is_range(iterable) or not isinstance(target, Name) or acts(iterable):
        return False
    if names(iterable) & changed or content_names(iterable) & written:
        return False
    counting = bool(stmt.counter or stmt.checkpoint)
    return target.id not in assigned(stmt.body) and (not counting or counts_from_zero(iterable))


def _subscriptable(source: Expr, is_bound: bool) -> Expr:
    """`source`, in a list if all that is known of it is that a loop can run over it."""
    known = is_bound or application(source) is not None or gives_items(source)
    if known or not isinstance(source, Call) or isinstance(source.func, Callee):
        return source
    return builtin("list", source)


def _bindings(
    target: Target, iterable: Expr, changed: frozenset[str], fresh: Fresh
) -> tuple[Name | None, list[tuple[Target, Expr]]]:
    """The name that counts iterations, and what is bound from it."""
    match iterable, target:
        case Call(func=Known(path="enumerate"), args=(items,), kwargs=()), Tuple(
            items=(Name() as index, inner)
        ) if (index.id not in changed):
            element = _element(items, index)
            assert isinstance(inner, Target)
            return index, [] if element is None else list(_pairs(inner, element))
        case _:
            index = Name(fresh("k"))
            element = _element(iterable, index)
            return (index, list(_pairs(target, element))) if element is not None else (None, [])


def _element(iterable: Expr, k: Expr) -> Expr | None:
    """What a loop over `iterable` gives in iteration `k`; None where we cannot say."""
    match iterable:
        case Call(func=Known(path="range"), args=(_,), kwargs=()):
            return k
        case Call(func=Known(path="range"), args=(start, _), kwargs=()):
            return Binary("+", start, k)
        case Call(func=Known(path="range"), args=(start, _, step), kwargs=()):
            return Binary("+", start, Binary("*", k, step))
        case Call(func=Known(path="reversed"), args=(Call(func=Known()) as inner,), kwargs=()):
            count = _count(inner)
            if count is None or not _is_range(inner):
                return None
            return _element(inner, Binary("-", Binary("-", count, Const("1")), k))
        case Call(func=Known(path="reversed"), args=(inner,), kwargs=()):
            return _element(inner, Binary("-", Unary("-", Const("1")), k))
        case Call(func=Known(path="enumerate"), args=(inner,), kwargs=()):
            element = _element(inner, k)
            return None if element is None else Tuple((k, element))
        case Call(func=Known(path="enumerate"), args=(inner, start), kwargs=()) | Call(
            func=Known(path="enumerate"), args=(inner,), kwargs=(("start", start),)
        ):
            element = _element(inner, k)
            return None if element is None else Tuple((Binary("+", start, k), element))
        case Call(func=Known(path="zip"), args=inner, kwargs=kwargs) if inner and (
            not kwargs
            or kwargs == (("strict", Const("True")),)
            or kwargs == (("strict", Const("False")),)
        ):
            elements = [_element(part, k) for part in inner]
            found = [element for element in elements if element is not None]
            return Tuple(tuple(found)) if len(found) == len(elements) else None
        case Call(func=Attribute(value=owner, name=name), args=(keys,)) if name in _VIEWS:
            value = Index(owner, Index(keys, k))
            views = {"keys": Index(keys, k), "values": value}
            return views.get(name, Tuple((Index(keys, k), value)))
        case Name() | Outer() | Index() | Attribute(is_field=True) | Const(value=str()):
            return Index(iterable, k)
        case _:
            return None


def _count(iterable: Expr) -> Expr | None:
    """How many items a loop over `iterable` runs through, as a number or as a range."""
    match iterable:
        case Call(func=Known(path="range"), args=(_,), kwargs=()):
            return iterable.args[0]
        case Call(func=Known(path="range"), kwargs=()):
            return builtin("len", iterable)
        case Call(func=Known(path="enumerate" | "reversed"), args=(inner, *_)):
            return _count(inner)
        case Call(func=Known(path="zip"), args=inner) if inner:
            counts = [_count(part) for part in inner]
            found = [count for count in counts if count is not None]
            if len(found) != len(counts):
                return None
            return found[0] if len(found) == 1 else builtin("min", *found)
        case Call(func=Attribute(name=name), args=(keys,)) if name in _VIEWS:
            return builtin("len", keys)
        case Name() | Outer() | Index() | Attribute(is_field=True) | Const(value=str()):
            return builtin("len", iterable)
        case _:
            return None


def _with_keys(iterable: Expr, fresh: Fresh, before: list[Stmt]) -> Expr:
    """`iterable` with the keys of its dicts, in their order, as arguments of ``d.items()``."""

    def told(part: Expr) -> Expr:
        owner = _dict_of(part)
        if owner is None:
            return part
        assert isinstance(part, Call)
        keys = Name(fresh("keys"))
        before.append(Assign(keys, helper("keys_of", owner)))
        return replace(part, args=(keys,))

    return rewrite(iterable, told)


def _sources(iterable: Expr) -> Iterator[tuple[Expr, bool]]:
    """What a loop over `iterable` takes its items from, and (True) the bounds of its ranges."""
    match iterable:
        case Call(func=Known(path="range"), args=args):
            yield from ((arg, True) for arg in args)
        case Call(func=Known(path="enumerate"), args=(inner, *start), kwargs=kwargs):
            yield from _sources(inner)
            yield from ((part, True) for part in (*start, *(value for _, value in kwargs)))
        case Call(func=Known(path="zip" | "reversed"), args=args):
            for arg in args:
                yield from _sources(arg)
        case _:
            owner = _dict_of(iterable)
            yield (iterable if owner is None else owner), False


def _pairs(target: Target, value: Expr) -> Iterator[tuple[Target, Expr]]:
    """``target = value`` as assignments, item by item where both sides are tuples."""
    match target, value:
        case Tuple(items=targets), Tuple(items=values) if pairs := unpacked(targets, values):
            for item, part in pairs:
                yield from _pairs(item, part)
        case _:
            yield target, value


def _is_plain(bound: Expr) -> bool:
    """Whether a bound of a range is made of names, lengths and literals, as in ``len(x) - 1``."""
    match bound:
        case Const() | Name() | Outer():
            return True
        case Binary(op="+" | "-" | "*" | "//", left=left, right=right):
            return _is_plain(left) and _is_plain(right)
        case Unary(operand=operand):
            return _is_plain(operand)
        case Call(func=Known(path="len" | "min" | "max" | "int"), args=args):
            return all(map(_is_plain, args))
        case Index(value=Attribute(value=value, name="shape", is_field=False), index=index):
            return _is_plain(value) and _is_plain(index)
        case Attribute(value=value, name="size", is_field=False):
            return _is_plain(value)
        case Attribute(value=value, is_field=True):
            return _is_plain(value)
        case _:
            return False


def _exchanged(expr: Expr, old: Expr, new: Expr) -> Expr:
    return rewrite(expr, lambda part: new if part == old else part)


def _is_range(expr: Expr) -> TypeGuard[Call]:
    return isinstance(expr, Call) and expr.func == Known("range", "") and not expr.kwargs
