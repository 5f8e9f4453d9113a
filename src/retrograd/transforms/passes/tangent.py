"""Write a function that carries tangents forward beside its values.

    y = a * np.sin(x)      ->      y = a * np.sin(x)
    return y                       y_dot = a * np.cos(x) * x_dot
                                   return y, y_dot

Control flow stays as it is. A tangent follows its value, so that its formula may read the result;
where it needs an operand that the statement overwrites, it goes first. A variable that is varied
somewhere has a tangent everywhere: zero, where it is given something that stands still.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from retrograd.transforms.analyses.activity import Activity, Names, can_vary, is_varied
from retrograd.transforms.analyses.kinds_and_ranks import Kinds
from retrograd.transforms.analyses.pushforward import Pusher, Pushforward, zeros
from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.ir.kinds import UNKNOWN, Mapping, Sequence
from retrograd.transforms.ir.nodes import (
    MADE,
    Assign,
    AugAssign,
    Block,
    Call,
    Callee,
    Comment,
    Do,
    Expr,
    For,
    Function,
    If,
    Index,
    Known,
    List,
    Name,
    Param,
    Pass,
    Return,
    Stmt,
    Target,
    Tuple,
    While,
)
from retrograd.transforms.ir.show import plain_spelling
from retrograd.transforms.ir.walk import bound_names, rewrite, subexpressions
from retrograd.transforms.passes.interface import compiler_pass


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
    writer = _Tangents(active, kinds, varied, push, fresh, report)
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


@dataclass(frozen=True)
class _Tangents:
    """Writes tangents beside statements; `varied` are the variables that have one somewhere."""

    active: Activity
    kinds: Kinds
    varied: Names
    push: Pusher
    fresh: Callable[[str], str]
    report: Diagnostics

    def block(self, block: Block) -> Block:
        return tuple(line for stmt in block for line in self.statement(stmt))

    def statement(self, stmt: Stmt) -> Iterator[Stmt]:
        match stmt:
            case Assign():
                yield from self.assignment(stmt)
            case For(body=body):
                yield self.loop(stmt)
            case While(body=body):
                yield replace(stmt, body=self.block(body))
            case If(then=then, orelse=orelse):
                yield replace(stmt, then=self.block(then), orelse=self.block(orelse))
            case Return():
                yield from self.returned(stmt)
            case AugAssign() | Do() | Pass() | Comment():
                yield stmt
            case _:
                assert_never(stmt)

    def pushforward(self, stmt: Stmt) -> Pushforward:
        return Pushforward(
            self.active.varied[stmt], self.kinds, self.kinds.before[stmt], self.push, self.report
        )

    # ---- statements

    def loop(self, stmt: For) -> For:
        """A loop; if its header gives values with tangents, it counts and the body takes both."""
        heads = [s for s in stmt.body if isinstance(s, Assign) and s.origin.spelling == ""]
        if not any(is_varied(head.value, self.active.varied[head]) for head in heads):
            return replace(stmt, body=self.block(stmt.body))
        lines: list[Stmt] = []
        for inner in stmt.body:
            for line in self.statement(inner):
                spelled = line.origin.spelling != "" or not isinstance(line, Assign)
                lines.append(line if spelled else replace(line, origin=MADE))
        return replace(stmt, body=tuple(lines), origin=stmt.origin.rewritten())

    def returned(self, stmt: Return) -> Iterator[Stmt]:
        """``return e`` with its tangent; `e` gets a name if the tangent is made of it."""
        flow = self.pushforward(stmt)
        plain = isinstance(stmt.value, Name)
        value = stmt.value if plain else Name("value", "out")
        dot = flow.exact(stmt.value, value)
        kind = flow.kind(stmt.value)
        if not flow.varies(stmt.value) and isinstance(kind, Sequence | Mapping):
            dot = Call(Known("retrograd.runtime.restructure", "restructure"), (dot, value))
        origin = stmt.origin.rewritten()
        if plain or not _outs(dot):
            yield Return(Tuple((stmt.value, dot)), origin)
            return
        named = Name(self.fresh("value"), "made")
        yield Assign(named, stmt.value, replace(origin, trailing=""))
        dot = rewrite(dot, lambda part: named if part == value else part)
        yield Return(Tuple((named, dot)), replace(origin, leading=()))

    def assignment(self, stmt: Assign) -> Iterator[Stmt]:
        """``target = value`` and the tangents of what it binds."""
        flow = self.pushforward(stmt)
        own = frozenset(bound_names(stmt.target))
        match stmt.value:
            case Call(func=Callee()) if own & self.varied and flow.varies(stmt.value):
                target = Tuple((stmt.target, _mirror(stmt.target)))
                yield Assign(target, flow.call(stmt.value), stmt.origin.rewritten())
                return
        pairs = list(self.pairs(stmt.target, stmt.value, stmt, flow))
        moving = [(target, dot) for target, dot, moves in pairs if moves]
        still = [Assign(target, dot) for target, dot, moves in pairs if not moves]
        old = {n for _, dot in moving for n in subexpressions(dot) if n in {Name(i) for i in own}}
        if old and not any(_outs(dot) for _, dot in moving):
            first, *rest = _assigned(moving)
            leading = replace(MADE, leading=stmt.origin.leading)
            yield replace(first, origin=leading)
            yield from rest
            yield replace(stmt, origin=replace(stmt.origin, leading=()))
        else:
            kept = {name: Name(self.fresh(f"{name.id}_old"), "made") for name in old}  # type: ignore[union-attr]
            yield from (Assign(copy, name) for name, copy in kept.items())
            yield stmt
            yield from _assigned([(target, _settled(dot, kept)) for target, dot in moving])
        yield from (replace(line, value=_settled(line.value, {})) for line in still)

    def pairs(
        self, target: Target, value: Expr, stmt: Assign, flow: Pushforward
    ) -> Iterator[tuple[Target, Expr, bool]]:
        """The tangents to bind, and whether each is more than the zero of a new value."""
        after = self.kinds.after[stmt]
        match target, value:
            case Tuple(items=targets), Tuple(items=values) | List(items=values):
                for item, part in zip(targets, values, strict=True):
                    assert isinstance(item, Name | Tuple | Index)
                    yield from self.pairs(item, part, stmt, flow)
            case Name(id=id), _ if flow.varies(value) and can_vary(target, after, self.kinds):
                yield _dot(id), flow.exact(value, Name(id, "out")), True
            case Tuple(), _ if flow.varies(value):
                yield _mirror(target), flow.exact(value), True
            case _:
                for id in bound_names(target):
                    if id in self.varied:
                        yield _dot(id), zeros(Name(id, "out"), after.get(id, UNKNOWN)), False


def _dot(id: str) -> Name:
    return Name(id, "dot")


def _mirror(target: Target) -> Target:
    """The tangents of what `target` binds."""
    match target:
        case Name(id=id):
            return _dot(id)
        case Tuple(items=items):
            return Tuple(tuple(_mirror(i) for i in items if isinstance(i, Name | Tuple | Index)))
        case Index():
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
