"""Write conditional expressions as statements where one branch must not be touched for the other.

    y = np.max(x) if len(x) else 0.0      ->      if len(x):
                                                      y = np.max(x)
                                                  else:
                                                      y = 0.0

Adjoints of the branches then run under the same test. A choice between plain scalar formulas stays
what it is: its cotangent is ``y_bar if c else 0.0``, and nothing else of the branch is evaluated.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from retrograd.transforms.analyses.activity import Activity, is_varied
from retrograd.transforms.analyses.kinds_and_ranks import Env, Kinds
from retrograd.transforms.ir.kinds import Scalar
from retrograd.transforms.ir.nodes import (
    Assign,
    Binary,
    Block,
    Call,
    Const,
    Do,
    Expr,
    Function,
    If,
    IfExp,
    Known,
    Name,
    Outer,
    Return,
    Stmt,
    Unary,
)
from retrograd.transforms.ir.walk import map_blocks, map_children, names, subexpressions
from retrograd.transforms.passes.interface import compiler_pass
from retrograd.transforms.rules.application import is_inactive


@compiler_pass
def unfold_choices(
    function: Function, active: Activity, kinds: Kinds, fresh: Callable[[str], str]
) -> Function:
    """`function` with such choices in its active statements as statements."""

    def block(stmts: Block) -> Block:
        return tuple(new for stmt in stmts for new in statement(stmt))

    def statement(stmt: Stmt) -> Iterator[Stmt]:
        match stmt:
            case Assign(value=value) | Return(value=value) if stmt in active.varied:
                if is_varied(value, active.varied[stmt]):
                    yield from unfolded(stmt, kinds.before[stmt])
                else:
                    yield stmt
            case Do(value=Call(args=args) as call) if stmt in active.varied:
                before: list[Stmt] = []
                env = kinds.before[stmt]
                plain = tuple(
                    named(arg, env, before) if is_varied(arg, active.varied[stmt]) else arg
                    for arg in args
                )
                yield from before
                origin = stmt.origin.rewritten() if before else stmt.origin
                yield replace(stmt, value=replace(call, args=plain), origin=origin)
            case _:
                yield map_blocks(stmt, block)

    def unfolded(stmt: Assign | Return, env: Env) -> Iterator[Stmt]:
        match stmt.value:
            case IfExp(test=test, then=then, orelse=orelse) if not _is_light(
                stmt.value, env, kinds
            ):
                inner = replace(stmt.origin.rewritten(), leading=(), trailing="")
                sides = [
                    tuple(unfolded(replace(stmt, value=side, origin=inner), env))
                    for side in (then, orelse)
                ]
                yield from chosen(test, sides[0], sides[1], stmt)
            case _:
                before: list[Stmt] = []
                value = named(stmt.value, env, before)
                yield from before
                origin = stmt.origin.rewritten() if before else stmt.origin
                yield replace(stmt, value=value, origin=origin)

    def named(expr: Expr, env: Env, before: list[Stmt]) -> Expr:
        """`expr` with the choices in it given names by statements before it."""
        match expr:
            case _ if is_inactive(expr) or not any(
                isinstance(p, IfExp) for p in subexpressions(expr)
            ):
                return expr
            case IfExp(test=test, then=then, orelse=orelse) if not _is_light(expr, env, kinds):
                name = Name(fresh("chosen"))
                sides = [tuple(unfolded(Assign(name, side), env)) for side in (then, orelse)]
                before.extend(chosen(test, sides[0], sides[1], Assign(name, expr)))
                return name
            case IfExp():
                return expr
            case _:
                return map_children(expr, lambda part: named(part, env, before))

    def chosen(test: Expr, then: Block, orelse: Block, stmt: Assign | Return) -> Iterator[Stmt]:
        target = names(stmt.target) if isinstance(stmt, Assign) else frozenset()
        origin = replace(stmt.origin.rewritten(), quote="")
        if target & names(test):
            taken = Name(fresh("taken"))
            yield Assign(taken, test)
            test = taken
        yield If(test, then, orelse, origin)

    return replace(function, body=block(function.body))


def _is_light(expr: Expr, env: Env, kinds: Kinds) -> bool:
    """Whether `expr` adds and multiplies numbers that are at hand, which cannot fail."""
    if not isinstance(kinds.of(expr, env), Scalar):
        return False
    match expr:
        case Const() | Name() | Outer() | Known():
            return True
        case Unary(operand=operand):
            return _is_light(operand, env, kinds)
        case Binary(op="+" | "-" | "*", left=left, right=right):
            return _is_light(left, env, kinds) and _is_light(right, env, kinds)
        case IfExp(then=then, orelse=orelse):
            return _is_light(then, env, kinds) and _is_light(orelse, env, kinds)
        case _:
            return False
