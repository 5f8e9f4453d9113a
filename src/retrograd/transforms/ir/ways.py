"""How a block can be left: by its end, or by a statement that goes elsewhere."""

from typing import Literal, TypeAlias, assert_never

from retrograd.transforms.ir.nodes import (
    Assert,
    Assign,
    AugAssign,
    Block,
    Break,
    Comment,
    Const,
    Continue,
    Define,
    Delete,
    Do,
    Expr,
    For,
    If,
    Import,
    Pass,
    Raise,
    Return,
    Stmt,
    While,
    With,
)
from retrograd.transforms.ir.walk import map_blocks

Way: TypeAlias = Literal["on", "continue", "break", "return", "raise"]
Ways: TypeAlias = frozenset[Way]

ON: Ways = frozenset({"on"})
RAISE: Ways = frozenset({"raise"})


def ways_out(block: Block) -> Ways:
    """The ways out of `block`: "on" where its end can be reached."""
    found: Ways = frozenset()
    for stmt in block:
        ways = _ways(stmt)
        found |= ways - ON
        if "on" not in ways:
            return found
    return found | ON


def goes_on(block: Block) -> bool:
    """Whether the end of `block` can be reached."""
    return "on" in ways_out(block)


def reachable(block: Block) -> Block:
    """`block` without what stands behind a statement that surely goes elsewhere."""
    done: list[Stmt] = []
    for stmt in block:
        done.append(map_blocks(stmt, reachable))
        if not goes_on((stmt,)):
            break
    return tuple(done)


def is_left(stmt: Stmt) -> bool:
    """Whether `stmt` may end its iteration, its loop or the function."""
    return bool(_ways(stmt) & {"continue", "break", "return"})


def is_endless(test: Expr) -> bool:
    """Whether a ``while`` with this test ends by a ``break`` alone."""
    return isinstance(test, Const) and bool(test.value)


def _ways(stmt: Stmt) -> Ways:
    match stmt:
        case Return():
            return frozenset({"return"})
        case Raise():
            return frozenset({"raise"})
        case Break():
            return frozenset({"break"})
        case Continue():
            return frozenset({"continue"})
        case If(then=then, orelse=orelse):
            return ways_out(then) | ways_out(orelse)
        case With(body=body):
            return ways_out(body)
        case For(body=body, orelse=orelse) | While(body=body, orelse=orelse):
            inside = ways_out(body)
            endless = isinstance(stmt, While) and is_endless(stmt.test)
            behind: Ways = frozenset() if endless else ways_out(orelse)
            broken = ON if "break" in inside else frozenset()
            return (inside & {"return", "raise"}) | behind | broken
        case Assign() | AugAssign() | Do() | Pass() | Comment() | Assert():
            return ON
        case Import() | Delete() | Define():
            return ON
        case _:
            assert_never(stmt)
