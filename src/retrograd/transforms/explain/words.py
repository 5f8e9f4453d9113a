"""Kinds, lists and the helpers of the runtime in words."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final, assert_never

from retrograd.transforms.ir.kinds import (
    Array,
    Kind,
    Never,
    Other,
    Record,
    Scalar,
    Sequence,
    Unknown,
)
from retrograd.transforms.ir.kinds import Mapping as MappingKind


def kind_in_words(kind: Kind) -> str:
    """`kind` as one would write it for ``--types``, or in words where that has none."""
    match kind:
        case Scalar(dtype=dtype):
            return dtype
        case Array(dtype=dtype, dims=dims):
            if dims is None:
                return f"{dtype}[...]" if dtype else "array of any rank"
            return f"{dtype or 'array'}[{', '.join(dims)}]"
        case Sequence(form=form, items=items, item=item):
            inner = ", ".join(map(kind_in_words, items if items is not None else (item,)))
            return f"[{inner}]" if form == "list" else f"({inner}{', ...' * (items is None)})"
        case MappingKind(items=pairs):
            if pairs is None:
                return "dict"
            return "{" + ", ".join(f"{key}: {kind_in_words(item)}" for key, item in pairs) + "}"
        case Record(cls=cls, fields=fields):
            inner = ", ".join(f"{name}: {kind_in_words(field)}" for name, field in fields)
            return f"{cls.rpartition(':')[2]}({inner})"
        case Other(what=what):
            return what
        case Unknown() | Never():
            return "not known"
        case _:
            assert_never(kind)


def listed(items: Iterable[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *most, end = items
    return f"{', '.join(most)} {last} {end}" if most else end


def lines_in_words(numbers: Collection[int]) -> str:
    """``line 4``, ``lines 4 and 7``."""
    word = "line" if len(numbers) == 1 else "lines"
    return f"{word} {listed(map(str, sorted(numbers)))}"


#: Why generated code looks at values with a helper of the runtime.
REASONS: Final[Mapping[str, str]] = {
    "unbroadcast": "whether broadcasting spread an operand shows only when it runs",
    "sum_to": "whether broadcasting spread an operand shows only when it runs",
    "spread": "one number or array is spread over the shape that was reduced",
    "lift": "which axes were reduced shows only when it runs",
    "count": "how many elements were reduced shows only when it runs",
    "zeros_like": "zeros shaped after a value whose kind shows only when it runs",
    "accumulate": "cotangents are added of which only the run shows what they are",
    "owned": "a cotangent that may share memory is copied before it is changed in place",
    "duplicate": "what may share memory is copied, as its value is written in place",
    "digits": "a few states of the loop are kept, and the others are computed again",
    "halfway": "a few states of the loop are kept, and the others are computed again",
    "states_within": "how many states fit shows only when it runs",
    "steps_within": "how many iterations fit shows only when it runs",
    "restructure": "the gradient gets the structure of the argument",
    "add_at": "an index array may name an element twice, and `+=` would lose one",
    "scatter": "a part goes back among zeros, for the whole has no name of its own",
    "as_float": "whole numbers that were asked for are taken as floats",
    "sorting_order": "the order of the items is found once, and has no derivative",
    "sortable": "whether an array has one axis shows only when it runs",
    "first_largest": "which item is the largest is found once, and has no derivative",
    "first_smallest": "which item is the smallest is found once, and has no derivative",
    "last_written": "an index array may name an element twice, and the last write counts",
    "require_apart": "what is written must not share memory with another argument",
    "require_scalar": "whether the result is one number shows only when it runs",
}

#: What is said of a helper that stands in the formula of a rule.
OF_A_RULE: Final = "the derivative rule of the function calls it"
