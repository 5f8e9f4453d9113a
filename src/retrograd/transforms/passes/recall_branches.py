"""Let the reverse sweep tell again which branch was taken.

A test does again if its branches change nothing that it reads. A branch that leaves a loop can only
have been taken in the last iteration begun: a flag of the loop tells whether it was. What else is
left is kept under a name.

    while True:                 broke = False                       taken = t > 1.0
        if t > cap:             while True:                         if taken:
            break        ->         if t > cap:  # exit: broke          t = t / 2.0
        else:                           broke = True
            t = t * x                   break
                                    else:
                                        t = t * x
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from retrograd.transforms.analyses.kinds_and_ranks import Kinds
from retrograd.transforms.ir.kinds import Array
from retrograd.transforms.ir.nodes import (
    Assign,
    Block,
    Break,
    Callee,
    For,
    Function,
    If,
    Name,
    Stmt,
    While,
)
from retrograd.transforms.ir.walk import (
    assigned,
    blocks,
    bound_names,
    content_names,
    map_blocks,
    names,
    statements,
    stored,
    subexpressions,
)
from retrograd.transforms.ir.ways import RAISE, is_endless, ways_out
from retrograd.transforms.passes.exits import FALSE, TRUE
from retrograd.transforms.passes.interface import compiler_pass
from retrograd.transforms.rules.opaque import is_opaque


@compiler_pass
def recall_branches(
    function: Function,
    families: Mapping[str, frozenset[str]],
    kinds: Kinds,
    fresh: Callable[[str], str],
) -> Function:
    """`function` with the tests and flags that its reverse sweep will need.

    `families` tells which variables may share memory.
    """
    return replace(function, body=_Recall(families, kinds, fresh).block(function.body))


@dataclass
class _Loop:
    """A loop around a statement: all its flags, those set at one place, and those that are new.

    `sole` names the counter of a loop that a single ``break`` ends, and nothing else.
    """

    exits: tuple[str, ...]
    unique: frozenset[str]
    sole: str
    new: list[str] = field(default_factory=list)


class _Recall:
    def __init__(
        self, families: Mapping[str, frozenset[str]], kinds: Kinds, fresh: Callable[[str], str]
    ) -> None:
        self.families = families
        self.kinds = kinds
        self.fresh = fresh
        self.loops: list[_Loop] = []

    def block(self, block: Block) -> Block:
        return tuple(new for stmt in block for new in self.statement(stmt))

    def statement(self, stmt: Stmt) -> Iterator[Stmt]:
        match stmt:
            case For(exits=exits) | While(exits=exits):
                unique = _set_once(stmt.body) & frozenset(exits)
                loop = _Loop(exits, unique, stmt.counter if _ends_by_one_break(stmt) else "")
                self.loops.append(loop)
                body = self.block(stmt.body)
                self.loops.pop()
                yield from (Assign(Name(flag), FALSE) for flag in loop.new)
                yield replace(stmt, body=body, exits=(*exits, *loop.new))
            case If():
                yield from self.choice(
                    replace(stmt, then=self.block(stmt.then), orelse=self.block(stmt.orelse))
                )
            case _:
                yield map_blocks(stmt, self.block)

    def choice(self, stmt: If) -> Iterator[Stmt]:
        """An `if` and, if its test will not do again, what is kept instead."""
        if isinstance(stmt.test, Name) and any(stmt.test.id in loop.exits for loop in self.loops):
            yield replace(stmt, exit=stmt.test.id)
        elif self.leaves_loop(stmt) and not self.does_again(stmt):
            yield self.with_flag(stmt)
        elif self.does_again(stmt) or RAISE in (ways_out(stmt.then), ways_out(stmt.orelse)):
            yield stmt
        else:
            taken = Name(self.fresh("taken"))
            yield Assign(
                taken, stmt.test, replace(stmt.origin.rewritten(), trailing="", flat=False)
            )
            yield replace(stmt, test=taken, origin=replace(stmt.origin.rewritten(), leading=()))

    def leaves_loop(self, stmt: If) -> bool:
        """Whether a branch of `stmt`, and it alone, always leaves the loop."""
        ways = [ways_out(block) - RAISE for block in (stmt.then, stmt.orelse)]
        return (ways[0] == {"break"}) != (ways[1] == {"break"})

    def does_again(self, stmt: If) -> bool:
        """Whether the test of `stmt` has its outcome for good, in this iteration."""
        read = names(stmt.test)
        flags = {flag for loop in self.loops for flag in loop.exits}
        calls = any(
            isinstance(part, Callee) or is_opaque(part) for part in subexpressions(stmt.test)
        )
        written = stored((stmt,))
        written = written.union(*(self.families.get(name, frozenset()) for name in written))
        fixed = {id for id in written if isinstance(self.kinds.anywhere(Name(id)), Array)}
        changed = assigned((stmt,)) | flags | (written - fixed)  # others change their length
        return not calls and not read & changed and not content_names(stmt.test) & written

    def with_flag(self, stmt: If) -> If:
        """`stmt` with the flag of its loop that tells whether it left it."""
        leaving = stmt.then if ways_out(stmt.then) - RAISE == {"break"} else stmt.orelse
        flag = self.flag_of(leaving)
        if flag:
            return replace(stmt, exit=flag)
        flag = self.fresh("broke")
        self.loops[-1].new.append(flag)
        marked = (Assign(Name(flag), TRUE), *leaving)
        if leaving is stmt.then:
            return replace(stmt, then=marked, exit=flag)
        return replace(stmt, orelse=marked, exit=flag)

    def flag_of(self, leaving: Block) -> str:
        """A flag that is True behind the loop if and only if this branch left it."""
        loop = self.loops[-1]
        if loop.sole:
            return loop.sole
        match leaving:
            case (*_, Assign(target=Name(id=id)), Break()) if id in loop.unique:
                return id
            case _:
                return ""


def _ends_by_one_break(loop: For | While) -> bool:
    return isinstance(loop, While) and is_endless(loop.test) and _breaks(loop.body) == 1


def _breaks(block: Block) -> int:
    """How many statements of `block` leave the loop around it."""
    inner = (b for stmt in block if not isinstance(stmt, For | While) for b in blocks(stmt))
    return sum(isinstance(stmt, Break) for stmt in block) + sum(map(_breaks, inner))


def _set_once(body: Block) -> frozenset[str]:
    """The variables that exactly one statement in `body` gives a value."""
    counts = Counter(
        name
        for stmt in statements(body)
        if isinstance(stmt, Assign)
        for name in bound_names(stmt.target)
    )
    return frozenset(name for name, count in counts.items() if count == 1)
