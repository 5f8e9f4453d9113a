"""Name heavy operands whose value the reverse sweep is going to read.

    y = np.exp(a) * (X @ w)      ->      matmul = X @ w
                                         y = np.exp(a) * matmul

Adjoints are nested expressions over the operands: a product inside them would be computed again.
What only passes a cotangent on (an operand of a sum, the argument of a `tanh` that is
differentiated through its result) is left where it is.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from retrograd.transforms.analyses.activity import Activity, is_varied
from retrograd.transforms.analyses.kinds_and_ranks import Env, Kinds
from retrograd.transforms.ir.kinds import ANY, Array, Kind, Scalar
from retrograd.transforms.ir.methods import method_of
from retrograd.transforms.ir.nodes import (
    Assign,
    Binary,
    Block,
    Call,
    Do,
    Expr,
    Function,
    Index,
    Known,
    Name,
    Return,
    Stmt,
    Unary,
)
from retrograd.transforms.ir.walk import map_blocks, map_children
from retrograd.transforms.passes.interface import compiler_pass
from retrograd.transforms.rules.application import application
from retrograd.transforms.rules.table import Bound


@compiler_pass
def name_operands(
    function: Function, active: Activity, kinds: Kinds, fresh: Callable[[str], str]
) -> Function:
    """`function` with those operands of its active statements named in statements before them."""

    def block(stmts: Block) -> Block:
        return tuple(new for stmt in stmts for new in statement(stmt))

    def statement(stmt: Stmt) -> tuple[Stmt, ...]:
        before: list[Stmt]
        match stmt:
            case Assign(value=value) | Return(value=value):
                if stmt not in active.varied or not is_varied(value, active.varied[stmt]):
                    return (stmt,)
                before = []
                namer = _Namer(active.varied[stmt], kinds, kinds.before[stmt], fresh, before)
                value = namer.visit(value, root=True, read=False)
                if not before:
                    return (stmt,)
                return (*before, replace(stmt, value=value, origin=stmt.origin.rewritten()))
            case Do(value=Call(args=(*first, value)) as call) if method_of(stmt) is not None:
                if stmt not in active.varied or not is_varied(value, active.varied[stmt]):
                    return (stmt,)
                before = []
                namer = _Namer(active.varied[stmt], kinds, kinds.before[stmt], fresh, before)
                value = namer.visit(value, root=False, read=False)
                if not before:
                    return (stmt,)
                origin = stmt.origin.rewritten()
                return (*before, Do(replace(call, args=(*first, value)), origin))
            case _:
                return (map_blocks(stmt, block),)

    return replace(function, body=block(function.body))


class _Namer:
    def __init__(
        self,
        varied: frozenset[str],
        kinds: Kinds,
        env: Env,
        fresh: Callable[[str], str],
        before: list[Stmt],
    ) -> None:
        self.varied = varied
        self.kinds = kinds
        self.env = env
        self.fresh = fresh
        self.before = before

    def visit(self, expr: Expr, *, root: bool, read: bool) -> Expr:
        """`expr` with heavy parts named; `read` tells whether the adjoint reads its value."""
        match expr:
            case Binary(op="+" | "-"):
                here = self.kinds.of(expr, self.env)
                return map_children(
                    expr,
                    lambda part: self.visit(
                        part,
                        root=False,
                        read=read or not _passes_on(self.kinds.of(part, self.env), here),
                    ),
                )
            case Unary(op="-" | "+", operand=operand):
                return replace(expr, operand=self.visit(operand, root=False, read=read))
            case Binary() | Call():
                applied = application(expr)
                if not isinstance(applied, Bound) or applied.rule.form == "inactive":
                    return expr
                elementwise = applied.rule.form == "elementwise"
                through = root and isinstance(expr, Call) and _needs_result_only(applied)
                expr = map_children(
                    expr, lambda part: self.visit(part, root=False, read=not through)
                )
                scalar = isinstance(self.kinds.of(expr, self.env), Scalar)
                heavy = _reads_result_often(applied) if elementwise else not scalar
                if heavy and (read or elementwise) and not root and is_varied(expr, self.varied):
                    return self.named(expr)
                return expr
            case Index(value=Call(func=Known()) as call):
                applied = application(call)
                if not isinstance(applied, Bound) or applied.rule.form != "general":
                    return expr
                whole = self.visit(call, root=True, read=True)
                if _reads_result(applied) and is_varied(expr, self.varied):
                    whole = self.named(whole)
                return replace(expr, value=whole)
            case _:
                return expr

    def named(self, expr: Expr) -> Name:
        for stmt in self.before:
            if isinstance(stmt, Assign) and stmt.value == expr and isinstance(stmt.target, Name):
                return stmt.target
        name = Name(self.fresh(_label(expr)))
        self.before.append(Assign(name, expr))
        return name


def _passes_on(part: Kind, whole: Kind) -> bool:
    """Whether the shapes of an operand of a sum and of the sum are known, so that none is looked at."""
    if isinstance(part, Scalar):
        return True
    if not isinstance(part, Array) or not isinstance(whole, Array):
        return False
    if part.dims is None or whole.dims is None:
        return False
    return ANY not in part.dims + whole.dims


def _reads_result_often(applied: Bound) -> bool:
    """Whether some partial of an elementwise function reads the result more than once."""
    texts = applied.rule.formulas.values()
    return any(isinstance(text, str) and text.count("out") > 1 for text in texts)


def _reads_result(applied: Bound) -> bool:
    """Whether the adjoint may read the result."""
    texts = applied.rule.formulas.values()
    return any("out" in _WORD.findall(str(text)) for text in texts)


def _needs_result_only(applied: Bound) -> bool:
    """Whether an elementwise function is differentiated through its result alone."""
    rule = applied.rule
    words = {word for text in rule.texts() for word in _WORD.findall(text)}
    return rule.form == "elementwise" and words <= {"out"}


_WORD = re.compile(r"[A-Za-z_]\w*")


def _label(expr: Expr) -> str:
    match expr:
        case Call(func=Known(path=path)):
            return f"{path.rsplit('.', 1)[-1]}_value"
        case _:
            return "product"
