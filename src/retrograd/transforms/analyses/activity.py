"""What depends on the inputs asked for (varied) and what the result depends on (useful).

Only where both meet does a statement have an adjoint. Varied names are found forward from `wrt`,
useful ones backward from the returned value; paths that carry no derivative (a comparison, an
index, a number of iterations) are no paths.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from retrograd.transforms.analyses.kinds_and_ranks import Env, Kinds
from retrograd.transforms.ir.kinds import Array, Other, Scalar
from retrograd.transforms.ir.nodes import (
    Assert,
    Assign,
    Attribute,
    AugAssign,
    Binary,
    Block,
    BoolOp,
    Break,
    Call,
    Callee,
    Class,
    Comment,
    Compare,
    Comprehension,
    Const,
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
    Known,
    Lambda,
    List,
    Name,
    Named,
    Outer,
    Pass,
    Raise,
    Return,
    Slice,
    Starred,
    Stmt,
    Text,
    Tuple,
    Unary,
    While,
    With,
)
from retrograd.transforms.ir.walk import bound_names, children, root_of, statements
from retrograd.transforms.rules.application import application, is_inactive
from retrograd.transforms.rules.table import Bound

Names = frozenset[str]


@dataclass(frozen=True)
class Activity:
    """The varied names before and the useful names after every statement."""

    varied: Mapping[Stmt, Names]
    useful: Mapping[Stmt, Names]

    def is_active(self, stmt: Assign) -> bool:
        """Whether cotangents flow from the target of `stmt` into its value, or end there."""
        root = root_of(stmt.target)
        if root is not None and not isinstance(stmt.target, Name):
            varied = self.varied[stmt]
            return root.id in self.useful[stmt] and (
                root.id in varied or is_varied(stmt.value, varied)
            )
        targets = self.useful[stmt].intersection(bound_names(stmt.target))
        return bool(targets) and is_varied(stmt.value, self.varied[stmt])


def activity(function: Function, wrt: Names, kinds: Kinds) -> Activity:
    """The activity of `function` for derivatives with respect to the parameters `wrt`."""
    varied: dict[Stmt, Names] = {}
    useful: dict[Stmt, Names] = {}
    _forward(function.body, wrt, kinds, varied)
    _backward(function.body, frozenset(), useful)
    return Activity(varied, useful)


def everything_active(function: Function, kinds: Kinds) -> Activity:
    """The safe answer: all that can hold a derivative is varied and useful everywhere."""
    names = {param.id for param in function.params}
    for stmt in statements(function.body):
        if isinstance(stmt, Assign | For):
            names.update(bound_names(stmt.target))
    everywhere = frozenset(names)
    varied = {
        stmt: frozenset(
            name for name in everywhere if can_vary(Name(name), kinds.before[stmt], kinds)
        )
        for stmt in statements(function.body)
        if stmt in kinds.before
    }
    return Activity(varied, dict.fromkeys(varied, everywhere))


def can_vary(expr: Expr, env: Env, kinds: Kinds) -> bool:
    """Whether a value of the kind of `expr` can hold a derivative at all."""
    match kinds.of(expr, env):
        case Scalar(dtype=dtype):
            return dtype == "float"
        case Array(dtype=dtype):
            return dtype in ("float", None)
        case Other():
            return False
        case _:
            return True


def is_varied(expr: Expr, varied: Names) -> bool:
    """Whether a derivative flows from some name in `varied` to the value of `expr`."""
    return any(part.id in varied for part in differentiable_reads(expr))


def differentiable_reads(expr: Expr) -> Iterator[Name]:
    """The variables that `expr` reads along paths which carry a derivative."""
    for part in differentiable_parts(expr):
        yield from differentiable_reads(part)
    if isinstance(expr, Name) and not expr.role:
        yield expr


def differentiable_parts(expr: Expr) -> tuple[Expr, ...]:
    """The direct parts of `expr` whose derivatives reach its value."""
    match expr:
        case _ if is_inactive(expr):
            return ()
        case (
            Const() | Name() | Outer() | Known() | Callee() | Class() | Slice() | Compare() | Text()
        ):
            return ()
        case IfExp(then=then, orelse=orelse):
            return (then, orelse)
        case BoolOp(left=left, right=right):
            return (left, right)
        case Attribute(value=value) | Index(value=value):
            return (value,)
        case Tuple(items=items) | List(items=items):
            return items
        case Dict(items=pairs):
            return tuple(value for _, value in pairs)
        case Call(args=args, kwargs=kwargs):
            applied = application(expr)
            if isinstance(applied, Bound):
                return tuple(applied.operands.values())
            return (*args, *(value for _, value in kwargs))
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case Starred() | Named() | Lambda() | Comprehension():
            return children(expr)
        case _:
            assert_never(expr)


def _forward(block: Block, varied: Names, kinds: Kinds, before: dict[Stmt, Names]) -> Names:
    for stmt in block:
        before[stmt] = varied
        match stmt:
            case Assign(target=target, value=value):
                bound = frozenset(bound_names(target))
                flows = is_varied(value, varied)
                after = kinds.after[stmt]
                if (root := root_of(target)) is not None and not isinstance(target, Name):
                    varied |= {root.id} if flows and can_vary(root, after, kinds) else set()
                new = frozenset(n for n in bound if flows and can_vary(Name(n), after, kinds))
                varied = (varied - bound) | new
            case For(target=target, iterable=iterable, body=body):
                items = _loop_varied(target, iterable, varied)
                varied = _loop_forward(body, varied | items, kinds, before)
            case While(body=body):
                varied = _loop_forward(body, varied, kinds, before)
            case If(then=then, orelse=orelse):
                first = _forward(then, varied, kinds, before)
                varied = first | _forward(orelse, varied, kinds, before)
            case With(body=body):
                varied = _forward(body, varied, kinds, before)
            case Return() | AugAssign() | Do() | Pass() | Comment() | Raise() | Assert():
                pass
            case Break() | Continue() | Import() | Delete() | Define():
                pass
            case _:
                assert_never(stmt)
    return varied


def _loop_varied(target: Expr, iterable: Expr, varied: Names) -> Names:
    match iterable:
        case Call(func=Known(path="range")):
            return frozenset()
        case _ if is_varied(iterable, varied) and isinstance(target, Name | Tuple | Index):
            return frozenset(bound_names(target))
        case _:
            return frozenset()


def _loop_forward(body: Block, varied: Names, kinds: Kinds, before: dict[Stmt, Names]) -> Names:
    while True:
        joined = varied | _forward(body, varied, kinds, before)
        if joined == varied:
            return varied
        varied = joined


def _backward(block: Block, useful: Names, after: dict[Stmt, Names]) -> Names:
    for stmt in reversed(block):
        after[stmt] = useful
        match stmt:
            case Assign(target=target, value=value):
                bound = frozenset(bound_names(target))
                root = root_of(target)
                if bound & useful or (root is not None and root.id in useful):
                    useful = (useful - bound) | _reads(value)
            case Return(value=value):
                useful = _reads(value)
            case For(body=body) | While(body=body):
                while True:
                    joined = useful | _backward(body, useful, after)
                    if joined == useful:
                        break
                    useful = joined
            case If(then=then, orelse=orelse):
                useful = _backward(then, useful, after) | _backward(orelse, useful, after)
            case With(body=body):
                useful = _backward(body, useful, after)
            case AugAssign() | Do() | Pass() | Comment() | Raise() | Assert():
                pass
            case Break() | Continue() | Import() | Delete() | Define():
                pass
            case _:
                assert_never(stmt)
    return useful


def _reads(expr: Expr) -> Names:
    return frozenset(part.id for part in differentiable_reads(expr))
