"""Leave out the branches that arguments of these kinds never take.

    if k is None:                          where `k` is a float:
        k = 2.0                   ->       return k * x
    return k * x

Kinds are upper bounds of knowledge, so what they answer is so in every run of the variant. What
follows may then know more: a function that walks a tree sees what is a leaf.
"""

from collections.abc import Callable
from dataclasses import replace

from retrograd.transforms.analyses.kinds_and_ranks import Env, Kinds
from retrograd.transforms.analyses.tests_of_kinds import answer
from retrograd.transforms.ir.kinds import Kind
from retrograd.transforms.ir.nodes import Block, Expr, Function, If, IfExp, Pass, Return, Stmt
from retrograd.transforms.ir.walk import (
    map_blocks,
    map_expressions,
    own_expressions,
    rewrite,
    subexpressions,
)
from retrograd.transforms.passes.interface import surface_pass


@surface_pass
def decided(function: Function, kinds: Kinds) -> Function:
    """`function` without the branches that `kinds` rule out; itself if there are none."""
    body = _Decider(kinds).block(function.body)
    return function if body == function.body else replace(function, body=body)


class _Decider:
    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds

    def block(self, block: Block) -> Block:
        done: list[Stmt] = []
        for stmt in block:
            done += self.statement(stmt)
            if done and isinstance(done[-1], Return):
                break
        return tuple(done)

    def statement(self, stmt: Stmt) -> list[Stmt]:
        env = self.kinds.before.get(stmt)
        if env is None:
            return [stmt]
        if isinstance(stmt, If) and (taken := answer(stmt.test, self.of(env))) is not None:
            first, *rest = self.block(stmt.then if taken else stmt.orelse) or (Pass(),)
            comments = (*stmt.origin.leading, *first.origin.leading)
            return [replace(first, origin=replace(first.origin, leading=comments)), *rest]
        if any(
            isinstance(part, IfExp)
            for expr in own_expressions(stmt)
            for part in subexpressions(expr)
        ):
            new = map_expressions(
                stmt, lambda expr: rewrite(expr, lambda part: self.chosen(part, env))
            )
            if own_expressions(new) != own_expressions(stmt):
                stmt = replace(new, origin=stmt.origin.rewritten())
        return [map_blocks(stmt, self.block)]

    def chosen(self, part: Expr, env: Env) -> Expr:
        if not isinstance(part, IfExp):
            return part
        taken = answer(part.test, self.of(env))
        return part if taken is None else part.then if taken else part.orelse

    def of(self, env: Env) -> Callable[[Expr], Kind]:
        return lambda expr: self.kinds.of(expr, env)
