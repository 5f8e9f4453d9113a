"""Which values the reverse sweep needs and no longer finds, and how it gets them back (TBR).

A value is lost when its name is given another before the reverse sweep reads it. In straight-line
code and branches it is kept aside just before that. In a loop every name loses its value: one that
the adjoints read in a single version per iteration is recorded once (at the top if it entered the
iteration, behind its statement if it was made there) or, if it is cheap, computed again; one that
they read in several versions is recorded before each overwrite and restored in step with the
reversed statements.

    for i in range(n):                          for i in reversed(range(n)):
        p_saved.append(p)        <- top             p = p_saved[i]              <- restored
        q = p * x                                   q = p * x                   <- replayed
        p = math.sin(q) + c[i]                      ... adjoints that read p and q ...
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field

from retrograd.transforms.analyses.binding import surely_bound
from retrograd.transforms.analyses.kinds_and_ranks import Kinds
from retrograd.transforms.analyses.liveness import Liveness, acts
from retrograd.transforms.analyses.partials import Partials
from retrograd.transforms.analyses.to_be_undone import has_adjoint, reaches, to_be_undone
from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.ir.kinds import ANY, UNKNOWN, Array, Kind, Mapping, Other, Scalar, Unknown
from retrograd.transforms.ir.methods import method_of
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Block,
    Call,
    Callee,
    Compare,
    Const,
    Expr,
    For,
    Function,
    If,
    IfExp,
    Index,
    Known,
    Name,
    Outer,
    Return,
    Stmt,
    Unary,
    While,
    With,
)
from retrograd.transforms.ir.walk import (
    assigned,
    blocks,
    bound_names,
    content_names,
    map_blocks,
    names,
    own_expressions,
    places_written,
    resized,
    root_of,
    statements,
    stored,
    subexpressions,
)
from retrograd.transforms.ir.ways import RAISE, ways_out

Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Save:
    """The variables `ids` go to one tape; `repeated` if once per iteration, so that it is a list.

    `indexed` tapes get exactly one entry in every iteration of an outermost loop. What a write in
    place destroys at `place`, a value of `kind`, is saved instead of variables; with `at_top` it comes
    back on entering the reversed block, with `entry` it is an entry of a dict that may not have
    been there.
    """

    ids: tuple[str, ...]
    tape: Name
    repeated: bool
    indexed: bool = False
    place: Index | Attribute | None = None
    kind: Kind = UNKNOWN
    at_top: bool = False
    entry: bool = False


@dataclass(frozen=True, slots=True)
class Inside:
    """One block of a compound statement: the body of a loop, or a branch (0 then, 1 orelse)."""

    stmt: Stmt
    branch: int = 0


@dataclass
class Recorded:
    """What is saved and restored where.

    `before` and `after` name the statements around which a value is saved. What was saved `before`
    a statement is restored while that statement is reversed; `restored` and `replayed` happen on
    entering the reversed block, and `top` is saved on entering the block itself. The names in
    `unbound` are read, on some path, where the user's program gives them no value; those in `sure`
    have one wherever the function returns. The writes in place that are `undone` save what they
    destroy; undoing them changes the memory of `disturbed`. Variables of one of
    the `families` may share memory; what is in that of `volatile` is written in place somewhere. Of a
    loop that runs again, `entered` has the names that surely have a value before it.
    """

    before: dict[Stmt, list[Save]] = field(default_factory=lambda: defaultdict(list))
    after: dict[Stmt, list[Save]] = field(default_factory=lambda: defaultdict(list))
    top: dict[Inside, list[Save]] = field(default_factory=lambda: defaultdict(list))
    restored: dict[Inside, list[Save]] = field(default_factory=lambda: defaultdict(list))
    replayed: dict[Inside, list[Assign]] = field(default_factory=lambda: defaultdict(list))
    unbound: set[str] = field(default_factory=set)
    sure: Names = frozenset()
    undone: frozenset[Stmt] = frozenset()
    disturbed: Names = frozenset()
    families: MappingOf[str, Names] = field(default_factory=dict)
    volatile: Names = frozenset()
    entered: dict[Stmt, Names] = field(default_factory=dict)

    def tapes(self) -> list[Save]:
        """Every save, in no order that matters."""
        groups = (*self.before.values(), *self.after.values(), *self.top.values())
        return [save for group in groups for save in group]


@dataclass(frozen=True, slots=True)
class _Needs:
    """Names whose value just before, and just after, a statement its adjoint reads."""

    before: Names
    after: Names


def to_be_recorded(
    function: Function,
    parts: MappingOf[Stmt, Partials],
    useful: MappingOf[Stmt, Names],
    kinds: Kinds,
    live: Liveness,
    families: MappingOf[str, Names],
    fresh: Callable[[str], str],
    report: Diagnostics,
    *,
    everything: bool = False,
) -> Recorded:
    """The recording that the adjoint of `function`, made of `parts`, needs.

    `families` tells which variables may share memory. With `everything`, the safe answer: each
    value that is overwritten is recorded.
    """
    undone = to_be_undone(function, parts, useful, families, kinds, everything=everything)
    volatile = stored(function.body)
    volatile = volatile.union(*(families.get(name, frozenset()) for name in volatile))
    planner = _Planner(
        function, parts, useful, kinds, live, undone, volatile, fresh, report, everything
    )
    everywhere = list(statements(function.body))
    again = (stmt for loop in everywhere if _runs_again(loop) for stmt in statements((loop,)))
    planner.recorded.families = families
    planner.recorded.volatile = _reached(everywhere, families, kinds)
    planner.recorded.disturbed = _reached((*undone, *again), families, kinds)
    planner.block(function.body, None, frozenset(), depth=0)
    return planner.recorded


class _Planner:
    def __init__(
        self,
        function: Function,
        parts: MappingOf[Stmt, Partials],
        useful: MappingOf[Stmt, Names],
        kinds: Kinds,
        live: Liveness,
        undone: frozenset[Stmt],
        volatile: Names,
        fresh: Callable[[str], str],
        report: Diagnostics,
        everything: bool,
    ) -> None:
        self.parts = parts
        self.useful = useful
        self.kinds = kinds
        self.live = live
        self.undone = undone
        self.volatile = volatile
        self.fresh = fresh
        self.report = report
        self.everything = everything
        self.lengths = resized(function.body)
        self.bound = surely_bound(function)
        self.definitions = _count_definitions(function)
        ends = [stmt for stmt in statements(function.body) if isinstance(stmt, Return)]
        found = [self.bound.before[stmt] for stmt in ends if stmt in self.bound.before]
        sure = frozenset.intersection(*found) if found else frozenset()
        self.recorded = Recorded(undone=undone, sure=sure)
        self.tape_ids: set[str] = set()
        self.ways: Names = frozenset()

    # ---- what the adjoint of one statement reads

    def needs(self, stmt: Stmt, depth: int) -> _Needs:
        """What the adjoint of `stmt` reads; plans the blocks inside it."""
        match stmt:
            case For(iterable=iterable, body=body):
                return self.loop(stmt, body, names(iterable), depth)
            case While(body=body):
                return self.loop(stmt, body, frozenset(), depth)
            case If(test=test):
                return self.branches(stmt, frozenset() if stmt.exit else names(test), depth)
            case With():
                return self.branches(stmt, frozenset(), depth)
            case _ if stmt in self.parts:
                exprs = self.parts[stmt].expressions()
                after = frozenset(
                    part.id
                    for expr in exprs
                    for part in subexpressions(expr)
                    if isinstance(part, Name) and part.role == "out"
                )
                before = frozenset(name for expr in exprs for name in names(expr))
                return _Needs(before | self.undoing(stmt), after | self.taken(stmt))
            case _:
                return _Needs(self.undoing(stmt), self.taken(stmt))

    def undoing(self, stmt: Stmt) -> Names:
        """The variables that undoing a write in place reads."""
        if stmt not in self.undone:
            return frozenset()
        method = method_of(stmt)
        at = frozenset() if method is None or method.at is None else names(method.at)
        return at.union(*map(names, places_written(stmt)))

    def taken(self, stmt: Stmt) -> Names:
        """The variable with what a method took out of a container, if that is put back."""
        method = method_of(stmt) if stmt in self.undone else None
        if method is None or method.result is None:
            return frozenset()
        return frozenset({method.result.id})

    def undo(self, stmt: Stmt, inside: Inside | None, depth: int, *, at_top: bool) -> None:
        """Save what a write in place destroys, just before it."""
        if method_of(stmt) is not None:
            return
        for place in places_written(stmt):
            root = root_of(place)
            assert root is not None
            assert isinstance(place, Index | Attribute)
            indexed = depth == 1 and inside is not None and not _is_branch(inside)
            kind = self.kinds.of(place, self.kinds.before[stmt])
            new = isinstance(place, Index) and self.may_be_new(place, stmt)
            save = Save((), self.tape(root.id), depth > 0, indexed, place, kind, at_top, new)
            self.recorded.before[stmt].append(save)
            if at_top:
                assert inside is not None
                self.recorded.restored[inside].append(save)

    def undone_first(self, block: Block, inside: Inside | None) -> int | None:
        """The write in `block` that may be undone on entering the reversed block.

        It is the only one to its variable, and no adjoint behind it reads what it has written.
        """
        if inside is None or self.everything:
            return None
        writes = [k for k, stmt in enumerate(block) if stored((stmt,)) & self.volatile]
        if len(writes) != 1 or block[writes[0]] not in self.undone:
            return None
        (k,) = writes
        if method_of(block[k]) is not None:
            return None
        read: Names = frozenset()
        for stmt in statements(block[k:]):
            exprs = self.parts[stmt].contents() if stmt in self.parts else ()
            read |= frozenset().union(*map(content_names, exprs if stmt is not block[k] else ()))
            read |= frozenset(
                part.id
                for expr in exprs
                for part in subexpressions(expr)
                if isinstance(part, Name) and part.role == "out"
            )
        moved = frozenset(name for p in places_written(block[k]) for name in names(p))
        if (
            read & self.volatile
            or moved & assigned(block)
            or (len(block[k:]) > 1 and any(blocks(stmt) for stmt in block[k:]))
        ):
            return None
        return k

    def may_be_new(self, place: Index, stmt: Stmt) -> bool:
        """Whether there may be nothing at `place`, an entry of a dict, before `stmt`."""
        match self.kinds.of(place.value, self.kinds.before[stmt]), place.index:
            case Mapping(items=items), Const(value=str() as key) if items is not None:
                return key not in dict(items)
            case Mapping(), _:
                return True
            case Unknown(), Const(value=str()):
                return True
            case _:
                return False

    def loop(self, stmt: For | While, body: Block, header: Names, depth: int) -> _Needs:
        if not has_adjoint(stmt, self.parts, self.useful, self.undone):
            return _Needs(frozenset(), frozenset())
        ways = _ways(stmt)
        own = (assigned(body) | bound_names_of(stmt)) - ways
        around = self.ways
        carried = frozenset(n for n in own if not self.is_scalar(n, stmt) and self.is_live(n, stmt))
        self.ways |= ways
        inner = self.block(
            body,
            Inside(stmt),
            own,
            depth + 1,
            zeroed=self.reshaped(carried, stmt),
        )
        self.ways = around
        if stmt.checkpoint:
            self.recorded.entered[stmt] = self.bound.before.get(stmt, frozenset())
            header |= _read_in(body) - own - ways
        elif stmt.counter:
            header = frozenset()
        return _Needs(header | inner.before, inner.after | carried | (ways - self.ways))

    def branches(self, stmt: If | With, header: Names, depth: int) -> _Needs:
        if not has_adjoint(stmt, self.parts, self.useful, self.undone):
            return _Needs(frozenset(), frozenset())
        raises = [ways_out(block) == RAISE for block in blocks(stmt)]
        before, after = frozenset() if any(raises) else header, frozenset[str]()
        for branch, block in enumerate(blocks(stmt)):
            if raises[branch]:
                continue
            own = frozenset(
                name
                for name in assigned(block) - self.ways
                if not self.is_live(name, stmt)
                and (depth > 0 or self.definitions[name] > _definitions_in(block, name))
            )
            inner = self.block(block, Inside(stmt, branch), own, depth)
            before |= inner.before
            after |= inner.after
        changed = assigned((stmt,))
        before |= self.shaped(stmt) - changed
        anew = self.reshaped_by(stmt) if isinstance(stmt, If) else frozenset()
        return _Needs((before - changed) | anew, after | (before & changed))

    def shaped(self, stmt: If | With) -> Names:
        """The names whose cotangents only one branch may reach, so that zeros are shaped after them."""
        return frozenset(
            name
            for inner in statements((stmt,))
            if inner in self.parts
            for contribution in self.parts[inner].contributions
            for name in names(contribution.place)
            if not isinstance(self.kinds.before[inner].get(name), Scalar | Other)
        )

    def reshaped_by(self, stmt: If) -> Names:
        """The names that `stmt` may give another shape, if at all, so that zeros need the old one."""
        before = self.kinds.before.get(stmt, {})
        candidates = assigned((stmt,)) & self.useful.get(stmt, frozenset()) & before.keys()
        arrays = (n for n in candidates if not isinstance(before[n], Scalar | Other))
        return self.not_keeping(frozenset(arrays), stmt)

    def reshaped(self, carried: Names, loop: For | While) -> Names:
        """Those of the variables `carried` from iteration to iteration that may get another shape.

        What the header gives a value has that by the time a value could be saved.
        """
        headed = assigned(tuple(filter(_by_header, loop.body)))
        found = self.not_keeping(carried - bound_names_of(loop) - headed, loop)
        return found | (carried - bound_names_of(loop) - headed) & self.lengths

    def not_keeping(self, candidates: Names, around: Stmt) -> Names:
        """Those of the variables `candidates` to which a block of `around` may give another shape.

        Where the new value is made of the old one, that has a cotangent and needs no zeros.
        """
        kinds = self.kinds.after.get(around, {})
        anew = frozenset(
            name for block in blocks(around) for name in assigned(block) - self.reached_in(block)
        )
        return frozenset(
            name
            for name in candidates
            if _has_any_extent(kinds.get(name, UNKNOWN))
            or (name in anew and isinstance(kinds.get(name), Array))
        )

    def reached_in(self, block: Block) -> Names:
        """The names to whose cotangents the adjoint of `block` adds."""
        roots = (
            root_of(contribution.place)
            for stmt in statements(block)
            if stmt in self.parts
            for contribution in self.parts[stmt].contributions
        )
        return frozenset(root.id for root in roots if root is not None)

    def is_live(self, name: str, stmt: Stmt) -> bool:
        return (name, "") in self.live.after[stmt]

    def is_scalar(self, name: str, stmt: Stmt) -> bool:
        return isinstance(self.kinds.after[stmt].get(name), Scalar | Other)

    # ---- one block

    def block(
        self,
        block: Block,
        inside: Inside | None,
        own: Names,
        depth: int,
        *,
        zeroed: Names = frozenset(),
    ) -> _Needs:
        """Plan `block`; nobody outside keeps the values that the names in `own` have at its end.

        Those in `zeroed` are wanted as they entered it: zeros are shaped after them.
        """
        versions = _Versions(block, inside)
        wanted: dict[str, set[int]] = defaultdict(set)
        for name in zeroed & versions.last.keys():
            wanted[name].add(0)
        first: dict[str, int] = {}
        undone_first = self.undone_first(block, inside)
        for k, stmt in enumerate(block):
            if stmt in self.undone:
                self.undo(stmt, inside, depth, at_top=k == undone_first)
            needs = self.needs(stmt, depth)
            for name in needs.before | needs.after:
                first.setdefault(name, k)
            for name in needs.before:
                wanted[name].add(versions.before(name, k))
            for name in needs.after:
                wanted[name].add(versions.after(name, k))
        if self.everything:
            for name, last in versions.last.items():
                first_made = versions.definition(name, 1)
                if (name in own or wanted[name]) and first_made != _HEADER:
                    kept = name in self.bound.before.get(block[0], frozenset())
                    kept = kept and not _by_header(block[first_made])
                    wanted[name].update(range(0 if kept else 1, last + 1))
        changed = frozenset(versions.last)
        steady = own - self.disturbed(block, first)
        replayed = self.replays(block, versions, wanted, steady, undone_first or 0)
        top: list[str] = []
        requested: set[str] = set()
        for name in sorted(changed):
            if not wanted[name]:
                continue
            if name in steady and len(wanted[name]) == 1:
                (version,) = wanted[name]
                self.single(name, version, versions, block, inside, replayed, top, depth)
            else:
                requested |= self.stepwise(name, wanted[name], versions, block, inside, own, depth)
        if inside is not None:
            self.save_top(top, inside, block, depth)
            for k in sorted(set(replayed.values())):
                stmt = block[k]
                assert isinstance(stmt, Assign)
                self.recorded.replayed[inside].append(stmt)
        read = frozenset(name for name in wanted if wanted[name])
        return _Needs(read - changed, frozenset(requested))

    def disturbed(self, block: Block, first: MappingOf[str, int]) -> Names:
        """The names that the adjoint of an inner loop or branch restores to values of its own.

        They cannot be brought back on entering the reversed block, for statements that come after
        that adjoint, beginning with statement ``first[name]``.
        """
        return frozenset(
            name
            for k, stmt in enumerate(block)
            if blocks(stmt) and has_adjoint(stmt, self.parts, self.useful, self.undone)
            for name in assigned((stmt,))
            if first.get(name, k) < k
        )

    def replays(
        self,
        block: Block,
        versions: "_Versions",
        wanted: dict[str, set[int]],
        own: Names,
        before: int,
    ) -> dict[str, int]:
        """The statements to run again in the reverse sweep, by the name that each defines.

        Those `before` a write that is undone first may read what it destroyed.
        """
        if self.everything:
            return {}
        banned: set[str] = set()
        while True:
            trial = defaultdict(set, {name: set(found) for name, found in wanted.items()})
            chosen: dict[str, int] = {}
            growing = True
            while growing:
                growing = False
                for name in sorted(own - banned - chosen.keys()):
                    k = versions.sole_definition(name, trial[name])
                    if k is None or not (k < before or self.is_steady(block[k])):
                        continue
                    if self.is_cheap(block[k]) and _alone(block[k], trial):
                        chosen[name] = k
                        stmt = block[k]
                        assert isinstance(stmt, Assign)
                        for read in names(stmt.value):
                            trial[read].add(versions.before(read, k))
                        growing = True
            stale = {
                name
                for name, k in chosen.items()
                if len(trial[name]) > 1
                or not _alone(block[k], trial)
                or not all(self.at_hand(read, k, trial, versions, own) for read in _reads(block[k]))
            }
            if not stale:
                wanted.update(trial)
                return chosen
            banned |= stale

    def at_hand(
        self, name: str, k: int, wanted: dict[str, set[int]], versions: "_Versions", own: Names
    ) -> bool:
        """Whether, on entering the reversed block, `name` has the value that statement `k` reads.

        It has if nothing in the block changes it, if it is brought back there, or if it is the last
        one, which names that are restored step by step still have.
        """
        if name not in versions.last:
            return True
        if name in own:
            return len(wanted[name]) == 1
        return versions.before(name, k) == versions.last[name]

    def is_steady(self, stmt: Stmt) -> bool:
        """Whether `stmt` reads nothing that is written in place."""
        return not (isinstance(stmt, Assign) and content_names(stmt.value) & self.volatile)

    def is_cheap(self, stmt: Stmt) -> bool:
        """Whether computing `stmt` again costs no more than keeping its value."""
        if not isinstance(stmt, Assign):
            return False
        if acts(stmt.value) or names(stmt.value) & self.lengths:
            return False
        if _is_element(stmt.value):
            return True
        if not isinstance(stmt.target, Name):
            return False
        kind = self.kinds.after[stmt].get(stmt.target.id)
        if not isinstance(kind, Scalar | Unknown):
            return False
        return all(is_light(part) for part in subexpressions(stmt.value))

    def single(
        self,
        name: str,
        version: int,
        versions: "_Versions",
        block: Block,
        inside: Inside | None,
        replayed: dict[str, int],
        top: list[str],
        depth: int,
    ) -> None:
        """Get back the one version of `name` that the adjoints of a block read."""
        assert inside is not None
        if name in replayed:
            return
        if version == 0:
            top.append(name)
            return
        k = versions.definition(name, version)
        if k == _HEADER:
            return
        tape = self.tape(name)
        indexed = depth == 1 and not _is_branch(inside)
        save = Save((name,), tape, depth > 0, indexed)
        self.recorded.after[block[k]].append(save)
        self.recorded.restored[inside].append(save)
        self.initialize_unbound(name, self.bound.after.get(block[k]))

    def save_top(self, top: list[str], inside: Inside, block: Block, depth: int) -> None:
        """Record at the top of a block the values that entered it."""
        if not top:
            return
        tape = self.tape(top[0]) if len(top) == 1 else Name(self.fresh("saved"), "made")
        indexed = depth == 1 and not _is_branch(inside)
        save = Save(tuple(top), tape, depth > 0, indexed)
        self.recorded.top[inside].append(save)
        self.recorded.restored[inside].insert(0, save)
        for name in top:
            self.initialize_unbound(name, self.bound.before.get(block[0]))

    def stepwise(
        self,
        name: str,
        wanted: set[int],
        versions: "_Versions",
        block: Block,
        inside: Inside | None,
        own: Names,
        depth: int,
    ) -> set[str]:
        """Record `name` before each overwrite of a version that is read; ask for its last if that is."""
        last = versions.last[name]
        lost = {version for version in wanted if version < last}
        in_branch = inside is not None and _is_branch(inside)
        ends_here = name in own and (0 not in wanted or in_branch)
        if last in wanted and name in own and not ends_here:
            lost.add(0)
        if last in wanted and ends_here:
            assert inside is not None
            indexed = depth == 1 and not _is_branch(inside)
            save = Save((name,), self.tape(name), depth > 0, indexed)
            place = block[versions.definition(name, last)]
            self.recorded.after[place].append(save)
            self.recorded.restored[inside].append(save)
            self.initialize_unbound(name, self.bound.after.get(place))
        for version in sorted(lost):
            k = versions.definition(name, version + 1)
            if k == _HEADER:
                assert inside is not None
                self.report.refuse("RG214", inside.stmt.origin.span, f"`{name}` is reassigned")
                continue
            indexed = depth == 1 and inside is not None and not _is_branch(inside)
            save = Save((name,), self.tape(name), depth > 0, indexed)
            self.recorded.before[block[k]].append(save)
            self.initialize_unbound(name, self.bound.before.get(block[k]))
        return {name} if last in wanted and not ends_here else set()

    def initialize_unbound(self, name: str, bound: Names | None) -> None:
        """Note that `name` may be recorded where it has no value, `bound` being what has one."""
        if bound is not None and name not in bound:
            self.recorded.unbound.add(name)

    def tape(self, name: str) -> Name:
        """A tape for `name` that no other place writes to."""
        candidate, count = name, 1
        while candidate in self.tape_ids:
            count += 1
            candidate = f"{name}_{count}"
        self.tape_ids.add(candidate)
        return Name(candidate, "saved")


_HEADER = -1


class _Versions:
    """Counts the values that each name takes in one block; version 0 is the one it entered with."""

    def __init__(self, block: Block, inside: Inside | None) -> None:
        self.definitions: dict[str, list[int]] = defaultdict(list)
        if inside is not None and isinstance(inside.stmt, For):
            for name in bound_names(inside.stmt.target):
                self.definitions[name].append(_HEADER)
        for k, stmt in enumerate(block):
            for name in assigned((stmt,)):
                self.definitions[name].append(k)
        self.last = {name: len(found) for name, found in self.definitions.items()}

    def before(self, name: str, k: int) -> int:
        """The version of `name` just before the statement number `k`."""
        return sum(definition < k for definition in self.definitions.get(name, ()))

    def after(self, name: str, k: int) -> int:
        """The version of `name` just after the statement number `k`."""
        return self.before(name, k + 1)

    def definition(self, name: str, version: int) -> int:
        """The number of the statement that makes a version other than 0."""
        return self.definitions[name][version - 1]

    def sole_definition(self, name: str, wanted: set[int]) -> int | None:
        """The statement that makes the only version wanted, if one does."""
        if len(wanted) != 1 or 0 in wanted or name not in self.last:
            return None
        k = self.definition(name, min(wanted))
        return None if k == _HEADER else k


def _by_header(stmt: Stmt) -> bool:
    """Whether the header of the loop around it does what `stmt` does, before anything can be saved."""
    return stmt.origin.spelling == ""


def _has_any_extent(kind: Kind) -> bool:
    """Whether nothing is known of an extent of a value of `kind`, which may be an array."""
    match kind:
        case Array(dims=dims):
            return dims is None or ANY in dims
        case _:
            return isinstance(kind, Unknown)


def _is_branch(inside: Inside) -> bool:
    """Whether a block is no body of a loop."""
    return isinstance(inside.stmt, If | With)


def bound_names_of(stmt: For | While) -> Names:
    """The names that the header of a loop binds."""
    return frozenset(bound_names(stmt.target)) if isinstance(stmt, For) else frozenset()


def _ways(stmt: For | While) -> Names:
    """The variables that say how a loop was left; the reverse sweep reads their last values alone."""
    return frozenset((*stmt.exits, stmt.counter) if stmt.counter else ())


def _reached(writes: Iterable[Stmt], families: MappingOf[str, Names], kinds: Kinds) -> Names:
    """The variables whose memory one of `writes` changes."""
    return frozenset(
        name
        for write in writes
        for root in stored((map_blocks(write, lambda block: ()),))
        for name in {root, *families.get(root, ())}
        if name == root or reaches(write, name, kinds)
    )


def _runs_again(stmt: Stmt) -> bool:
    return isinstance(stmt, For | While) and bool(stmt.checkpoint)


def _read_in(block: Block) -> Names:
    return frozenset().union(
        *(names(expr) for stmt in statements(block) for expr in own_expressions(stmt))
    )


def _reads(stmt: Stmt) -> Names:
    return names(stmt.value) if isinstance(stmt, Assign) else frozenset()


def _alone(stmt: Stmt, wanted: MappingOf[str, set[int]]) -> bool:
    """Whether running `stmt` again disturbs no other version of a name that it binds."""
    return isinstance(stmt, Assign) and all(
        len(wanted[name]) <= 1 for name in bound_names(stmt.target) if name in wanted
    )


def _is_element(expr: Expr) -> bool:
    """Whether `expr` only looks into a variable: no arithmetic, nothing copied."""
    while isinstance(expr, Index | Attribute):
        if isinstance(expr, Attribute) and not expr.is_field:
            return False
        if isinstance(expr, Index) and not all(
            isinstance(part, Const | Name | Outer | Unary | Binary)
            for part in subexpressions(expr.index)
        ):
            return False
        expr = expr.value
    return isinstance(expr, Name | Outer | Const)


def is_light(expr: Expr) -> bool:
    """Whether one operation, its operands left aside, may be computed twice."""
    match expr:
        case Binary(op=op):
            return op != "@"
        case Call(func=Known(path=path)):
            return path.startswith("math.") or path in _LIGHT_BUILTINS
        case Call() | Callee():
            return False
        case Const() | Name() | Outer() | Known() | Unary() | Compare() | IfExp() | Index():
            return True
        case Attribute(is_field=is_field):
            return is_field
        case _:
            return False


_LIGHT_BUILTINS = frozenset({"abs", "float", "int", "len", "max", "min"})


def _count_definitions(function: Function) -> MappingOf[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for param in function.params:
        counts[param.id] += 1
    for name in assigned(function.body):
        counts[name] += _definitions_in(function.body, name)
    return counts


def _definitions_in(block: Block, name: str) -> int:
    count = 0
    for stmt in statements(block):
        if isinstance(stmt, Assign | For) and name in bound_names(stmt.target):
            count += 1
    return count
