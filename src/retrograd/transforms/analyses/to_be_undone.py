"""Which writes in place the reverse sweep has to undo, and which statements it runs an adjoint of.

    y = np.sum(a * a)      the adjoint reads `a` ...
    a[0] = 0.0             ... as it was before this write: undo it on the way back

A write is undone when some adjoint reads older contents of its variable, or of one that may share
memory with it. Then every write to that variable is, and step by step the reverse sweep sees what
the forward sweep saw. A variable that is only filled, or only changed linearly, keeps nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from retrograd.transforms.analyses.aliasing import changes_slots
from retrograd.transforms.analyses.kinds_and_ranks import Kinds
from retrograd.transforms.analyses.partials import Partials
from retrograd.transforms.ir.kinds import Array, Scalar
from retrograd.transforms.ir.nodes import (
    Assign,
    Block,
    For,
    Function,
    If,
    Name,
    Stmt,
    While,
)
from retrograd.transforms.ir.walk import (
    blocks,
    bound_names,
    content_names,
    cotangent_place,
    names,
    own_expressions,
    places_written,
    resized,
    root_of,
    statements,
    stored,
    subexpressions,
)

Names = frozenset[str]


def has_adjoint(
    stmt: Stmt,
    parts: Mapping[Stmt, Partials],
    useful: Mapping[Stmt, Names],
    undone: frozenset[Stmt],
) -> bool:
    """Whether reversing `stmt` does anything: pass a cotangent on, end one, undo a write."""
    if stmt in parts or stmt in undone or (useful.get(stmt, frozenset()) & _bound_by(stmt)):
        return True
    return any(
        has_adjoint(inner, parts, useful, undone) for block in blocks(stmt) for inner in block
    )


def _bound_by(stmt: Stmt) -> Names:
    """The names that `stmt` itself binds."""
    return frozenset(bound_names(stmt.target)) if isinstance(stmt, Assign | For) else frozenset()


def to_be_undone(
    function: Function,
    parts: Mapping[Stmt, Partials],
    useful: Mapping[Stmt, Names],
    families: Mapping[str, Names],
    kinds: Kinds,
    *,
    everything: bool = False,
) -> frozenset[Stmt]:
    """The writes in place of `function` whose adjoint restores what they destroyed.

    `families` tells which variables may share memory. With `everything`, the safe answer: all.
    """
    events = list(_events(function.body, ()))
    lengths = resized(function.body)
    writes = [event for event in events if places_written(event.stmt)]
    if everything or not writes:
        return frozenset(event.stmt for event in writes)
    undone: frozenset[Stmt] = frozenset()
    while True:
        lost = {
            name
            for event in events
            for read in _contents(event.stmt, parts, useful, undone, lengths)
            for name in families.get(read, frozenset({read}))
            if any(
                _may_come_later(w, event)
                and name in _roots(w.stmt)
                and (name == read or reaches(w.stmt, read, kinds))
                for w in writes
            )
        }
        found = frozenset(w.stmt for w in writes if _roots(w.stmt) & lost)
        if found == undone:
            return undone
        undone = found


def reaches(write: Stmt, name: str, kinds: Kinds) -> bool:
    """Whether `write`, to a variable that `name` may share memory with, may change what `name` holds.

    Which items a list or dict holds is nothing to an array that is one of them.
    """
    env = kinds.before.get(write, {})
    slots = all(changes_slots(place, kinds, env) for place in places_written(write))
    return not (slots and isinstance(env.get(name), Array | Scalar))


@dataclass(frozen=True, slots=True)
class _Event:
    """A statement, where it stands in the text, and the loops around it."""

    stmt: Stmt
    place: int
    loops: tuple[Stmt, ...]


def _events(block: Block, loops: tuple[Stmt, ...], start: int = 0) -> Iterator[_Event]:
    place = start
    for stmt in block:
        yield _Event(stmt, place, loops)
        place += 1
        around = (*loops, stmt) if isinstance(stmt, For | While) else loops
        for inner in blocks(stmt):
            for event in _events(inner, around, place):
                yield event
                place = max(place, event.place + 1)


def _may_come_later(write: _Event, read: _Event) -> bool:
    """Whether `write` may happen after what the adjoint of `read` reads was there."""
    return write.place >= read.place or any(loop in read.loops for loop in write.loops)


def _contents(
    stmt: Stmt,
    parts: Mapping[Stmt, Partials],
    useful: Mapping[Stmt, Names],
    undone: frozenset[Stmt],
    lengths: Names,
) -> Names:
    """The variables whose contents, as they are at `stmt`, the reverse sweep reads."""
    subscripts = frozenset().union(
        *(content_names(cotangent_place(p)) for p in places_written(stmt) if stmt in undone)
    )
    match stmt:
        case For() | While() if stmt.checkpoint and has_adjoint(stmt, parts, useful, undone):
            return _read_again(stmt, lengths)
        case For(iterable=iterable) if has_adjoint(stmt, parts, useful, undone):
            return names(iterable)
        case If(test=test) if has_adjoint(stmt, parts, useful, undone):
            return content_names(test) | (names(test) & lengths)
        case Assign(target=target, value=value) if stmt in parts and parts[stmt].call is not None:
            # The two halves of a user function keep what they were given and what they made.
            kept = names(value) | frozenset(bound_names(target))
            return kept | _read(parts[stmt], lengths) | subscripts
        case _ if stmt in parts:
            return _read(parts[stmt], lengths) | subscripts
        case _:
            return subscripts


def _read_again(loop: For | While, lengths: Names) -> Names:
    """The variables whose contents the iterations of `loop` read when they run again.

    What these write themselves is put back before.
    """
    exprs = [expr for stmt in statements(loop.body) for expr in own_expressions(stmt)]
    header = names(loop.iterable) if isinstance(loop, For) else frozenset()
    read = header.union(*map(content_names, exprs), *(names(expr) & lengths for expr in exprs))
    return read - stored(loop.body)


def _read(parts: Partials, lengths: Names) -> Names:
    """What the adjoint of a statement reads; of what changes its length also how long it is."""
    exprs = parts.contents()
    results = frozenset(
        part.id
        for expr in exprs
        for part in subexpressions(expr)
        if isinstance(part, Name) and part.role == "out"
    )
    places = (root_of(contribution.place) for contribution in parts.contributions)
    filled = frozenset(root.id for root in places if root is not None)
    counted = filled.union(*map(names, exprs)) & lengths
    return results.union(counted, *map(content_names, exprs))


def _roots(stmt: Stmt) -> Names:
    roots = (root_of(place) for place in places_written(stmt))
    return frozenset(root.id for root in roots if root is not None)
