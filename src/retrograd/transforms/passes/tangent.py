"""Write a function that carries tangents forward beside its values.

    y = a * np.sin(x)      ->      y = a * np.sin(x)
    return y                       y_dot = a * np.cos(x) * x_dot
                                   return y, y_dot

Control flow stays as it is. A tangent follows its value, so that its formula may read the result;
where it needs an operand that the statement overwrites, it goes first. A variable that is varied
somewhere has a tangent everywhere: zero, where it is given something that stands still.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, assert_never

from retrograd.transforms.analyses.activity import Activity, Names, can_vary
from retrograd.transforms.analyses.kinds_and_ranks import Kinds
from retrograd.transforms.analyses.pushforward import Pusher, Pushforward, zeros
from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.ir.algebra import helper, in_complex
from retrograd.transforms.ir.kinds import UNKNOWN, Array, Scalar
from retrograd.transforms.ir.methods import Method, method_of
from retrograd.transforms.ir.nodes import (
    MADE,
    Assert,
    Assign,
    Attribute,
    AugAssign,
    Binary,
    Block,
    Break,
    Call,
    Callee,
    Comment,
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
    Import,
    Index,
    Known,
    List,
    Name,
    Outer,
    Param,
    Pass,
    Raise,
    Return,
    Starred,
    Stmt,
    Target,
    Tuple,
    While,
    With,
)
from retrograd.transforms.ir.show import plain_spelling
from retrograd.transforms.ir.walk import (
    bound_names,
    map_blocks,
    own_expressions,
    rewrite,
    root_of,
    statements,
    stored,
    subexpressions,
    unpacked,
)
from retrograd.transforms.passes.interface import compiler_pass
from retrograd.transforms.passes.loops import by_counter
from retrograd.transforms.rules.application import application, makes_new
from retrograd.transforms.rules.table import gives_several


@compiler_pass
def tangent(
    function: Function,
    active: Activity,
    kinds: Kinds,
    name: str,
    wrt: tuple[str, ...],
    push: Pusher,
    fresh: Callable[[str], str],
    report: Diagnostics,
) -> Function:
    """`function` as `name`, which takes a tangent for each of `wrt` and gives value and tangent."""
    varied = frozenset(wrt).union(*active.varied.values())
    reads = Counter(_all_reads(function.body))
    writer = _Tangents(active, kinds, varied, stored(function.body), reads, push, fresh, report)
    still = [p.id for p in function.params if p.id in varied and p.id not in wrt]
    env = kinds.before[function.body[0]]
    start = [Assign(_dot(id), zeros(Name(id), env.get(id, UNKNOWN))) for id in still]
    dots = tuple(Param(id, role="dot") for id in wrt)
    params = (Param(param.id, at=param.at) for param in function.params)
    listed = ", ".join(plain_spelling(_dot(id)) for id in wrt)
    along = f"tangent {listed}" if len(wrt) == 1 else f"tangents ({listed})"
    docstring = f"`{function.name}` and its derivative along the {along}."
    body = (*start, *writer.block(function.body))
    return Function(name, (*params, *dots), body, docstring)


@compiler_pass
def without_value(function: Function) -> Function:
    """`function`, which gives value and tangent, as one that gives the tangent alone."""

    def block(stmts: Block) -> Block:
        return tuple(map(statement, stmts))

    def statement(stmt: Stmt) -> Stmt:
        match stmt:
            case Return(value=Tuple(items=(_, dot))):
                return replace(stmt, value=dot)
            case _:
                return map_blocks(stmt, block)

    docstring = (function.docstring or "").replace(
        "` and its derivative along", "`, differentiated along", 1
    )
    return replace(function, body=block(function.body), docstring=docstring)


@dataclass(frozen=True)
class _Tangents:
    """Writes tangents beside statements.

    `varied` are the variables that have one somewhere, `written` those that are written in place,
    whose tangents share no memory; `reads` says how often names are read.
    """

    active: Activity
    kinds: Kinds
    varied: Names
    written: Names
    reads: Mapping[Expr, int]
    push: Pusher
    fresh: Callable[[str], str]
    report: Diagnostics

    def block(self, block: Block) -> Block:
        lines: list[Stmt] = []
        before: Stmt | None = None
        for stmt in block:
            match before, stmt:
                case Assign(target=Name() as name, value=value, origin=origin), If(test=test) if (
                    name == test and origin.spelling is None and self.reads[name] == 1
                ):
                    lines.pop()
                    stmt = replace(
                        stmt, test=value, origin=replace(stmt.origin, leading=origin.leading)
                    )
                case _:
                    pass
            lines += self.statement(stmt)
            before = stmt
        return tuple(lines)

    def statement(self, stmt: Stmt) -> Iterator[Stmt]:
        match stmt:
            case Assign():
                yield from self.assignment(stmt)
            case For(target=target, body=body):
                inside = self.kinds.before[body[0]]
                rebound = (id for id in bound_names(target) if id in self.varied)
                still = (Assign(_dot(id), zeros(Name(id), inside[id])) for id in rebound)
                yield by_counter(replace(stmt, body=(*still, *self.block(body))))
            case While(body=body) | With(body=body):
                yield replace(stmt, body=self.block(body))
            case If(then=then, orelse=orelse):
                choice = replace(stmt, then=self.block(then), orelse=self.block(orelse))
                if choice.orelse and choice.then and isinstance(choice.then[-1], Return):
                    yield replace(choice, orelse=())
                    yield from choice.orelse
                else:
                    yield choice
            case Return():
                yield from self.returned(stmt)
            case Do() if (method := method_of(stmt)) is not None:
                yield from self.put_in(stmt, method)
            case AugAssign() | Do() | Pass() | Comment() | Raise() | Assert():
                yield stmt
            case Break() | Continue() | Import() | Delete() | Define():
                yield stmt
            case _:
                assert_never(stmt)

    def pushforward(self, stmt: Stmt) -> Pushforward:
        env = {**self.kinds.after.get(stmt, {}), **self.kinds.before[stmt]}
        return Pushforward(self.active.varied[stmt], self.kinds, env, self.push, self.report)

    # ---- statements

    def returned(self, stmt: Return) -> Iterator[Stmt]:
        """``return e`` with its tangent; both get names if that reads better."""
        flow = self.pushforward(stmt)
        value = stmt.value if isinstance(stmt.value, Name) else Name("value", "out")
        dot = in_complex(flow.exact(stmt.value, value), flow.kind(stmt.value), flow.kind)
        origin = stmt.origin.rewritten()
        large = not isinstance(stmt.value, Tuple) and _size(dot) > _LARGE
        if not _outs(dot) and not large:
            yield Return(Tuple((stmt.value, dot)), origin)
            return
        id = self.fresh("value")
        named, named_dot = Name(id, "made"), _dot(id)
        yield Assign(named, stmt.value, replace(origin, trailing=""))
        dot = rewrite(dot, lambda part: named if part == value else part)
        if large:
            yield Assign(named_dot, dot)
            dot = named_dot
        yield Return(Tuple((named, dot)), replace(origin, leading=()))

    def assignment(self, stmt: Assign) -> Iterator[Stmt]:
        """``target = value`` and the tangents of what it binds."""
        flow = self.pushforward(stmt)
        if isinstance(stmt.target, Index | Attribute):
            yield from self.store(stmt, stmt.target, flow)
            return
        if (method := method_of(stmt)) is not None and method.root.id in self.varied:
            yield self.taken_out(stmt, method)
            yield replace(stmt, origin=replace(stmt.origin, leading=()))
            return
        own = frozenset(bound_names(stmt.target))
        match stmt.value:
            case Call(func=Callee()) if own & self.varied and flow.varies(stmt.value):
                target = Tuple((stmt.target, _mirror(stmt.target)))
                yield Assign(target, flow.call(stmt.value), stmt.origin.rewritten())
                return
        pairs = list(self.pairs(stmt.target, stmt.value, stmt, flow))
        moving = [(target, dot) for target, dot, moves in pairs if moves]
        still = [Assign(target, dot) for target, dot, moves in pairs if not moves]
        parts = [part for _, dot in moving for part in subexpressions(dot)]
        old = [
            p for p in dict.fromkeys(parts) if isinstance(p, Name) and not p.role and p.id in own
        ]
        if old and not any(_outs(dot) for _, dot in moving):
            first, *rest = _assigned(moving)
            leading = replace(MADE, leading=stmt.origin.leading)
            yield replace(first, origin=leading)
            yield from rest
            yield replace(stmt, origin=replace(stmt.origin, leading=()))
        else:
            kept: dict[Expr, Name] = {p: Name(self.fresh(f"{p.id}_old"), "made") for p in old}
            yield from (Assign(kept[name], name) for name in old)
            yield stmt
            yield from _assigned([(target, _settled(dot, kept)) for target, dot in moving])
        yield from (replace(line, value=_settled(line.value, {})) for line in still)

    def put_in(self, stmt: Do, method: Method) -> Iterator[Stmt]:
        """A method that puts a value into a list, and the same with its tangent before it."""
        if method.root.id in self.varied and method.value is not None:
            dot = self.pushforward(stmt).exact(method.value)
            if not isinstance(self.pushforward(stmt).kind(method.value), Scalar):
                dot = dot if makes_new(dot) else helper("duplicate", dot)
            args = (dot,) if method.at is None else (method.at, dot)
            call = Call(Attribute(_dot_place(method.place), method.name), args)
            yield Do(call, replace(MADE, leading=stmt.origin.leading))
            stmt = replace(stmt, origin=replace(stmt.origin, leading=()))
        yield stmt

    def taken_out(self, stmt: Assign, method: Method) -> Stmt:
        """What takes the tangent of a value out of a container, as `method` does the value."""
        args = () if method.at is None else (method.at,)
        call = Call(Attribute(_dot_place(method.place), "pop"), args)
        origin = replace(MADE, leading=stmt.origin.leading)
        assert method.result is not None
        if method.result.id in self.varied:
            return Assign(_dot(method.result.id), call, origin)
        return Do(call, origin)

    def store(self, stmt: Assign, place: Index | Attribute, flow: Pushforward) -> Iterator[Stmt]:
        """A write in place, and the same to the tangent before it, which reads the old values."""
        root = root_of(place)
        if root is None or root.id not in self.varied:
            yield stmt
        elif isinstance(place, Index) and isinstance(flow.kind(place.value), Array):
            yield from _behind(_added(_dot_place(place), flow.loose(stmt.value)), stmt)
        elif flow.varies(stmt.value):
            yield from _behind(Assign(_dot_place(place), flow.exact(stmt.value)), stmt)
        else:  # its zeros have the shape of what stands there then, and nothing is evaluated twice
            yield stmt
            yield Assign(_dot_place(place), flow.exact(stmt.value, place), MADE)

    def pairs(
        self, target: Target, value: Expr, stmt: Assign, flow: Pushforward
    ) -> Iterator[tuple[Target, Expr, bool]]:
        """The tangents to bind, and whether each is more than the zero of a new value."""
        after = self.kinds.after[stmt]
        match target, value:
            case Tuple(items=targets), Tuple(items=values) | List(items=values):
                for item, part in unpacked(targets, values):
                    yield from self.pairs(item, part, stmt, flow)
            case Name(id=id), _ if flow.varies(value) and can_vary(target, after, self.kinds):
                dot = in_complex(flow.exact(value, Name(id, "out")), after[id], flow.kind)
                dots = {p.id for p in subexpressions(dot) if isinstance(p, Name) and p.role}
                number = isinstance(after.get(id), Scalar)
                if not makes_new(dot) and not number and self.written & {id, *dots}:
                    dot = helper("duplicate", dot)
                yield _dot(id), dot, True
            case Tuple(items=targets), _ if flow.varies(value):
                out = None
                if gives_several(application(value)) and len({*bound_names(target)}) == len(
                    targets
                ):
                    out = Tuple(tuple(Name(id, "out") for id in bound_names(target)))
                yield _mirror(target), flow.exact(value, out), True
            case Name(id=id), _ if id in self.varied and _is_zero(value):
                yield _dot(id), value, False
            case _:
                for id in bound_names(target):
                    if id in self.varied:
                        yield _dot(id), zeros(Name(id, "out"), after.get(id, UNKNOWN)), False


#: A tangent with more operations than this does not stand in a ``return``.
_LARGE: Final = 16


def _size(expr: Expr) -> int:
    leaves = Const | Name | Outer | Known
    return sum(not isinstance(part, leaves) for part in subexpressions(expr))


def _all_reads(block: Block) -> Iterator[Expr]:
    """Every name that `block` reads, as often as it does."""
    for stmt in statements(block):
        for expr in own_expressions(stmt):
            yield from (part for part in subexpressions(expr) if isinstance(part, Name))


def _dot(id: str) -> Name:
    return Name(id, "dot")


def _behind(line: Assign | AugAssign, stmt: Assign) -> tuple[Stmt, Stmt]:
    """`line` before `stmt`, behind the comments of `stmt`."""
    origin = stmt.origin
    bare = replace(stmt, origin=replace(origin, leading=()))
    return replace(line, origin=replace(MADE, leading=origin.leading)), bare


def _dot_place(place: Expr) -> Name | Index | Attribute:
    """``a_dot[i]`` for ``a[i]``."""
    match place:
        case Name(id=id):
            return _dot(id)
        case Index(value=value) | Attribute(value=value):
            return replace(place, value=_dot_place(value))
        case _:
            raise AssertionError(place)


def _added(place: Name | Index | Attribute, dot: Expr) -> Assign | AugAssign:
    """``place = dot``, as ``place += e`` where that is what it says."""
    match dot:
        case Binary(op="+" | "-" as op, left=left, right=right) if left == place:
            return AugAssign(place, op, right)
        case _:
            return Assign(place, dot)


def _is_zero(value: Expr) -> bool:
    """Whether `value` makes what is its own tangent: an empty container, or an array of zeros."""
    match value:
        case List(items=()) | Dict(items=()):
            return True
        case Call(func=Known(path="numpy.zeros_like"), args=(Name(),), kwargs=()):
            return True
        case _:
            return False


def _mirror(target: Target) -> Target:
    """The tangents of what `target` binds."""
    match target:
        case Name(id=id):
            return _dot(id)
        case Tuple(items=items):
            return Tuple(tuple(_mirror(i) for i in items if isinstance(i, Target)))
        case Starred(value=value) if isinstance(value, Target):
            return Starred(_mirror(value))
        case Index() | Attribute() | Starred():
            return target
        case _:
            assert_never(target)


def _outs(expr: Expr) -> bool:
    """Whether `expr` reads what its statement is about to make."""
    return any(isinstance(part, Name) and part.role == "out" for part in subexpressions(expr))


def _settled(expr: Expr, kept: dict[Expr, Name]) -> Expr:
    """`expr` after its statement: results have their names, and overwritten operands those in `kept`."""

    def settled(part: Expr) -> Expr:
        if isinstance(part, Name) and part.role == "out":
            return Name(part.id)
        return kept.get(part, part)

    return rewrite(expr, settled)


def _assigned(pairs: list[tuple[Target, Expr]]) -> list[Assign]:
    """Assignments of tangents; all at once if one of them reads what another binds."""
    for k, (_, dot) in enumerate(pairs):
        bound = {part for target, _ in pairs[:k] for part in subexpressions(target)}
        if bound.intersection(subexpressions(dot)):
            targets, dots = zip(*pairs, strict=True)
            return [Assign(Tuple(targets), Tuple(dots))]
    return [Assign(target, dot) for target, dot in pairs]
