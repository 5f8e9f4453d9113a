"""Name what must be evaluated once, so that nothing made of its statement evaluates it again.

    y = x + 0.1 * rng.normal(size=n)      ->      normal_value = 0.1 * rng.normal(size=n)
                                                  y = x + normal_value

Adjoints and tangents are formulas over the operands of a statement. The largest part that carries no
derivative gets the name, so that the order in which Python evaluates it stays what it was. What may
not be evaluated at all, in a branch of a choice, goes into a branch.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from retrograd.transforms.analyses.activity import Activity, Names, is_varied
from retrograd.transforms.analyses.disturbance import handed_over
from retrograd.transforms.analyses.kinds_and_ranks import Kinds
from retrograd.transforms.ir.methods import method_of
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    AugAssign,
    Block,
    Call,
    Callee,
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
    Slice,
    Stmt,
    Target,
)
from retrograd.transforms.ir.walk import map_blocks, map_children, names, subexpressions
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
                varied, env = active.varied[stmt], kinds.before[stmt]
                changing = handed_over(stmt, lambda expr: kinds.of(expr, env))
                namer = _Namer(varied, changing, fresh)
                if is_varied(value, varied) and acts(value):
                    return namer.spelled(stmt)
                return namer.behind(stmt, value)
            case Do(value=Call(args=args) as call) if stmt in active.varied and method_of(stmt):
                namer = _Namer(active.varied[stmt], frozenset(), fresh)
                plain = tuple(map(namer.visit, args))
                return namer.behind(stmt, replace(call, args=plain))
            case _:
                return (map_blocks(stmt, block),)

    return replace(function, body=block(function.body))


#: A statement that gives something a value, or the function.
_Giving: TypeAlias = Assign | AugAssign | Return | Do


@dataclass
class _Namer:
    """Takes one statement apart; what it names stands in `before`.

    `varied` are the variables that carry a derivative there. `changing` is what the calls of the
    statement may change: it has to be read in the user's order.
    """

    varied: Names
    changing: frozenset[Expr]
    fresh: Callable[[str], str]
    before: list[Stmt] = field(default_factory=list)

    def spelled(self, stmt: _Giving) -> tuple[Stmt, ...]:
        """`stmt` behind what is named in its value; as a conditional statement if that is a choice."""
        value = stmt.value
        if not isinstance(value, IfExp) or not self.is_choice(value) or _acts_in_target(stmt):
            return self.behind(stmt, self.visit(value))
        origin = stmt.origin.rewritten()
        inner = replace(origin, leading=(), trailing="")
        test = self.visit(value.test)
        if isinstance(stmt, Assign) and names(test) & names(stmt.target):
            test = self.named(test, "taken")
        then, orelse = (
            replace(self, before=[]).spelled(replace(stmt, value=side, origin=inner))
            for side in (value.then, value.orelse)
        )
        return self.headed(stmt, If(test, then, orelse, replace(origin, quote="")))

    def behind(self, stmt: _Giving, value: Expr) -> tuple[Stmt, ...]:
        """`stmt` with `value`, behind what was named, and is named of its target."""
        target = None
        if _acts_in_target(stmt):
            assert isinstance(stmt, Assign | AugAssign)
            target = self.place(stmt.target)
        if not self.before:
            return (stmt,)
        given = replace(stmt, value=value, origin=stmt.origin.rewritten())
        if target is not None:
            given = replace(given, target=target)  # type: ignore[arg-type]
        return self.headed(stmt, given)

    def headed(self, stmt: Stmt, last: Stmt) -> tuple[Stmt, ...]:
        """`last` behind what was named, under the comments above `stmt`."""
        if not self.before:
            return (last,)
        first, *rest = self.before
        first = replace(first, origin=replace(first.origin, leading=stmt.origin.leading))
        return (first, *rest, replace(last, origin=replace(last.origin, leading=())))

    def is_choice(self, expr: IfExp) -> bool:
        """Whether a branch of `expr` does more than give a value, and may not run."""
        return (acts(expr.then) or acts(expr.orelse)) and is_varied(expr, self.varied)

    def visit(self, expr: Expr) -> Expr:
        if not (acts(expr) or self.changing.intersection(subexpressions(expr))):
            return expr
        if isinstance(expr, Name | Outer):
            return expr
        if not is_varied(expr, self.varied) and not isinstance(expr, Slice | Callee | Known):
            return self.named(expr, label_of_call(expr))
        if isinstance(expr, IfExp) and self.is_choice(expr):
            name = Name(self.fresh("chosen"))
            test = self.visit(expr.test)
            then, orelse = (
                replace(self, before=[]).spelled(Assign(name, side))
                for side in (expr.then, expr.orelse)
            )
            self.before.append(If(test, then, orelse))
            return name
        return map_children(expr, self.visit)

    def named(self, expr: Expr, label: str) -> Name:
        name = Name(self.fresh(label))
        self.before.append(Assign(name, expr))
        return name

    def place(self, target: Target) -> Target:
        """`target` with what its subscripts evaluate named."""
        placed = map_children(target, self.visit)
        assert isinstance(placed, Target)
        return placed


def _acts_in_target(stmt: _Giving) -> bool:
    return isinstance(stmt, Assign | AugAssign) and acts(stmt.target)


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
