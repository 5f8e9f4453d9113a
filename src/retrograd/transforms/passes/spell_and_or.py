"""Spell the values of ``and`` and ``or`` as choices, where they are more than truth.

    y = x or 1.0                  ->      y = x if x else 1.0
    y = np.sum(v) and x           ->      left = np.sum(v)
                                          y = x if left else left

The left operand is evaluated once. What only a test reads, and what compares, stays as it is.
"""

from collections.abc import Callable
from dataclasses import replace

from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    AugAssign,
    Block,
    BoolOp,
    Callee,
    Compare,
    Comprehension,
    Const,
    Expr,
    Function,
    IfExp,
    Index,
    Lambda,
    Name,
    Outer,
    Return,
    Stmt,
    Unary,
)
from retrograd.transforms.ir.walk import map_blocks, map_children, subexpressions
from retrograd.transforms.passes.interface import compiler_pass
from retrograd.transforms.rules.opaque import acts


@compiler_pass
def spell_and_or(function: Function, fresh: Callable[[str], str]) -> Function:
    """`function` with such values as conditional expressions."""

    def block(stmts: Block) -> Block:
        return tuple(new for stmt in stmts for new in statement(stmt))

    def statement(stmt: Stmt) -> tuple[Stmt, ...]:
        match stmt:
            case Assign(value=value) | AugAssign(value=value) | Return(value=value):
                before: list[Stmt] = []
                chosen = spelled(value, before, sure=True)
                if not before:
                    return (replace(stmt, value=chosen),) if chosen is not value else (stmt,)
                first = replace(
                    before[0], origin=replace(before[0].origin, leading=stmt.origin.leading)
                )
                origin = replace(stmt.origin.rewritten(), leading=())
                return (first, *before[1:], replace(stmt, value=chosen, origin=origin))
            case _:
                return (map_blocks(stmt, block),)

    def spelled(expr: Expr, before: list[Stmt], *, sure: bool) -> Expr:
        """`expr`, which is evaluated for certain if `sure`, its left operands named in `before`."""
        match expr:
            case _ if _is_truth(expr) or isinstance(expr, Lambda | Comprehension):
                return expr
            case BoolOp(op=op, left=left, right=right, at=at):
                left = spelled(left, before, sure=sure)
                if not _is_plain(left):
                    if sure:
                        name = Name(fresh("left"))
                        before.append(Assign(name, left))
                        left = name
                    elif acts(left) or any(isinstance(p, Callee) for p in subexpressions(left)):
                        return replace(expr, left=left)
                right = spelled(right, before, sure=False)
                return IfExp(left, right, left, at) if op == "and" else IfExp(left, left, right, at)
            case IfExp(then=then, orelse=orelse):
                then = spelled(then, before, sure=False)
                orelse = spelled(orelse, before, sure=False)
                same = then is expr.then and orelse is expr.orelse
                return expr if same else replace(expr, then=then, orelse=orelse)
            case _:
                return map_children(expr, lambda part: spelled(part, before, sure=sure))

    return replace(function, body=block(function.body))


def _is_truth(expr: Expr) -> bool:
    """Whether the value of `expr` is True or False, or an array of these."""
    match expr:
        case Compare() | Unary(op="not"):
            return True
        case BoolOp(left=left, right=right):
            return _is_truth(left) and _is_truth(right)
        case _:
            return False


def _is_plain(expr: Expr) -> bool:
    """Whether `expr` is a variable, a literal, or a part of a variable that is found by these."""
    match expr:
        case Const() | Name() | Outer():
            return True
        case Index(value=value, index=index):
            return _is_plain(value) and _is_plain(index)
        case Attribute(value=value):
            return _is_plain(value)
        case _:
            return False
