"""What the user asks to be computed again: ``rg.checkpoint`` around a loop or a function.

for t in rg.checkpoint(range(n), "sqrt"):   ->   for t in range(n):     checkpoint "sqrt"
while rg.checkpoint(t < end):               ->   while t < end:         checkpoint "sqrt"
y = rg.checkpoint(step)(x)                  ->   y = step(x)            called again
"""

from collections.abc import Iterator
from dataclasses import replace

from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.frontend.names import CHECKPOINT
from retrograd.transforms.ir.nodes import (
    Block,
    Call,
    Callee,
    Checkpoint,
    Const,
    Expr,
    For,
    Function,
    Known,
    Stmt,
    While,
)
from retrograd.transforms.ir.walk import (
    altered,
    functions_inside,
    map_blocks,
    map_expressions,
    own_expressions,
    rewrite,
    statements,
    subexpressions,
)
from retrograd.transforms.passes.interface import compiler_pass, surface_pass


@surface_pass
def checkpoints_asked(function: Function, report: Diagnostics) -> Function:
    """`function` with the loops and calls marked that ``rg.checkpoint`` stands around."""
    bodies = (function.body, *(inner.body for inner in functions_inside(function.body)))
    if not any(True for body in bodies for _ in _left_in(body)):
        return function
    done = replace(function, body=_marked(function.body))
    for call in _left_in(done.body):
        label = "neither a loop nor a call of a function that is defined in a module"
        report.refuse("RG411", call.at, label)
    return done


@compiler_pass
def checkpointed(function: Function, checkpoint: Checkpoint) -> Function:
    """`function` with its outermost loops marked with `checkpoint`, unless they are already."""

    def block(stmts: Block) -> Block:
        return tuple(map(statement, stmts))

    def statement(stmt: Stmt) -> Stmt:
        if isinstance(stmt, For | While):
            return altered(stmt, checkpoint=stmt.checkpoint or checkpoint)
        return map_blocks(stmt, block)

    return replace(function, body=block(function.body)) if checkpoint else function


def _marked(block: Block) -> Block:
    return tuple(map(_statement, block))


def _statement(stmt: Stmt) -> Stmt:
    inner = map_blocks(stmt, _marked)
    match inner:
        case For(iterable=Call() as call) if (scheme := _scheme(call)) is not None:
            inner = replace(
                inner, iterable=call.args[0], checkpoint=scheme, origin=inner.origin.rewritten()
            )
        case While(test=Call() as call) if (scheme := _scheme(call)) is not None:
            inner = replace(
                inner, test=call.args[0], checkpoint=scheme, origin=inner.origin.rewritten()
            )
        case _:
            pass
    new = map_expressions(inner, lambda expr: rewrite(expr, _called_again))
    return new if new is inner else altered(new, origin=inner.origin.rewritten())


def _called_again(part: Expr) -> Expr:
    match part:
        case Call(func=Call(func=Known(path=path), args=(Callee() as callee,), kwargs=())) if (
            path in CHECKPOINT
        ):
            return replace(part, func=replace(callee, again=True))
        case _:
            return part


def _scheme(call: Call) -> Checkpoint | None:
    """Which states ``rg.checkpoint(loop, scheme)`` keeps, None if that is not what `call` is."""
    if not isinstance(call.func, Known) or call.func.path not in CHECKPOINT:
        return None
    given = [*call.args[1:], *(value for name, value in call.kwargs if name == "scheme")]
    if not given and len(call.args) == 1 and not call.kwargs:
        return "sqrt"
    match given:
        case [Const() as asked] if len(call.args) + len(call.kwargs) == 2:
            value = asked.value
            if value == "sqrt" or value == "recursive" or (type(value) is int and value > 0):
                return value
        case _:
            pass
    return None


def _left_in(block: Block) -> Iterator[Call]:
    """The calls of ``rg.checkpoint`` in `block`."""
    for stmt in statements(block):
        for expr in own_expressions(stmt):
            for part in subexpressions(expr):
                match part:
                    case Call(func=Known(path=path)) if path in CHECKPOINT:
                        yield part
                    case _:
                        pass
