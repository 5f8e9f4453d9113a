"""The kind of a call's result, from the kinds of its operands: one function for each sort of result.

Every answer is an upper bound on knowledge: where operands are unknown, so is the result.
"""

from collections.abc import Callable
from collections.abc import Sequence as Items
from functools import reduce
from typing import Final, TypeAlias

from retrograd.transforms.ir import kinds
from retrograd.transforms.ir.kinds import ANY, MANY, ONE, UNKNOWN, Array, Dim, DType, Kind, Scalar
from retrograd.transforms.ir.nodes import Attribute, Call, Const, Expr, Index, Known, List, Tuple
from retrograd.transforms.rules.rule import VARIES, Site, constant

Dims: TypeAlias = tuple[Dim, ...] | None
ResultKind: TypeAlias = Callable[[Site], Kind]

_ORDER: tuple[DType, ...] = ("bool", "int", "float")

#: What a dtype argument may say, and the class of numbers that it means.
FLOAT_TYPES: Final = (
    *("float", "float64", "float32", "f8", "f4", "d", "double"),
    *("numpy.float64", "numpy.float32", "numpy.double", "numpy.single"),
)
INT_TYPES: Final = ("int", "int64", "int32", "numpy.int64", "numpy.int32", "numpy.intp")
BOOL_TYPES: Final = ("bool", "numpy.bool", "numpy.bool_")

# ---------------------------------------------------------------- arithmetic of kinds


def as_array(kind: Kind) -> Array | None:
    """What NumPy makes of a value of `kind`: rank 0 of a scalar, an array of nested lists."""
    match kind:
        case Scalar(dtype=dtype):
            return Array(dtype, ())
        case Array():
            return kind
        case kinds.Sequence():
            return _of_sequence(kind)
        case _:
            return None


def _of_sequence(sequence: kinds.Sequence) -> Array | None:
    if sequence.items is None:
        item = as_array(sequence.item)
        if item is None:
            return None
        return Array(item.dtype, None if item.dims is None else (ANY, *item.dims))
    items = tuple(as_array(item) for item in sequence.items)
    if not items:
        return Array("float", (MANY,))
    known = tuple(item for item in items if item is not None)
    if len(known) < len(items):
        return None
    dims = same_dims(tuple(item.dims for item in known))
    length = ONE if len(items) == 1 else MANY
    return Array(dtype_of(*known), None if dims is None else (length, *dims))


def finished(dtype: DType | None, dims: Dims) -> Kind:
    """The kind of what NumPy returns: rank 0 comes as a scalar."""
    return Scalar(dtype) if dims == () and dtype is not None else Array(dtype, dims)


def dtype_of(*arrays: Array) -> DType | None:
    """The class of numbers that a sum of `arrays` has, None if it is not known."""
    found = {array.dtype for array in arrays}
    if "float" in found:
        return "float"
    return max((d for d in found if d), key=_ORDER.index) if None not in found and found else None


def broadcast_dims(a: Dims, b: Dims) -> Dims:
    """The extents of ``a + b``."""
    if a is None or b is None:
        return None
    rank = max(len(a), len(b))
    pairs = zip((ONE,) * (rank - len(a)) + a, (ONE,) * (rank - len(b)) + b, strict=True)
    return tuple(_broadcast_dim(x, y) for x, y in pairs)


def _broadcast_dim(a: Dim, b: Dim) -> Dim:
    if a == ONE:
        return b
    if b == ONE or a == b:
        return a
    return MANY if MANY in (a, b) else ANY


def same_dims(all_dims: Items[Dims]) -> Dims:
    """The extents of arrays that must agree in shape, as far as any of them tells."""
    known = [dims for dims in all_dims if dims is not None]
    if not known or len({len(dims) for dims in known}) > 1:
        return None
    return tuple(_most_telling(extents) for extents in zip(*known, strict=True))


def _most_telling(extents: Items[Dim]) -> Dim:
    told = [dim for dim in extents if dim != ANY]
    return next((dim for dim in told if dim != MANY), told[0] if told else ANY)


def dtype_named(value: object) -> DType | None:
    """The class of numbers that a dtype argument names, None if it is not known."""
    if value in FLOAT_TYPES:
        return "float"
    if value in INT_TYPES:
        return "int"
    return "bool" if value in BOOL_TYPES else None


# ---------------------------------------------------------------- elementwise


def _operands(site: Site, names: Items[str] = ()) -> tuple[Array, ...] | None:
    """The operands as arrays, flags and absent ones left out; None if one is not known."""
    given = names or tuple(site.bound.operands)
    found = []
    for name in given:
        if isinstance(site.kind(name), kinds.Other):
            continue
        array = as_array(site.kind(name))
        if array is None:
            return None
        found.append(array)
    return tuple(found)


def _broadcast(site: Site, dtype: Callable[..., DType | None], *names: str) -> Kind:
    arrays = _operands(site, names)
    if not arrays:
        return UNKNOWN
    return finished(dtype(*arrays), reduce(broadcast_dims, (array.dims for array in arrays)))


def floating(site: Site) -> Kind:
    """Broadcast, and always floats: exp, sqrt, division."""
    return _broadcast(site, lambda *arrays: "float")


def promoted(site: Site) -> Kind:
    """Broadcast, integers staying integers: addition, maximum."""
    kind = _broadcast(site, dtype_of)
    match kind:
        case Scalar(dtype="bool"):
            return kinds.INT
        case Array(dtype="bool", dims=dims):
            return Array(None, dims)
        case _:
            return kind


def truth(site: Site) -> Kind:
    """Broadcast, and a truth value."""
    return _broadcast(site, lambda *arrays: "bool")


def added(site: Site) -> Kind:
    """``x + y``: numbers, or two lists put together."""
    names = tuple(site.bound.operands)
    x, y = (site.kind(name) for name in names)
    if isinstance(x, kinds.Sequence) and isinstance(y, kinds.Sequence):
        if x.form != y.form:
            return UNKNOWN
        if x.items is not None and y.items is not None:
            items = x.items + y.items
            return kinds.Sequence(x.form, items, items[0] if len(set(items)) == 1 else UNKNOWN)
        return kinds.Sequence(x.form, None, x.item if x.item == y.item else UNKNOWN)
    return promoted(site)


def multiplied(site: Site) -> Kind:
    """``x * y``: numbers, or a list repeated."""
    names = tuple(site.bound.operands)
    for name, other in (names, names[::-1]):
        kind, times = site.kind(name), site.kind(other)
        if isinstance(kind, kinds.Sequence):
            if isinstance(times, Array):
                break
            item = kind.item
            if kind.items and len(set(kind.items)) == 1:
                item = kind.items[0]
            count = site.constant(other)
            if kind.items is not None and isinstance(count, int):
                return kinds.Sequence(kind.form, kind.items * count, item)
            return kinds.Sequence(kind.form, None, item)
    return promoted(site)


def raised(site: Site) -> Kind:
    """``x ** y``: whole numbers stay whole where the exponent is surely not negative."""
    kind = promoted(site)
    if kind == kinds.INT:
        exponent = site.constant("y")
        if not isinstance(exponent, int):
            return UNKNOWN
        return kinds.INT if exponent >= 0 else kinds.FLOAT
    return kind


def remainder(site: Site) -> Kind:
    """``x % y``: numbers, or text with values put in."""
    x = site.kind(next(iter(site.bound.operands)))
    return UNKNOWN if isinstance(x, kinds.Other) else promoted(site)


def chosen(*names: str) -> ResultKind:
    """One of the operands `names`, broadcast over all operands: where, clip."""

    def result(site: Site) -> Kind:
        arrays = _operands(site)
        of = _operands(site, names)
        if not arrays or not of:
            return UNKNOWN
        dims = reduce(broadcast_dims, (array.dims for array in arrays))
        return finished(dtype_of(*of), dims)

    return result


def one_of_operands(site: Site) -> Kind:
    """One of the operands themselves: ``x and y``, ``max(x, y)``."""
    found = {site.kind(name) for name in site.bound.operands}
    if len(found) == 1:
        return found.pop()
    arrays = tuple(kind for kind in found if isinstance(kind, Scalar))
    if len(arrays) == len(found) and {kind.dtype for kind in arrays} <= {"int", "float"}:
        return kinds.FLOAT
    return UNKNOWN


def item_of(site: Site) -> Kind:
    """One item of the only operand: ``max(xs)``."""
    match site.kind(next(iter(site.bound.operands))):
        case kinds.Sequence(items=None, item=item):
            return item
        case kinds.Sequence(items=(first, *rest)) if all(item == first for item in rest):
            return first
        case Array(dtype=dtype, dims=(_,)):
            return finished(dtype, ())
        case _:
            return UNKNOWN


def total(site: Site) -> Kind:
    """``sum(xs)``: what the items and the start add up to."""
    match site.kind("iterable"):
        case kinds.Sequence(items=None, item=item):
            parts: tuple[Kind, ...] = (item,)
        case kinds.Sequence(items=tuple() as items):
            parts = items
        case Array(dtype=dtype, dims=(_, *rest)):
            parts = (finished(dtype, tuple(rest)),)
        case _:
            return UNKNOWN
    arrays = tuple(as_array(part) for part in (*parts, site.kind("start")))
    known = tuple(array for array in arrays if array is not None)
    if len(known) < len(arrays):
        return UNKNOWN
    return finished(dtype_of(*known), reduce(broadcast_dims, (array.dims for array in known)))


# ---------------------------------------------------------------- fixed results


def always(kind: Kind) -> ResultKind:
    """Always of this kind."""
    return lambda site: kind


def same(name: str) -> ResultKind:
    """Of the kind of operand `name`, lists as arrays."""

    def result(site: Site) -> Kind:
        array = as_array(site.kind(name))
        return UNKNOWN if array is None else finished(array.dtype, array.dims)

    return result


def like(name: str) -> ResultKind:
    """An array of the shape of operand `name`; rank 0 stays an array."""

    def result(site: Site) -> Kind:
        array = as_array(site.kind(name)) or Array(None, None)
        return Array(_told(site, array.dtype), array.dims)

    return result


def _told(site: Site, dtype: DType | None) -> DType | None:
    """What the argument `dtype` says, `dtype` if it says nothing."""
    wanted = site.bound.operands.get("dtype")
    if wanted is None or constant(wanted) is None:
        return dtype
    return dtype_named(constant(wanted))


def converted(site: Site) -> Kind:
    """``numpy.array(x)``: rank 0 stays an array."""
    return like(next(iter(site.bound.operands)))(site)


def shape_tuple(site: Site) -> Kind:
    """``numpy.shape(x)``: a tuple of whole numbers."""
    array = as_array(site.kind(next(iter(site.bound.operands))))
    rank = None if array is None else array.rank
    return kinds.Sequence("tuple", None if rank is None else (kinds.INT,) * rank, kinds.INT)


# ---------------------------------------------------------------- reductions


def axes_of(value: object, rank: int | None) -> tuple[int, ...] | None:
    """The axes that an argument `value` names, all of them for None; None if that is not known."""
    if rank is None or value is VARIES:
        return None
    if value is None:
        return tuple(range(rank))
    axes = value if isinstance(value, tuple) else (value,)
    if not all(isinstance(axis, int) and -rank <= axis < rank for axis in axes):
        return None
    return tuple(sorted({axis % rank for axis in axes if isinstance(axis, int)}))


def reduced(dtype: DType | None = None, operand: str = "") -> ResultKind:
    """The first operand with the axes `axis` taken away, or kept as 1; `dtype` or its own."""

    def result(site: Site) -> Kind:
        array = as_array(site.kind(operand or next(iter(site.bound.operands))))
        if array is None:
            return UNKNOWN
        own = "int" if array.dtype == "bool" else array.dtype
        axis = site.constant("axis")
        keepdims = site.constant("keepdims")
        if keepdims is False and axis is None:
            return finished(dtype or own, ())
        axes = axes_of(axis, array.rank)
        if axes is None or array.dims is None or not isinstance(keepdims, bool):
            return Array(dtype or own, None)
        if keepdims:
            kept = tuple(ONE if k in axes else dim for k, dim in enumerate(array.dims))
        else:
            kept = tuple(dim for k, dim in enumerate(array.dims) if k not in axes)
        return finished(dtype or own, kept)

    return result


def accumulated(site: Site) -> Kind:
    """``numpy.cumsum``: the shape stays, or all is flattened."""
    array = as_array(site.kind(next(iter(site.bound.operands))))
    if array is None:
        return UNKNOWN
    axis = site.constant("axis")
    dtype = "int" if array.dtype == "bool" else array.dtype
    if axis is VARIES:
        return Array(dtype, None)
    return Array(dtype, (flat_dim(array),) if axis is None else array.dims)


def flat_dim(array: Array) -> Dim:
    """The number of elements of `array` as an extent."""
    if array.dims is None:
        return ANY
    dims = [dim for dim in array.dims if dim != ONE]
    if not dims:
        return ONE
    return dims[0] if len(dims) == 1 else ANY


# ---------------------------------------------------------------- shapes given by expressions


def dims_of_shape(expr: Expr, site: Site) -> Dims:
    """The extents that a shape argument spells: ``(n, 1)``, ``4``, ``x.shape``."""
    match expr:
        case Tuple(items=items) | List(items=items):
            return tuple(dim_of_extent(item, site) for item in items)
        case Attribute(value=value, name="shape") | Call(func=Known("numpy.shape"), args=(value,)):
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
        case Index(value=Attribute(value=value, name="shape"), index=index):
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
        found = _told(site, source.dtype if source else dtype)
        return Array(found, dims_of_shape(site.bound.operands["shape"], site))

    return result


# ---------------------------------------------------------------- shaping


def _array(site: Site) -> Array | None:
    return as_array(site.kind(next(iter(site.bound.operands))))


def raveled(site: Site) -> Kind:
    """All elements in one row."""
    array = _array(site)
    return UNKNOWN if array is None else Array(array.dtype, (flat_dim(array),))


def permuted(order: Callable[[Site, int], Items[int] | None]) -> ResultKind:
    """The axes of the first operand in the order that `order` tells."""

    def result(site: Site) -> Kind:
        array = _array(site)
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
        if isinstance(to, int) and isinstance(axis, int)
    ]
    if len(pairs) != len(sources) or len(pairs) != len(targets):
        return None
    order = [axis for axis in range(rank) if axis not in {axis for _, axis in pairs}]
    for to, axis in sorted(pairs):
        order.insert(to, axis)
    return order


def matrix_transposed(site: Site, rank: int) -> Items[int] | None:
    """The order of axes that `matrix_transpose` makes."""
    return (*range(rank - 2), rank - 1, rank - 2)


def expanded(site: Site) -> Kind:
    """New axes of extent 1 at the places `axis`."""
    array = _array(site)
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
    array = _array(site)
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
        array = _array(site)
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
    array = _array(site)
    if array is None:
        return UNKNOWN
    return Array(array.dtype, None if array.dims is None else (ANY,) * len(array.dims))


def differences(site: Site) -> Kind:
    """``numpy.diff``: one element less along `axis`."""
    array = _array(site)
    if array is None:
        return UNKNOWN
    axes = axes_of(site.constant("axis"), array.rank)
    if array.dims is None or axes is None:
        return resized(site)
    dims = tuple(ANY if k in axes else dim for k, dim in enumerate(array.dims))
    return Array(array.dtype, dims)


def repeated(site: Site) -> Kind:
    """``numpy.repeat``: flattened, or longer along `axis`."""
    array = _array(site)
    if array is None:
        return UNKNOWN
    if site.constant("axis") is None:
        return Array(array.dtype, (ANY,))
    return resized(site)


def tiled(site: Site) -> Kind:
    """``numpy.tile``: as many axes as the longer of the shape and `reps`."""
    array = _array(site)
    if array is None:
        return UNKNOWN
    reps = site.constant("reps")
    if array.rank is None or reps is VARIES:
        return Array(array.dtype, None)
    count = len(reps) if isinstance(reps, tuple) else 1
    return Array(array.dtype, (ANY,) * max(array.rank, count))


def diagonal_of(site: Site) -> Kind:
    """``numpy.diag``: a matrix of a vector, a vector of a matrix."""
    array = _array(site)
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


def _joined_any(item: Array | None, axis: int, least_rank: int = 1) -> Kind:
    if item is None or item.dims is None:
        return Array(item.dtype if item else None, None)
    dims = list(item.dims)
    if len(dims) < least_rank or not -len(dims) <= axis < len(dims):
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


vstacked: ResultKind = _stack_of(_as_row, lambda array: 0)
hstacked: ResultKind = _stack_of(_as_line, lambda array: 0 if array.rank == 1 else 1)
column_stacked: ResultKind = _stack_of(_as_column, lambda array: 1)

# ---------------------------------------------------------------- linear algebra


def _two(site: Site) -> tuple[Array, Array] | None:
    names = tuple(site.bound.operands)[:2]
    arrays = _operands(site, names)
    return (arrays[0], arrays[1]) if arrays is not None and len(arrays) == 2 else None


def matrix_product(site: Site) -> Kind:
    """``x @ y``."""
    pair = _two(site)
    if pair is None:
        return UNKNOWN
    x, y = pair
    dtype = dtype_of(x, y)
    if x.dims is None or y.dims is None or not x.dims or not y.dims:
        return Array(dtype, None)
    rows = x.dims[-2:-1]
    columns = y.dims[-1:] if len(y.dims) > 1 else ()
    batch = broadcast_dims(x.dims[:-2], y.dims[:-2])
    return Array(dtype, None) if batch is None else finished(dtype, batch + rows + columns)


def dot_product(site: Site) -> Kind:
    """``numpy.dot(x, y)``: a product with numbers, of matrices, or of all rows and columns."""
    pair = _two(site)
    if pair is None:
        return UNKNOWN
    x, y = pair
    dtype = dtype_of(x, y)
    if x.dims is None or y.dims is None:
        return Array(dtype, None)
    if not x.dims or not y.dims:
        return finished(dtype, x.dims + y.dims)
    columns = y.dims[:-2] + y.dims[-1:] if len(y.dims) > 1 else ()
    return finished(dtype, x.dims[:-1] + columns)


def inner_product(site: Site) -> Kind:
    """``numpy.inner(x, y)``: sums over the last axis of both."""
    pair = _two(site)
    if pair is None:
        return UNKNOWN
    x, y = pair
    dtype = dtype_of(x, y)
    if x.dims is None or y.dims is None:
        return Array(dtype, None)
    if not x.dims or not y.dims:
        return finished(dtype, x.dims + y.dims)
    return finished(dtype, x.dims[:-1] + y.dims[:-1])


def outer_product(site: Site) -> Kind:
    """``numpy.outer(x, y)``: a matrix, one row for each element of x."""
    pair = _two(site)
    if pair is None:
        return Array(None, (ANY, ANY))
    x, y = pair
    return Array(dtype_of(x, y), (flat_dim(x), flat_dim(y)))


def number_of_both(site: Site) -> Kind:
    """A number, of the class that both operands have."""
    pair = _two(site)
    return UNKNOWN if pair is None else finished(dtype_of(*pair), ())


def traced(site: Site) -> Kind:
    """Two axes taken away."""
    array = _array(site)
    if array is None:
        return UNKNOWN
    return finished(array.dtype, None if array.dims is None else array.dims[2:])


def determinant(site: Site) -> Kind:
    """A number for each matrix."""
    array = _array(site)
    if array is None:
        return UNKNOWN
    return finished("float", None if array.dims is None else array.dims[:-2])


def matrix_of(site: Site) -> Kind:
    """Matrices of floats with the shape of the first operand."""
    array = _array(site)
    return UNKNOWN if array is None else Array("float", array.dims)


def solution(site: Site) -> Kind:
    """``numpy.linalg.solve(a, b)``."""
    pair = _two(site)
    if pair is None:
        return UNKNOWN
    a, b = pair
    if a.dims is None or b.dims is None or len(a.dims) < 2:
        return Array("float", None)
    if len(b.dims) == 1:
        return Array("float", a.dims[:-1])
    batch = broadcast_dims(a.dims[:-2], b.dims[:-2])
    return Array("float", None if batch is None else (*batch, a.dims[-1], b.dims[-1]))


# ---------------------------------------------------------------- creation


def one_axis(name: str) -> ResultKind:
    """A vector with as many floats as the argument `name` says."""
    return lambda site: Array("float", (dim_of_extent(site.bound.operands[name], site),))


def arranged(site: Site) -> Kind:
    """``numpy.arange``: whole numbers if all its arguments are."""
    ends = [name for name in ("start", "stop", "step") if name in site.bound.operands]
    arrays = _operands(site, ends)
    wanted = site.constant("dtype")
    dtype = (dtype_of(*arrays) if arrays else None) if wanted is None else dtype_named(wanted)
    alone = len(ends) == 1 and dtype == "int"
    return Array(dtype, (dim_of_extent(site.bound.operands["start"], site) if alone else ANY,))


def unit_matrix(rows: str, columns: str) -> ResultKind:
    """``numpy.eye``: a matrix of floats."""

    def result(site: Site) -> Kind:
        height = site.bound.operands[rows]
        width = site.bound.operands[columns]
        if constant(width) is None:
            width = height
        return Array("float", (dim_of_extent(height, site), dim_of_extent(width, site)))

    return result


def spaced(site: Site) -> Kind:
    """``numpy.linspace``: a new first axis before the shape of the ends."""
    ends = _operands(site, ("start", "stop"))
    if ends is None:
        return Array("float", None)
    dims = reduce(broadcast_dims, (end.dims for end in ends))
    length = dim_of_extent(site.bound.operands["num"], site)
    return Array("float", None if dims is None else (length, *dims))


def places(site: Site) -> Kind:
    """``numpy.argsort``: whole numbers, as many as there are elements."""
    array = _array(site)
    return UNKNOWN if array is None else Array("int", array.dims)
