"""What of a loop's iterations runs again in the reverse sweep, and from which state.

    total = total + x * x                              x = x_snapshots.pop()
    hist.append(x)                       ->            x_saved.append(x)
    x = np.sin(x)          adjoint reads x             x = np.sin(x)

Run again are the statements that a tape, a test or the adjoint needs. So a list that is only appended
to, a sum, a line that is printed are made once, in the forward sweep. What has to run again and draws
numbers, or does something else that we cannot see, is refused.

The state is what an iteration changes, and a segment reads before it gives it a value. A snapshot holds
copies of what is written in place somewhere. They take the place of the variables, so no other
variable may share the memory of these; an array that only its elements are written of is filled again
where it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from retrograd.transforms.analyses.kinds_and_ranks import Kinds
from retrograd.transforms.analyses.liveness import live_on_entry
from retrograd.transforms.analyses.to_be_recorded import Recorded
from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.ir.algebra import helper
from retrograd.transforms.ir.kinds import UNKNOWN, Array, Kind, Other, Scalar
from retrograd.transforms.ir.nodes import (
    MADE,
    Assert,
    Assign,
    Attribute,
    AugAssign,
    Block,
    Call,
    Const,
    Do,
    Expr,
    For,
    Function,
    Index,
    Name,
    Raise,
    Stmt,
    While,
    With,
)
from retrograd.transforms.ir.show import show
from retrograd.transforms.ir.walk import (
    assigned,
    bound_names,
    content_names,
    map_blocks,
    names,
    own_expressions,
    places_written,
    root_of,
    statements,
    stored,
    subexpressions,
)
from retrograd.transforms.rules.opaque import acts, is_opaque, only_shows

Names = frozenset[str]
Loop = For | While


@dataclass(frozen=True, slots=True)
class Kept:
    """A variable of a loop's state: how a snapshot takes it, and where it is put back."""

    taken: Expr
    place: Name | Index


@dataclass(frozen=True, slots=True)
class Again:
    """What runs again of an iteration: as it records, and as it is; the variables that this is for."""

    recording: Block
    plain: Block
    needed: Names


@dataclass(frozen=True)
class RunningAgain:
    """Finds out what of a loop runs again, given what is recorded and the kinds of its variables."""

    recorded: Recorded
    kinds: Kinds

    def body(self, loop: Loop, forward: Block, reverse: Block) -> Again:
        """Those statements of `forward`, an iteration of `loop`, that have to run again for `reverse`.

        Raises:
            UnsupportedError: one of them must not.
        """
        changed, filled = assigned(loop.body), _only_appended_to(loop.body)
        needed = _read(reverse, changed) - filled
        while True:
            kept = self._kept(forward, loop, needed)
            found = needed | (_read(kept, changed) - filled)
            if found == needed:
                break
            needed = found
        _check(kept)
        plain = self._kept(loop.body, loop, needed)
        return Again(tuple(map(_copied, kept)), tuple(map(_copied, plain)), needed)

    def _kept(self, block: Block, loop: Loop, needed: Names) -> Block:
        """`block` without what makes nothing that is `needed`, and without the count of iterations."""

        def is_kept(stmt: Stmt) -> bool:
            match stmt:
                case Assign(target=Name(id=loop.counter, role="")):
                    return False
                case Assign() | AugAssign():
                    return bool(_changed(stmt) & needed) or _is_of_ours(stmt)
                case Do(value=value) if only_shows(value, self.kinds.anywhere):
                    return False
                case Do(value=value):
                    return bool(_changed(stmt) & needed) or _is_of_ours(stmt) or acts(value)
                case Raise() | Assert():
                    return False  # it let the forward sweep pass
                case _:
                    return True

        return tuple(
            map_blocks(stmt, lambda inner: self._kept(inner, loop, needed))
            for stmt in block
            if is_kept(stmt)
        )

    def state(self, loop: Loop, segment: Block, needed: Names) -> tuple[dict[str, Kept], list[str]]:
        """The state that `segment` of the iterations of `loop` begins with; the flags that are not set.

        Raises:
            UnsupportedError: it shares memory with what a snapshot would leave as it is.
        """
        live = live_on_entry(Function("segment", (), segment), self.recorded.families)
        changed = (assigned(loop.body) | stored(loop.body)) & needed
        own = {loop.counter, *loop.exits}
        state = sorted(id for id, role in live if not role and id in changed - own)
        flags = [flag for flag in loop.exits if (flag, "") in live and flag in changed]
        env = self.kinds.before[loop.body[0]]
        report = Diagnostics()
        found = {id: self._keeping(id, loop, frozenset(state), env, report) for id in state}
        report.raise_if_any()
        return found, flags

    def _keeping(
        self, id: str, loop: Loop, state: Names, env: Mapping[str, Kind], report: Diagnostics
    ) -> Kept:
        name, kind = Name(id), env.get(id, UNKNOWN)
        if id not in self.recorded.entered[loop]:
            self.recorded.unbound.add(id)
        if isinstance(kind, Scalar | Other) or id not in self.recorded.volatile:
            return Kept(name, name)
        kin = {
            other
            for other in self.recorded.families.get(id, frozenset()) & self.recorded.volatile
            if other != id and other.isidentifier()  # what came from the caller is not written to
        }
        taken: Expr = helper("duplicate", name)
        if isinstance(kind, Array) and id not in self.recorded.unbound:
            taken = Call(Attribute(name, "copy"))
        stays = isinstance(kind, Array) and kind.dims != () and id not in assigned(loop.body)
        if kin & state or (kin and not stays):
            other = min(kin & state or kin)
            label = f"`{id}` is written in place, and may share memory with `{other}`"
            report.refuse("RG410", loop.origin.span, label)
        return Kept(taken, Index(name, Const("...")) if kin else name)


def _check(block: Block) -> None:
    """Refuse to run `block` again if that does more than give values."""
    report = Diagnostics()
    for stmt in statements(block):
        for expr in own_expressions(stmt) if not isinstance(stmt, With) else ():
            for part in subexpressions(expr):
                if isinstance(part, Call) and (is_opaque(part) or acts(part.func)):
                    label = f"`{show(part)}` would be evaluated again"
                    report.refuse("RG410", part.at or stmt.origin.span, label)
    report.raise_if_any()


def _only_appended_to(body: Block) -> Names:
    """The lists from before a loop with this `body` that it appends to, and does nothing else with."""
    found: set[str] = set()
    read: set[str] = set(assigned(body))
    for stmt in statements(body):
        match stmt:
            case Do(
                value=Call(func=Attribute(value=Name(id=id, role=""), name="append"), args=args)
            ):
                found.add(id)
                read.update(*map(names, args))
            case _:
                read.update(*map(names, own_expressions(stmt)))
    return frozenset(found - read)


def _read(block: Block, changed: Names) -> Names:
    """The variables that `block` reads; of those that are not in `changed`, the contents."""
    exprs = [expr for stmt in statements(block) for expr in own_expressions(stmt)]
    return frozenset().union(*(content_names(e) | (names(e) & changed) for e in exprs))


def _changed(stmt: Stmt) -> Names:
    """The user's variables that a statement gives a value, or changes in place."""
    roots = frozenset(root.id for p in places_written(stmt) if (root := root_of(p)) is not None)
    match stmt:
        case Assign(target=target) | AugAssign(target=target):
            return roots | frozenset(bound_names(target))
        case _:
            return roots


def _is_of_ours(stmt: Stmt) -> bool:
    """Whether a statement fills a tape, or is a call that does."""
    match stmt:
        case Do(value=Call(func=Attribute(value=place))):
            root = root_of(place)
            return root is not None and bool(root.role)
        case Assign(target=Name(role=role), value=value):
            return bool(role) or _keeps(value)
        case _:
            return False


def _keeps(value: Expr) -> bool:
    return any(
        isinstance(part, Call)
        and any(isinstance(arg, Name) and arg.role == "saved" for arg in part.args)
        for part in subexpressions(value)
    )


def _copied(stmt: Stmt) -> Stmt:
    """The same statement as another event: its text, without the comments around it."""
    hidden = isinstance(stmt, For) and any(line.origin.spelling == "" for line in stmt.body)
    again = replace(stmt, origin=MADE if hidden else stmt.origin.again())
    return map_blocks(again, lambda block: tuple(map(_copied, block)))
