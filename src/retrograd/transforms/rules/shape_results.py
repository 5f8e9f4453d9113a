"""The kinds of results whose shape is the point: reshape, transpose, concatenate, zeros, linspace."""

from collections.abc import Callable
from collections.abc import Sequence as Items
from functools import reduce

from retrograd.transforms.ir import kinds
from retrograd.transforms.ir.kinds import ANY, MANY, ONE, UNKNOWN, Array, Dim, DType, Kind, Scalar
from retrograd.transforms.ir.nodes import Attribute, Call, Const, Expr, Index, Known, List, Tuple
from retrograd.transforms.rules.results import (
    Dims,
    ResultKind,
    as_array,
    axes_of,
    broadcast_dims,
    dtype_of,
    dtype_told,
    first_array,
    flat_dim,
    operands_as_arrays,
    same_dims,
)
from retrograd.transforms.rules.rule import VARIES, Site, constant

# ---------------------------------------------------------------- shapes given by expressions


def dims_of_shape(expr: Expr, site: Site) -> Dims:
    """The extents that a shape argument spells: ``(n, 1)``, ``4``, ``x.shape``."""
    match expr:
        case Tuple(items=items) | List(items=items):
            return tuple(dim_of_extent(item, site) for item in items)
        case Attribute(value=value, name="shape", is_field=False) | Call(
            func=Known("numpy.shape"), args=(value,)
        ):
            array = as_array(site.kind_of(value))
            return None if array is None else array.dims
        case _:
            match site.kind_of(expr):
                case Scalar(dtype="int"):
                    return (dim_of_extent(expr, site),)
                case kinds.Sequence(items=tuple() as items):
                    return (ANY,) * len(items)
                case _:
                    return None


def dim_of_extent(expr: Expr, site: Site) -> Dim:
    """The extent that an expression spells: ``1``, ``len(x)``, ``x.shape[0]``."""
    match expr:
        case Const():
            return ONE if expr.value == 1 else MANY
        case Call(func=Known("len"), args=(value,)):
            return _dim(site.kind_of(value), 0)
        case Index(value=Attribute(value=value, name="shape", is_field=False), index=index):
            return _dim(site.kind_of(value), constant(index))
        case _:
            return ANY


def _dim(kind: Kind, axis: object) -> Dim:
    array = as_array(kind)
    if array is None or array.dims is None or not isinstance(axis, int):
        return ANY
    return array.dims[axis] if -len(array.dims) <= axis < len(array.dims) else ANY


def shaped(dtype: DType | None = None, operand: str = "") -> ResultKind:
    """An array whose shape the argument `shape` spells; of `dtype`, or that of `operand`."""

    def result(site: Site) -> Kind:
        source = as_array(site.kind(operand)) if operand else None
        found = dtype_told(site, source.dtype if source else dtype)
        return Array(found, dims_of_shape(site.bound.operands["shape"], site))

    return result


# ---------------------------------------------------------------- shaping


def raveled(site: Site) -> Kind:
    """All elements in one row."""
    array = first_array(site)
    return UNKNOWN if array is None else Array(array.dtype, (flat_dim(array),))


def permuted(order: Callable[[Site, int], Items[int] | None]) -> ResultKind:
    """The axes of the first operand in the order that `order` tells."""

    def result(site: Site) -> Kind:
        array = first_array(site)
        if array is None:
            return UNKNOWN
        if array.dims is None:
            return array
        axes = order(site, len(array.dims))
        if axes is None:
            return Array(array.dtype, (ANY,) * len(array.dims))
        return Array(array.dtype, tuple(array.dims[axis] for axis in axes))

    return result


def transposed_axes(site: Site, rank: int) -> Items[int] | None:
    """The order of axes that `transpose` makes."""
    axes = site.constant("axes")
    if axes is None:
        return tuple(reversed(range(rank)))
    if isinstance(axes, tuple) and all(isinstance(axis, int) for axis in axes):
        return tuple(axis % rank for axis in axes) if len(axes) == rank else None
    return None


def swapped_axes(site: Site, rank: int) -> Items[int] | None:
    """The order of axes that `swapaxes` makes."""
    one, two = site.constant("axis1"), site.constant("axis2")
    if not isinstance(one, int) or not isinstance(two, int):
        return None
    if not (-rank <= one < rank and -rank <= two < rank):
        return None  # in a branch that is for arrays of another rank
    order = list(range(rank))
    order[one], order[two] = order[two], order[one]
    return order


def moved_axes(site: Site, rank: int) -> Items[int] | None:
    """The order of axes that `moveaxis` makes."""
    source, destination = site.constant("source"), site.constant("destination")
    sources = source if isinstance(source, tuple) else (source,)
    targets = destination if isinstance(destination, tuple) else (destination,)
    pairs = [
        (to % rank, axis % rank)
        for to, axis in zip(targets, sources, strict=False)
        if isinstance(to, int) and isinstance(axis, int) and max(-axis, -to) <= rank != 0
    ]
    if len(pairs) != len(sources) or len(pairs) != len(targets):
        return None
    order = [axis for axis in range(rank) if axis not in {axis for _, axis in pairs}]
    for to, axis in sorted(pairs):
        order.insert(to, axis)
    return order


def matrix_transposed(site: Site, rank: int) -> Items[int] | None:
    """The order of axes that `matrix_transpose` makes."""
    if rank < 2:
        return None
    return (*range(rank - 2), rank - 1, rank - 2)


def expanded(site: Site) -> Kind:
    """New axes of extent 1 at the places `axis`."""
    array = first_array(site)
    if array is None:
        return UNKNOWN
    axis = site.constant("axis")
    count = len(axis) if isinstance(axis, tuple) else 1
    axes = axes_of(axis, None if array.rank is None else array.rank + count)
    if axes is None or array.dims is None or axis is None:
        return Array(array.dtype, None)
    dims = list(array.dims)
    for place in axes:
        dims.insert(place, ONE)
    return Array(array.dtype, tuple(dims))


def squeezed(site: Site) -> Kind:
    """Axes of extent 1 taken away."""
    array = first_array(site)
    if array is None:
        return UNKNOWN
    axis = site.constant("axis")
    if array.dims is None or axis is VARIES:
        return Array(array.dtype, None)
    if axis is None:
        unclear = any(dim not in (ONE, MANY) for dim in array.dims)
        dims = None if unclear else tuple(dim for dim in array.dims if dim != ONE)
        return Array(array.dtype, dims)
    axes = axes_of(axis, array.rank)
    if axes is None:
        return Array(array.dtype, None)
    return Array(array.dtype, tuple(dim for k, dim in enumerate(array.dims) if k not in axes))


def at_least(rank: int) -> ResultKind:
    """``numpy.atleast_1d`` and its kin."""

    def result(site: Site) -> Kind:
        array = first_array(site)
        if array is None:
            return UNKNOWN
        dims = array.dims
        if dims is not None and len(dims) < rank:
            padded = {
                (1, 0): (ONE,),
                (2, 0): (ONE, ONE),
                (2, 1): (ONE, *dims),
                (3, 0): (ONE, ONE, ONE),
                (3, 1): (ONE, *dims, ONE),
                (3, 2): (*dims, ONE),
            }
            dims = padded[rank, len(dims)]
        return Array(array.dtype, dims)

    return result


def resized(site: Site) -> Kind:
    """The rank stays, the extents do not: tile, repeat, diff."""
    array = first_array(site)
    if array is None:
        return UNKNOWN
    return Array(array.dtype, None if array.dims is None else (ANY,) * len(array.dims))


def differences(site: Site) -> Kind:
    """``numpy.diff``: one element less along `axis`."""
    array = first_array(site)
    if array is None:
        return UNKNOWN
    axes = axes_of(site.constant("axis"), array.rank)
    if array.dims is None or axes is None:
        return resized(site)
    dims = tuple(ANY if k in axes else dim for k, dim in enumerate(array.dims))
    return Array(array.dtype, dims)


def framed_differences(site: Site) -> Kind:
    """``numpy.diff`` of a row with more before and after it, which may make floats of whole numbers."""
    kind = differences(site)
    if isinstance(kind, Array) and kind.dtype != "float":
        return Array(None, kind.dims)
    return kind


def repeated(site: Site) -> Kind:
    """``numpy.repeat``: flattened, or longer along `axis`."""
    array = first_array(site)
    if array is None:
        return UNKNOWN
    if site.constant("axis") is None:
        return Array(array.dtype, (ANY,))
    return resized(site)


def tiled(site: Site) -> Kind:
    """``numpy.tile``: as many axes as the longer of the shape and `reps`."""
    array = first_array(site)
    if array is None:
        return UNKNOWN
    reps = site.constant("reps")
    if array.rank is None or reps is VARIES:
        return Array(array.dtype, None)
    count = len(reps) if isinstance(reps, tuple) else 1
    return Array(array.dtype, (ANY,) * max(array.rank, count))


def diagonal_of(site: Site) -> Kind:
    """``numpy.diag``: a matrix of a vector, a vector of a matrix."""
    array = first_array(site)
    if array is None:
        return UNKNOWN
    rank = {1: 2, 2: 1}.get(array.rank or 0)
    return Array(array.dtype, None if rank is None else (ANY,) * rank)


# ---------------------------------------------------------------- lists of arrays


def _items(site: Site) -> tuple[Array, ...] | None:
    """The arrays of a list operand of known length; None if it or one of them is not known."""
    kind = site.kind(next(iter(site.bound.operands)))
    if isinstance(kind, kinds.Sequence) and kind.items:
        arrays = tuple(as_array(item) for item in kind.items)
        known = tuple(array for array in arrays if array is not None)
        return known if len(known) == len(arrays) else None
    return None


def _item_of_any_length(site: Site) -> Array | None:
    """What each item of the operand is, when only that is known."""
    match site.kind(next(iter(site.bound.operands))):
        case kinds.Sequence(item=item):
            return as_array(item)
        case Array(dtype=dtype, dims=tuple() as dims) if dims:
            return Array(dtype, dims[1:])
        case _:
            return None


def _joined(arrays: Items[Array], axis: int) -> Array:
    dims = same_dims([array.dims for array in arrays])
    if dims is None or not -len(dims) <= axis < len(dims):
        return Array(dtype_of(*arrays), None)
    axis %= len(dims)
    along = {array.dims[axis] if array.dims else ANY for array in arrays}
    total = along.pop() if len(along) == 1 else ANY
    if len(arrays) > 1 and total != MANY:
        total = MANY if total == ONE else ANY
    return Array(dtype_of(*arrays), (*dims[:axis], total, *dims[axis + 1 :]))


def _joined_any(item: Array | None, axis: int) -> Kind:
    if item is None or item.dims is None:
        return Array(item.dtype if item else None, None)
    dims = list(item.dims)
    if not -len(dims) <= axis < len(dims):
        return Array(item.dtype, None)
    dims[axis] = ANY
    return Array(item.dtype, tuple(dims))


def concatenated(site: Site) -> Kind:
    """Arrays one after the other along `axis`."""
    axis = site.constant("axis")
    arrays = _items(site)
    if axis is None:
        return Array(dtype_of(*arrays) if arrays else None, (ANY,))
    if not isinstance(axis, int):
        return Array(None, None)
    return _joined(arrays, axis) if arrays else _joined_any(_item_of_any_length(site), axis)


def stacked(site: Site) -> Kind:
    """Arrays side by side along a new axis."""
    axis = site.constant("axis")
    arrays = _items(site)
    item = _item_of_any_length(site)
    if arrays:
        dims = same_dims([array.dims for array in arrays])
        item = Array(dtype_of(*arrays), dims)
        length = ONE if len(arrays) == 1 else MANY
    else:
        length = ANY
    if item is None or item.dims is None or not isinstance(axis, int):
        return Array(item.dtype if item else None, None)
    rank = len(item.dims) + 1
    if not -rank <= axis < rank:
        return Array(item.dtype, None)
    dims = item.dims
    axis %= rank
    return Array(item.dtype, (*dims[:axis], length, *dims[axis:]))


def _stack_of(lift: Callable[[Array], Array], axis: Callable[[Array], int]) -> ResultKind:
    def result(site: Site) -> Kind:
        arrays = _items(site)
        if arrays:
            lifted = [lift(array) for array in arrays]
            return _joined(lifted, axis(lifted[0]))
        item = _item_of_any_length(site)
        if item is None:
            return Array(None, None)
        item = lift(item)
        return _joined_any(item, axis(item))

    return result


def _as_row(array: Array) -> Array:
    if array.dims is None or len(array.dims) > 1:
        return array
    return Array(array.dtype, (ONE,) * (2 - len(array.dims)) + array.dims)


def _as_line(array: Array) -> Array:
    return Array(array.dtype, (ONE,)) if array.dims == () else array


def _as_column(array: Array) -> Array:
    if array.dims is None or len(array.dims) > 1:
        return array
    return Array(array.dtype, array.dims + (ONE,) * (2 - len(array.dims)))


def _as_layer(array: Array) -> Array:
    if array.dims is None or len(array.dims) > 2:
        return array
    padded = {0: (ONE, ONE, ONE), 1: (ONE, *array.dims, ONE), 2: (*array.dims, ONE)}
    return Array(array.dtype, padded[len(array.dims)])


vstacked: ResultKind = _stack_of(_as_row, lambda array: 0)
hstacked: ResultKind = _stack_of(_as_line, lambda array: 0 if array.rank == 1 else 1)
column_stacked: ResultKind = _stack_of(_as_column, lambda array: 1)
depth_stacked: ResultKind = _stack_of(_as_layer, lambda array: 2)

# ---------------------------------------------------------------- creation


def arranged(site: Site) -> Kind:
    """``numpy.arange``: whole numbers if all its arguments are."""
    ends = [name for name in ("start", "stop", "step") if name in site.bound.operands]
    arrays = operands_as_arrays(site, ends)
    dtype = dtype_told(site, dtype_of(*arrays) if arrays else None)
    alone = len(ends) == 1 and dtype == "int"
    return Array(dtype, (dim_of_extent(site.bound.operands["start"], site) if alone else ANY,))


def unit_matrix(rows: str, columns: str) -> ResultKind:
    """``numpy.eye``: a matrix, of floats unless another dtype is asked for."""

    def result(site: Site) -> Kind:
        height = site.bound.operands[rows]
        width = site.bound.operands[columns]
        if constant(width) is None:
            width = height
        dims = (dim_of_extent(height, site), dim_of_extent(width, site))
        return Array(dtype_told(site, "float"), dims)

    return result


def spaced(site: Site) -> Kind:
    """``numpy.linspace``: a new first axis before the shape of the ends."""
    ends = operands_as_arrays(site, ("start", "stop"))
    if ends is None:
        return Array("float", None)
    dims = reduce(broadcast_dims, (end.dims for end in ends))
    length = dim_of_extent(site.bound.operands["num"], site)
    return Array("float", None if dims is None else (length, *dims))
