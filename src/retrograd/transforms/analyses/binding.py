"""Which variables are surely bound before and after each statement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
from retrograd.transforms.ir.ways import is_endless

Names = frozenset[str]


@dataclass(frozen=True)
class Bound:
    """The variables bound on every path to each statement, and on every path through it.

    What leaves the loop or the iteration inside a statement is a path through it.
    """

    before: Mapping[Stmt, Names]
    after: Mapping[Stmt, Names]


def surely_bound(function: Function) -> Bound:
    """What is bound around every statement of `function` that can be reached."""
    search = _Search()
    search.block(function.body, frozenset(param.id for param in function.params), [], [])
    return Bound(search.before, search.after)


def both(first: Names | None, second: Names | None) -> Names | None:
    """What is bound where two paths meet; None stands for a path that leads elsewhere."""
    if first is None or second is None:
        return first if second is None else second
    return first & second


@dataclass
class _Search:
    before: dict[Stmt, Names] = field(default_factory=dict)
    after: dict[Stmt, Names] = field(default_factory=dict)

    def block(
        self, block: Block, bound: Names | None, breaks: list[Names], nexts: list[Names]
    ) -> Names | None:
        """The names bound after `block`; `breaks` and `nexts` take what is bound where it is left."""
        for stmt in block:
            if bound is None:
                return None
            self.before[stmt] = bound
            known = len(breaks), len(nexts)
            bound = self.statement(stmt, bound, breaks, nexts)
            through = bound
            for left in (*breaks[known[0] :], *nexts[known[1] :]):
                through = both(through, left)
            if through is not None:
                self.after[stmt] = through
        return bound

    def statement(
        self, stmt: Stmt, bound: Names, breaks: list[Names], nexts: list[Names]
    ) -> Names | None:
        match stmt:
            case Assign(target=target):
                return bound | frozenset(bound_names(target))
            case For(target=target, body=body):
                self.block(body, bound | frozenset(bound_names(target)), [], [])
                return bound
            case While(test=test, body=body):
                left: list[Names] = []
                self.block(body, bound, left, [])
                behind = None if is_endless(test) else bound
                for names in left:
                    behind = both(behind, names)
                return behind
            case If(then=then, orelse=orelse):
                first = self.block(then, bound, breaks, nexts)
                return both(first, self.block(orelse, bound, breaks, nexts))
            case With(body=body):
                return self.block(body, bound, breaks, nexts)
            case Return() | Raise():
                return None
            case Break():
                breaks.append(bound)
                return None
            case Continue():
                nexts.append(bound)
                return None
            case AugAssign() | Do() | Pass() | Comment() | Assert():
                return bound
            case Import() | Delete() | Define():
                return bound
            case _:
                assert_never(stmt)
