"""Drop statements that make what nobody reads.

    t = x * x
    y = np.sin(x)        ->        y = np.sin(x)
    return y                       return y

Sound because primitives have no side effects. A loop or branch left without statements goes too.
"""

from dataclasses import replace

from retrograd.transforms.analyses.liveness import Liveness
from retrograd.transforms.ir.nodes import (
    Block,
    Comment,
    Compare,
    Expr,
    Function,
    If,
    Stmt,
    Unary,
)
from retrograd.transforms.ir.walk import map_blocks
from retrograd.transforms.passes.interface import compiler_pass


@compiler_pass
def drop_unread(function: Function, live: Liveness) -> Function:
    """`function` without the statements that are dead in `live`."""

    def block(stmts: Block) -> Block:
        kept: list[Stmt] = []
        for stmt in stmts:
            if isinstance(stmt, Comment):
                kept.append(stmt)
            elif live.is_needed(stmt):
                kept.append(inside(stmt))
        return _without_idle_comments(kept)

    def inside(stmt: Stmt) -> Stmt:
        match stmt:
            case If(test=test, then=then, orelse=orelse):
                first, second = block(then), block(orelse)
                if first or not second:
                    return replace(stmt, then=first, orelse=second)
                return replace(
                    stmt,
                    test=_negated(test),
                    then=second,
                    orelse=(),
                    origin=stmt.origin.rewritten(),
                )
            case _:
                return map_blocks(stmt, block)

    return replace(function, body=block(function.body))


def _negated(test: Expr) -> Expr:
    match test:
        case Compare(ops=("==",)):
            return replace(test, ops=("!=",))
        case Unary(op="not", operand=operand):
            return operand
        case _:
            return Unary("not", test)


def _without_idle_comments(stmts: list[Stmt]) -> Block:
    """`stmts` without quotations under which nothing is left; blank lines stay."""
    kept: list[Stmt] = []
    for stmt, following in zip(stmts, [*stmts[1:], None], strict=False):
        idle = following is None or isinstance(following, Comment)
        if isinstance(stmt, Comment) and stmt.text and idle:
            continue
        kept.append(stmt)
    return tuple(kept)
