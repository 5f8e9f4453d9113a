"""Which variables hold an array that nothing else can see.

Such an array may be updated by ``x += e`` without anybody noticing whether it was changed in place
or replaced. What was assigned from another name, an element, a view, a container or a user's call
is not exclusive, and neither is what has been put into one.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import assert_never

from retrograd.transforms.analyses.kinds_and_ranks import Kinds
from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.ir.kinds import Other, Scalar
from retrograd.transforms.ir.nodes import (
    Assert,
    Assign,
    Attribute,
    AugAssign,
    Block,
    Break,
    Call,
    Class,
    Comment,
    Continue,
    Define,
    Delete,
    Dict,
    Do,
    Expr,
    For,
    Function,
    If,
    IfExp,
    Import,
    Index,
    List,
    Name,
    Pass,
    Raise,
    Return,
    Stmt,
    Tuple,
    While,
    With,
)
from retrograd.transforms.ir.walk import bound_names, children, statements
from retrograd.transforms.rules.application import is_inactive, makes_new

Names = frozenset[str]


def exclusive(function: Function, is_scalar: Callable[[AugAssign], bool]) -> Mapping[Stmt, Names]:
    """The variables before each statement whose value no other variable, argument or part shares.

    `is_scalar` tells whether an augmented assignment is to a number, which it replaces.
    """
    flow = _Flow(is_scalar)
    flow.block(function.body, frozenset())
    return flow.before


def shared_by(expr: Expr) -> Iterator[str]:
    """The variables whose memory the value of `expr` may share."""
    match expr:
        case Name(id=id):
            yield id
        case _ if is_inactive(expr) or makes_new(expr):
            return
        case Attribute(value=value) | Index(value=value):
            yield from shared_by(value)
        case IfExp(then=then, orelse=orelse):
            yield from shared_by(then)
            yield from shared_by(orelse)
        case _:
            for part in children(expr):
                yield from shared_by(part)


class _Flow:
    def __init__(self, is_scalar: Callable[[AugAssign], bool]) -> None:
        self.is_scalar = is_scalar
        self.before: dict[Stmt, Names] = {}

    def block(self, block: Block, own: Names) -> Names:
        for stmt in block:
            self.before[stmt] = own
            own = self.after(stmt, own)
        return own

    def after(self, stmt: Stmt, own: Names) -> Names:
        match stmt:
            case Assign(target=target, value=value):
                shared = frozenset(shared_by(value))
                parts = frozenset(name for inner in _stored(value) for name in shared_by(inner))
                bound = frozenset(bound_names(target))
                own = own - shared - parts - bound
                return own | bound if makes_new(value) else own
            case AugAssign(target=Name(id=id)) if self.is_scalar(stmt):
                return own | {id}
            case AugAssign() | Return() | Do() | Pass() | Comment() | Raise() | Assert():
                return own
            case Break() | Continue() | Import() | Delete() | Define():
                return own
            case With(body=body):
                return self.block(body, own)
            case For(target=target, iterable=iterable, body=body):
                own -= frozenset(bound_names(target)) | frozenset(shared_by(iterable))
                return self.loop(body, own)
            case While(body=body):
                return self.loop(body, own)
            case If(then=then, orelse=orelse):
                return self.block(then, own) & self.block(orelse, own)
            case _:
                assert_never(stmt)

    def loop(self, body: Block, own: Names) -> Names:
        while True:
            joined = own & self.block(body, own)
            if joined == own:
                return own
            own = joined


def _stored(expr: Expr) -> Iterator[Expr]:
    """The containers displayed inside `expr`, which keep what is put into them.

    Not those that a function gets which copies their items, as `np.stack` does.
    """
    if isinstance(expr, Tuple | List | Dict) or _is_record(expr):
        yield expr
    copied = isinstance(expr, Call) and makes_new(expr)
    for part in children(expr):
        items = children(part) if copied and isinstance(part, Tuple | List) else (part,)
        for item in items:
            yield from _stored(item)


def _is_record(expr: Expr) -> bool:
    return isinstance(expr, Call) and isinstance(expr.func, Class)


def is_scalar(stmt: AugAssign, kinds: Kinds) -> bool:
    """Whether an augmented assignment surely is to a number, which it replaces."""
    return stmt in kinds.after and isinstance(
        kinds.of(stmt.target, kinds.before[stmt]), Scalar | Other
    )


def check_augmented(function: Function, kinds: Kinds, report: Diagnostics) -> None:
    """``x += e`` must not change an array that something else sees."""
    own = exclusive(function, lambda stmt: is_scalar(stmt, kinds))
    for stmt in statements(function.body):
        match stmt:
            case AugAssign(target=Name(id=id)) if stmt in own and stmt in kinds.before:
                if id not in own[stmt] and not is_scalar(stmt, kinds):
                    report.refuse("RG402", stmt.origin.span, f"`{id}` may be shared")
            case _:
                pass
