"""The kinds of results of matrix products and of numpy.linalg."""

from retrograd.transforms.ir.kinds import ANY, ONE, UNKNOWN, Array, Kind, Sequence
from retrograd.transforms.rules.results import (
    as_array,
    axes_of,
    broadcast_dims,
    dtype_of,
    finished,
    first_array,
    flat_dim,
    operands_as_arrays,
)
from retrograd.transforms.rules.rule import Site


def both_arrays(site: Site) -> tuple[Array, Array] | None:
    """The first two operands as arrays, None if one of them is not known."""
    names = tuple(site.bound.operands)[:2]
    arrays = operands_as_arrays(site, names)
    return (arrays[0], arrays[1]) if arrays is not None and len(arrays) == 2 else None


def matrix_product(site: Site) -> Kind:
    """``x @ y``."""
    pair = both_arrays(site)
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
    pair = both_arrays(site)
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
    pair = both_arrays(site)
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
    pair = both_arrays(site)
    if pair is None:
        return Array(None, (ANY, ANY))
    x, y = pair
    return Array(dtype_of(x, y), (flat_dim(x), flat_dim(y)))


def number_of_both(site: Site) -> Kind:
    """A number, of the class that both operands have."""
    pair = both_arrays(site)
    return UNKNOWN if pair is None else finished(dtype_of(*pair), ())


def traced(site: Site) -> Kind:
    """Two axes taken away."""
    array = first_array(site)
    if array is None:
        return UNKNOWN
    dtype = "int" if array.dtype == "bool" else array.dtype
    axes = axes_of((site.constant("axis1"), site.constant("axis2")), array.rank)
    if axes is None or array.dims is None:
        return finished(dtype, () if array.rank == 2 else None)
    return finished(dtype, tuple(dim for k, dim in enumerate(array.dims) if k not in axes))


def determinant(site: Site) -> Kind:
    """A number for each matrix."""
    array = first_array(site)
    if array is None:
        return UNKNOWN
    return finished("float", None if array.dims is None else array.dims[:-2])


def matrix_of(site: Site) -> Kind:
    """Matrices of floats with the shape of the first operand."""
    array = first_array(site)
    return UNKNOWN if array is None else Array("float", array.dims)


def solution(site: Site) -> Kind:
    """``numpy.linalg.solve(a, b)``."""
    pair = both_arrays(site)
    if pair is None:
        return UNKNOWN
    a, b = pair
    if a.dims is None or b.dims is None or len(a.dims) < 2:
        return Array("float", None)
    if len(b.dims) == 1:
        return Array("float", a.dims[:-1])
    batch = broadcast_dims(a.dims[:-2], b.dims[:-2])
    return Array("float", None if batch is None else (*batch, a.dims[-1], b.dims[-1]))


def matrix_of_any(site: Site) -> Kind:
    """Matrices with the shape of the first operand, of numbers that may be complex."""
    array = first_array(site)
    return UNKNOWN if array is None else Array(None, array.dims)


def matrix_of_same(site: Site) -> Kind:
    """Matrices with the shape of the first operand; whole numbers may stay whole."""
    array = first_array(site)
    if array is None:
        return UNKNOWN
    return Array("float" if array.dtype == "float" else None, array.dims)


def norm_of_matrices(site: Site) -> Kind:
    """A float for each matrix, the axes kept as 1 where that is asked for."""
    array = first_array(site)
    keepdims = site.constant("keepdims")
    if array is None:
        return UNKNOWN
    if array.dims is None or not isinstance(keepdims, bool):
        return Array("float", None)
    return finished("float", (*array.dims[:-2], ONE, ONE) if keepdims else array.dims[:-2])


def chain_product(site: Site) -> Kind:
    """``numpy.linalg.multi_dot``: the product of matrices, the first and last may be vectors."""
    match site.kind("arrays"):
        case Sequence(items=tuple() as items) if len(items) > 1:
            first, last = as_array(items[0]), as_array(items[-1])
        case _:
            return UNKNOWN
    if first is None or last is None or first.dims is None or last.dims is None:
        return UNKNOWN
    arrays = [as_array(item) for item in items]
    floats = any(array is not None and array.dtype == "float" for array in arrays)
    return finished("float" if floats else None, first.dims[:-1] + last.dims[1:])


def tensor_solution(site: Site) -> Kind:
    """``numpy.linalg.tensorsolve(a, b)``: the axes of a that b has not."""
    pair = both_arrays(site)
    if pair is None:
        return UNKNOWN
    a, b = pair
    if a.dims is None or b.dims is None:
        return Array("float", None)
    return Array("float", a.dims[len(b.dims) :])


def tensor_inverse(site: Site) -> Kind:
    """``numpy.linalg.tensorinv``: the first axes put last."""
    array = first_array(site)
    ind = site.constant("ind")
    if array is None or array.dims is None or not isinstance(ind, int):
        return Array("float", None)
    return Array("float", array.dims[ind:] + array.dims[:ind])


def determinant_of_same(site: Site) -> Kind:
    """A number for each matrix."""
    array = first_array(site)
    if array is None:
        return UNKNOWN
    dtype = "int" if array.dtype == "bool" else array.dtype
    return finished(dtype, None if array.dims is None else array.dims[:-2])


def diagonals(site: Site) -> Kind:
    """A vector for each matrix."""
    array = first_array(site)
    if array is None:
        return UNKNOWN
    return Array(array.dtype, None if array.dims is None else (*array.dims[:-2], ANY))


def transposed(site: Site) -> Kind:
    """The last two axes exchanged."""
    array = first_array(site)
    if array is None:
        return UNKNOWN
    if array.dims is None or len(array.dims) < 2:
        return Array(array.dtype, None)
    return Array(array.dtype, (*array.dims[:-2], array.dims[-1], array.dims[-2]))


def spread_of_both(site: Site) -> Kind:
    """Both operands, spread against each other."""
    pair = both_arrays(site)
    if pair is None:
        return UNKNOWN
    return Array(dtype_of(*pair), broadcast_dims(pair[0].dims, pair[1].dims))


def products_along(site: Site) -> Kind:
    """Both operands, spread against each other, without the axis that was summed."""
    pair = both_arrays(site)
    axis = site.constant("axis")
    if pair is None or not isinstance(axis, int):
        return UNKNOWN
    dims = broadcast_dims(pair[0].dims, pair[1].dims)
    if dims is None or not -len(dims) <= axis < 0:
        return Array(dtype_of(*pair), None)
    return finished(dtype_of(*pair), tuple(d for k, d in enumerate(dims) if k != axis % len(dims)))
