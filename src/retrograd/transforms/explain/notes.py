"""From the facts about one function to notes on its lines; every fact is read off, none found out here."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, assert_never

from retrograd.transforms.analyses.activity import (
    can_vary,
    differentiable_parts,
    is_varied,
)
from retrograd.transforms.analyses.aliasing import shared_by
from retrograd.transforms.analyses.to_be_recorded import Save
from retrograd.transforms.analyses.to_be_undone import has_adjoint
from retrograd.transforms.backend.naming import Naming
from retrograd.transforms.diagnostics.span import Span
from retrograd.transforms.explain.page import Line, Note, Part, Topic
from retrograd.transforms.explain.places import Reach, adjoint_places, places
from retrograd.transforms.explain.tapes import tapes
from retrograd.transforms.explain.words import (
    OF_A_RULE,
    REASONS,
    kind_in_words,
    lines_in_words,
    listed,
)
from retrograd.transforms.ir.kinds import Array, Kind, Other, Scalar, Unknown
from retrograd.transforms.ir.nodes import (
    MADE,
    Assert,
    Assign,
    Attribute,
    AugAssign,
    BoolOp,
    Break,
    Call,
    Comment,
    Compare,
    Continue,
    Define,
    Delete,
    Do,
    Expr,
    For,
    Function,
    If,
    IfExp,
    Import,
    Index,
    Known,
    Name,
    Pass,
    Raise,
    Return,
    Stmt,
    While,
    With,
)
from retrograd.transforms.ir.show import show
from retrograd.transforms.ir.walk import (
    assigned,
    bound_names,
    children,
    names,
    own_expressions,
    statements,
    subexpressions,
)
from retrograd.transforms.pipeline import Facts
from retrograd.transforms.rules.application import INACTIVE_ATTRIBUTES, application
from retrograd.transforms.rules.arithmetic import CHOSEN, POWER_KINK
from retrograd.transforms.rules.table import Bound

_RUNTIME: Final = "retrograd.runtime."


def part(facts: Facts, made: Sequence[Function]) -> Part:
    """What there is to say about the function of `facts`, of which the functions `made` were made."""
    notes = _Notes(facts, made)
    notes.parameters()
    for stmt in statements(facts.core.function.body):
        notes.statement(stmt)
    notes.recorded()
    for loop, text in tapes(facts):
        notes.about(loop, "tape", text)
    notes.generated(made)
    notes.left_out(made)
    definition = facts.core.definition
    first = definition.function.origin.span
    start = 1 if first is None else first.line
    lines = [
        Line(number, text.rstrip(), notes.of(definition.filename, number))
        for number, text in enumerate(definition.source.rstrip("\n").split("\n"), start)
    ]
    own = range(start, start + len(lines))
    lines += notes.elsewhere(definition.filename, own)
    return Part(definition.function.name, definition.filename, facts.wrt, tuple(lines))


class _Notes:
    """Collects notes by the line that they are about, each once, in the order in which they come."""

    def __init__(self, facts: Facts, made: Sequence[Function]) -> None:
        self.facts = facts
        self.in_gradient = frozenset(name for one in made for name in assigned(one.body))
        self.function = facts.core.function
        self.kinds = facts.core.kinds
        self.places = places(self.function)
        self.reach = Reach(self.function)
        self.inputs = listed(facts.wrt, "or")
        params = {param.id for param in self.function.params}
        self.copies = [
            stmt
            for stmt in self.function.body
            if isinstance(stmt, Assign)
            and stmt.origin.span is None
            and params.intersection(bound_names(stmt.target))
        ]
        taken = {name for env in self.kinds.before.values() for name in env}
        self.naming = Naming(taken)
        self.found: dict[tuple[str, int], dict[Note, None]] = defaultdict(dict)
        self.texts: dict[tuple[str, int], str] = {}

    def of(self, filename: str, line: int) -> tuple[Note, ...]:
        """The notes on a line."""
        return tuple(self.found.get((filename, line), ()))

    def elsewhere(self, filename: str, own: range) -> Iterator[Line]:
        """The lines outside the function whose statements have become part of it."""
        for file, number in sorted(self.found):
            if (file, number) in self.texts and (file != filename or number not in own):
                yield Line(number, self.texts[file, number], self.of(file, number))

    def say(self, at: Span | None, topic: Topic, text: str) -> None:
        """Note something about the line at `at`."""
        if at is not None:
            self.texts.setdefault((at.filename, at.line), at.text.rstrip())
            self.found[at.filename, at.line].setdefault(Note(topic, text))

    def about(self, stmt: Stmt, topic: Topic, text: str) -> None:
        """Note something about the line of `stmt`."""
        self.say(self.places.get(stmt), topic, text)

    # ---- what goes in

    def parameters(self) -> None:
        """The kinds of the parameters, and which are asked for."""
        for param in self.function.params:
            asked = ", asked for" if param.id in self.facts.wrt else ""
            kind = kind_in_words(self.facts.core.params[param.id])
            self.say(self.function.origin.span, "kind", f"`{param.id}`: {kind}{asked}")
        for copy in self.copies:
            text = f"`{show(copy.target)}` is copied first, for it is written to: the caller's stays as it is"
            self.say(self.function.origin.span, "alias", text)

    # ---- statements

    def statement(self, stmt: Stmt) -> None:
        """What the analyses say about one statement."""
        match stmt:
            case Assign(target=target, value=value):
                if stmt in self.copies or (stmt.origin.span is None and stmt.origin.spelling == ""):
                    return  # the copy of an argument, or what the header of a loop says
                if self.is_ours(stmt):
                    self.declared(stmt, value)
                    if isinstance(value, Compare | BoolOp):
                        self.border(stmt, value)
                    elif self.useful(stmt):
                        self.kinks(stmt, value, self.facts.active.varied.get(stmt, frozenset()))
                    if not self.in_gradient.intersection(bound_names(target)):
                        return
                    text = show(replace(stmt, origin=MADE))
                    self.about(stmt, "added", f"`{text}`: the reverse sweep reads it")
                    return
                self.activity(stmt, value, self.useful(stmt))
                for name in bound_names(target):
                    kind = self.kinds.after[stmt].get(name)
                    if kind is not None:
                        self.about(stmt, "kind", f"`{name}`: {kind_in_words(kind)}")
                        self.aliases(stmt, name, kind)
            case Return(value=value):
                self.activity(stmt, value, True)
                self.about(stmt, "kind", f"the result: {self.kind_in_words(stmt, value)}")
            case For(iterable=iterable):
                self.declared(stmt, iterable)
                self.compound(stmt, "its iterations run again, the last one first")
            case While(test=test, counter=counter):
                self.declared(stmt, test)
                self.border(stmt, test)
                counted = f", counted by `{counter}`" if counter in self.in_gradient else ""
                self.compound(stmt, f"its iterations run again, the last one first{counted}")
            case If(test=test):
                self.declared(stmt, test)
                self.border(stmt, test)
                self.compound(stmt, f"`{show(test)}` tells again which branch ran")
            case With():
                self.compound(stmt, "the reverse sweep does not enter the context again")
            case AugAssign(value=value):
                self.activity(stmt, value, self.useful(stmt))
            case Do() | Raise() | Assert() | Import() | Delete():
                self.about(stmt, "once", "runs in the forward sweep alone, and has no derivative")
            case Break() | Continue() | Pass() | Comment() | Define():
                pass
            case _:
                assert_never(stmt)

    def is_ours(self, stmt: Assign) -> bool:
        """Whether `stmt` gives a value to no variable that the user's statement speaks of."""
        at = stmt.origin.span
        if at is None:
            return True
        text = at.text if at.line == at.end_line else stmt.origin.spelling or stmt.origin.quote
        bound = bound_names(stmt.target)
        return bool(bound) and not any(name in re.findall(r"\w+", text) for name in bound)

    def aliases(self, stmt: Assign, name: str, kind: Kind) -> None:
        """Note with which variables `name`, just assigned, may share memory."""
        others = sorted(set(shared_by(stmt.value)) & self.kinds.before[stmt].keys() - {name})
        if others and not isinstance(kind, Scalar | Other):
            shared = listed(f"`{other}`" for other in others)
            self.about(stmt, "alias", f"`{name}` may share memory with {shared}")

    def useful(self, stmt: Assign | AugAssign) -> bool:
        """Whether the result depends on what `stmt` changes."""
        roots = frozenset(bound_names(stmt.target)) or names(stmt.target)
        return bool(roots & self.facts.active.useful.get(stmt, frozenset()))

    def activity(self, stmt: Assign | AugAssign | Return, value: Expr, useful: bool) -> None:
        """Whether `stmt` has an adjoint, and why."""
        active = self.facts.active
        varied = active.varied.get(stmt, frozenset())
        reads = value if not isinstance(stmt, AugAssign) else stmt.target
        flows = is_varied(value, varied) or is_varied(reads, varied)
        env = self.kinds.before.get(stmt, {})
        if flows and not can_vary(value, env, self.kinds):
            kind = self.kind_in_words(stmt, value)
            self.about(stmt, "declared", f"a value of kind {kind} holds no derivative")
        elif flows and useful:
            self.about(stmt, "active", f"depends on {self.inputs}, and the result on it")
        elif flows:
            text = f"depends on {self.inputs}, but no derivative of the result goes through it"
            self.about(stmt, "inactive", text)
        elif useful:
            text = f"the result depends on it, but it carries no derivative of {self.inputs}"
            self.about(stmt, "inactive", text)
        else:
            text = f"carries no derivative of {self.inputs}, and the result needs none of it"
            self.about(stmt, "inactive", text)
        self.declared(stmt, value)
        if flows and useful:
            self.kinks(stmt, value, varied)

    def declared(self, stmt: Stmt, expr: Expr) -> None:
        """The parts of `expr` that depend on an input and have no derivative by declaration."""
        varied = self.facts.active.varied.get(stmt, frozenset())
        if not varied or _is_of_shape(expr):
            return
        carrying = differentiable_parts(expr)
        for inner in children(expr):
            if inner in carrying:
                self.declared(stmt, inner)
            elif names(inner) & varied:
                self.about(stmt, "declared", _declared(expr, inner))

    def kinks(self, stmt: Stmt, value: Expr, varied: frozenset[str]) -> None:
        """The conventions of the rules that `value` applies to something active."""
        for inner in subexpressions(value):
            if isinstance(inner, IfExp) and names(inner.test) & varied:
                self.about(stmt, "kink", f"derivative of `{show(inner)}`: {CHOSEN}")
            applied = application(inner)
            if not isinstance(applied, Bound) or not names(inner) & varied:
                continue
            constant = "y" in applied.operands and not is_varied(applied.operands["y"], varied)
            kink = applied.rule.kink
            if kink and not (constant and kink == POWER_KINK):
                self.about(stmt, "kink", f"derivative of `{show(inner)}`: {kink}")

    def border(self, stmt: Stmt, test: Expr) -> None:
        """That a derivative is one of the way which the program took."""
        if names(test) & self.facts.active.varied.get(stmt, frozenset()):
            text = f"where `{show(test)}` changes: the derivative is that of the way taken"
            self.about(stmt, "kink", text)

    def is_reversed(self, stmt: Stmt) -> bool:
        """Whether the reverse sweep does anything for `stmt`."""
        facts = self.facts
        return has_adjoint(stmt, facts.parts, facts.active.useful, facts.recorded.undone)

    def compound(self, stmt: For | While | If | With, how: str) -> None:
        """Whether a compound statement has an adjoint."""
        if self.is_reversed(stmt):
            self.about(stmt, "reversed", how)
        else:
            self.about(stmt, "inactive", "nothing in it has a derivative that is needed")

    def kind_in_words(self, stmt: Stmt, expr: Expr) -> str:
        return kind_in_words(self.kinds.of(expr, self.kinds.before.get(stmt, {})))

    # ---- what is kept

    def recorded(self) -> None:
        """What is saved where, what for, and what is computed again."""
        recorded = self.facts.recorded
        for when, group in (("before", recorded.before), ("after", recorded.after)):
            for stmt, saves in group.items():
                for save in saves:
                    self.saved(stmt, save, f"{when} this line", self.reach.of(stmt))
        for inside, saves in recorded.top.items():
            for save in saves:
                self.saved(inside.stmt, save, "on entering the block", self.reach.of(inside.stmt))
        for replayed in recorded.replayed.values():
            for assign in replayed:
                self.about(assign, "replayed", "computed again where the reverse sweep reads it")

    def saved(self, stmt: Stmt, save: Save, where: str, readers: Sequence[Stmt]) -> None:
        """Note that `save` happens at `stmt`, and which adjoints among those of `readers` want it."""
        ids = frozenset(save.ids) if save.place is None else names(save.place)
        lines = {self.places[one].line for one in readers if self.reads(one) & ids}
        times = "in each iteration" if save.repeated else "once"
        tape = self.naming.spell(save.tape)
        adjoints = "the adjoint of" if len(lines) == 1 else "the adjoints of"
        reads = "reads it" if len(lines) == 1 else "read it"
        why = f"; {adjoints} {lines_in_words(lines)} {reads}" if lines else ""
        what = save.ids if save.place is None else (show(save.place),)
        saved = listed(f"`{part}`" for part in what)
        self.about(stmt, "saved", f"{saved} {where}, {times}, in `{tape}`{why}")

    def reads(self, stmt: Stmt) -> frozenset[str]:
        """The variables that reversing `stmt` itself reads."""
        if stmt in self.facts.parts:
            return frozenset(
                part.id
                for expr in self.facts.parts[stmt].expressions()
                for part in subexpressions(expr)
                if isinstance(part, Name) and part.role in ("", "out")
            )
        if any(stmt in group for group in self.facts.recorded.replayed.values()):
            assert isinstance(stmt, Assign)
            return names(stmt.value)
        if isinstance(stmt, If | For) and self.is_reversed(stmt):
            return names(stmt.test if isinstance(stmt, If) else stmt.iterable)
        return frozenset()

    # ---- what came of it

    def generated(self, made: Sequence[Function]) -> None:
        """The helpers of the runtime that the generated functions call, and what is not known."""
        calls: dict[tuple[Span, str], set[str]] = defaultdict(set)
        for function in made:
            for stmt, at in adjoint_places(function):
                if stmt.origin.spelling:  # the text is the user's
                    continue
                for expr in own_expressions(stmt):
                    for call in subexpressions(expr):
                        match call:
                            case Call(func=Known(path=path)) if path.startswith(_RUNTIME):
                                calls[at, path.removeprefix(_RUNTIME)] |= self.open_names(call)
                            case _:
                                pass
        for (at, name), unknown in calls.items():
            if name == "copied":  # said where the parameter is spoken of
                continue
            tail = f"; not known: kind of {listed(sorted(unknown))}" if unknown else ""
            self.say(at, "helper", f"`{name}`: {REASONS.get(name, OF_A_RULE)}{tail}")

    def open_names(self, call: Call) -> set[str]:
        """The variables that `call` reads and whose rank is not known."""
        return {
            f"`{part.id}`"
            for part in subexpressions(call)
            if isinstance(part, Name) and not part.role and _is_open(self.kinds.anywhere(part))
        }

    def left_out(self, made: Sequence[Function]) -> None:
        """The statements that none of the generated functions has any more."""
        kept = {
            (at.line, at.column)
            for stmt in (
                *(stmt for function in made for stmt in statements(function.body)),
                *(stmt for group in self.facts.recorded.replayed.values() for stmt in group),
            )
            if (at := stmt.origin.span) is not None and (stmt.origin.spelling or stmt.origin.quote)
        }
        for stmt in statements(self.function.body):
            at = stmt.origin.span
            if isinstance(stmt, Assign) and at is not None and (at.line, at.column) not in kept:
                self.about(stmt, "left out", "no line of the gradient reads its value")


def _is_of_shape(expr: Expr) -> bool:
    """Whether `expr` tells a shape or counts, of which nobody expects a derivative."""
    match expr:
        case Call(func=Known(path="len" | "range" | "enumerate" | "numpy.shape" | "numpy.size")):
            return True
        case Attribute(name=name):
            return name in INACTIVE_ATTRIBUTES
        case _:
            return False


def _declared(whole: Expr, inner: Expr) -> str:
    match whole:
        case Compare():
            return f"`{show(whole)}` is a comparison"
        case IfExp():
            return f"`{show(inner)}` is a condition"
        case Index():
            return f"`{show(inner)}` is an index"
        case _:
            return f"`{show(whole)}` has the derivative 0 wherever it has one"


def _is_open(kind: Kind) -> bool:
    return isinstance(kind, Unknown) or (isinstance(kind, Array) and kind.dims is None)
