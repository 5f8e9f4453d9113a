"""Functions that take, leave out or repeat elements of arrays, cut arrays up and put them together.

What such a function does to the numbers of the elements (`numbered`) says where each element of the
result came from: its cotangent is summed there (`sum_at`).
"""

from typing import Final

from retrograd.transforms.ir.kinds import UNKNOWN, Array
from retrograd.transforms.rules import selection_results, shape_results
from retrograd.transforms.rules.arithmetic import CHOSEN
from retrograd.transforms.rules.kinds import general, inactive, linear
from retrograd.transforms.rules.results import always, cotangents_of
from retrograd.transforms.rules.rule import Rule, scalars, variants

_DEFAULT_COPY: Final = {"copy": (True,)}

RULES: Final[tuple[Rule, ...]] = (
    # ---- elements taken
    linear(
        'numpy.take(a, indices, axis=None, *, mode="raise")',
        a="sum_at(g, numpy.take(numbered(shape(a)), indices, axis=axis, mode=mode), shape(a))",
        only={"mode": ("raise", "wrap", "clip")},
        result=selection_results.taken,
    ),
    linear(
        "numpy.take_along_axis(arr, indices, axis=-1)",
        arr=(
            "sum_at(g, numpy.take_along_axis(numbered(shape(arr)), indices, axis=axis), shape(arr))"
        ),
        result=selection_results.taken_along,
    ),
    linear(
        "numpy.compress(condition, a, axis=None)",
        a="sum_at(g, numpy.compress(condition, numbered(shape(a)), axis=axis), shape(a))",
        condition="0.0",
        result=selection_results.along("a"),
    ),
    linear(
        "numpy.extract(condition, arr)",
        arr="sum_at(g, numpy.extract(condition, numbered(shape(arr))), shape(arr))",
        condition="0.0",
        result=selection_results.vector_of("arr"),
    ),
    linear(
        "numpy.delete(arr, obj, axis=None)",
        arr="sum_at(g, numpy.delete(numbered(shape(arr)), obj, axis=axis), shape(arr))",
        result=selection_results.along("arr"),
    ),
    linear(
        "numpy.diagonal(a, offset=0, axis1=0, axis2=1)",
        a=(
            "sum_at(g, numpy.diagonal(numbered(shape(a)), offset=offset, axis1=axis1, axis2=axis2),"
            " shape(a))"
        ),
        result=selection_results.of_rank("a", -1),
    ),
    linear(
        "numpy.diagflat(v, k=0)",
        v=variants(
            (scalars("v"), "numpy.sum(g)"),
            otherwise="numpy.reshape(numpy.diagonal(g, k), shape(v))",
        ),
        result=selection_results.flat_diagonal,
    ),
    linear(
        "numpy.resize(a, new_shape)",
        a="sum_at(g, numpy.resize(numbered(shape(a)), new_shape), shape(a))",
        result=selection_results.in_new_shape,
    ),
    linear(
        "numpy.trim_zeros(filt, trim='fb', axis=None)",
        filt="sum_at(g, trimmed(filt, trim), shape(filt))",
        only={"axis": (None,)},
        kink="zeros that are cut off stand still",
        result=selection_results.vector_of("filt"),
    ),
    # ---- axes and elements in another order
    linear(
        "numpy.rot90(m, k=1, axes=(0, 1))",
        m="numpy.rot90(g, k=-k, axes=axes)",
        result=selection_results.of_rank("m"),
    ),
    linear(
        "numpy.rollaxis(a, axis, start=0)",
        a="sum_at(g, numpy.rollaxis(numbered(shape(a)), axis, start), shape(a))",
        result=selection_results.of_rank("a"),
    ),
    # ---- arrays cut up
    linear(
        "numpy.split(ary, indices_or_sections, axis=0)",
        ary="numpy.concatenate(g, axis=axis)",
        result=selection_results.parts_of("ary"),
        also="numpy.array_split",
    ),
    linear(
        "numpy.hsplit(ary, indices_or_sections)",
        ary="numpy.hstack(g)",
        result=selection_results.parts_of("ary", axis=1),
    ),
    linear(
        "numpy.vsplit(ary, indices_or_sections)",
        ary="numpy.vstack(g)",
        result=selection_results.parts_of("ary", axis=0),
    ),
    linear(
        "numpy.dsplit(ary, indices_or_sections)",
        ary="numpy.dstack(g)",
        result=selection_results.parts_of("ary", axis=2),
    ),
    linear(
        "numpy.unstack(x, /, *, axis=0)",
        x="numpy.stack(g, axis=axis)",
        result=selection_results.unstacked,
    ),
    # ---- arrays put together
    linear(
        "numpy.append(arr, values, axis=None)",
        arr="split_like(g, (arr, values), axis)[0]",
        values="split_like(g, (arr, values), axis)[1]",
        result=selection_results.appended,
    ),
    linear(
        "numpy.insert(arr, obj, values, axis=None)",
        arr="sum_at(g, numpy.insert(numbered(shape(arr)), obj, -1, axis=axis), shape(arr))",
        values=(
            "sum_at(g, numpy.insert(numpy.full(shape(arr), -1), obj, numbered(shape(values)),"
            " axis=axis), shape(values))"
        ),
        result=selection_results.inserted,
    ),
    linear(
        "numpy.dstack(tup)",
        tup="depth_split_like(g, tup)",
        result=shape_results.depth_stacked,
    ),
    linear("numpy.block(arrays)", arrays="block_vjp(g, arrays)", result=selection_results.blocked),
    linear(
        "numpy.meshgrid(*xi, copy=True, sparse=False, indexing='xy')",
        xi="meshgrid_vjp(g[place], place, shape(xi), indexing=indexing)",
        only=_DEFAULT_COPY,
        result=selection_results.grids,
    ),
    linear(
        "numpy.broadcast_arrays(*args, subok=False)",
        args="unbroadcast(g[place], args)",
        only={"subok": (False,)},
        result=selection_results.broadcast_together,
    ),
    # ---- choices
    linear(
        "numpy.select(condlist, choicelist, default=0)",
        condlist="0.0",
        choicelist="chosen_parts(g, number_chosen(condlist), choicelist)",
        default="unbroadcast(numpy.where(number_chosen(condlist) < 0, g, 0.0), default)",
        kink=CHOSEN,
        result=selection_results.selected("choicelist", "condlist"),
    ),
    linear(
        "numpy.choose(a, choices, *, mode='raise')",
        choices="chosen_parts(g, a, choices)",
        only={"mode": ("raise",)},
        kink=CHOSEN,
        result=selection_results.selected("choices", "a"),
    ),
    # ---- places
    general(
        "numpy.ix_(*args)",
        note="its arrays are places; of numbers that vary they would be those numbers",
        result=selection_results.index_arrays,
    ),
    inactive("numpy.nonzero(a)", result=selection_results.places_of_true),
    inactive("numpy.argwhere(a)", result=always(Array("int", ("?", "?")))),
    inactive("numpy.flatnonzero(a)", result=always(Array("int", ("?",)))),
    # ---- helpers of generated code
    linear(
        "retrograd.runtime.as_columns(x)",
        x=variants((scalars("x"), "numpy.sum(g)"), otherwise="numpy.reshape(g, shape(x))"),
        result=selection_results.columns,
    ),
    linear(
        "retrograd.runtime.sum_at(x, places, shape)",
        x="taken_from(g, places)",
        result=selection_results.of_shape,
    ),
    linear(
        "retrograd.runtime.taken_from(x, places)",
        x="sum_at(g, places, shape(x))",
        result=selection_results.at_places,
    ),
    linear(
        'retrograd.runtime.meshgrid_vjp(x, place, shape, indexing="xy")',
        x="taken_from(g, places_on_grid(numpy.shape(x), place, indexing))",
        result=selection_results.of_shape,
    ),
    linear(
        "retrograd.runtime.depth_split_like(x, arrays)",
        x="numpy.dstack(g)",
        arrays="0.0",
        result=cotangents_of("arrays"),
    ),
    linear(
        "retrograd.runtime.block_vjp(x, arrays)",
        x="numpy.block(list(g))",
        arrays="0.0",
        result=cotangents_of("arrays"),
    ),
    linear(
        "retrograd.runtime.chosen_parts(x, number, choices)",
        x="unbroadcast(put_together(g, number), x)",
        choices="0.0",
        result=cotangents_of("choices"),
    ),
    linear(
        "retrograd.runtime.put_together(parts, number)",
        parts="chosen_parts(g, number, parts)",
        result=selection_results.put_together,
    ),
    inactive(
        'retrograd.runtime.places_in_order(a, indices, mode="raise")',
        "retrograd.runtime.places_on_diagonal(a, wrap=False)",
        result=selection_results.places_of_true,
    ),
    inactive(
        "retrograd.runtime.places_along(a, indices, axis)",
        result=selection_results.places_along,
    ),
    inactive("retrograd.runtime.numbered(shape)", result=selection_results.numbers_of_elements),
    inactive(
        'retrograd.runtime.places_on_grid(shape, place, indexing="xy")',
        "retrograd.runtime.number_chosen(conditions)",
        "retrograd.runtime.trimmed(x, trim)",
        result=always(UNKNOWN),
    ),
)
