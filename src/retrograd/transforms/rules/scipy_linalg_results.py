"""The kinds of what scipy.linalg gives, where numpy.linalg has no function like it."""

from retrograd.transforms.ir.kinds import ANY, BOOL, INT, UNKNOWN, Array, Kind, Scalar, Sequence
from retrograd.transforms.rules.decomposition_results import several
from retrograd.transforms.rules.results import ResultKind, as_array, dtype_of, operands_as_arrays
from retrograd.transforms.rules.rule import Site


def like_last(name: str) -> ResultKind:
    """Floats of the shape of the operand `name`."""

    def result(site: Site) -> Kind:
        array = as_array(site.kind(name))
        return Array("float", None if array is None else array.dims)

    return result


def factor_and_side(site: Site) -> Kind:
    """``scipy.linalg.cho_factor``: a matrix, and whether its lower triangle counts."""
    array = as_array(site.kind("a"))
    return several(Array("float", None if array is None else array.dims), BOOL)


def two_matrices(site: Site) -> Kind:
    """Two matrices of floats."""
    array = as_array(site.kind("a"))
    dims = None if array is None or array.dims is None else (*array.dims[:-2], ANY, ANY)
    return several(Array("float", dims), Array("float", dims))


def least_squares(site: Site) -> Kind:
    """``scipy.linalg.lstsq``: the solution, sums of squares, the rank and singular values."""
    a, b = as_array(site.kind("a")), as_array(site.kind("b"))
    solution = Array("float", None)
    if a is not None and b is not None and a.dims is not None and b.dims is not None:
        solution = Array("float", (*a.dims[1:], *b.dims[1:]))
    return several(solution, UNKNOWN, INT, Array("float", (ANY,)))


def of_vectors(site: Site) -> Kind:
    """A matrix made of vectors."""
    arrays = operands_as_arrays(site)
    return Array(dtype_of(*arrays) if arrays else None, (ANY, ANY))


def any_matrix(site: Site) -> Kind:
    """A matrix of any shape."""
    kinds = list(site.kinds.values())
    floats = any(isinstance(kind, Array | Scalar) and kind.dtype == "float" for kind in kinds)
    known = not any(isinstance(kind, Sequence) for kind in kinds)
    return Array("float" if floats and known else None, (ANY, ANY))


def two_axes(site: Site) -> Kind:
    """A matrix of floats."""
    return Array("float", (ANY, ANY))


def three_matrices(site: Site) -> Kind:
    """Three matrices of floats."""
    matrix = Array("float", None)
    return several(matrix, matrix, matrix)


def factors_and_pivots(site: Site) -> Kind:
    """``scipy.linalg.lu_factor``: both triangles in one matrix, and the rows exchanged."""
    array = as_array(site.kind("a"))
    return several(Array("float", None if array is None else array.dims), Array("int", (ANY,)))
