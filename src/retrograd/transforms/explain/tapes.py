"""What the tapes of each loop take at most, as a formula in trip counts and shapes.

    x_saved: n × (8·m + 120) bytes

An array is its elements and the 112 bytes that Python needs for one, a number 24, and a place in a list
8; of several values that go to a tape together there is a tuple, of 40 bytes and 8 for each.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from retrograd.transforms.analyses.to_be_recorded import Inside, Save
from retrograd.transforms.ir.kinds import Array, Kind, Other, Scalar
from retrograd.transforms.ir.nodes import (
    Block,
    Call,
    Checkpoint,
    Const,
    Expr,
    For,
    Name,
    Stmt,
    While,
)
from retrograd.transforms.ir.show import plain_spelling, show
from retrograd.transforms.ir.walk import blocks
from retrograd.transforms.passes.checkpointing import Segments
from retrograd.transforms.pipeline import Facts

_ARRAY: Final = 112
_NUMBER: Final = 24
_PLACE: Final = 8
_TUPLE: Final = 40

#: How many of so many iterations are on the tapes at a time, and how many states are kept.
_KEPT: Final[dict[Checkpoint, str]] = {"": "{}", "sqrt": "√{}", "recursive": "log2({})"}


def tapes(facts: Facts) -> Iterator[tuple[Stmt, str]]:
    """For each loop that is in no other one, what the tapes that are filled in it take."""
    for loop in _outermost(facts.core.function.body):
        if loop in facts.segments and isinstance(loop.checkpoint, int):
            yield loop, f"snapshots and tapes: {loop.checkpoint:_} bytes, or one iteration"
            continue
        found: dict[str, str] = {}
        if loop in facts.segments:
            found |= _snapshots(facts, facts.segments[loop])
        for counts, save, kinds in _saves(facts, loop, ()):
            found[plain_spelling(save.tape)] = _formula(counts, _entry(save, kinds))
        for tape, formula in found.items():
            yield loop, f"`{tape}`: {formula} bytes"


def _snapshots(facts: Facts, cut: Segments) -> dict[str, str]:
    kinds = facts.core.kinds.before[cut.loop.body[0]]
    starts = cut.grows or cut.scheme != "sqrt"
    items = [(Name(id), kinds.get(id)) for id in cut.state]
    parts: list[tuple[Expr, Kind | None]] = [(Const("0"), Scalar("int"))] if starts else []
    parts += items
    counts = (_count(cut.loop),)
    return {plain_spelling(cut.snapshots): _formula(counts, _together(parts))} if items else {}


def _outermost(block: Block) -> Iterator[For | While]:
    for stmt in block:
        if isinstance(stmt, For | While):
            yield stmt
        else:
            for inner in blocks(stmt):
                yield from _outermost(inner)


_Kinds = dict[str, Kind]


def _saves(
    facts: Facts, stmt: For | While, around: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Save, _Kinds]]:
    """What is saved inside a loop, how often, and the kinds of the variables there."""
    counts = (*around, _count(stmt))
    yield from _in_block(facts, Inside(stmt), stmt.body, counts)


def _in_block(
    facts: Facts, inside: Inside, block: Block, counts: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Save, _Kinds]]:
    recorded, kinds = facts.recorded, facts.core.kinds
    for save in recorded.top.get(inside, ()):
        yield counts, save, dict(kinds.before[block[0]])
    for stmt in block:
        for save in recorded.before.get(stmt, ()):
            yield counts, save, dict(kinds.before[stmt])
        for save in recorded.after.get(stmt, ()):
            yield counts, save, dict(kinds.after[stmt])
        if isinstance(stmt, For | While):
            yield from _saves(facts, stmt, counts)
        else:
            for branch, inner in enumerate(blocks(stmt)):
                if inner:
                    yield from _in_block(facts, Inside(stmt, branch), inner, counts)


def _count(loop: For | While) -> str:
    """How many iterations of a loop there are, or are kept at a time."""
    count = "iterations"
    if isinstance(loop, For) and isinstance(loop.iterable, Call):
        iterable = loop.iterable
        count = show(iterable.args[0]) if len(iterable.args) == 1 else f"len({show(iterable)})"
    if isinstance(loop, While) and loop.checkpoint == "sqrt":
        return "√(2·iterations)"  # the longest segment, which is the last
    simple = count.isidentifier() or count.isdecimal() or count.endswith(")")
    return _KEPT.get(loop.checkpoint, "{}").format(count if simple else f"({count})")


def _entry(save: Save, kinds: _Kinds) -> tuple[str, int]:
    """The bytes of one entry of a tape: those of arrays, and the others."""
    if save.place is not None:
        return _together([(save.place, save.kind)])
    return _together([(Name(id), kinds.get(id)) for id in save.ids])


def _together(parts: list[tuple[Expr, Kind | None]]) -> tuple[str, int]:
    data: dict[str, int] = defaultdict(int)
    fixed = _PLACE if len(parts) == 1 else _PLACE + _TUPLE + _PLACE * len(parts)
    for place, kind in parts:
        match kind:
            case Array(dims=dims) if dims is not None and all(map(str.isalnum, dims)):
                data["·".join((str(_itemsize(kind)), *dims))] += 1
                fixed += _ARRAY
            case Array():
                data[f"{show(place)}.nbytes"] += 1
                fixed += _ARRAY
            case Scalar() | Other():
                fixed += _NUMBER
            case _:
                data[f"size of {show(place)}"] += 1
    terms = [term if times == 1 else f"{times}·{term}" for term, times in data.items()]
    return " + ".join(terms), fixed


def _itemsize(kind: Array) -> int:
    """The bytes of an element."""
    sizes = {"float32": 4, "float16": 2, "complex64": 8, "int32": 4, "int16": 2, "int8": 1}
    return sizes.get(kind.precision, {"complex": 16, "bool": 1}.get(kind.dtype or "", 8))


def _formula(counts: tuple[str, ...], entry: tuple[str, int]) -> str:
    data, fixed = entry
    return " × ".join((*counts, f"({data} + {fixed})" if data else str(fixed)))
