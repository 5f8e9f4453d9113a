"""The kinds of what integrals, convolutions and distances give."""

from retrograd.transforms.ir.kinds import ANY, INT, UNKNOWN, Array, Kind, Sequence
from retrograd.transforms.rules.results import (
    as_array,
    axes_of,
    dtype_of,
    finished,
    first_array,
    operands_as_arrays,
)
from retrograd.transforms.rules.rule import Site


def integrated(site: Site) -> Kind:
    """The first operand without the axis `axis`."""
    array = first_array(site)
    axes = None if array is None else axes_of(site.constant("axis"), array.rank)
    if array is None or array.dims is None or axes is None:
        return finished("float", None)
    return finished("float", tuple(dim for k, dim in enumerate(array.dims) if k not in axes))


def accumulated(site: Site) -> Kind:
    """As many axes as the first operand has."""
    array = first_array(site)
    rank = None if array is None else array.rank
    return Array("float", None if rank is None else (ANY,) * rank)


def convolved(site: Site) -> Kind:
    """As many axes as the operands have; whole numbers stay whole."""
    arrays = operands_as_arrays(site, ("in1", "in2"))
    if arrays is None:
        return Array(None, None)
    dims = arrays[0].dims
    dtype = dtype_of(*arrays)
    return Array(
        "float" if dtype == "float" else None, None if dims is None else (ANY,) * len(dims)
    )


def filtered(site: Site) -> Kind:
    """Of the shape of the first operand, and in its numbers."""
    array = first_array(site)
    if array is None:
        return Array(None, None)
    return Array(array.dtype, array.dims)


def like_x(site: Site) -> Kind:
    """Floats of the shape of the operand `x`."""
    array = as_array(site.kind("x"))
    return Array("float", None if array is None else array.dims)


def some_floats(site: Site) -> Kind:
    """An array of floats."""
    return Array("float", None)


def some_numbers(site: Site) -> Kind:
    """An array of the class of numbers that the first operand has, if those are floats."""
    array = first_array(site)
    return Array("float" if array is not None and array.dtype == "float" else None, None)


def some_vector(site: Site) -> Kind:
    """A vector of floats."""
    return Array("float", (ANY,))


def distances(site: Site) -> Kind:
    """A row for each of some points, a column for each of others."""
    return Array("float", (ANY, ANY))


def whole_numbers(site: Site) -> Kind:
    """A list of whole numbers."""
    return Sequence("list", None, INT)


def two_places(site: Site) -> Kind:
    """Rows and columns of elements."""
    places = Array("int", (ANY,))
    return Sequence("tuple", (places, places), places)


def spectrogram(site: Site) -> Kind:
    """``scipy.signal.stft``: frequencies, times, and for each of both a complex number."""
    array = first_array(site)
    rank = None if array is None else array.rank
    dims = None if rank is None else (ANY,) * (rank + 1)
    row = Array("float", (ANY,))
    return Sequence("tuple", (row, row, Array("complex", dims)), UNKNOWN)
