"""The kinds of results of functions that take, leave out or put together elements of arrays."""

from functools import reduce

from retrograd.transforms.ir.kinds import (
    ANY,
    ONE,
    UNKNOWN,
    Array,
    DType,
    Kind,
    Scalar,
    Sequence,
)
from retrograd.transforms.rules.results import (
    Dims,
    ResultKind,
    as_array,
    axes_of,
    broadcast_dims,
    dtype_of,
    finished,
    first_array,
    flat_dim,
    operands_as_arrays,
    reduced,
)
from retrograd.transforms.rules.rule import VARIES, Site
from retrograd.transforms.rules.shape_results import dims_of_shape

# ---------------------------------------------------------------- elements taken


def taken(site: Site) -> Kind:
    """``numpy.take``: the axis `axis` replaced by those of `indices`."""
    array, indices = as_array(site.kind("a")), as_array(site.kind("indices"))
    axis = site.constant("axis")
    if array is None or indices is None or indices.dims is None or axis is VARIES:
        return UNKNOWN
    if axis is None:
        return finished(array.dtype, indices.dims)
    places = axes_of(axis, array.rank)
    if array.dims is None or places is None:
        return UNKNOWN
    (place,) = places
    return finished(array.dtype, (*array.dims[:place], *indices.dims, *array.dims[place + 1 :]))


def along(name: str) -> ResultKind:
    """Fewer or more elements of operand `name` along `axis`; one row of them without an axis."""

    def result(site: Site) -> Kind:
        array = as_array(site.kind(name))
        if array is None:
            return Array(None, None)
        axis = site.constant("axis") if "axis" in site.bound.operands else None
        if axis is None:
            return Array(array.dtype, (ANY,))
        axes = axes_of(axis, array.rank)
        if axes is None or array.dims is None:
            return Array(array.dtype, None)
        dims = tuple(ANY if k in axes else dim for k, dim in enumerate(array.dims))
        return Array(array.dtype, dims)

    return result


def of_rank(name: str, change: int = 0) -> ResultKind:
    """An array of the numbers of operand `name`, with so many axes more."""

    def result(site: Site) -> Kind:
        array = as_array(site.kind(name))
        if array is None or array.rank is None:
            return Array(array.dtype if array else None, None)
        return Array(array.dtype, (ANY,) * (array.rank + change))

    return result


def vector_of(name: str, dtype: DType | None = None) -> ResultKind:
    """One row of the numbers of operand `name`, or of numbers of `dtype`."""

    def result(site: Site) -> Kind:
        array = as_array(site.kind(name))
        return Array(dtype or (array.dtype if array else None), (ANY,))

    return result


def in_new_shape(site: Site) -> Kind:
    """``numpy.resize``."""
    array = as_array(site.kind("a"))
    dims = dims_of_shape(site.bound.operands["new_shape"], site)
    return Array(array.dtype if array else None, dims)


def flat_diagonal(site: Site) -> Kind:
    """``numpy.diagflat``: a matrix."""
    array = as_array(site.kind("v"))
    return Array(array.dtype if array else None, (ANY, ANY))


def appended(site: Site) -> Kind:
    """``numpy.append``, ``numpy.insert``: more elements along `axis`, or in one row."""
    array, values = as_array(site.kind("arr")), as_array(site.kind("values"))
    dtype = dtype_of(array, values) if array and values else None
    kind = along("arr")(site)
    return Array(dtype, kind.dims) if isinstance(kind, Array) else kind


def inserted(site: Site) -> Kind:
    """``numpy.insert``: more elements along `axis`, of the class that the array has."""
    return along("arr")(site)


def taken_along(site: Site) -> Kind:
    """``numpy.take_along_axis``: of the rank of the array, or one row without an axis."""
    array = as_array(site.kind("arr"))
    if array is None or site.constant("axis") is None:
        return Array(array.dtype if array else None, (ANY,) if array else None)
    return Array(array.dtype, None if array.dims is None else (ANY,) * len(array.dims))


def columns(site: Site) -> Kind:
    """A vector as a column, a matrix as it is."""
    array = as_array(site.kind("x"))
    if array is None or array.dims is None:
        return Array(array.dtype if array else None, None)
    if len(array.dims) > 1:
        return array
    return Array(array.dtype, (*(array.dims or (ONE,)), ONE))


def of_shape(site: Site) -> Kind:
    """Floats in the shape that a tuple tells."""
    match site.kind("shape"):
        case Sequence(items=items) if items is not None:
            return finished("float", (ANY,) * len(items))
        case _:
            return UNKNOWN


def at_places(site: Site) -> Kind:
    """Floats in the shape of `places`; of an array of whole numbers perhaps whole numbers."""
    array, places = first_array(site), as_array(site.kind("places"))
    if array is None or array.dtype != "float" or places is None or places.dims is None:
        return UNKNOWN
    return finished("float", places.dims)


def numbers_of_elements(site: Site) -> Kind:
    """Whole numbers in the shape that a tuple tells."""
    return Array("int", dims_of_shape(site.bound.operands["shape"], site))


# ---------------------------------------------------------------- lists of arrays


def parts_of(name: str, axis: int | None = None) -> ResultKind:
    """A list of parts of operand `name` along `axis`, as many as a whole number tells."""

    def result(site: Site) -> Kind:
        array = as_array(site.kind(name))
        place = site.constant("axis") if axis is None else axis
        item: Kind = UNKNOWN
        if array is not None:
            axes = axes_of(place, array.rank)
            if array.rank == 1 and axis is not None:
                axes = (0,)
            known = axes is not None and array.dims is not None and place is not None
            dims: Dims = None
            if known and array.dims is not None and axes is not None:
                dims = tuple(ANY if k in axes else dim for k, dim in enumerate(array.dims))
            item = Array(array.dtype, dims)
        return Sequence("list", _repeated(item, _number_of_parts(site)), item)

    return result


def _number_of_parts(site: Site) -> int | None:
    sections = site.constant("indices_or_sections")
    if isinstance(sections, int):
        return sections
    return len(sections) + 1 if isinstance(sections, tuple) else None


def _repeated(item: Kind, number: int | None) -> tuple[Kind, ...] | None:
    return None if number is None else (item,) * number


def unstacked(site: Site) -> Kind:
    """``numpy.unstack``: a tuple of the parts of an array, `axis` taken away."""
    array = as_array(site.kind("x"))
    if array is None or array.dims is None:
        return Sequence("tuple", None, UNKNOWN)
    axes = axes_of(site.constant("axis"), array.rank)
    if axes is None or site.constant("axis") is None:
        return Sequence("tuple", None, UNKNOWN)
    dims = tuple(dim for k, dim in enumerate(array.dims) if k not in axes)
    item = finished(array.dtype, dims) if dims else UNKNOWN
    return Sequence("tuple", None, item)


def grids(site: Site) -> Kind:
    """``numpy.meshgrid``: a tuple of arrays with as many axes as there are of them."""
    count = len(_variadic(site))
    arrays = [as_array(site.kind(name)) for name in _variadic(site)]
    items = tuple(Array(a.dtype if a else None, (ANY,) * count) for a in arrays)
    return Sequence("tuple", items, Array(None, (ANY,) * count))


def broadcast_together(site: Site) -> Kind:
    """``numpy.broadcast_arrays``: a tuple of arrays of one shape."""
    arrays = operands_as_arrays(site, _variadic(site))
    if not arrays:
        return Sequence("tuple", None, UNKNOWN)
    dims = reduce(broadcast_dims, (array.dims for array in arrays))
    items = tuple(Array(array.dtype, dims) for array in arrays)
    return Sequence("tuple", items, Array(None, dims))


def _variadic(site: Site) -> tuple[str, ...]:
    rule = site.bound.rule
    return tuple(name for name in site.bound.operands if rule.base(name) == rule.variadic)


def blocked(site: Site) -> Kind:
    """``numpy.block``: as many axes as the lists are deep, or as an array in them has."""
    rank, dtypes = _depth(site.kind("arrays")), _leaves(site.kind("arrays"))
    known = tuple(array for array in dtypes if array is not None)
    dtype = dtype_of(*known) if known and len(known) == len(dtypes) else None
    if rank is None or any(array is None or array.rank is None for array in dtypes):
        return Array(dtype, None)
    return Array(dtype, (ANY,) * max(rank, *(array.rank or 0 for array in known)))


def _depth(kind: Kind) -> int | None:
    depth = 0
    while isinstance(kind, Sequence):
        kind = kind.items[0] if kind.items else kind.item
        depth += 1
    return depth if isinstance(kind, Scalar | Array) else None


def _leaves(kind: Kind) -> tuple[Array | None, ...]:
    if isinstance(kind, Sequence):
        items = kind.items if kind.items is not None else (kind.item,)
        return tuple(leaf for item in items for leaf in _leaves(item))
    return (as_array(kind),)


# ---------------------------------------------------------------- choices


def selected(name: str, *conditions: str) -> ResultKind:
    """One of the items of the list `name`, element by element."""

    def result(site: Site) -> Kind:
        choices = _items(site.kind(name))
        others = [
            array
            for other in conditions
            for array in (
                _items(site.kind(other))
                if isinstance(site.kind(other), Sequence)
                else (as_array(site.kind(other)),)
            )
        ]
        known = [array for array in (*choices, *others) if array is not None]
        if not choices or len(known) < len(choices) + len(others):
            return UNKNOWN
        numbers = [array for array in choices if array is not None]
        default = as_array(site.kind("default")) if "default" in site.bound.operands else None
        dtype = dtype_of(*numbers, *((default,) if default else ()))
        dims = reduce(broadcast_dims, (array.dims for array in known))
        return UNKNOWN if dims is None or dims == () else Array(dtype, dims)

    return result


def _items(kind: Kind) -> tuple[Array | None, ...]:
    match kind:
        case Sequence(items=tuple() as items):
            return tuple(map(as_array, items))
        case Array(dtype=dtype, dims=dims) if dims:
            return (Array(dtype, dims[1:]),)
        case _:
            return ()


def put_together(site: Site) -> Kind:
    """Floats from one of the items of a list, element by element."""
    kind = selected("parts", "number")(site)
    return Array("float", kind.dims) if isinstance(kind, Array) else kind


def index_arrays(site: Site) -> Kind:
    """``numpy.ix_``: a tuple of arrays of whole numbers."""
    count = len(_variadic(site))
    item = Array(None, (ANY,) * count)
    return Sequence("tuple", (item,) * count, item)


def places_along(site: Site) -> Kind:
    """Where ``numpy.put_along_axis`` writes: index arrays that broadcast together, for each axis one."""
    array = as_array(site.kind("a"))
    if array is None or not array.rank:
        return Sequence("tuple", None, Array("int", None))
    one = (ANY,) if site.constant("axis") is None else (ANY,) * array.rank
    item = Array("int", one if site.constant("axis") is not VARIES else None)
    return Sequence("tuple", (item,) * array.rank, item)


def places_of_true(site: Site) -> Kind:
    """``numpy.nonzero``: a tuple of one row of whole numbers for each axis."""
    array = as_array(site.kind("a"))
    item = Array("int", (ANY,))
    count = None if array is None else array.rank
    return Sequence("tuple", None if not count else (item,) * count, item)


# ---------------------------------------------------------------- elements in order


def sorted_along(site: Site) -> Kind:
    """``numpy.sort``: of the kind of the operand, in one row without an axis."""
    array = as_array(site.kind("a"))
    if array is None:
        return Array(None, None)
    axis = site.constant("axis")
    if axis is VARIES:
        return Array(array.dtype, None)
    return Array(array.dtype, (flat_dim(array),) if axis is None else array.dims)


def middle(site: Site) -> Kind:
    """``numpy.median``: floats, with axes taken away; of one number perhaps an array."""
    array = as_array(site.kind("a"))
    return UNKNOWN if array is None or array.rank == 0 else reduced("float")(site)


def quantiles(site: Site) -> Kind:
    """``numpy.quantile``: the axes of `q`, then those that are left of the operand."""
    q, array = as_array(site.kind("q")), as_array(site.kind("a"))
    rest = reduced("float")(site)
    if q is None or q.dims is None or array is None or array.dtype != "float":
        return UNKNOWN  # some methods give one of the whole numbers themselves
    if q.dims == ():
        return rest
    dims = () if isinstance(rest, Scalar) else rest.dims if isinstance(rest, Array) else None
    return Array("float", None if dims is None else (*q.dims, *dims))
