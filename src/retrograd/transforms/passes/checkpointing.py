"""Keep a few states of a loop instead of a tape of all its iterations, and run it again between them.

    for t in range(n):                           for start in reversed(range(0, n, stride)):
        if t % stride == 0:                          stop = min(start + stride, n)
            x_snapshots.append(x)                    x = x_snapshots.pop()
        x = x + k * np.sin(x)                        x_saved = []
                                                     for t in range(start, stop):
                                                         x_saved.append(x)
                                                         x = x + k * np.sin(x)
                                                     for t in reversed(range(start, stop)):
                                                         x = x_saved.pop()
                                                         ... the ordinary adjoint of an iteration

The loop is cut into segments. What `Sweeps` writes for its iterations stays as it is: the forward
iteration with what it saves, and its adjoint, now both for one segment at a time, in the reverse sweep;
so tapes are no longer than a segment. The forward sweep runs the user's statements alone. What runs
again, and from which state, is found out in `running_again`. To the rest of the function it is a loop
whose adjoint reads all that its iterations read: what they do not change themselves is recorded as
ever (`to_be_recorded`, `to_be_undone`).

* "sqrt": every `stride`-th state, `stride` being the root of the number of iterations. A `while` does not
  know that number: its segments get longer by one iteration each, so that there are about as many of them
  as the longest has iterations. Each iteration runs twice.
* "recursive": as many snapshots as the number of iterations has binary digits, and segments of as many
  iterations. The reverse sweep begins with the first state and leaves snapshots on its way to the last
  segment, where the binomial schedule wants them (`retrograd.runtime.halfway`).
* A number of bytes: the same, with as many snapshots as fit into half of them. The first segment is one
  iteration, and what that leaves on the tapes tells how many fit into the other half.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from retrograd.transforms.ir.algebra import builtin, helper, made
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    AugAssign,
    Binary,
    Block,
    Call,
    Checkpoint,
    Comment,
    Compare,
    Const,
    Do,
    Expr,
    For,
    If,
    Index,
    Known,
    List,
    Name,
    Stmt,
    Target,
    Tuple,
    While,
)
from retrograd.transforms.passes.exits import FALSE
from retrograd.transforms.passes.running_again import Again, Kept, Loop

_ZERO = Const("0")
_ONE = Const("1")


@dataclass
class Segments:
    """A loop that is cut into segments, and the variables of our own that this takes.

    `counter` counts its iterations. The snapshots of a `nested` loop are made in every iteration of
    another one. The `state` is known once the adjoint is, and the `flags` of the loop that it reads.
    """

    loop: Loop
    counter: Name
    nested: bool
    fresh: Callable[[str], str]
    state: dict[str, Kept] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    _names: dict[str, Name] = field(default_factory=dict)

    def own(self, root: str) -> Name:
        """The variable of our own that is called `root` unless that is taken."""
        if root not in self._names:
            self._names[root] = made(self.fresh(root))
        return self._names[root]

    @property
    def count(self) -> Expr:
        """How many iterations there were."""
        if isinstance(self.loop, While) or self.loop.counter:
            return Name(self.loop.counter)
        return self.most

    @property
    def most(self) -> Expr:
        """How many iterations of a `for` there are if it is not left."""
        assert isinstance(self.loop, For)
        assert isinstance(self.loop.iterable, Call)
        return self.loop.iterable.args[0]

    @property
    def scheme(self) -> Checkpoint:
        """Which states are kept; without a state any cut will do."""
        return self.loop.checkpoint if self.state else "sqrt"

    @property
    def snapshots(self) -> Name:
        """The list of states."""
        names = [*self.state]
        return self.own(f"{names[0]}_snapshots" if len(names) == 1 else "snapshots")

    @property
    def range(self) -> Call:
        """The iterations of the segment at hand."""
        return builtin("range", self.own("start"), self.own("stop"))

    @property
    def grows(self) -> bool:
        """Whether segments get longer, for nobody knows beforehand how many iterations there will be."""
        return isinstance(self.loop, While) and bool(self.state)

    # ---- forward

    def forward(self) -> list[Stmt]:
        """The loop as the user wrote it, and the snapshots that it leaves."""
        loop = self.loop
        if isinstance(loop, For) and loop.target != self.counter:
            loop = replace(loop, target=self.counter, origin=loop.origin.rewritten())
        if not self.state:
            return [loop]
        if self.scheme != "sqrt":
            return [self.keep(self.snapshots, _ZERO), loop]
        stride, due, step = self.own("stride"), self.own("due"), Name(loop.counter)
        if self.grows:
            more: Block = (_add(stride, _ONE), _add(due, stride))
            keep = If(_equal(step, due), (self.keep(self.snapshots, step), *more), ())
            first: list[Stmt] = [Assign(stride, _ZERO), Assign(due, _ZERO)]
        else:
            keep = If(
                _equal(Binary("%", self.counter, stride), _ZERO), (self.keep(self.snapshots),), ()
            )
            first = [self.root_of(self.most)]
        return [*first, replace(loop, body=(keep, *loop.body))]

    def root_of(self, count: Expr) -> Stmt:
        """``stride = int(math.sqrt(max(count, 1)))``."""
        root = Call(Known("math.sqrt", "math.sqrt"), (builtin("max", count, _ONE),))
        return Assign(self.own("stride"), builtin("int", root))

    def keep(self, states: Name, start: Expr | None = None) -> Stmt:
        """Add a snapshot of the state to `states`, with the number of the iteration that it is before."""
        items = [kept.taken for kept in self.state.values()]
        value = _together(items if start is None else [start, *items])
        return Do(Call(Attribute(states, "append"), (value,)))

    def put_back(self, states: Name, *, start: bool) -> list[Stmt]:
        """Take the last of the `states`, with the number of its iteration if that was kept."""
        clear: list[Stmt] = [Assign(Name(flag), FALSE) for flag in self.flags]
        places: list[Expr] = [kept.place for kept in self.state.values()]
        if not places:
            return clear
        target = _together([self.own("start"), *places] if start else places)
        assert isinstance(target, Target)
        return [Assign(target, Call(Attribute(states, "pop"))), *clear]

    # ---- reverse

    def reverse(self, again: Again, tapes: list[Name], adjoint: Stmt) -> list[Stmt]:
        """The segments, the last one first: run again, then reversed by `adjoint`."""
        rerun = For(self.counter, self.range, again.recording)
        empty = (Assign(tape, List(())) for tape in tapes)
        segment: list[Stmt] = [*empty, rerun]
        if self.scheme != "sqrt":
            return self.scheduled(segment, again.plain, tapes, adjoint)
        told = Comment("each segment runs again from its snapshot, then it is reversed")
        if self.grows:
            return [
                told,
                Assign(self.own("stop"), self.count),
                *self.while_left([*self.put_back(self.snapshots, start=True), *segment, adjoint]),
            ]
        start, stop, stride = (self.own(root) for root in ("start", "stop", "stride"))
        starts = builtin("reversed", builtin("range", _ZERO, self.count, stride))
        body = (
            Assign(stop, builtin("min", Binary("+", start, stride), self.count)),
            *self.put_back(self.snapshots, start=False),
            *segment,
            adjoint,
        )
        lines: list[Stmt] = [For(start, starts, body)]
        if not self.state:
            return [told, self.root_of(self.count), *lines]
        return [told, *([self.root_of(self.most)] if self.nested else []), *lines]

    def scheduled(
        self, segment: list[Stmt], plain: Block, tapes: list[Name], adjoint: Stmt
    ) -> list[Stmt]:
        """The segments on a binomial schedule, which begins with the first state alone."""
        start, stop, middle = (self.own(root) for root in ("start", "stop", "middle"))
        states, most, length = (self.own(root) for root in ("states", "most", "length"))
        free = Binary("-", most, builtin("len", states))
        advance = (
            self.keep(states, start),
            Assign(middle, helper("halfway", start, stop, length, free)),
            For(self.counter, builtin("range", start, middle), plain),
            Assign(start, middle),
        )
        extent = Binary("-", stop, start)
        lines: list[Stmt] = [
            *self.put_back(states, start=True),
            While(Compare(extent, (">",), (length,)), advance),
            *segment,
        ]
        first: list[Stmt] = [
            Assign(stop, self.count),
            Assign(states, List((Call(Attribute(self.snapshots, "pop")),))),
        ]
        if isinstance(self.scheme, int):
            half = Const(f"{self.scheme // 2:_}")
            room = helper("states_within", half, Index(states, _ZERO))
            first = [
                Comment(f"{self.scheme:_} bytes: half for snapshots, half for tapes of a segment"),
                *first,
                Assign(most, room),
                Assign(length, _ONE),
            ]
            lines.append(Assign(length, helper("steps_within", half, extent, *tapes)))
        else:
            told = "as many snapshots as the number of iterations has binary digits"
            first = [
                Comment(told),
                *first,
                Assign(most, helper("digits", stop)),
                Assign(length, most),
            ]
        return [*first, *self.while_left([*lines, adjoint])]

    def while_left(self, body: list[Stmt]) -> list[Stmt]:
        """Run `body` for the segment that ends at `stop`, until none is left."""
        stop = self.own("stop")
        segment = (*body, Assign(stop, self.own("start")))
        return [While(Compare(stop, (">",), (_ZERO,)), segment)]


def _add(name: Name, value: Expr) -> Stmt:
    return AugAssign(name, "+", value)


def _equal(left: Expr, right: Expr) -> Expr:
    return Compare(left, ("==",), (right,))


def _together(items: list[Expr]) -> Expr:
    return items[0] if len(items) == 1 else Tuple(tuple(items))
