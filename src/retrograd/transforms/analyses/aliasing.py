"""Which variables hold an array that nothing else can see.

Such an array may be updated by ``x += e`` without anybody noticing whether it was changed in place
or replaced. What was assigned from another name, an element, a view, a container or a user's call
is not exclusive, and neither is what has been put into one.
"""

from collections.abc import Iterator, Mapping
from typing import assert_never

from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    AugAssign,
    Block,
    Call,
    Comment,
    Dict,
    Do,
    Expr,
    For,
    Function,
    If,
    IfExp,
    Index,
    List,
    Name,
    Pass,
    Return,
    Stmt,
    Tuple,
    While,
)
from retrograd.transforms.ir.walk import bound_names, children
from retrograd.transforms.rules.application import is_inactive, makes_new

Names = frozenset[str]


def exclusive(function: Function) -> Mapping[Stmt, Names]:
    """The variables before each statement whose value no other variable, argument or part shares."""
    before: dict[Stmt, Names] = {}
    _block(function.body, frozenset(), before)
    return before


def shared_by(expr: Expr) -> Iterator[str]:
    """The variables whose memory the value of `expr` may share."""
    match expr:
        case Name(id=id):
            yield id
        case _ if is_inactive(expr) or makes_new(expr):
            return
        case Attribute(value=value) | Index(value=value):
            yield from shared_by(value)
        case IfExp(then=then, orelse=orelse):
            yield from shared_by(then)
            yield from shared_by(orelse)
        case Tuple() | List() | Dict() | Call():
            for part in children(expr):
                yield from shared_by(part)
        case _:
            for part in children(expr):
                yield from shared_by(part)


def _block(block: Block, own: Names, before: dict[Stmt, Names]) -> Names:
    for stmt in block:
        before[stmt] = own
        own = _after(stmt, own, before)
    return own


def _after(stmt: Stmt, own: Names, before: dict[Stmt, Names]) -> Names:
    match stmt:
        case Assign(target=target, value=value):
            shared = frozenset(shared_by(value))
            parts = frozenset(name for inner in _stored(value) for name in shared_by(inner))
            bound = frozenset(bound_names(target))
            own = own - shared - parts - bound
            return own | bound if makes_new(value) else own
        case AugAssign() | Return() | Do() | Pass() | Comment():
            return own
        case For(target=target, iterable=iterable, body=body):
            own -= frozenset(bound_names(target)) | frozenset(shared_by(iterable))
            return _loop(body, own, before)
        case While(body=body):
            return _loop(body, own, before)
        case If(then=then, orelse=orelse):
            return _block(then, own, before) & _block(orelse, own, before)
        case _:
            assert_never(stmt)


def _stored(expr: Expr) -> Iterator[Expr]:
    """The containers displayed inside `expr`, which keep what is put into them."""
    if isinstance(expr, Tuple | List | Dict):
        yield expr
    for part in children(expr):
        yield from _stored(part)


def _loop(body: Block, own: Names, before: dict[Stmt, Names]) -> Names:
    while True:
        joined = own & _block(body, own, before)
        if joined == own:
            return own
        own = joined
