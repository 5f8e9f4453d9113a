"""Functions that move elements and change none: reshape, transpose, concatenate.

Of a function that takes a list, the VJP for the list is a sequence: item k is the cotangent of
item k.
"""

from typing import Final

from retrograd.transforms.ir.kinds import INT, Sequence
from retrograd.transforms.rules import results, shape_results
from retrograd.transforms.rules.kinds import inactive, linear
from retrograd.transforms.rules.results import always, as_array
from retrograd.transforms.rules.rule import (
    VARIES,
    Condition,
    Rule,
    Site,
    Variants,
    both,
    given,
    is_array,
    ranks,
    scalars,
    variants,
)


def _reshaped(name: str) -> Variants:
    """The cotangent `g` back in the shape of operand `name`."""
    return variants((scalars(name), _ONE), otherwise=f"numpy.reshape(g, shape({name}))")


#: The cotangent of a number that was put into an array, perhaps at several places.
_ONE: Final = "numpy.sum(g)"


def _items_have_rank(rank: int) -> Condition:
    def holds(site: Site) -> bool:
        kind = site.kind("tup")
        if not isinstance(kind, Sequence):
            return False
        items = tuple(as_array(item) for item in kind.items or (kind.item,))
        return all(item is not None and item.rank == rank for item in items)

    return holds


def _constant_axis(site: Site) -> bool:
    return site.constant("axis") not in (None, VARIES)


def _one_shift(site: Site) -> bool:
    return isinstance(site.constant("shift"), int)


RULES: Final[tuple[Rule, ...]] = (
    # ---- one array, another shape
    linear(
        'numpy.reshape(a, shape, order="C")',
        a=variants((scalars("a"), _ONE), otherwise="numpy.reshape(g, shape(a), order=order)"),
        only={"order": ("C", "F")},
        result=shape_results.shaped(operand="a"),
    ),
    linear(
        'numpy.ravel(a, order="C")',
        a=variants((scalars("a"), _ONE), otherwise="numpy.reshape(g, shape(a), order=order)"),
        only={"order": ("C", "F")},
        result=shape_results.raveled,
    ),
    linear(
        "numpy.expand_dims(a, axis)",
        a=variants((scalars("a"), _ONE), otherwise="numpy.squeeze(g, axis)"),
        result=shape_results.expanded,
    ),
    linear(
        "numpy.squeeze(a, axis=None)",
        a=variants(
            (_constant_axis, "numpy.expand_dims(g, axis)"), otherwise="numpy.reshape(g, shape(a))"
        ),
        result=shape_results.squeezed,
    ),
    linear("numpy.atleast_1d(x)", x=_reshaped("x"), result=shape_results.at_least(1)),
    linear("numpy.atleast_2d(x)", x=_reshaped("x"), result=shape_results.at_least(2)),
    linear("numpy.atleast_3d(x)", x=_reshaped("x"), result=shape_results.at_least(3)),
    linear(
        "numpy.broadcast_to(array, shape)",
        array=variants((scalars("array"), _ONE), otherwise="unbroadcast(g, array)"),
        result=shape_results.shaped(operand="array"),
    ),
    # ---- axes in another order
    linear(
        "numpy.transpose(a, axes=None)",
        a=variants(
            (scalars("a"), _ONE),
            (both(is_array("a"), given(axes=None)), "g.T"),
            (given(axes=None), "numpy.transpose(g)"),
            otherwise="numpy.transpose(g, inverse(axes))",
        ),
        result=shape_results.permuted(shape_results.transposed_axes),
        also="numpy.permute_dims(a, axes=None)",
    ),
    linear(
        "numpy.matrix_transpose(x)",
        x="g.mT",
        result=shape_results.permuted(shape_results.matrix_transposed),
    ),
    linear(
        "numpy.swapaxes(a, axis1, axis2)",
        a="numpy.swapaxes(g, axis1, axis2)",
        result=shape_results.permuted(shape_results.swapped_axes),
    ),
    linear(
        "numpy.moveaxis(a, source, destination)",
        a="numpy.moveaxis(g, destination, source)",
        result=shape_results.permuted(shape_results.moved_axes),
    ),
    # ---- elements in another order
    linear("numpy.flip(m, axis=None)", m="numpy.flip(g, axis=axis)", result=results.same("m")),
    linear("numpy.flipud(m)", m="numpy.flipud(g)", result=results.same("m")),
    linear("numpy.fliplr(m)", m="numpy.fliplr(g)", result=results.same("m")),
    linear(
        "numpy.roll(a, shift, axis=None)",
        a=variants(
            (_one_shift, "numpy.roll(g, -shift, axis=axis)"),
            otherwise="numpy.roll(g, numpy.negative(shift), axis=axis)",
        ),
        result=results.same("a"),
    ),
    # ---- elements taken, left out, repeated
    linear("numpy.tril(m, k=0)", m="numpy.tril(g, k=k)", result=results.same("m")),
    linear("numpy.triu(m, k=0)", m="numpy.triu(g, k=k)", result=results.same("m")),
    linear(
        "numpy.diag(v, k=0)",
        v=variants((ranks(v=1), "numpy.diag(g, k=k)"), otherwise="diag_vjp(g, shape(v), k=k)"),
        result=shape_results.diagonal_of,
    ),
    linear(
        "numpy.diff(a, n=1, axis=-1)",
        a="-numpy.diff(g, axis=axis, prepend=0.0, append=0.0)",
        only={"n": (1,)},
        result=shape_results.differences,
    ),
    linear(
        "numpy.diff(a, n=1, axis=-1, *, prepend, append)",
        a="-numpy.diff(g, axis=axis)",
        only={"n": (1,), "prepend": (0.0,), "append": (0.0,)},
        result=shape_results.framed_differences,
    ),
    linear(
        "numpy.diff(a, n=1, axis=-1, prepend=None, append=None)",
        a="diff_vjp(g, a, n, axis, prepend, append)",
        prepend="diff_vjp(g, a, n, axis, prepend, append, 0)",
        append="diff_vjp(g, a, n, axis, prepend, append, 2)",
        result=shape_results.framed_differences,
    ),
    linear(
        "numpy.tile(A, reps)",
        A=variants((scalars("A"), _ONE), otherwise="tile_vjp(g, shape(A), reps)"),
        result=shape_results.tiled,
    ),
    linear(
        "numpy.repeat(a, repeats, axis=None)",
        a=variants((scalars("a"), _ONE), otherwise="repeat_vjp(g, shape(a), repeats, axis=axis)"),
        result=shape_results.repeated,
    ),
    # ---- several arrays
    linear(
        "numpy.concatenate(arrays, axis=0)",
        arrays="split_like(g, arrays, axis=axis)",
        result=shape_results.concatenated,
        also="numpy.concat",
    ),
    linear(
        "numpy.stack(arrays, axis=0)",
        arrays=variants((given(axis=0), "g"), otherwise="numpy.moveaxis(g, axis, 0)"),
        result=shape_results.stacked,
    ),
    linear(
        "numpy.vstack(tup)",
        tup=variants((_items_have_rank(1), "g"), otherwise="vsplit_like(g, tup)"),
        result=shape_results.vstacked,
        also="numpy.row_stack",
    ),
    linear(
        "numpy.hstack(tup)",
        tup=variants(
            (_items_have_rank(1), "split_like(g, tup)"),
            (_items_have_rank(2), "split_like(g, tup, axis=1)"),
            otherwise="hsplit_like(g, tup)",
        ),
        result=shape_results.hstacked,
    ),
    linear(
        "numpy.column_stack(tup)",
        tup=variants((_items_have_rank(1), "g.T"), otherwise="column_split_like(g, tup)"),
        result=shape_results.column_stacked,
    ),
    # ---- shapes
    inactive("numpy.shape(a)", result=results.shape_tuple),
    inactive("numpy.size(a, axis=None)", "numpy.ndim(a)", result=always(INT)),
)
