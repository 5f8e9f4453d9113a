"""What depends on the inputs asked for (varied) and what the result depends on (useful).

Only where both meet does a statement have an adjoint. Varied names are found forward from `wrt`,
useful ones backward from the returned value; paths that carry no derivative (a comparison, an
index, a number of iterations) are no paths.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from retrograd.transforms.analyses.kinds_and_ranks import Env, Kinds
from retrograd.transforms.ir.kinds import TEXT, Array, Kind, Other, Scalar, Sequence
from retrograd.transforms.ir.methods import method_of
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
    Target,
    Text,
    Tuple,
    Unary,
    While,
    With,
)
from retrograd.transforms.ir.walk import bound_names, children, root_of, statements
from retrograd.transforms.rules.application import application, is_inactive
from retrograd.transforms.rules.opaque import is_opaque
from retrograd.transforms.rules.table import Bound

Names = frozenset[str]


@dataclass(frozen=True)
class Activity:
    """The varied names before and the useful names after every statement."""

    varied: Mapping[Stmt, Names]
    useful: Mapping[Stmt, Names]

    def is_active(self, stmt: Assign | Do) -> bool:
        """Whether cotangents flow from the target of `stmt` into its value, or end there."""
        method = method_of(stmt)
        if method is not None:
            varied, useful = self.varied[stmt], self.useful[stmt]
            moves = method.root.id in useful or (
                method.result is not None and method.result.id in useful
            )
            given = method.value is not None and is_varied(method.value, varied)
            return moves and (method.root.id in varied or given)
        if isinstance(stmt, Do):
            return False
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
    _Forward(kinds, is_varied, can_vary, varied).block(function.body, wrt)
    _backward(function.body, frozenset(), useful)
    return Activity(varied, useful)


def traced(function: Function, wrt: Names, kinds: Kinds) -> Mapping[Stmt, Names]:
    """The names before every statement into which a number made of `wrt` may have gone.

    Beside the varied ones these are the texts that such numbers are written in, and what calls made
    of them that we cannot read.
    """
    before: dict[Stmt, Names] = {}
    _Forward(kinds, is_traced, can_carry, before).block(function.body, wrt)
    return before


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
    return _holds_floats(kinds.of(expr, env))


def _holds_floats(kind: Kind) -> bool:
    match kind:
        case Scalar(dtype=dtype):
            return dtype in ("float", "complex")
        case Array(dtype=dtype):
            return dtype in ("float", "complex", None)
        case Other():
            return False
        case Sequence(items=items, item=item):
            return _holds_floats(item) if items is None else any(map(_holds_floats, items))
        case _:
            return True


def is_varied(expr: Expr, varied: Names) -> bool:
    """Whether a derivative flows from some name in `varied` to the value of `expr`."""
    return any(part.id in varied for part in differentiable_reads(expr))


def can_carry(expr: Expr, env: Env, kinds: Kinds) -> bool:
    """Whether a number may be found in a value of the kind of `expr`, were it written out as text."""
    return kinds.of(expr, env) == TEXT or can_vary(expr, env, kinds)


def is_traced(expr: Expr, names: Names) -> bool:
    """Whether a number from some name in `names` goes into `expr`, other than by declared steps."""
    if isinstance(expr, Name):
        return not expr.role and expr.id in names
    whole = isinstance(expr, Text) or is_opaque(expr)
    parts = children(expr) if whole else differentiable_parts(expr)
    return any(is_traced(part, names) for part in parts)


def differentiable_reads(expr: Expr) -> Iterator[Name]:
    """The variables that `expr` reads along paths which carry a derivative."""
    for part in differentiable_parts(expr):
        yield from differentiable_reads(part)
    if isinstance(expr, Name) and not expr.role:
        yield expr


def differentiable_parts(expr: Expr) -> tuple[Expr, ...]:
    """The direct parts of `expr` whose derivatives reach its value."""
    match expr:
        case _ if is_inactive(expr) or is_opaque(expr):
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
        case Call(func=Attribute(value=value, name="pop")):
            return (value,)
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


@dataclass(frozen=True)
class _Forward:
    """Follows names from the inputs forward: `flows` through expressions, into what `holds` them."""

    kinds: Kinds
    flows: Callable[[Expr, Names], bool]
    holds: Callable[[Expr, Env, Kinds], bool]
    before: dict[Stmt, Names]

    def block(self, block: Block, varied: Names) -> Names:
        for stmt in block:
            self.before[stmt] = varied
            match stmt:
                case Assign(target=target, value=value):
                    bound = frozenset(bound_names(target))
                    flows = self.flows(value, varied)
                    after = self.kinds.after[stmt]
                    root = None if isinstance(target, Name) else root_of(target)
                    if root is not None and flows and self.holds(root, after, self.kinds):
                        varied |= {root.id}
                    new = (n for n in bound if flows and self.holds(Name(n), after, self.kinds))
                    varied = (varied - bound) | frozenset(new)
                case For(target=target, iterable=iterable, body=body):
                    varied = self.loop(body, varied | self.items(target, iterable, varied))
                case While(body=body):
                    varied = self.loop(body, varied)
                case If(then=then, orelse=orelse):
                    varied = self.block(then, varied) | self.block(orelse, varied)
                case With(body=body):
                    varied = self.block(body, varied)
                case Do():
                    method = method_of(stmt)
                    if method is not None and method.value is not None:
                        flows = self.flows(method.value, varied)
                        if flows and self.holds(method.root, self.kinds.after[stmt], self.kinds):
                            varied |= {method.root.id}
                case Return() | AugAssign() | Pass() | Comment() | Raise() | Assert():
                    pass
                case Break() | Continue() | Import() | Delete() | Define():
                    pass
                case _:
                    assert_never(stmt)
        return varied

    def items(self, target: Target, iterable: Expr, varied: Names) -> Names:
        match iterable:
            case Call(func=Known(path="range")):
                return frozenset()
            case _ if self.flows(iterable, varied):
                return frozenset(bound_names(target))
            case _:
                return frozenset()

    def loop(self, body: Block, varied: Names) -> Names:
        while True:
            joined = varied | self.block(body, varied)
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
            case Raise():
                useful = frozenset()
            case Do():
                method = method_of(stmt)
                if method is not None and method.value is not None and method.root.id in useful:
                    useful |= _reads(method.value)
            case AugAssign() | Pass() | Comment() | Assert():
                pass
            case Break() | Continue() | Import() | Delete() | Define():
                pass
            case _:
                assert_never(stmt)
    return useful


def _reads(expr: Expr) -> Names:
    return frozenset(part.id for part in differentiable_reads(expr))
