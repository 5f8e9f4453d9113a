"""Write the two sweeps of a function: its statements, then their adjoints, last one first.

    y = a * np.sin(x)             # y = a * np.sin(x)
    return y * y          ->      a_bar = y_bar * np.sin(x)
                                  x_bar = a * np.cos(x) * y_bar

The partials of each statement and the recording are given; what remains is order and accumulation.
The first contribution to a cotangent assigns it. A later one is added in place if the sweep owns
the buffer: it made the array itself and shared it with nothing. Zeros are written only where
control flow asks for them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TypeAlias, assert_never

from retrograd.transforms.analyses.kinds_and_ranks import Kinds, integer_value
from retrograd.transforms.analyses.partials import (
    Contribution,
    Partials,
    Stored,
    Temporary,
    index_value,
    key_of_field,
)
from retrograd.transforms.analyses.to_be_recorded import (
    Inside,
    Recorded,
    Save,
    bound_names_of,
)
from retrograd.transforms.analyses.to_be_undone import has_adjoint
from retrograd.transforms.ir.algebra import (
    builtin,
    counts_from_zero,
    helper,
    made,
    own_copies,
    own_copy,
    zeros_like,
)
from retrograd.transforms.ir.kinds import (
    UNKNOWN,
    Array,
    Container,
    Kind,
    Other,
    Record,
    Scalar,
    Sequence,
)
from retrograd.transforms.ir.kinds import Mapping as MappingKind
from retrograd.transforms.ir.methods import Method, method_of
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
    Const,
    Continue,
    Define,
    Delete,
    Do,
    Expr,
    For,
    If,
    Import,
    Index,
    Known,
    List,
    Name,
    Pass,
    Raise,
    Return,
    Slice,
    Stmt,
    Target,
    Tuple,
    Unary,
    While,
    With,
)
from retrograd.transforms.ir.walk import (
    blocks,
    bound_names,
    content_names,
    cotangent_place,
    names,
    own_expressions,
    rewrite,
    root_of,
    statements,
    subexpressions,
)
from retrograd.transforms.ir.ways import RAISE, goes_on, ways_out
from retrograd.transforms.passes.checkpointing import Segments
from retrograd.transforms.passes.loops import by_counter
from retrograd.transforms.passes.running_again import RunningAgain
from retrograd.transforms.rules.application import makes_new

#: A cotangent: of a variable ("x",) or of one part of a dict or record ("params", "W").
Place: TypeAlias = tuple[str, ...]
#: The cotangents that are not zero; True for a buffer that the sweep owns.
State: TypeAlias = dict[Place, bool]


@dataclass(frozen=True)
class Sweeps:
    """Writes the two sweeps of one function, block by block.

    `split` are the dicts and records whose parts have cotangents of their own; with `indexing`
    tapes are read by index where there is one, else popped. `value` names the result where it is
    kept, `buffers` are the variables whose cotangents were filled part by part, `loose` those whose
    cotangents are lists of our own that hold arrays which may not be; `running` are the loops being
    reversed around the statement at hand, with what counts their iterations; `given` are names for
    arguments of which the shape is asked for after the parameter was given another value; `segments`
    are the loops that run again, known once their adjoint is.
    """

    parts: Mapping[Stmt, Partials]
    recorded: Recorded
    useful: Mapping[Stmt, frozenset[str]]
    kinds: Kinds
    fresh: Callable[[str], str]
    split: Mapping[str, Kind]
    indexing: bool
    value: Name
    buffers: set[str] = field(default_factory=set)
    loose: set[str] = field(default_factory=set)
    indices: dict[Stmt, Name] = field(default_factory=dict)
    running: list[tuple[For | While, Name]] = field(default_factory=list)
    given: dict[str, Name] = field(default_factory=dict)
    segments: dict[Stmt, Segments] = field(default_factory=dict)

    # ---- forward

    def forward(
        self,
        block: Block,
        inside: Inside | None,
        leave: Callable[[Return], list[Stmt]],
        behind: tuple[Save, ...] = (),
    ) -> list[Stmt]:
        """`block` as the user wrote it, with what the reverse sweep needs set aside.

        `behind` is what else the iteration saves between `block` and its end.
        """
        sweep = [_saved(save) for save in self.recorded.top[inside]] if inside else []
        for stmt in block:
            sweep += [_saved(save) for save in self.recorded.before[stmt]]
            match stmt:
                case For() | While() if stmt in self.segments:
                    kept = self.segments[stmt].forward()
                    sweep += (by_counter(loop) if isinstance(loop, For) else loop for loop in kept)
                case For(body=body) | While(body=body):
                    inner = self.forward(body, Inside(stmt), leave)
                    loop = replace(stmt, body=tuple(inner))
                    sweep.append(by_counter(loop) if isinstance(loop, For) else loop)
                case With(body=body):
                    later = (*self.recorded.after[stmt], *behind)
                    inner = self.forward(body, Inside(stmt), leave, later)
                    sweep.append(replace(stmt, body=tuple(inner)))
                case If(then=then, orelse=orelse):
                    later = (*self.recorded.after[stmt], *behind)
                    first = self.forward(then, Inside(stmt, 0), leave, later)
                    second = self.forward(orelse, Inside(stmt, 1), leave, later)
                    sweep.append(replace(stmt, then=tuple(first), orelse=tuple(second)))
                case Break() | Continue():
                    sweep += [_saved(save) for save in behind]
                    sweep.append(stmt)
                case Return():
                    lines = leave(stmt)
                    if not goes_on(tuple(lines)):
                        sweep += [_saved(save) for save in behind]
                    sweep += lines
                case Assign() if stmt in self.parts and self.parts[stmt].call is not None:
                    sweep.append(self.forward_call(stmt))
                case _:
                    sweep.append(stmt)
            if goes_on(tuple(sweep[-1:])):
                sweep += [_saved(save) for save in self.recorded.after[stmt]]
        return sweep

    def forward_call(self, stmt: Assign) -> Assign:
        plan = self.parts[stmt].call
        assert plan is not None
        assert isinstance(stmt.value, Call)
        if not plan.keeps:
            return stmt
        args = (*stmt.value.args, plan.tape)
        call = replace(stmt.value, func=plan.forward, args=args)
        return replace(stmt, value=call, origin=stmt.origin.rewritten())

    # ---- reverse

    def reverse(
        self, block: Block, inside: Inside | None, state: State, index: Name | None
    ) -> list[Stmt]:
        """The adjoint of `block`; `state` tells, before and afterwards, which cotangents there are."""
        sweep: list[Stmt] = []
        if inside is not None:
            sweep += [
                _restored(save, self.index_for(save, index))
                for save in self.recorded.restored[inside]
            ]
            sweep += [
                replace(stmt, origin=stmt.origin.again()) for stmt in self.recorded.replayed[inside]
            ]
        for stmt in reversed(block):
            begin = len(sweep)
            match stmt:
                case Assign(target=target):
                    sweep += self.assignment(stmt, target, state, index)
                case Return():
                    sweep += self.returned(stmt, state)
                case For() | While():
                    sweep += self.loop(stmt, state)
                    sweep += self.restores(stmt, index)
                case If():
                    sweep += self.branches(stmt, state, index)
                case With(body=body):
                    sweep += self.reverse(body, Inside(stmt), state, None)
                    sweep += self.restores(stmt, index)
                case Do():
                    sweep += self.put_in(stmt, state, index)
                case AugAssign() | Pass() | Comment() | Raise() | Assert():
                    pass
                case Break() | Continue() | Import() | Delete() | Define():
                    pass
                case _:
                    assert_never(stmt)
            sweep[begin:] = [_placed(line, stmt) for line in sweep[begin:]]
        return sweep

    def index_for(self, save: Save, index: Name | None) -> Name | None:
        return index if save.indexed and self.indexing else None

    def restores(self, stmt: Stmt, index: Name | None) -> list[Stmt]:
        method = method_of(stmt) if stmt in self.recorded.undone else None
        undo = [] if method is None else [self.undo(method, stmt)]
        saves = [save for save in self.recorded.before[stmt] if not save.at_top]
        return [*undo, *(_restored(save, self.index_for(save, index)) for save in saves)]

    def undo(self, method: Method, stmt: Stmt) -> Stmt:
        """The statement that takes out what `method` put in, or puts back what it took out."""
        if method.result is not None:
            kind = self.kinds.of(method.place, self.kinds.before[stmt])
            return _put_back(method.place, kind, method.at, method.result)
        match method.at:
            case None:
                return Do(Call(Attribute(method.place, "pop")))
            case Const(text="0") as at:
                return Do(Call(Attribute(method.place, "pop"), (at,)))
            case at:
                return Do(helper("pop_inserted", method.place, at))

    def returned(self, stmt: Return, state: State) -> list[Stmt]:
        parts = self.parts.get(stmt)
        if parts is None:
            return []
        env = self.kinds.before[stmt]
        lines: list[Stmt] = [Assign(t.target, _settled(t.value)) for t in parts.temporaries]
        for contribution in parts.contributions:
            lines += self.accumulate(contribution, state, env)
        return lines if isinstance(stmt.value, Name) else _quoted(stmt, lines)

    def assignment(
        self, stmt: Assign, target: Target, state: State, index: Name | None
    ) -> list[Stmt]:
        """The adjoint of one assignment."""
        if isinstance(target, Index | Attribute):
            return self.store(stmt, target, state, index)
        if (method := method_of(stmt)) is not None:
            return self.taken_out(stmt, method, state, index)
        own = frozenset(bound_names(target))
        parts = self.parts.get(stmt)
        reached = [place for place in state if place[0] in own]
        keeps = parts is not None and parts.call is not None and parts.call.keeps
        if parts is None or not (reached or keeps):  # what a call has kept is always taken back
            for place in reached:
                del state[place]
            return self.restores(stmt, index)
        lines = self.missing(own, parts, state, stmt)
        temporaries, contributions, early, restores = self.in_order(stmt, parts, index)
        lines += early
        lines += [Assign(t.target, _settled(t.value)) for t in temporaries]
        for temporary in parts.temporaries:
            self.lend(temporary.value, state)
        others = [c for c in contributions if _base(c.place) not in own]
        selves = [c for c in contributions if _base(c.place) in own]
        env = self.kinds.before[stmt]
        for contribution in others:
            lines += self.accumulate(contribution, state, env)
        lines += self.replace_own(selves, own, state, env)
        return _quoted(stmt, [*lines, *restores])

    def store(
        self, stmt: Assign, target: Index | Attribute, state: State, index: Name | None
    ) -> list[Stmt]:
        """The adjoint of a write in place: what it overwrote comes back, its cotangent goes on."""
        restores = self.restores(stmt, index)
        parts = self.parts.get(stmt)
        key = self.root(target)
        if parts is None or key not in state:
            return restores
        env = self.kinds.before[stmt]
        lines: list[Stmt] = []
        if not state[key] or self.is_loose(target):
            lines.append(self.own(key, env))
            state[key] = True
        lines += [Assign(t.target, _settled(t.value)) for t in parts.temporaries]
        contributions = [
            line for c in parts.contributions for line in self.accumulate(c, state, env)
        ]
        kept = self.kept(parts.stored)
        if parts.stored is not None and parts.stored.first:
            lines += [*kept, *contributions]
        else:
            lines += [*contributions, *kept]
        return _quoted(stmt, [*restores, *lines])

    def put_in(self, stmt: Do, state: State, index: Name | None) -> list[Stmt]:
        """The adjoint of a method that puts a value into a list: its cotangent is taken out."""
        restores = self.restores(stmt, index)
        method, parts = method_of(stmt), self.parts.get(stmt)
        if method is None or parts is None or (key := self.root(method.place)) not in state:
            return restores
        env = self.kinds.before[stmt]
        lines: list[Stmt] = []
        if not state[key]:
            lines.append(self.own(key, env))
            state[key] = True
        if parts.contributions:
            lines += [Assign(t.target, _settled(t.value)) for t in parts.temporaries]
        else:
            lines += [Do(t.value) for t in parts.temporaries[:1]]
        for contribution in parts.contributions:
            lines += self.accumulate(contribution, state, env)
        return _quoted(stmt, [*restores, *lines])

    def taken_out(
        self, stmt: Assign, method: Method, state: State, index: Name | None
    ) -> list[Stmt]:
        """The adjoint of ``x = xs.pop()``: the cotangent of `x` goes back to its place."""
        restores = self.restores(stmt, index)
        assert method.result is not None
        key, own = self.root(method.place), (method.result.id,)
        if stmt not in self.parts or (key not in state and own not in state):
            state.pop(own, None)
            return restores
        env = self.kinds.after[stmt]
        lines: list[Stmt] = []
        if key not in state:
            lines += self.zeros(key, env, state)
        elif not state[key]:
            lines.append(self.own(key, env))
            state[key] = True
        kind = env.get(method.result.id, UNKNOWN)
        value: Expr = Name(method.result.id, "bar")
        if own not in state:
            value = zeros_like(method.result, kind)
        elif not isinstance(kind, Scalar) and not state[own]:
            self.loose.add(key[0])
        state.pop(own, None)
        whole = self.kinds.of(method.place, self.kinds.before[stmt])
        lines.append(_put_back(self.bar(method.place, env), whole, method.at, value))
        return _quoted(stmt, [*lines, *restores])

    def own(self, key: Place, env: Mapping[str, Kind]) -> Stmt:
        """Make the cotangent `key` a buffer that nothing shares."""
        bar = self.place_expr(key, bar=True)
        return Assign(bar, own_copy(bar, self.kinds.of(self.place_expr(key, bar=False), env)))

    def kept(self, stored: Stored | None) -> list[Stmt]:
        """What the cotangent of the place that was written becomes."""
        if stored is None:
            return []
        bar = cotangent_place(stored.place)
        match stored.own:
            case own if own == bar:
                return []
            case Binary(op="*" | "/" as op, left=left, right=right) if left == bar:
                return [AugAssign(bar, op, right)]
            case Binary(op="*", left=left, right=right) if right == bar:
                return [AugAssign(bar, "*", left)]
            case own:
                return [Assign(bar, _settled(own))]

    def in_order(
        self, stmt: Assign, parts: Partials, index: Name | None
    ) -> tuple[list[Temporary], list[Contribution], list[Stmt], list[Stmt]]:
        """The partials of `stmt` around the place where the old value of its target comes back.

        What reads the new value stands before it, what reads the old one behind it. Returned are the
        temporaries and contributions still to be written, the lines before them, and those behind.
        """
        temporaries, contributions = list(parts.temporaries), list(parts.contributions)
        restores = self.restores(stmt, index)
        restored = {id for save in self.recorded.before[stmt] for id in save.ids}
        if not restored & _read(parts, ""):
            return temporaries, contributions, [], restores
        early: list[Stmt] = []
        while temporaries and not restored & names(temporaries[0].value):
            first = temporaries.pop(0)
            early.append(Assign(first.target, _settled(first.value)))
        rest = replace(parts, temporaries=tuple(temporaries))
        for id in sorted(restored & _read(rest, "out")):
            new = made(self.fresh(f"{id}_new"))
            early.append(Assign(new, Name(id)))
            swap = _swapping(Name(id, "out"), new)
            temporaries = [replace(t, value=swap(t.value)) for t in temporaries]
            contributions = [replace(c, value=swap(c.value)) for c in contributions]
        return temporaries, contributions, [*early, *restores], []

    def missing(
        self, own: frozenset[str], parts: Partials, state: State, stmt: Assign
    ) -> list[Stmt]:
        """Zeros for the cotangents of targets that nothing has reached yet but the adjoint reads."""
        read = {
            place
            for expr in parts.expressions()
            for part in subexpressions(expr)
            if (place := self.place_of(part)) is not None and place[0] in own
        }
        lines: list[Stmt] = []
        for place in sorted(read - state.keys()):
            lines += self.zeros(place, self.kinds.after[stmt], state)
        return lines

    def place_of(self, bar: Expr) -> Place | None:
        """The cotangent that `bar` reads whole; None for any other expression."""
        match bar:
            case Name(id=id, role="bar") if id not in self.split:
                return (id,)
            case Attribute(value=Name(id=id, role="bar"), name=name) if id in self.split:
                return (id, name)
            case Index(value=Name(id=id, role="bar"), index=Const(value=str() as key)) if (
                id in self.split
            ):
                return (id, key)
            case _:
                return None

    def replace_own(
        self, selves: list[Contribution], own: frozenset[str], state: State, env: Mapping[str, Kind]
    ) -> list[Stmt]:
        """Give the cotangents of the targets their new values, all at once."""
        kept = {key: c.value for c in selves if (key := self.key(c.place)) is not None}
        parts = [c for c in selves if self.key(c.place) is None]
        owned = {place: state.pop(place) for place in list(state) if place[0] in own}
        lines: list[Stmt] = []
        added_to = {_base(c.place) for c in parts}
        replaced = {place[0] for place, value in kept.items() if self.place_of(value) != place}
        read = {name for c in parts for name in own if Name(name, "bar") in subexpressions(c.value)}
        for name in sorted(read & (added_to | replaced) | (added_to & self.split.keys())):
            old = made(self.fresh(f"{name}_bar"))
            lines.append(Assign(old, Name(name, "bar")))
            swap = _swapping(Name(name, "bar"), old)
            parts = [replace(c, value=swap(c.value)) for c in parts]
            if name in self.split:
                lines.append(Assign(Name(name, "bar"), empty(name, self.split[name])))
                kept = {place: swap(value) for place, value in kept.items()}
        kept = {place: self.apart(value, env) for place, value in kept.items()}
        pairs = {
            self.place_expr(place, bar=True): _settled(value)
            for place, value in kept.items()
            if self.place_of(value) != place
        }
        if len(pairs) == 1:
            ((target, value),) = pairs.items()
            lines.append(Assign(target, value))
        elif pairs:
            lines.append(Assign(Tuple(tuple(pairs)), Tuple(tuple(pairs.values()))))
        for place, value in kept.items():
            same = self.place_of(value) == place
            state[place] = owned.get(place, False) if same else makes_new(value)
        for contribution in parts:
            lines += self.accumulate(contribution, state, env)
        return lines

    def accumulate(
        self,
        contribution: Contribution,
        state: State,
        env: Mapping[str, Kind],
    ) -> list[Stmt]:
        """Add a contribution to the cotangent of its place."""
        place, value = contribution.place, _settled(contribution.value)
        key = self.key(place)
        if key is None:
            assert not isinstance(place, Name)
            return self.accumulate_part(place, value, state, env)
        bar = self.bar(place, env)
        kind = self.kinds.of(place, env)
        if key not in state:
            if isinstance(kind, Array) and _is_part_of_cotangent(value):
                value = own_copy(value, kind)
                state[key] = True
                return [Assign(bar, value)]
            if not isinstance(kind, Scalar):
                value = self.apart(value, env)
                self.lend(value, state)
            state[key] = makes_new(value) or isinstance(kind, Scalar)
            if isinstance(value, Call) and value.func == Known("list", ""):
                state[key] = True
                if not (isinstance(kind, Sequence) and isinstance(kind.item, Scalar)):
                    self.loose.add(key[0])
            return [Assign(bar, value)]
        if isinstance(kind, Container) or (kind == UNKNOWN and not makes_new(value)):
            state[key] = True
            return [Assign(bar, helper("accumulate", bar, value))]
        if state[key] or isinstance(kind, Scalar):
            return [_added(bar, value)]
        state[key] = True
        if isinstance(value, Unary) and value.op == "-":
            return [Assign(bar, Binary("-", bar, value.operand))]
        return [Assign(bar, Binary("+", bar, value))]

    def apart(self, value: Expr, env: Mapping[str, Kind]) -> Expr:
        """`value`, copied if undoing writes would change it before it is read."""
        if makes_new(value) or isinstance(self.kinds.of(value, env), Scalar):
            return value
        return helper("owned", value) if content_names(value) & self.recorded.disturbed else value

    def accumulate_part(
        self, place: Index | Attribute, value: Expr, state: State, env: Mapping[str, Kind]
    ) -> list[Stmt]:
        """Add to one part of a buffer that mirrors a variable."""
        lines: list[Stmt] = []
        root = self.root(place)
        if root not in state:
            lines += self.zeros(root, env, state)
            self.buffers.add(root[0])
        elif not state[root] or self.is_loose(place):
            lines.append(self.own(root, env))
            state[root] = True
        bar = self.bar(place, env)
        kind = self.kinds.of(place, env)
        if isinstance(place, Index) and isinstance(bar, Index) and self.is_gather(place, env):
            lines.append(Do(helper("add_at", bar.value, index_value(bar.index), value)))
        elif isinstance(kind, Container) or (kind == UNKNOWN and not makes_new(value)):
            lines.append(Assign(bar, helper("accumulate", bar, value)))
        elif root[0] in self.loose and not isinstance(kind, Scalar):
            lines.append(Assign(bar, Binary("+", bar, value)))
        else:
            lines.append(_added(bar, value))
        return lines

    def is_loose(self, place: Expr) -> bool:
        """Whether `place` is in an array that a list of cotangents may share with others."""
        deep = isinstance(place, Index) and not isinstance(place.value, Name)
        return deep and _base(place) in self.loose

    def is_gather(self, place: Index, env: Mapping[str, Kind]) -> bool:
        """Whether an index may name one element twice, so that ``+=`` would lose some."""
        subscripts = place.index.items if isinstance(place.index, Tuple) else (place.index,)
        return any(
            not isinstance(part, Slice | Const | Known)
            and integer_value(part) is None
            and not isinstance(self.kinds.of(part, env), Scalar | Other)
            for part in subscripts
        )

    def loop(self, stmt: For | While, state: State) -> list[Stmt]:
        """The adjoint of a loop: its iterations, last first."""
        if not has_adjoint(stmt, self.parts, self.useful, self.recorded.undone):
            return []
        inside = Inside(stmt)
        iterable, index, target = self.reversed_header(stmt, inside)
        lines: list[Stmt] = []
        hoisted = set[Place]()
        env = self.kinds.after[stmt]
        head = dict(state)
        while True:
            loose = len(self.loose)
            end = dict(head)
            self.running.append((stmt, target))
            body = self.reverse(stmt.body, inside, end, None if stmt.checkpoint else index)
            self.running.pop()
            copied = self.owned_in(body, head)
            if once := {p: copy for p, copy in copied.items() if end.get(p) and p not in hoisted}:
                hoisted |= once.keys()
                lines += [Assign(self.place_expr(p, bar=True), copy) for p, copy in once.items()]
                head.update(dict.fromkeys(once, True))
                continue
            for name in bound_names_of(stmt):
                end.pop((name,), None)
            joined = {place: owned and end.get(place, True) for place, owned in head.items()}
            joined.update({place: True for place in end if place not in head})
            if joined == head and len(self.loose) == loose:
                break
            head = joined
        for place in head:
            if place not in state:
                lines += self.zeros(place, env, state)
        for place in head:
            if place not in end:
                body += self.zeros(place, self.kinds.before[stmt.body[0]], end)
        state.clear()
        state.update(head)
        read = any(
            part in (target, index)
            for inner in statements(tuple(body))
            for expr in own_expressions(inner)
            for part in subexpressions(expr)
        )
        if not read and isinstance(iterable, Call) and iterable.func == Known("reversed", ""):
            iterable = iterable.args[0]
            target = target if target.role == "" else Name("_")
        loop = For(target, iterable, tuple(body))
        if stmt.checkpoint:
            return [*lines, *self.in_segments(stmt, loop)]
        return [*lines, loop]

    def in_segments(self, stmt: For | While, adjoint: For) -> list[Stmt]:
        """The adjoint of a loop that runs again, segment by segment, given that of a segment."""
        cut = self.segments[stmt]
        running = RunningAgain(self.recorded, self.kinds)
        forward = tuple(self.forward(stmt.body, Inside(stmt), _stays))
        again = running.body(stmt, forward, (adjoint,))
        tapes = self.tapes(stmt.body, Inside(stmt))
        segment = For(cut.counter, cut.range, again.recording)
        new = [Assign(tape, List(())) for tape in tapes]
        cut.state, cut.flags = running.state(stmt, (*new, segment, adjoint), again.needed)
        return cut.reverse(again, tapes, adjoint)

    def tapes(self, block: Block, inside: Inside | None) -> list[Name]:
        """The lists that the forward sweep of `block` fills, each once."""
        saves = list(self.recorded.top[inside]) if inside is not None else []
        found: list[Name] = []
        for stmt in self.swept(block):
            saves += self.recorded.before[stmt] + self.recorded.after[stmt]
            cut = self.segments.get(stmt)
            if cut is None:
                for branch in range(len(blocks(stmt))):
                    saves += self.recorded.top.get(Inside(stmt, branch), [])
            elif cut.state:
                found.append(cut.snapshots)
            plan = self.parts[stmt].call if stmt in self.parts else None
            if plan is not None and plan.keeps and plan.tape != STACK:
                found.append(plan.tape)
        return list(dict.fromkeys([*found, *(save.tape for save in saves if save.repeated)]))

    def swept(self, block: Block) -> Iterator[Stmt]:
        """The statements of `block` around which the forward sweep saves: not those that run again."""
        for stmt in block:
            yield stmt
            for inner in blocks(stmt) if stmt not in self.segments else ():
                yield from self.swept(inner)

    def owned_in(self, body: list[Stmt], head: State) -> dict[Place, Expr]:
        """The cotangents that a loop which begins with `head` would copy each time, and how."""
        bars = {self.place_expr(p, bar=True): p for p, owned in head.items() if not owned}
        return {
            bars[inner.target]: inner.value
            for inner in statements(tuple(body))
            if isinstance(inner, Assign)
            and inner.target in bars
            and inner.value in own_copies(inner.target)
        }

    def reversed_header(self, stmt: For | While, inside: Inside) -> tuple[Expr, Name | None, Name]:
        """What the reverse loop runs over, the index of its tapes, and its own variable."""
        match stmt:
            case For() | While() if stmt.checkpoint:
                counter = self.counter_of(stmt)
                if stmt not in self.segments:
                    nested = bool(self.running)
                    self.segments[stmt] = Segments(stmt, counter, nested, self.fresh)
                return builtin("reversed", self.segments[stmt].range), None, counter
            case For(target=Name() as target, iterable=iterable, counter=counter):
                if counter:
                    iterable = builtin("range", Name(counter))
                counts = isinstance(iterable, Call) and counts_from_zero(iterable)
                if target.id == "_" and "_" not in _read_in(stmt.body):
                    target = self.index_of(stmt)
                return builtin("reversed", iterable), target if counts else None, target
            case For():
                raise AssertionError("desugared loops bind one name")
            case While(counter=counter):
                tapes = [save for save in self.recorded.restored[inside] if save.indexed]
                index = self.index_of(stmt)
                count: Expr = Name(counter)
                if tapes and self.indexing:
                    count = builtin("len", tapes[0].tape)
                return builtin("reversed", builtin("range", count)), index, index
            case _:
                assert_never(stmt)

    def counter_of(self, stmt: For | While) -> Name:
        """What counts the iterations of a loop that runs again: its own variable, if it has one."""
        match stmt:
            case For(target=Name(id=id) as target) if id != "_" or id in _read_in(stmt.body):
                return target
            case _:
                return self.index_of(stmt)

    def index_of(self, stmt: Stmt) -> Name:
        """A name of our own to count the iterations of a loop."""
        if stmt not in self.indices:
            self.indices[stmt] = made(self.fresh("k"))
        return self.indices[stmt]

    def branches(self, stmt: If, state: State, index: Name | None) -> list[Stmt]:
        """The adjoint of an `if`: that of the branch which ran; then the old values come back."""
        restores = self.restores(stmt, index)
        if not has_adjoint(stmt, self.parts, self.useful, self.recorded.undone):
            return restores
        for branch, other in enumerate((stmt.orelse, stmt.then)):
            if ways_out(other) == RAISE:
                block = stmt.orelse if branch else stmt.then
                return [*self.reverse(block, Inside(stmt, branch), state, None), *restores]
        lines: list[Stmt] = []
        while True:
            ends, sides = self.both(stmt, state)
            lonely = [p for p in {**ends[0], **ends[1]} if (p in ends[0]) != (p in ends[1])]
            unset = [place for place in lonely if place not in state]
            if not unset or (sides[0] and sides[1]):
                break
            for place in unset:
                lines += self.zeros(place, self.kinds.after.get(stmt, {}), state)
        restored = {id for save in self.recorded.before[stmt] for id in save.ids}
        if any(place[0] in restored for place in lonely):  # zeros get the shape of the old value
            sides = [[*sides[0], *restores], [*sides[1], *self.restores(stmt, index)]]
            restores = []
        for place in lonely:
            missing = 0 if place in ends[1] else 1
            sides[missing] += self.zeros(place, self.kinds.before[stmt], ends[missing])
        state.clear()
        state.update({place: owned and ends[1][place] for place, owned in ends[0].items()})
        if stmt.exit:
            left = self.left_by(stmt.exit)
            turned = stmt.test != Name(stmt.exit) and _leaves(stmt.orelse)
            then, orelse = reversed(sides) if turned else sides
            return [*lines, If(left, tuple(then), tuple(orelse)), *restores]
        branches = tuple(sides[0]), tuple(sides[1])
        return [*lines, If(stmt.test, *branches, stmt.origin.again()), *restores]

    def left_by(self, flag: str) -> Expr:
        """Whether the loops that `flag` tells about were left by it in the iterations at hand."""
        tests: list[Expr] = [Name(flag)]
        for loop, index in reversed(self.running):
            if flag in (*loop.exits, loop.counter):
                last = Binary("-", Name(loop.counter), Const("1"))
                tests.append(Compare(index, ("==",), (last,)))
            if flag == loop.counter:
                tests.pop(0)
        return reduce(lambda a, b: BoolOp("and", a, b), tests)

    def both(self, stmt: If, state: State) -> tuple[list[State], list[list[Stmt]]]:
        """The adjoints of both branches of `stmt` and the cotangents that each leaves."""
        ends = [dict(state), dict(state)]
        sides = [
            self.reverse(block, Inside(stmt, branch), ends[branch], None)
            for branch, block in enumerate((stmt.then, stmt.orelse))
        ]
        return ends, sides

    # ---- cotangents

    def key(self, place: Expr) -> Place | None:
        """The cotangent that `place` has to itself; None for a part of a buffer."""
        match place:
            case Name(id=id):
                return (id,)
            case Index(value=Name(id=id), index=Const(value=str() as key)) if id in self.split:
                return (id, key)
            case Attribute(value=Name(id=id), name=name) if id in self.split:
                return (id, name)
            case _:
                return None

    def root(self, place: Expr) -> Place:
        """The cotangent of whose buffer `place` is a part."""
        while (key := self.key(place)) is None:
            assert isinstance(place, Index | Attribute)
            place = place.value
        return key

    def bar(self, place: Expr, env: Mapping[str, Kind]) -> Name | Index | Attribute:
        """The cotangent of a variable or of a part of one.

        That of a namedtuple is a list, unless its fields have cotangents of their own.
        """
        match place:
            case Name(id=id):
                return Name(id, "bar")
            case Index(value=value, index=index):
                return Index(self.bar(value, env), index)
            case Attribute(value=value, name=name):
                key = key_of_field(name, self.kinds.of(value, env))
                if self.key(place) is not None or isinstance(key.value, str):
                    return Attribute(self.bar(value, env), name, is_field=True)
                return Index(self.bar(value, env), key)
            case _:
                raise AssertionError(place)

    def place_expr(self, place: Place, *, bar: bool) -> Name | Index | Attribute:
        """A cotangent, or the value it belongs to, as an expression."""
        name = Name(place[0], "bar" if bar else "")
        if len(place) == 1:
            return name
        if isinstance(self.split[place[0]], Record):
            return Attribute(name, place[1], is_field=True)
        return Index(name, Const(_quote(place[1])))

    def zeros(self, place: Place, env: Mapping[str, Kind], state: State) -> list[Stmt]:
        """Make the cotangent of `place` zero."""
        value = self.place_expr(place, bar=False)
        if not isinstance(self.kinds.of(value, env), Scalar) and place[0] not in self.recorded.sure:
            self.recorded.unbound.add(place[0])
        state[place] = True
        return [
            Assign(self.place_expr(place, bar=True), zeros_like(value, self.kinds.of(value, env)))
        ]

    def lend(self, value: Expr, state: State) -> None:
        """Mark the cotangents that `value` may share memory with: none may be changed in place."""
        if makes_new(value) or _is_popped(value):
            return
        for part in subexpressions(value):
            if isinstance(part, Name) and part.role == "bar":
                state.update((place, False) for place in state if place[0] == part.id)


def _stays(stmt: Return) -> list[Stmt]:
    raise AssertionError("no loop returns")


def empty(name: str, kind: Kind) -> Expr:
    """What the cotangents of the parts of the variable `name` are put into, one by one.

    A dict begins with the keys of the variable, in its order, whatever order it is filled in.
    """
    if isinstance(kind, Record):
        return Call(Known("types.SimpleNamespace", "SimpleNamespace"))
    return Call(Attribute(Known("dict", "dict"), "fromkeys"), (Name(name),))


def _is_popped(value: Expr) -> bool:
    """Whether `value` leaves the container that it comes from."""
    match value:
        case Call(func=Attribute(name="pop")):
            return True
        case Call(func=Known(path="retrograd.runtime.pop_inserted")):
            return True
        case _:
            return False


def _put_back(place: Expr, kind: Kind, at: Expr | None, item: Expr) -> Stmt:
    """The statement that puts `item` where ``place.pop(at)`` took it from."""
    if isinstance(kind, MappingKind) and at is not None:
        return Assign(Index(place, at), item)
    k = -1 if at is None else integer_value(at)
    if k == -1:
        return Do(Call(Attribute(place, "append"), (item,)))
    assert at is not None
    if k is not None and k >= 0:
        return Do(Call(Attribute(place, "insert"), (at, item)))
    return Do(helper("insert_popped", place, at, item))


def _leaves(block: Block) -> bool:
    return ways_out(block) - RAISE == {"break"}


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _saved(save: Save) -> Stmt:
    old: Expr
    if save.entry:
        assert isinstance(save.place, Index)
        old = helper("kept_entry", save.place.value, save.place.index)
        if save.repeated:
            return Do(Call(Attribute(save.tape, "append"), (old,)))
        return Assign(save.tape, old)
    if save.place is not None:
        match save.kind:
            case Scalar() | Other():
                old = save.place
            case Array():
                old = Call(Attribute(save.place, "copy"))
            case _:
                old = helper("owned", save.place)
        if save.repeated:
            return Do(Call(Attribute(save.tape, "append"), (old,)))
        return Assign(save.tape, old)
    ids = tuple(Name(id) for id in save.ids)
    value: Expr = ids[0] if len(ids) == 1 else Tuple(ids)
    if save.repeated:
        return Do(Call(Attribute(save.tape, "append"), (value,)))
    return Assign(save.tape, value)


def _restored(save: Save, index: Name | None) -> Stmt:
    ids = tuple(Name(id) for id in save.ids)
    target: Target = ids[0] if len(ids) == 1 else Tuple(ids)
    if save.place is not None:
        target = save.place
    if save.entry:
        assert isinstance(save.place, Index)
        popped = Call(Attribute(save.tape, "pop")) if index is None else Index(save.tape, index)
        old = popped if save.repeated else save.tape
        return Do(helper("put_back", save.place.value, save.place.index, old))
    if not save.repeated:
        return Assign(target, save.tape)
    if index is not None:
        return Assign(target, Index(save.tape, index))
    return Assign(target, Call(Attribute(save.tape, "pop")))


def _is_part_of_cotangent(value: Expr) -> bool:
    """Whether `value` is a view of a cotangent that later writes change in place."""
    root = root_of(value)
    return isinstance(value, Index) and root is not None and root.role == "bar"


def _is_out(expr: Expr) -> bool:
    return isinstance(expr, Name) and expr.role == "out"


def _settled(expr: Expr) -> Expr:
    """`expr` with "out" names as the variables that now hold these values."""
    return rewrite(expr, lambda part: Name(part.id) if _is_out(part) else part)  # type: ignore[union-attr]


def _swapping(old: Name, new: Name) -> Callable[[Expr], Expr]:
    return lambda expr: rewrite(expr, lambda part: new if part == old else part)


def _read(parts: Partials, role: str) -> frozenset[str]:
    """The variables that the adjoint of a statement reads as they were before it, or after ("out")."""
    return frozenset(
        part.id
        for expr in parts.expressions()
        for part in subexpressions(expr)
        if isinstance(part, Name) and part.role == role
    )


def _base(place: Expr) -> str:
    root = root_of(place)
    assert root is not None
    return root.id


def _added(bar: Name | Index | Attribute, value: Expr) -> AugAssign:
    match value:
        case Unary(op="-", operand=operand):
            return AugAssign(bar, "-", operand)
        case _ if (positive := _negated(value)) is not None:
            return AugAssign(bar, "-", positive)
        case _:
            return AugAssign(bar, "+", value)


def _negated(value: Expr) -> Expr | None:
    """`value` without the minus in front of its first factor, None if there is none."""
    match value:
        case Binary(op="*" | "/" as op, left=Unary(op="-", operand=operand), right=right):
            return Binary(op, operand, right)
        case Binary(op="*" | "/", left=left):
            positive = _negated(left)
            return None if positive is None else replace(value, left=positive)
        case _:
            return None


def _quoted(stmt: Stmt, lines: list[Stmt]) -> list[Stmt]:
    quote = stmt.origin.spelling or stmt.origin.quote
    return [Comment(quote), *lines] if lines and quote else lines


def _placed(line: Stmt, stmt: Stmt) -> Stmt:
    """`line` of the adjoint of `stmt`, with the place of that unless it has one."""
    if line.origin.span is not None:
        return line
    return replace(line, origin=replace(line.origin, span=stmt.origin.span))


def _read_in(block: Block) -> frozenset[str]:
    return frozenset(
        name for stmt in statements(block) for expr in own_expressions(stmt) for name in names(expr)
    )
