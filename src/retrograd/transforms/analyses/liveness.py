"""Which names are still going to be read after each statement.

A name counts as read only by a statement that is itself needed: ``total = total + x`` keeps
nothing alive unless somebody wants `total` in the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import assert_never

from retrograd.transforms.ir.nodes import (
    Assert,
    Assign,
    Attribute,
    AugAssign,
    Block,
    Break,
    Call,
    Comment,
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
    Name,
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
from retrograd.transforms.ir.walk import own_expressions, root_of, statements, subexpressions
from retrograd.transforms.rules import opaque

#: A variable, or what belongs to it, told apart by its role.
Key = tuple[str, str]
Keys = frozenset[Key]
#: For each variable those that may share its memory.
Families = Mapping[str, frozenset[str]]
_NO_FAMILIES: Families = MappingProxyType({})


@dataclass(frozen=True)
class Liveness:
    """The names that are read after every statement.

    `holders` are the tapes that keep a variable itself and not a copy of it, and the variables that
    may share its memory: what is written there reaches them too.
    """

    after: Mapping[Stmt, Keys]
    holders: Mapping[Key, Keys]

    def changed(self, target: Target) -> Keys:
        """The names that writing to `target` changes the value of."""
        written = keys_written(target)
        if isinstance(target, Name | Tuple | Starred):
            return written
        return written.union(*(self.holders.get(key, frozenset()) for key in written))

    def is_needed(self, stmt: Stmt) -> bool:
        """Whether anything reads what `stmt` makes, or it acts in a way that cannot be dropped."""
        match stmt:
            case Assign(value=value) | AugAssign(value=value) if acts(value):
                return True
            case Assign(target=target) | AugAssign(target=target):
                return bool(self.changed(target) & self.after[stmt])
            case Do(value=value) if (tape := appended_to(value)) is not None:
                key = (tape.id, tape.role)
                return bool(({key} | self.holders.get(key, frozenset())) & self.after[stmt])
            case For(target=target, iterable=iterable, body=body):
                read = bool(_rebound(target) & self.after[stmt])
                return read or acts(iterable) or self.does_more_than_leave(body)
            case While(test=test, body=body):
                return acts(test) or self.does_more_than_leave(body)
            case With(context=context, body=body):
                return acts(context) or any(self.is_needed(inner) for inner in body)
            case If(test=test, then=then, orelse=orelse):
                return acts(test) or any(self.is_needed(inner) for inner in (*then, *orelse))
            case Return() | Do() | Raise() | Assert() | Break() | Continue() | Delete():
                return True
            case Pass() | Comment() | Import() | Define():
                return isinstance(stmt, Import)
            case _:
                assert_never(stmt)

    def does_more_than_leave(self, body: Block) -> bool:
        """Whether the body of a loop does anything but end the loop and its iterations."""
        return any(
            (
                acts(stmt.test) or self.does_more_than_leave((*stmt.then, *stmt.orelse))
                if isinstance(stmt, If)
                else (
                    self.does_more_than_leave(stmt.body)
                    if isinstance(stmt, With)
                    else not isinstance(stmt, Break | Continue) and self.is_needed(stmt)
                )
            )
            for stmt in body
        )


def acts(value: Expr) -> bool:
    """Whether evaluating `value` does more than give a value, or changes a tape.

    A value is popped from it, or a call keeps something on it or takes it back.
    """
    return opaque.acts(value) or any(
        isinstance(part, Call)
        and (
            (isinstance(part.func, Attribute) and part.func.name == "pop")
            or any(isinstance(arg, Name) and arg.role == "saved" for arg in part.args)
        )
        for part in subexpressions(value)
    )


def appended_to(value: Expr) -> Name | None:
    """The tape that ``tape.append(...)`` records on, or the list that it adds to."""
    match value:
        case Call(func=Attribute(value=place, name="append")):
            return root_of(place)
        case _:
            return None


def live_on_entry(function: Function, families: Families = _NO_FAMILIES) -> Keys:
    """The names that `function` reads before it gives them a value, parameters among them."""
    return _flow(function, families, True).block(function.body, frozenset())


def liveness(
    function: Function, families: Families = _NO_FAMILIES, *, of_text: bool = True
) -> Liveness:
    """The liveness of every statement of `function`; with `of_text` its text reads as well.

    What is written into the memory of a variable reaches those of its family.

    A parameter of our own making is a tape that the caller reads on: it is live at the end.
    """
    flow = _flow(function, families, of_text)
    flow.block(function.body, frozenset())
    return flow.facts


def reads(*exprs: Expr) -> Keys:
    """The names that `exprs` read."""
    return frozenset(
        (part.id, part.role)
        for expr in exprs
        for part in subexpressions(expr)
        if isinstance(part, Name)
    )


def keys_written(target: Target) -> Keys:
    """The names that writing to `target` changes: an element's is its variable."""
    match target:
        case Name(id=id, role=role):
            return frozenset({(id, role)})
        case Index(value=value) | Attribute(value=value):
            while isinstance(value, Index | Attribute):
                value = value.value
            return keys_written(value) if isinstance(value, Name) else frozenset()
        case Starred(value=value):
            return keys_written(value) if isinstance(value, Target) else frozenset()
        case Tuple(items=items):
            found: Keys = frozenset()
            for item in items:
                assert isinstance(item, Target)
                found |= keys_written(item)
            return found
        case _:
            assert_never(target)


def _rebound(target: Target) -> Keys:
    """The names of which nothing remains when `target` is assigned."""
    match target:
        case Tuple(items=items):
            found: Keys = frozenset()
            for item in items:
                assert isinstance(item, Target)
                found |= _rebound(item)
            return found
        case Name():
            return keys_written(target)
        case Index() | Attribute():
            return frozenset()
        case Starred(value=value):
            return _rebound(value) if isinstance(value, Target) else frozenset()
        case _:
            assert_never(target)


def _flow(function: Function, families: Families, of_text: bool) -> "_Flow":
    outputs = frozenset(
        (param.id, param.role) for param in function.params if param.role not in ("", "dot")
    )
    after: dict[Stmt, Keys] = {stmt: frozenset() for stmt in statements(function.body)}
    return _Flow(after, outputs, of_text, _holders(function, families))


def _holders(function: Function, families: Families) -> Mapping[Key, Keys]:
    """The tapes on which each name was put, whole, and what else may have its memory."""
    found: dict[Key, Keys] = {}
    for stmt in statements(function.body):
        match stmt:
            case Do(value=Call(func=Attribute(value=Name() as tape), args=(value,))):
                pass
            case Assign(target=Name(role="saved") as tape, value=value):
                pass
            case _:
                continue
        for item in value.items if isinstance(value, Tuple) else (value,):
            if isinstance(item, Name):
                key = (item.id, item.role)
                found[key] = found.get(key, frozenset()) | {(tape.id, tape.role)}
    return found | {
        (name, ""): frozenset().union(
            *(found.get((kin, ""), frozenset()) | {(kin, "")} for kin in family)
        )
        for name, family in families.items()
    }


@dataclass
class _Flow:
    """Goes backward through the statements; `outputs` are live where the function returns."""

    after: dict[Stmt, Keys]
    outputs: Keys
    of_text: bool
    holders: Mapping[Key, Keys]

    @property
    def facts(self) -> Liveness:
        """What is known so far."""
        return Liveness(self.after, self.holders)

    def block(self, block: Block, live: Keys) -> Keys:
        for stmt in reversed(block):
            self.after[stmt] = live = live | self.after[stmt]
            live = self.before(stmt, live)
            if self.of_text and stmt.origin.reads and self.facts.is_needed(stmt):
                live |= frozenset((name, "") for name in stmt.origin.reads)
        return live

    def before(self, stmt: Stmt, live: Keys) -> Keys:
        match stmt:
            case Assign(target=target, value=value):
                if not acts(value) and not self.facts.changed(target) & live:
                    return live
                subscripts = reads(target) if not isinstance(target, Name) else frozenset()
                return (live - _rebound(target)) | (subscripts - _rebound(target)) | reads(value)
            case AugAssign(target=target, value=value):
                needed = acts(value) or bool(self.facts.changed(target) & live)
                return live | reads(target, value) if needed else live
            case For(target=target, iterable=iterable, body=body):
                inside = self.loop(body, live)
                needed = self.facts.is_needed(stmt)
                bound = _rebound(target)
                return (live | (inside - bound) | reads(iterable)) if needed else live
            case While(test=test, body=body):
                inside = self.loop(body, live | reads(test))
                return (live | inside | reads(test)) if self.facts.is_needed(stmt) else live
            case If(test=test, then=then, orelse=orelse):
                joined = self.block(then, live) | self.block(orelse, live)
                return joined | reads(test) if self.facts.is_needed(stmt) else live
            case Return(value=value):
                return reads(value) | self.outputs
            case Do(value=value):
                return live | reads(value) if self.facts.is_needed(stmt) else live
            case With(context=context, body=body):
                inside = self.block(body, live)
                return inside | reads(context) if self.facts.is_needed(stmt) else live
            case Raise(value=value):
                return reads(value)
            case Assert() | Delete():
                return live | reads(*own_expressions(stmt))
            case Pass() | Comment() | Break() | Continue() | Import() | Define():
                return live
            case _:
                assert_never(stmt)

    def loop(self, body: Block, live: Keys) -> Keys:
        """The names live at the head of a loop after which `live` are: what the next iteration reads too."""
        while True:
            head = live | self.block(body, live)
            if head == live:
                return head
            live = head
