"""Which variables are surely bound before each statement."""

from collections.abc import Mapping
from typing import assert_never

from retrograd.transforms.ir.nodes import (
    Assert,
    Assign,
    AugAssign,
    Block,
    Break,
    Comment,
    Continue,
    Define,
    Delete,
    Do,
    For,
    Function,
    If,
    Import,
    Pass,
    Raise,
    Return,
    Stmt,
    While,
    With,
)
from retrograd.transforms.ir.walk import bound_names

Names = frozenset[str]


def surely_bound(function: Function) -> Mapping[Stmt, Names]:
    """The variables that are bound on every path to each statement, found before it."""
    before: dict[Stmt, Names] = {}
    _block(function.body, frozenset(param.id for param in function.params), before)
    return before


def _block(block: Block, bound: Names, before: dict[Stmt, Names]) -> Names | None:
    """The names bound after `block`; None where it always returns."""
    for stmt in block:
        before[stmt] = bound
        match stmt:
            case Assign(target=target):
                bound |= frozenset(bound_names(target))
            case For(target=target, body=body):
                _block(body, bound | frozenset(bound_names(target)), before)
            case While(body=body):
                _block(body, bound, before)
            case If(then=then, orelse=orelse):
                first, second = _block(then, bound, before), _block(orelse, bound, before)
                if first is not None and second is not None:
                    bound = first & second
                elif first is None and second is None:
                    return None
                else:
                    bound = (first or frozenset()) | (second or frozenset())
            case With(body=body):
                inside = _block(body, bound, before)
                if inside is None:
                    return None
                bound = inside
            case Return() | Raise():
                return None
            case AugAssign() | Do() | Pass() | Comment() | Assert():
                pass
            case Break() | Continue() | Import() | Delete() | Define():
                pass
            case _:
                assert_never(stmt)
    return bound
