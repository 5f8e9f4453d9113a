"""The kinds of results of products along named axes, of all pairs of elements, and of convolutions."""

from retrograd.transforms.ir.kinds import ANY, UNKNOWN, Array, DType, Kind
from retrograd.transforms.rules.einsum import terms_of
from retrograd.transforms.rules.product_results import both_arrays
from retrograd.transforms.rules.results import (
    Dims,
    broadcast_dims,
    dtype_of,
    finished,
    operands_as_arrays,
)
from retrograd.transforms.rules.rule import Site


def summed_by_name(site: Site) -> Kind:
    """``numpy.einsum``: one axis for each name of the result."""
    rule = site.bound.rule
    names = [name for name in site.bound.operands if name != rule.base(name)]
    arrays = operands_as_arrays(site, names)
    read = terms_of(site.constant("subscripts"), [site.rank(name) for name in names])
    if not arrays or read is None:
        return UNKNOWN
    dtype = dtype_of(*arrays)
    return UNKNOWN if dtype is None else finished(dtype, (ANY,) * len(read[1]))


def tensor_product(site: Site) -> Kind:
    """``numpy.tensordot``: the axes of both operands that are not summed over."""
    pair = both_arrays(site)
    axes = site.constant("axes")
    if pair is None or pair[0].dims is None or pair[1].dims is None:
        return UNKNOWN
    x, y = pair
    dims_x, dims_y = x.dims or (), y.dims or ()
    if isinstance(axes, int):
        return Array(dtype_of(x, y), dims_x[: len(dims_x) - axes] + dims_y[axes:])
    if isinstance(axes, tuple) and len(axes) == 2:
        count = len(axes[0]) if isinstance(axes[0], tuple) else 1
        return Array(dtype_of(x, y), (ANY,) * (len(dims_x) + len(dims_y) - 2 * count))
    return UNKNOWN


def _finished(dtype: DType | None, dims: Dims) -> Kind:
    """As `finished`, nothing at all where it may be a number or an array."""
    return UNKNOWN if dtype is None and dims == () else finished(dtype, dims)


def vector_products(site: Site) -> Kind:
    """``numpy.vecdot``: the axis of the vectors taken away."""
    pair = both_arrays(site)
    if pair is None:
        return UNKNOWN
    x, y = pair
    dims = broadcast_dims(x.dims, y.dims)
    if not dims:
        return UNKNOWN
    return _finished(dtype_of(x, y), (ANY,) * (len(dims) - 1))


def matrix_vector_product(site: Site) -> Kind:
    """``numpy.matvec``."""
    pair = both_arrays(site)
    if pair is None or not pair[0].dims or not pair[1].dims or len(pair[0].dims) < 2:
        return UNKNOWN
    x, y = pair[0].dims, pair[1].dims
    batch = broadcast_dims(x[:-2], y[:-1])
    return UNKNOWN if batch is None else Array(dtype_of(*pair), (*batch, x[-2]))


def vector_matrix_product(site: Site) -> Kind:
    """``numpy.vecmat``."""
    pair = both_arrays(site)
    if pair is None or not pair[0].dims or not pair[1].dims or len(pair[1].dims) < 2:
        return UNKNOWN
    x, y = pair[0].dims, pair[1].dims
    batch = broadcast_dims(x[:-1], y[:-2])
    return UNKNOWN if batch is None else Array(dtype_of(*pair), (*batch, y[-1]))


def cross_product(site: Site) -> Kind:
    """``numpy.cross``: of the rank of the operand with more axes."""
    pair = both_arrays(site)
    if pair is None or pair[0].rank is None or pair[1].rank is None:
        return UNKNOWN
    return Array(dtype_of(*pair), (ANY,) * max(pair[0].rank, pair[1].rank))


def kronecker_product(site: Site) -> Kind:
    """``numpy.kron``: of the rank of the operand with more axes."""
    pair = both_arrays(site)
    if pair is None or pair[0].rank is None or pair[1].rank is None:
        return UNKNOWN
    return _finished(dtype_of(*pair), (ANY,) * max(pair[0].rank, pair[1].rank))


def convolved(site: Site) -> Kind:
    """``numpy.convolve``: one row."""
    pair = both_arrays(site)
    return Array(dtype_of(*pair) if pair else None, (ANY,))
