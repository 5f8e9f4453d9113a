"""The kinds of what the decompositions of matrices give: several results, in a tuple.

NumPy's tuples have names for their items (``np.linalg.eigh(a).eigenvalues``); in a program each name
stands for the place that it is in.
"""

from collections.abc import Mapping
from typing import Final

from retrograd.transforms.ir.kinds import ANY, INT, MANY, ONE, UNKNOWN, Array, Dim, Kind, Sequence
from retrograd.transforms.rules.results import Dims, as_array, finished, first_array
from retrograd.transforms.rules.rule import Site

#: Where the items of NumPy's tuples stand.
PLACES: Final[Mapping[str, int]] = {
    "sign": 0,
    "logabsdet": 1,
    "eigenvalues": 0,
    "eigenvectors": 1,
    "Q": 0,
    "R": 1,
    "U": 0,
    "S": 1,
    "Vh": 2,
}


def several(*kinds: Kind) -> Sequence:
    """A tuple of results of these kinds."""
    return Sequence("tuple", kinds, kinds[0] if len(set(kinds)) == 1 else UNKNOWN)


def _dims(site: Site) -> Dims:
    """The extents of the matrices that are decomposed."""
    array = first_array(site)
    return None if array is None else array.dims


def slogdet(site: Site) -> Kind:
    """``numpy.linalg.slogdet``: a sign and a logarithm for each matrix."""
    dims = _dims(site)
    each = UNKNOWN if dims is None else finished("float", dims[:-2])
    return several(each, each)


def eigh(site: Site) -> Kind:
    """``numpy.linalg.eigh``: eigenvalues, and eigenvectors as columns."""
    return several(eigenvalues(site), Array("float", _dims(site)))


def eigenvalues(site: Site) -> Array:
    """One number for each row."""
    dims = _dims(site)
    return Array("float", None if dims is None else dims[:-1])


def qr(site: Site) -> Kind:
    """``numpy.linalg.qr``, reduced: as many columns of q as the smaller extent of the matrix."""
    dims = _dims(site)
    if dims is None or len(dims) < 2:
        return several(Array("float", None), Array("float", None))
    *batch, rows, columns = dims
    inner = _smaller(rows, columns)
    return several(Array("float", (*batch, rows, inner)), Array("float", (*batch, inner, columns)))


def eig(site: Site) -> Kind:
    """``numpy.linalg.eig``: numbers that may be complex, and eigenvectors as columns."""
    return several(eigenvalues_of_any(site), Array("complex", _dims(site)))


def eigenvalues_of_any(site: Site) -> Array:
    """One number for each row, which may be complex."""
    return Array("complex", eigenvalues(site).dims)


def singular_values(site: Site) -> Array:
    """As many numbers as the smaller extent of the matrix."""
    dims = _dims(site)
    if dims is None or len(dims) < 2:
        return Array("float", None)
    return Array("float", (*dims[:-2], _smaller(*dims[-2:])))


def svd(site: Site) -> Kind:
    """``numpy.linalg.svd``: left singular vectors, singular values, right singular vectors."""
    dims = _dims(site)
    values = singular_values(site)
    if dims is None or len(dims) < 2:
        return several(Array("float", None), values, Array("float", None))
    *batch, rows, columns = dims
    full = site.constant("full_matrices")
    inner = _smaller(rows, columns)
    left = rows if full is True else inner if full is False else ANY
    right = columns if full is True else inner if full is False else ANY
    return several(
        Array("float", (*batch, rows, left)), values, Array("float", (*batch, right, columns))
    )


def turned(site: Site) -> Kind:
    """``numpy.linalg.pinv``: matrices with the extents of the operand exchanged."""
    dims = _dims(site)
    if dims is None or len(dims) < 2:
        return Array("float", None)
    return Array("float", (*dims[:-2], dims[-1], dims[-2]))


def least_squares(site: Site) -> Kind:
    """``numpy.linalg.lstsq``: the solution, sums of squares, the rank and singular values."""
    b = as_array(site.kind("b"))
    dims = _dims(site)
    solution = Array("float", None)
    if dims is not None and b is not None and b.dims is not None:
        solution = Array("float", (*dims[1:], *b.dims[1:]))
    return several(solution, Array("float", (ANY,)), INT, Array("float", (ANY,)))


def _smaller(rows: Dim, columns: Dim) -> Dim:
    if ONE in (rows, columns):
        return ONE
    return rows if rows == columns else MANY if rows == columns == MANY else ANY
