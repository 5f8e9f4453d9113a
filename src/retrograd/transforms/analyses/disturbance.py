"""What calls that we cannot read may change behind our back, and who would notice.

    y = w * x                    the adjoint reads `w`
    state.advance()              by then `state` may have changed, and so may `w`, a part of it

An opaque call is trusted with numbers, text, generators and loggers. Of functions of a library it is
known which write into their arguments. Any other object that a method is called on, or given, may
come back changed, together with all that shares memory with it. That does no harm in the forward
sweep, which runs in the user's order; the reverse sweep must not read it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TypeAlias

from retrograd.transforms.analyses.kinds_and_ranks import Kinds
from retrograd.transforms.analyses.partials import Partials
from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.ir.kinds import GENERATOR, LOGGER, Array, Kind, Other, Scalar, Sequence
from retrograd.transforms.ir.kinds import Mapping as MappingKind
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    Block,
    Call,
    Callee,
    Expr,
    For,
    Function,
    If,
    Name,
    Outer,
    Stmt,
    While,
)
from retrograd.transforms.ir.walk import (
    blocks,
    bound_names,
    children,
    own_expressions,
    root_of,
    statements,
    subexpressions,
)
from retrograd.transforms.rules.application import hands_on, is_inactive, makes_new
from retrograd.transforms.rules.opaque import is_draw, is_opaque

Roots: TypeAlias = frozenset[Expr]
KindOf: TypeAlias = Callable[[Expr], Kind]
#: The arguments, by place, that a call of a user function may change.
Changes: TypeAlias = Callable[[Call, tuple[Kind, ...]], frozenset[int]]


def disturbed(function: Function, kinds: Kinds, changes: Changes) -> Roots:
    """The variables of `function` whose values some call in it may change."""
    given = _given(function, kinds, changes)
    return _joined(frozenset().union(*given.values()), _groups(function, kinds, given))


def check_undisturbed(
    function: Function,
    parts: Mapping[Stmt, Partials],
    kinds: Kinds,
    changes: Changes,
    report: Diagnostics,
) -> None:
    """Refuse where the reverse sweep would read what some call has changed since, for all we know."""
    given = _given(function, kinds, changes)
    if not any(given.values()):
        return
    groups = _groups(function, kinds, given)
    for stmt, ahead in _ahead(function.body, given).items():
        read: tuple[Expr, ...] = ()
        if stmt in parts:
            read = parts[stmt].expressions()
        elif isinstance(stmt, If | For):
            read = own_expressions(stmt)
        changing = _joined(ahead, groups)
        for expr in read:
            for part in subexpressions(expr):
                plain = Name(part.id) if isinstance(part, Name) and part.role == "out" else part
                if plain in changing and not _is_immutable(kinds.of(plain, kinds.before[stmt])):
                    assert isinstance(plain, Name | Outer)
                    label = f"`{plain.id}` is read again to go back here"
                    report.refuse("RG409", stmt.origin.span, label)


def _given(function: Function, kinds: Kinds, changes: Changes) -> Mapping[Stmt, Roots]:
    """The variables that calls in each statement may change by what they are given."""
    found: dict[Stmt, Roots] = {}
    for stmt in statements(function.body):
        if stmt in kinds.before:
            kind_of = partial(_kind_in, kinds, kinds.before[stmt])
            found[stmt] = handed_over(stmt, kind_of) | _to_callees(stmt, kind_of, changes)
    return found


def _kind_in(kinds: Kinds, env: Mapping[str, Kind], expr: Expr) -> Kind:
    return kinds.of(expr, env)


def _groups(function: Function, kinds: Kinds, given: Mapping[Stmt, Roots]) -> list[Roots]:
    """Variables that may share memory with each other, or come to share it by a call."""
    groups = list(given.values())
    for stmt in given:
        match stmt:
            case Assign(target=target, value=value) | For(target=target, iterable=value):
                after = kinds.after.get(stmt, {})
                root = root_of(target)
                written = {*bound_names(target), *({root.id} if root is not None else ())}
                ids = [id for id in sorted(written) if not _is_immutable(after.get(id))]
                if ids:
                    kind_of = partial(_kind_in, kinds, kinds.before[stmt])
                    groups.append(frozenset((*map(Name, ids), *_shared(value, kind_of))))
            case _:
                pass
    return groups


def _ahead(block: Block, given: Mapping[Stmt, Roots]) -> Mapping[Stmt, Roots]:
    """The variables that may be changed by calls made after each statement has run."""
    found: dict[Stmt, Roots] = {}

    def visit(block: Block, later: Roots) -> None:
        for stmt in reversed(block):
            inside = frozenset[Expr]().union(
                *(given.get(s, frozenset()) for s in statements((stmt,)))
            )
            if stmt in given:
                found[stmt] = later | (inside if blocks(stmt) else frozenset())
            again = later | inside if isinstance(stmt, For | While) else later
            for inner in blocks(stmt):
                visit(inner, again)
            later |= inside

    visit(block, frozenset())
    return found


def handed_over(stmt: Stmt, kind_of: KindOf) -> Roots:
    """The variables that opaque calls in `stmt` itself may change."""
    return frozenset(
        root
        for expr in own_expressions(stmt)
        for call in subexpressions(expr)
        if isinstance(call, Call) and is_opaque(call)
        for part in _at_risk(call, kind_of)
        for root in _shared(part, kind_of)
    )


def _to_callees(stmt: Stmt, kind_of: KindOf, changes: Changes) -> Roots:
    return frozenset(
        root
        for expr in own_expressions(stmt)
        for call in subexpressions(expr)
        if isinstance(call, Call) and isinstance(call.func, Callee) and call.func.acts
        for place in changes(call, tuple(map(kind_of, call.args)))
        for root in _shared(call.args[place], kind_of)
    )


def _at_risk(call: Call, kind_of: KindOf) -> Iterable[Expr]:
    """What `call` is given that it may change."""
    match call.func:
        case Attribute(value=receiver):
            trusted = kind_of(receiver) in (GENERATOR, LOGGER) or is_draw(call, kind_of)
            builtin = isinstance(kind_of(receiver), Array | Sequence | MappingKind | Other)
            if trusted or builtin:
                return ()
            return (receiver, *call.args, *(value for _, value in call.kwargs))
        case _:
            return ()


def _shared(expr: Expr, kind_of: KindOf) -> Iterator[Expr]:
    """The variables whose memory the value of `expr` may share."""
    if (is_inactive(expr) and not hands_on(expr)) or makes_new(expr) or is_draw(expr, kind_of):
        return
    if _is_immutable(kind_of(expr)):
        return
    if isinstance(expr, Name | Outer):
        yield expr
    for part in children(expr):
        yield from _shared(part, kind_of)


def _is_immutable(kind: Kind | None) -> bool:
    return isinstance(kind, Scalar | Other)


def _joined(found: Roots, groups: list[Roots]) -> Roots:
    """`found` and all that is in a group with any of them."""
    while True:
        more = found.union(*(group for group in groups if group & found))
        if more == found:
            return found
        found = more
