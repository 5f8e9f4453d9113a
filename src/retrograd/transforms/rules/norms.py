"""Norms of vectors and matrices, and condition numbers."""

from typing import Final

from retrograd.transforms.rules import product_results, results
from retrograd.transforms.rules.kinds import general
from retrograd.transforms.rules.rule import Rule, Site, both, complex_operands, given, variants


def _is_length(site: Site) -> bool:
    """Is the norm surely the square root of a sum of squares?"""
    ord, axis = site.constant("ord"), site.constant("axis")
    if ord is None or ord == "fro":
        return True
    return ord == 2 and (isinstance(axis, int) or (axis is None and site.rank("x") == 1))


NORM_KINKS: Final = "0 at the origin; equal shares among entries or singular values that tie"
NORM_VJP: Final = variants(
    (both(complex_operands, _is_length), "lift(g) * (numpy.conj(x) / lift(length))"),
    (complex_operands, "lift(g) * numpy.conj(slope)"),
    (_is_length, "lift(g) * (x / lift(length))"),
    otherwise="lift(g) * slope",
)
NORM_JVP: Final = variants(
    (
        complex_operands,
        "numpy.sum(numpy.real(numpy.conj(slope) * x_dot), axis=axis, keepdims=keepdims)",
    ),
    (_is_length, "numpy.sum(x * x_dot, axis=axis, keepdims=keepdims) / length"),
    otherwise="numpy.sum(slope * x_dot, axis=axis, keepdims=keepdims)",
)
NORM_LET: Final = {
    "length": "numpy.where(out == 0.0, 1.0, out)",
    "slope": "norm_slope(x, lift(out), ord=ord, axis=axis)",
}

RULES: Final[tuple[Rule, ...]] = (
    general(
        "numpy.linalg.norm(x, ord=None, axis=None, keepdims=False)",
        x=NORM_VJP,
        jvp=NORM_JVP,
        let=NORM_LET,
        kink=NORM_KINKS,
        result=results.reduced("float"),
    ),
    general(
        "numpy.linalg.vector_norm(x, *, axis=None, keepdims=False, ord=2)",
        x=variants((complex_operands, "lift(g) * numpy.conj(slope)"), otherwise="lift(g) * slope"),
        jvp=variants(
            (
                complex_operands,
                "numpy.sum(numpy.real(numpy.conj(slope) * x_dot), axis=axis, keepdims=keepdims)",
            ),
            otherwise="numpy.sum(slope * x_dot, axis=axis, keepdims=keepdims)",
        ),
        let={"slope": "vector_norm_slope(x, lift(out), ord=ord, axis=axis)"},
        kink=NORM_KINKS,
        result=results.reduced("float"),
    ),
    general(
        'numpy.linalg.matrix_norm(x, *, keepdims=False, ord="fro")',
        x=variants(
            (given(keepdims=False), "numpy.expand_dims(g, (-2, -1)) * slope"),
            (given(keepdims=True), "g * slope"),
            otherwise="numpy.reshape(g, shape(x)[:-2] + (1, 1)) * slope",
        ),
        jvp="numpy.sum(slope * x_dot, axis=(-2, -1), keepdims=keepdims)",
        let={"slope": "matrix_norm_slope(x, ord=ord)"},
        kink=NORM_KINKS,
        result=product_results.norm_of_matrices,
    ),
    general(
        "numpy.linalg.cond(x, p=None)",
        x="numpy.expand_dims(g, (-2, -1)) * cond_slope(x, out, p=p)",
        jvp="numpy.sum(cond_slope(x, out, p=p) * x_dot, axis=(-2, -1))",
        kink="equal shares among entries or singular values that tie",
        result=product_results.determinant,
    ),
)
