"""Let every iteration, and every function, end at its end: nothing stands behind what leaves it.

    for i in range(n):               returned = False
        if x < 0:                    for i in range(n):
            continue                     if x < 0:
        if t > cap:                          continue
            return t          ->         else:
        t = t + x                            if t > cap:
    else:                                        returned = True
        t = 2 * t                                break
    return t                                 else:
                                                 t = t + x
                                     if returned:
                                         return t
                                     else:
                                         t = 2 * t
                                         return t

The text stays as the user wrote it: such an `else` is printed without its header (`Origin.flat`).
Where several ways lead on to the statements behind a branch, a flag says whether one of them did not.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from retrograd.transforms.ir.nodes import (
    MADE,
    Assign,
    Block,
    Break,
    Const,
    Continue,
    For,
    Function,
    If,
    IfExp,
    Name,
    Origin,
    Return,
    Stmt,
    Unary,
    While,
    With,
)
from retrograd.transforms.ir.walk import map_blocks, own_expressions, subexpressions
from retrograd.transforms.ir.ways import goes_on, is_left, ways_out
from retrograd.transforms.passes.interface import compiler_pass

TRUE: Final = Const("True")
FALSE: Final = Const("False")


@compiler_pass
def exits(function: Function, fresh: Callable[[str], str]) -> Function:
    """`function` without an `else` of a loop and with all exits last: see the head of this file."""
    return with_exits_last(function, fresh)


def with_exits_last(function: Function, fresh: Callable[[str], str]) -> Function:
    """The same for a function that may read variables of the one around it."""
    return replace(function, body=_Exits(fresh).block(function.body, None))


@dataclass
class _Loop:
    """The loop around a statement: the flag of its `break`s, if its `else` needs one.

    `returns` are the statements that leave the function from inside it, each with its flag.
    `in_context` tells that a `with` of its body is around the statement.
    """

    broke: str = ""
    returns: list[tuple[str, Return]] = field(default_factory=list)
    in_context: int = 0


class _Exits:
    def __init__(self, fresh: Callable[[str], str]) -> None:
        self.fresh = fresh
        self.flags: set[str] = set()

    def block(self, block: Block, loop: _Loop | None) -> Block:
        """`block` of a function, or of the body of `loop`, as far as it can be reached."""
        done: list[Stmt] = []
        for stmt in block:
            done += self.statement(stmt, loop)
            if not goes_on((stmt,)):
                break
        return self.in_order(done)

    def statement(self, stmt: Stmt, loop: _Loop | None) -> Iterator[Stmt]:
        match stmt:
            case Return() if loop is not None:
                yield from self.returned(stmt, loop)
            case Break(origin=origin) if loop is not None and loop.broke:
                yield Assign(Name(loop.broke), TRUE, replace(MADE, leading=origin.leading))
                yield replace(stmt, origin=replace(origin, leading=()))
            case For() | While():
                yield from self.loop(stmt, loop)
            case With(body=body):
                if loop is not None:
                    loop.in_context += 1
                yield replace(stmt, body=self.block(body, loop))
                if loop is not None:
                    loop.in_context -= 1
            case _:
                yield map_blocks(stmt, lambda inner: self.block(inner, loop))

    # ---- loops

    def returned(self, stmt: Return, loop: _Loop) -> Iterator[Stmt]:
        """``return value`` in a loop: leave it, and let what stands behind the loop return."""
        flag = self.fresh("returned")
        self.flags.add(flag)
        leading = replace(MADE, leading=stmt.origin.leading)
        if loop.in_context and not isinstance(stmt.value, Const | Name):
            result = Name(self.fresh("result"))
            yield Assign(result, stmt.value, leading)
            leading = MADE
            stmt = replace(stmt, value=result, origin=stmt.origin.rewritten())
        behind = replace(stmt.origin, leading=(), trailing="")
        loop.returns.append((flag, replace(stmt, origin=behind)))
        yield Assign(Name(flag), TRUE, leading)
        yield Break(Origin(stmt.origin.span, trailing=stmt.origin.trailing))

    def loop(self, stmt: For | While, around: _Loop | None) -> Iterator[Stmt]:
        """A loop without `else` that is left by `break` alone, and what then happens behind it."""
        needs_flag = bool(stmt.orelse) and "break" in ways_out(stmt.body)
        inside = _Loop(self.fresh("broke") if needs_flag else "")
        body = self.block(stmt.body, inside)
        flags = [flag for flag, _ in inside.returns]
        if around is None:
            yield from (_flag(flag, f"left by `{_quote(line)}`") for flag, line in inside.returns)
        else:
            around.returns += inside.returns
        if inside.broke:
            flags.append(inside.broke)
            yield _flag(inside.broke, "left by `break`")
        yield replace(stmt, body=body, orelse=(), exits=tuple(flags))
        for k, (flag, line) in enumerate(inside.returns):
            leave: Stmt = line if around is None else Break()
            surely = k == len(inside.returns) - 1 and not goes_on((replace(stmt, orelse=()),))
            yield leave if surely else If(Name(flag), (leave,), (), replace(MADE, flat=True))
        orelse = self.block(stmt.orelse, around)
        if inside.broke:
            yield If(Unary("not", Name(inside.broke)), orelse, ())
        else:
            yield from orelse

    # ---- order

    def in_order(self, stmts: Sequence[Stmt]) -> Block:
        """`stmts` with those behind one that may leave in its branch that does not."""
        for k, stmt in enumerate(stmts):
            rest = stmts[k + 1 :]
            if not goes_on((stmt,)):
                return tuple(stmts[: k + 1])
            if rest and is_left(stmt):
                return (*stmts[:k], *self.joined(stmt, self.in_order(rest)))
        return tuple(stmts)

    def joined(self, stmt: Stmt, rest: Block) -> Block:
        """`stmt`, which may leave, and then `rest` if it did not."""
        ends = _ends((stmt,))
        if ends == 1 or (ends is not None and _is_small(rest)):
            assert isinstance(stmt, If)
            return (_pushed(stmt, rest),)
        flags = _Flags(self.fresh, self.flags)
        inside = flags.statement(stmt, in_context=False)
        first = [_flag(flag, "") for flag, _ in flags.made]
        leaving = [If(Name(f), (s,), (), replace(MADE, flat=True)) for f, s in flags.found]
        return (*first, inside, *self.in_order([*leaving, *rest]))


class _Flags:
    """Makes exits inside a statement flags: `found` are these, each with the exit it stands for."""

    def __init__(self, fresh: Callable[[str], str], known: set[str]) -> None:
        self.fresh = fresh
        self.known = known
        self.made: list[tuple[str, Stmt]] = []
        self.found: list[tuple[str, Stmt]] = []

    def statement(self, stmt: Stmt, *, in_context: bool) -> Stmt:
        match stmt:
            case If(test=Name(id=flag), then=(Break(),)) if flag in self.known:
                self.find(flag, Break())
                return replace(stmt, then=(), orelse=self.block(stmt.orelse, in_context=in_context))
            case If() | With():
                inside = in_context or isinstance(stmt, With)
                kept = replace(stmt, origin=replace(stmt.origin, flat=False))
                return map_blocks(kept, lambda block: self.block(block, in_context=inside))
            case _:
                return stmt

    def block(self, block: Block, *, in_context: bool) -> Block:
        if not block:
            return block
        *before, last = (self.statement(stmt, in_context=in_context) for stmt in block)
        match last:
            case Break() if before and (flag := _flag_set_by(before[-1])) in self.known:
                self.find(flag, Break())
                return tuple(before)
            case Break() | Continue():
                root = "left" if isinstance(last, Break) else "skipped"
                flag = self.new(root, replace(last, origin=MADE))
            case Return(value=value, origin=origin):
                if in_context and not isinstance(value, Const | Name):
                    result = Name(self.fresh("result"))
                    before.append(Assign(result, value, replace(MADE, leading=origin.leading)))
                    last = replace(last, value=result, origin=origin.rewritten())
                behind = replace(last.origin, leading=(), trailing="")
                flag = self.new("returned", replace(last, origin=behind))
            case _:
                return (*before, last)
        return (*before, Assign(Name(flag), TRUE, replace(last.origin, spelling=None, flat=False)))

    def new(self, root: str, leaves: Stmt) -> str:
        for flag, other in self.made:
            if type(other) is type(leaves) and not isinstance(leaves, Return):
                return flag
        flag = self.fresh(root)
        self.made.append((flag, leaves))
        self.find(flag, leaves)
        return flag

    def find(self, flag: str, leaves: Stmt) -> None:
        if all(flag != other for other, _ in self.found):
            self.found.append((flag, leaves))


def _flag(flag: str, comment: str) -> Assign:
    return Assign(Name(flag), FALSE, replace(MADE, trailing=f"# {comment}" if comment else ""))


def _flag_set_by(stmt: Stmt) -> str:
    """The flag that `stmt`, in front of a `break`, sets for it."""
    match stmt:
        case Assign(target=Name(id=id), value=value, origin=Origin(span=None)) if value is TRUE:
            return id
        case _:
            return ""


def _quote(line: Return) -> str:
    text = line.origin.spelling or line.origin.quote
    return text if 0 < len(text) <= 40 and "\n" not in text else "return"


def _ends(block: Block) -> int | None:
    """At how many places `block` goes on to what stands behind it; None if not all are branches."""
    if not goes_on(block):
        return 0
    match block[-1] if block else None:
        case If(then=then, orelse=orelse) as last if is_left(last):
            first, second = _ends(then), _ends(orelse)
            return None if first is None or second is None else first + second
        case With() as last if is_left(last):
            return None
        case _:
            return 1


def _is_small(rest: Block) -> bool:
    """Whether `rest` may as well stand twice; each flag of a loop is set at one place alone."""
    simple = not any(isinstance(stmt, For | While | If | With | Break) for stmt in rest)
    exprs = (part for stmt in rest for e in own_expressions(stmt) for part in subexpressions(e))
    return len(rest) <= 2 and simple and not any(isinstance(part, IfExp) for part in exprs)


def _pushed(stmt: If, rest: Block) -> If:
    """`stmt` with `rest` at the end of each way through it that goes on."""
    flat = not stmt.orelse and not goes_on(stmt.then)
    origin = replace(stmt.origin, flat=flat)
    return replace(
        stmt, then=_ended(stmt.then, rest), orelse=_ended(stmt.orelse, rest), origin=origin
    )


def _ended(block: Block, rest: Block) -> Block:
    if not goes_on(block):
        return block
    if block and isinstance(last := block[-1], If) and is_left(last):
        return (*block[:-1], _pushed(last, rest))
    return (*block, *map(_copied, rest))


def _copied(stmt: Stmt) -> Stmt:
    """A statement like `stmt`, which may stand in two branches and is then two events."""
    return map_blocks(replace(stmt), lambda block: tuple(map(_copied, block)))
