"""What NumPy does with the results of a function that it applies: to elements, rows or pieces.

The compiler puts these helpers in place of ``numpy.vectorize`` and its kin (applied_functions.py).
"""

from typing import Final

from retrograd.transforms.ir.kinds import ANY, UNKNOWN, Array, Kind
from retrograd.transforms.ir.kinds import Sequence as SequenceKind
from retrograd.transforms.rules.kinds import inactive, linear
from retrograd.transforms.rules.results import (
    ResultKind,
    always,
    as_array,
    converted,
    cotangents_of,
    first_array,
)
from retrograd.transforms.rules.rule import Rule, Site, scalars, variants


def _rows(site: Site) -> Kind:
    """A row of parts of one operand."""
    array, count = as_array(site.kind("x")), site.constant("count")
    dtype = array.dtype if array is not None else None
    return Array(dtype, (ANY,) * (1 + count) if isinstance(count, int) else None)


def _along_rows(site: Site) -> Kind:
    """The axes of each part in place of one axis."""
    parts, shape = as_array(site.kind("parts")), site.kind("shape")
    if parts is None or parts.rank is None:
        return Array(None, None)
    if not isinstance(shape, SequenceKind) or shape.items is None:
        return Array(parts.dtype, None)
    return Array(parts.dtype, (ANY,) * (len(shape.items) + parts.rank - 2))


def _as_many_axes(name: str) -> ResultKind:
    """An array with as many axes as the operand `name`, of the numbers of the first operand."""

    def result(site: Site) -> Kind:
        array, x = as_array(site.kind(name)), first_array(site)
        rank = None if array is None else array.rank
        dtype = x.dtype if x is not None else None
        return Array(dtype, None if rank is None else (ANY,) * rank)

    return result


RULES: Final[tuple[Rule, ...]] = (
    linear("retrograd.runtime.gathered(values)", values="g", result=converted),
    linear(
        "retrograd.runtime.rows_along(x, axis, count=1)",
        x="along_rows(g, shape_around(shape(x), axis, count), axis)",
        result=_rows,
    ),
    linear(
        "retrograd.runtime.along_rows(parts, shape, axis)",
        parts="rows_along(g, axis % len(shape), numpy.ndim(parts) - 1)",
        result=_along_rows,
    ),
    linear(
        "retrograd.runtime.kept_axis(x, like, axis)",
        x=variants((scalars("x"), "numpy.sum(g)"), otherwise="numpy.reshape(g, shape(x))"),
        like="0.0",
        result=_as_many_axes("like"),
    ),
    linear(
        "retrograd.runtime.pieces(x, masks, values)",
        x="0.0",
        values="pieces_vjp(g, masks, values)",
        result=_as_many_axes("x"),
    ),
    linear(
        "retrograd.runtime.pieces_vjp(g_, masks, values)",
        g_="pieces(g_, masks, g)",
        values="0.0",
        result=cotangents_of("values"),
    ),
    inactive("retrograd.runtime.shape_around(shape, axis, count)", result=always(UNKNOWN)),
)
