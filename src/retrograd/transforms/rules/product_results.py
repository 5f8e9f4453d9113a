"""The kinds of results of matrix products and of numpy.linalg."""

from retrograd.transforms.ir.kinds import ANY, UNKNOWN, Array, Kind
from retrograd.transforms.rules.results import (
    broadcast_dims,
    dtype_of,
    finished,
    first_array,
    flat_dim,
    operands_as_arrays,
)
from retrograd.transforms.rules.rule import Site


def _two(site: Site) -> tuple[Array, Array] | None:
    names = tuple(site.bound.operands)[:2]
    arrays = operands_as_arrays(site, names)
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
    array = first_array(site)
    if array is None:
        return UNKNOWN
    dtype = "int" if array.dtype == "bool" else array.dtype
    return finished(dtype, None if array.dims is None else array.dims[2:])


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
