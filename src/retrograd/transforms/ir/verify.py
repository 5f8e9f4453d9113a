"""Check that a function is well-formed: what a pass returns is looked at before the next one runs.

A finding is a mistake of ours and never the user's, whose mistakes the frontend has refused.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, assert_never

from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.ir.memo import by_identity
from retrograd.transforms.ir.nodes import (
    STACK,
    Assert,
    Assign,
    Attribute,
    AugAssign,
    Binary,
    Block,
    BoolOp,
    Break,
    Call,
    Comment,
    Compare,
    Comprehension,
    Const,
    Continue,
    Define,
    Delete,
    Do,
    Expr,
    For,
    Function,
    If,
    Import,
    Index,
    Lambda,
    Name,
    Named,
    Pass,
    Raise,
    Return,
    Slice,
    Starred,
    Stmt,
    Target,
    Tuple,
    Unary,
    While,
    With,
)
from retrograd.transforms.ir.show import plain_spelling, show
from retrograd.transforms.ir.walk import (
    blocks,
    children,
    own_expressions,
    statements,
    subexpressions,
)

_ARITHMETIC: Final = frozenset(
    ("+", "-", "*", "/", "**", "@", "//", "%", "&", "|", "^", "<<", ">>")
)
_RELATIONS: Final = frozenset(("<", "<=", ">", ">=", "==", "!=", "is", "is not", "in", "not in"))


def verify(function: Function, *, surface: bool = False) -> None:
    """Raise an internal error if `function` is not well-formed.

    Targets can be assigned, slices stand in subscripts, every name that is read has been given a
    value on at least one way there, no statement stands twice. No loop is left by a return, but in
    the `surface` language.

    Raises:
        UnsupportedError: RG901, with everything that was found.
    """
    found = Diagnostics()
    problems = [*_problems(function), *(() if surface else _returns_in_loops(function.body))]
    for stmt, problem in problems:
        where = function.origin.span if stmt is None else stmt.origin.span
        found.refuse("RG901", where, f"in `{function.name}`: {problem}")
    found.raise_if_any()


def unbound_reads(function: Function, around: Collection[str]) -> Iterator[tuple[Stmt, str]]:
    """The statements that read a variable which cannot have a value there, and what of it.

    The function sees the variables `around` it.
    """
    params = {Name(param.id, param.role) for param in function.params}
    yield from _Bindings(params | set(map(Name, around))).unbound(function.body)


def _problems(function: Function) -> Iterator[tuple[Stmt | None, str]]:
    params = [Name(param.id, param.role) for param in function.params]
    for param in dict.fromkeys(param for param in params if params.count(param) > 1):
        yield None, f"two parameters are called `{plain_spelling(param)}`"
    for id in (function.name, *(param.id for param in params if param != STACK)):
        if not id.isidentifier():
            yield None, f"`{id}` is not a name"
    seen: set[Stmt] = set()
    for stmt in statements(function.body):
        if stmt in seen and not isinstance(stmt, Pass | Comment):
            yield stmt, f"a statement stands twice: `{show(stmt)}`"
        seen.add(stmt)
        for problem in _facts(stmt).problems:
            yield stmt, problem
    yield from _Bindings(set(params)).unbound(function.body)


@dataclass(frozen=True)
class _Facts:
    """What a statement says by itself, wherever it stands; of its blocks nothing."""

    problems: tuple[str, ...]
    #: The names that its own expressions bind and read.
    binds: frozenset[Name]
    reads: tuple[Name, ...]


@by_identity
def _facts(stmt: Stmt) -> _Facts:
    exprs = tuple(own_expressions(stmt))
    parts = (part for expr in exprs for part in subexpressions(expr))
    return _Facts(
        tuple(_in_statement(stmt)),
        frozenset(part.target for part in parts if isinstance(part, Named)),
        tuple(dict.fromkeys(name for expr in exprs for name in _read(expr))),
    )


# ---------------------------------------------------------------- form


def _in_statement(stmt: Stmt) -> Iterator[str]:
    match stmt:
        case Assign(target=target) | For(target=target):
            yield from _in_target(target)
        case AugAssign(target=target, op=op):
            if not isinstance(target, Name | Index | Attribute):
                yield f"`{show(target)}` cannot be changed in place"
            if op not in _ARITHMETIC:
                yield f"`{op}=` is not an operator"
        case While() | If() | Return() | Do() | Pass() | Comment() | Raise() | Assert() | With():
            pass
        case Break() | Continue() | Import() | Delete() | Define():
            pass
        case _:
            assert_never(stmt)
    for expr in own_expressions(stmt):
        yield from _in_expression(expr)


def _in_target(target: Expr) -> Iterator[str]:
    match target:
        case Name() | Index() | Attribute():
            pass
        case Starred(value=value):
            yield from _in_target(value)
        case Tuple(items=items) if items:
            for item in items:
                yield from _in_target(item)
        case _:
            yield f"`{show(target)}` cannot be assigned to"


def _in_expression(expr: Expr) -> Iterator[str]:
    match expr:
        case Slice():
            yield f"the slice `{show(expr)}` stands outside a subscript"
        case Name(id=id) if not id.isidentifier() and expr != STACK:
            yield f"`{id}` is not a name"
        case Const(text=text):
            try:
                _ = expr.value
            except (SyntaxError, ValueError):
                yield f"`{text}` is not a literal"
        case Unary(op=op) if op not in ("-", "+", "~", "not"):
            yield f"`{op}` is not an operator"
        case Binary(op=op) if op not in _ARITHMETIC:
            yield f"`{op}` is not an operator"
        case BoolOp(op=op) if op not in ("and", "or"):
            yield f"`{op}` is not an operator"
        case Compare(ops=ops, rest=rest) if len(ops) != len(rest) or not _RELATIONS.issuperset(ops):
            yield f"{ops} do not compare {len(rest) + 1} operands"
        case Call(kwargs=kwargs) if len({name for name, _ in kwargs}) < len(kwargs):
            yield f"a keyword is given twice in `{show(expr)}`"
        case _:
            pass
    for part in _operands(expr):
        yield from _in_expression(part)


def _operands(expr: Expr) -> Iterator[Expr]:
    """The parts of `expr`, those of a slice in a subscript in its place."""
    for part in children(expr):
        within = isinstance(expr, Index) and part is expr.index
        subscripts = part.items if within and isinstance(part, Tuple) else (part,)
        for subscript in subscripts:
            if within and isinstance(subscript, Slice):
                yield from children(subscript)
            else:
                yield subscript


def _returns_in_loops(block: Block, *, inside: bool = False) -> Iterator[tuple[Stmt, str]]:
    for stmt in block:
        if inside and isinstance(stmt, Return):
            yield stmt, f"`{show(stmt)}` leaves a loop"
        for inner in blocks(stmt):
            yield from _returns_in_loops(inner, inside=inside or isinstance(stmt, For | While))


# ---------------------------------------------------------------- names


class _Bindings:
    """Follows a function and keeps the names that may have a value.

    A loop may have run before, so its body sees all that it binds; of two branches either may have
    been taken.
    """

    def __init__(self, bound: set[Name]) -> None:
        self.bound = bound

    def unbound(self, block: Block) -> Iterator[tuple[Stmt, str]]:
        """The statements of `block` that read a name without a value; `block` binds its targets."""
        for stmt in block:
            match stmt:
                case Assign(target=target):
                    yield from self._reads(stmt)
                    self._bind(target)
                case For(target=target, body=body):
                    yield from self._reads(stmt)
                    self._bind(target)
                    self._bind_all(body)
                    yield from self.unbound(body)
                case While(body=body):
                    self._bind_all(body)
                    yield from self._reads(stmt)
                    yield from self.unbound(body)
                case If(then=then, orelse=orelse):
                    yield from self._reads(stmt)
                    before = set(self.bound)
                    yield from self.unbound(then)
                    after, self.bound = self.bound, before
                    yield from self.unbound(orelse)
                    self.bound |= after
                case With(body=body):
                    yield from self._reads(stmt)
                    yield from self.unbound(body)
                case AugAssign() | Return() | Do() | Pass() | Comment() | Raise() | Assert():
                    yield from self._reads(stmt)
                case Break() | Continue() | Import() | Delete():
                    yield from self._reads(stmt)
                case Define(function=function):
                    self._bind(Name(function.name))
                case _:
                    assert_never(stmt)

    def _reads(self, stmt: Stmt) -> Iterator[tuple[Stmt, str]]:
        facts = _facts(stmt)
        self.bound |= facts.binds
        for name in facts.reads:
            if name not in self.bound:
                yield stmt, f"`{plain_spelling(name)}` is read before it has a value"

    def _bind_all(self, block: Block) -> None:
        for stmt in statements(block):
            match stmt:
                case Assign(target=target) | For(target=target):
                    self._bind(target)
                case Define(function=function):
                    self._bind(Name(function.name))
                case _:
                    pass

    def _bind(self, target: Target) -> None:
        self.bound.update(_names(target))


def _read(expr: Expr) -> Iterator[Name]:
    """The names that `expr` reads when it is evaluated; a function reads when it is called."""
    match expr:
        case Name():
            yield expr
        case Lambda(params=params):
            for param in params:
                yield from () if param.default is None else _read(param.default)
        case Comprehension(clauses=clauses):
            own = {name for clause in clauses for name in _names(clause.target)}
            for part in children(expr):
                yield from (name for name in _read(part) if name not in own)
        case _:
            for part in children(expr):
                yield from _read(part)


def _names(target: Expr) -> Iterator[Name]:
    """The names that an assignment to `target` gives a value."""
    match target:
        case Name():
            yield target
        case Tuple(items=items):
            for item in items:
                yield from _names(item)
        case Starred(value=value):
            yield from _names(value)
        case _:
            pass
