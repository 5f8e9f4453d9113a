"""Name what must be evaluated once, so that nothing made of its statement evaluates it again.

    y = x + 0.1 * rng.normal(size=n)      ->      normal_value = 0.1 * rng.normal(size=n)
                                                  y = x + normal_value

Adjoints and tangents are formulas over the operands of a statement. The largest part that carries no
derivative gets the name, so that the order in which Python evaluates it stays what it was.
"""

from collections.abc import Callable
from dataclasses import replace

from retrograd.transforms.analyses.activity import Activity, is_varied
from retrograd.transforms.analyses.disturbance import handed_over
from retrograd.transforms.analyses.kinds_and_ranks import Kinds
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    AugAssign,
    Block,
    Call,
    Callee,
    Const,
    Expr,
    Function,
    Known,
    Name,
    Outer,
    Return,
    Slice,
    Stmt,
    Target,
)
from retrograd.transforms.ir.walk import map_blocks, map_children, subexpressions
from retrograd.transforms.passes.interface import compiler_pass
from retrograd.transforms.rules.opaque import acts


@compiler_pass
def evaluate_once(
    function: Function, active: Activity, kinds: Kinds, fresh: Callable[[str], str]
) -> Function:
    """`function` with such parts of its varied statements in statements of their own."""

    def block(stmts: Block) -> Block:
        return tuple(new for stmt in stmts for new in statement(stmt))

    def statement(stmt: Stmt) -> tuple[Stmt, ...]:
        match stmt:
            case Assign(value=value) | AugAssign(value=value) | Return(value=value) if (
                stmt in active.varied
            ):
                namer = _Namer(stmt, active, kinds, fresh)
                if is_varied(value, active.varied[stmt]) and acts(value):
                    value = namer.visit(value)
                if isinstance(stmt, Return):
                    return namer.behind(replace(stmt, value=value))
                target = stmt.target
                if acts(target):
                    target = namer.place(target)
                return namer.behind(replace(stmt, target=target, value=value))  # type: ignore[arg-type]
            case _:
                return (map_blocks(stmt, block),)

    return replace(function, body=block(function.body))


class _Namer:
    """Takes one statement apart; what it names stands in `before`."""

    def __init__(
        self, stmt: Stmt, active: Activity, kinds: Kinds, fresh: Callable[[str], str]
    ) -> None:
        self.stmt = stmt
        self.varied = active.varied[stmt]
        self.fresh = fresh
        self.before: list[Stmt] = []
        env = kinds.before[stmt]
        #: What the calls of the statement may change: to be read in the user's order.
        self.changing = handed_over(stmt, lambda expr: kinds.of(expr, env))

    def behind(self, stmt: Assign | AugAssign | Return) -> tuple[Stmt, ...]:
        """`stmt` behind what was named."""
        if not self.before:
            return (self.stmt,)
        first, *rest = self.before
        first = replace(first, origin=replace(first.origin, leading=stmt.origin.leading))
        origin = replace(stmt.origin.rewritten(), leading=())
        return (first, *rest, replace(stmt, origin=origin))

    def visit(self, expr: Expr) -> Expr:
        if not (acts(expr) or self.changing.intersection(subexpressions(expr))):
            return expr
        if isinstance(expr, Name | Outer):
            return expr
        inert = not is_varied(expr, self.varied)
        if inert and not isinstance(expr, Slice | Callee | Known):
            name = Name(self.fresh(label_of_call(expr)))
            self.before.append(Assign(name, expr))
            return name
        return map_children(expr, self.visit)

    def place(self, target: Target) -> Target:
        """`target` with what its subscripts evaluate named."""
        placed = map_children(target, self.visit)
        assert isinstance(placed, Target)
        return placed


def label_of_call(expr: Expr) -> str:
    """A name for the value of the first call in `expr`."""
    for part in subexpressions(expr):
        match part:
            case Call(func=Attribute(name=name)):
                return f"{name}_value"
            case Call(func=Known(spelling=spelling) | Callee(spelling=spelling)):
                return f"{spelling.rpartition('.')[2]}_value"
            case Const():
                continue
    return "value"
