"""Products of arrays beside those of matrices (linalg.py): tensordot, einsum, kron, convolve, cross."""

from typing import Final

from retrograd.transforms.ir.kinds import UNKNOWN, Array
from retrograd.transforms.rules import array_product_results as results
from retrograd.transforms.rules.kinds import linear, multilinear
from retrograd.transforms.rules.results import always
from retrograd.transforms.rules.rule import Rule, both, complex_operands, given, ranks, variants

_ACROSS: Final = {"axis": (-1, -2, -3)}
_FULL: Final = given(mode="full")
_LAST_AXES: Final = given(axisa=-1, axisb=-1, axisc=-1, axis=None)

RULES: Final[tuple[Rule, ...]] = (
    # ---- sums over named axes
    multilinear(
        "numpy.einsum(subscripts, *operands, optimize=False)",
        operands="einsum_cotangent(g)",
        result=results.summed_by_name,
    ),
    multilinear(
        "numpy.tensordot(a, b, axes=2)",
        a="tensordot_vjp_a(g, shape(a), b, axes)",
        b="tensordot_vjp_b(g, a, shape(b), axes)",
        result=results.tensor_product,
    ),
    # ---- one vector after the other
    multilinear(
        "numpy.vecdot(x1, x2, /, *, axis=-1)",
        x1=variants(
            (complex_operands, "unbroadcast(numpy.conj(numpy.expand_dims(g, axis) * x2), x1)"),
            (ranks(x1=1, x2=1), "g * x2"),
            otherwise="unbroadcast(numpy.expand_dims(g, axis) * x2, x1)",
        ),
        x2=variants(
            (complex_operands, "unbroadcast(numpy.expand_dims(g, axis) * numpy.conj(x1), x2)"),
            (ranks(x1=1, x2=1), "g * x1"),
            otherwise="unbroadcast(numpy.expand_dims(g, axis) * x1, x2)",
        ),
        only=_ACROSS,
        result=results.vector_products,
    ),
    multilinear(
        "numpy.matvec(x1, x2, /)",
        x1=variants(
            (ranks(x1=2, x2=1), "numpy.outer(g, x2)"),
            otherwise="unbroadcast(numpy.expand_dims(g, -1) * numpy.expand_dims(x2, -2), x1)",
        ),
        x2=variants(
            (ranks(x1=2, x2=1), "x1.T @ g"), otherwise="unbroadcast(numpy.vecmat(g, x1), x2)"
        ),
        result=results.matrix_vector_product,
    ),
    multilinear(
        "numpy.vecmat(x1, x2, /)",
        x1=variants(
            (ranks(x1=1, x2=2), "x2 @ g"), otherwise="unbroadcast(numpy.matvec(x2, g), x1)"
        ),
        x2=variants(
            (ranks(x1=1, x2=2), "numpy.outer(x1, g)"),
            otherwise="unbroadcast(numpy.expand_dims(x1, -1) * numpy.expand_dims(g, -2), x2)",
        ),
        result=results.vector_matrix_product,
    ),
    multilinear(
        "numpy.cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None)",
        a=variants(
            (ranks(a=1, b=1), "numpy.cross(b, g)"),
            (_LAST_AXES, "unbroadcast(numpy.cross(b, g), a)"),
            (
                given(axis=None),
                "numpy.moveaxis(sum_to(numpy.cross(b, g, axisa=axisb, axisb=axisc),"
                " numpy.shape(numpy.moveaxis(a, axisa, -1))), -1, axisa)",
            ),
            otherwise=(
                "numpy.moveaxis(sum_to(numpy.cross(b, g, axisa=axis, axisb=axis),"
                " numpy.shape(numpy.moveaxis(a, axis, -1))), -1, axis)"
            ),
        ),
        b=variants(
            (ranks(a=1, b=1), "numpy.cross(g, a)"),
            (_LAST_AXES, "unbroadcast(numpy.cross(g, a), b)"),
            (
                given(axis=None),
                "numpy.moveaxis(sum_to(numpy.cross(g, a, axisa=axisc, axisb=axisa),"
                " numpy.shape(numpy.moveaxis(b, axisb, -1))), -1, axisb)",
            ),
            otherwise=(
                "numpy.moveaxis(sum_to(numpy.cross(g, a, axisa=axis, axisb=axis),"
                " numpy.shape(numpy.moveaxis(b, axis, -1))), -1, axis)"
            ),
        ),
        result=results.cross_product,
    ),
    # ---- all pairs of elements
    multilinear(
        "numpy.kron(a, b)",
        a="kron_vjp_a(g, shape(a), b)",
        b="kron_vjp_b(g, a, shape(b))",
        result=results.kronecker_product,
    ),
    multilinear(
        "numpy.convolve(a, v, mode='full')",
        a=variants(
            (both(complex_operands, _FULL), "numpy.correlate(g, numpy.conj(v))"),
            (
                complex_operands,
                "numpy.correlate(in_full(g, size(a), size(v), mode), numpy.conj(v))",
            ),
            (_FULL, "numpy.correlate(g, v)"),
            otherwise="numpy.correlate(in_full(g, size(a), size(v), mode), v)",
        ),
        v=variants(
            (both(complex_operands, _FULL), "numpy.correlate(g, numpy.conj(a))"),
            (
                complex_operands,
                "numpy.correlate(in_full(g, size(a), size(v), mode), numpy.conj(a))",
            ),
            (_FULL, "numpy.correlate(g, a)"),
            otherwise="numpy.correlate(in_full(g, size(a), size(v), mode), a)",
        ),
        only={"mode": ("full", "same", "valid")},
        result=results.convolved,
    ),
    multilinear(
        "numpy.correlate(a, v, mode='valid')",
        a=variants(
            (_FULL, 'numpy.convolve(g, v, "valid")'),
            otherwise='numpy.convolve(in_full(g, size(a), size(v), mode, True), v, "valid")',
        ),
        v=variants(
            (_FULL, "numpy.correlate(g, a)[::-1]"),
            otherwise="numpy.correlate(in_full(g, size(a), size(v), mode, True), a)[::-1]",
        ),
        only={"mode": ("full", "same", "valid")},
        result=results.convolved,
    ),
    # ---- helpers of generated code
    multilinear(
        "retrograd.runtime.tensordot_vjp_a(x, shape, b, axes=2)",
        x="numpy.tensordot(g, b, axes)",
        b="tensordot_vjp_b(x, g, shape(b), axes)",
        result=always(UNKNOWN),
    ),
    multilinear(
        "retrograd.runtime.tensordot_vjp_b(x, a, shape, axes=2)",
        x="numpy.tensordot(a, g, axes)",
        a="tensordot_vjp_a(x, shape(a), g, axes)",
        result=always(UNKNOWN),
    ),
    multilinear(
        "retrograd.runtime.kron_vjp_a(x, shape, b)",
        x="numpy.kron(g, b)",
        b="kron_vjp_b(x, g, shape(b))",
        result=always(UNKNOWN),
    ),
    multilinear(
        "retrograd.runtime.kron_vjp_b(x, a, shape)",
        x="numpy.kron(a, g)",
        a="kron_vjp_a(x, shape(a), g)",
        result=always(UNKNOWN),
    ),
    linear(
        "retrograd.runtime.in_full(x, n, m, mode, turned=False)",
        x="part_of_full(g, n, m, mode, turned)",
        result=always(Array(None, ("?",))),
    ),
    linear(
        "retrograd.runtime.part_of_full(x, n, m, mode, turned=False)",
        x="in_full(g, n, m, mode, turned)",
        result=always(Array(None, ("?",))),
    ),
)
