"""The kinds of results of functions of polynomials."""

from retrograd.transforms.ir.kinds import ANY, UNKNOWN, Array, Kind
from retrograd.transforms.rules.decomposition_results import several
from retrograd.transforms.rules.results import as_array, dtype_of, finished, operands_as_arrays
from retrograd.transforms.rules.rule import Site


def coefficients(site: Site) -> Kind:
    """One row of coefficients; of whole numbers they may be floats."""
    arrays = operands_as_arrays(site, tuple(site.bound.operands)[:1])
    floats = bool(arrays) and arrays is not None and arrays[0].dtype == "float"
    return Array("float" if floats else None, (ANY,))


def divided(site: Site) -> Kind:
    """``numpy.polydiv``: the coefficients of the quotient and of the rest."""
    one = coefficients(site)
    return several(one, one)


def zeros(site: Site) -> Kind:
    """``numpy.roots``: as many numbers as the degree, which may be complex."""
    return Array("complex", (ANY,))


def powers(site: Site) -> Kind:
    """``numpy.poly``: one row of floats."""
    return Array("float", (ANY,))


def evaluated(site: Site) -> Kind:
    """``numpy.polyval``: of the shape of `x`."""
    p, x = as_array(site.kind("p")), as_array(site.kind("x"))
    if p is None or x is None or x.dims is None or "float" not in (p.dtype, x.dtype):
        return UNKNOWN
    return finished("float", x.dims)


def fitted(site: Site) -> Kind:
    """``numpy.polyfit``: coefficients, one row of them for each row of values."""
    y = as_array(site.kind("y"))
    return Array("float", None if y is None or y.dims is None else (ANY, *y.dims[1:]))


def vandermonde(site: Site) -> Kind:
    """``numpy.vander``: a matrix with a row of powers for each element."""
    array = as_array(site.kind("x"))
    dtype = dtype_of(array) if array is not None else None
    return Array(dtype if dtype == "float" else None, (ANY, ANY))
