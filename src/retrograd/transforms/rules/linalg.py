"""Products of matrices, and numpy.linalg."""

from collections.abc import Mapping
from typing import Final

from retrograd.transforms.rules import product_results
from retrograd.transforms.rules.kinds import general, linear, multilinear
from retrograd.transforms.rules.rule import (
    Formula,
    Rule,
    Site,
    both,
    complex_operands,
    given,
    is_sparse,
    ranks,
    scalars,
    variants,
)


def _matrix_right(site: Site) -> bool:
    return (site.rank("x") or 0) >= 2 and site.rank("y") == 2


#: The derivatives of the solution of ``a @ x = b``, whichever function solved it.
SOLVE_VJP_A: Final = variants(
    (ranks(a=2, b=1), "-numpy.outer(numpy.linalg.solve(a.T, g), out)"),
    (ranks(a=2, b=2), "-numpy.linalg.solve(a.T, g) @ out.T"),
    otherwise="solve_vjp_a(g, a, shape(b), out)",
)
SOLVE_VJP_B: Final = variants(
    (ranks(a=2, b=1), "numpy.linalg.solve(a.T, g)"),
    (ranks(a=2, b=2), "numpy.linalg.solve(a.T, g)"),
    otherwise="solve_vjp_b(g, a, shape(b))",
)
SOLVE_JVP: Final[Mapping[str, Formula]] = {
    "a": variants(
        (ranks(a=2), "-numpy.linalg.solve(a, a_dot @ out)"),
        otherwise="solve_jvp_a(a, a_dot, shape(b), out)",
    ),
    "b": "numpy.linalg.solve(a, b_dot)",
}

RULES: Final[tuple[Rule, ...]] = (
    # ---- products
    multilinear(
        "x @ y",
        x=variants(
            (is_sparse("y"), "g @ y.T"),
            (ranks(x=1, y=1), "g * y"),
            (ranks(x=2, y=1), "numpy.outer(g, y)"),
            (ranks(x=1, y=2), "y @ g"),
            (_matrix_right, "g @ y.T"),
            otherwise="matmul_vjp_x(g, shape(x), y)",
        ),
        y=variants(
            (is_sparse("x"), "x.T @ g"),
            (ranks(x=1, y=1), "g * x"),
            (ranks(x=2, y=1), "x.T @ g"),
            (ranks(x=1, y=2), "numpy.outer(x, g)"),
            (ranks(x=2, y=2), "x.T @ g"),
            otherwise="matmul_vjp_y(g, x, shape(y))",
        ),
        result=product_results.matrix_product,
        also=("numpy.matmul(x, y)", "numpy.linalg.matmul(x, y)"),
    ),
    multilinear(
        "numpy.dot(a, b)",
        a=variants(
            (ranks(a=0, b=0), "g * b"),
            (ranks(a=1, b=1), "g * b"),
            (ranks(a=2, b=1), "numpy.outer(g, b)"),
            (ranks(a=1, b=2), "b @ g"),
            (ranks(a=2, b=2), "g @ b.T"),
            otherwise="dot_vjp_a(g, shape(a), b)",
        ),
        b=variants(
            (ranks(a=0, b=0), "g * a"),
            (ranks(a=1, b=1), "g * a"),
            (ranks(a=2, b=1), "a.T @ g"),
            (ranks(a=1, b=2), "numpy.outer(a, g)"),
            (ranks(a=2, b=2), "a.T @ g"),
            otherwise="dot_vjp_b(g, a, shape(b))",
        ),
        result=product_results.dot_product,
    ),
    multilinear(
        "numpy.outer(a, b)",
        a=variants(
            (ranks(a=1, b=1), "g @ b"),
            (scalars("a"), "numpy.sum(g * numpy.ravel(b))"),
            otherwise="numpy.reshape(g @ numpy.ravel(b), shape(a))",
        ),
        b=variants(
            (ranks(a=1, b=1), "a @ g"),
            (scalars("b"), "numpy.sum(numpy.ravel(a) @ g)"),
            otherwise="numpy.reshape(numpy.ravel(a) @ g, shape(b))",
        ),
        result=product_results.outer_product,
        also="numpy.linalg.outer(a, b)",
    ),
    multilinear(
        "numpy.inner(a, b)",
        a=variants(
            (ranks(a=0, b=0), "g * b"),
            (ranks(a=1, b=1), "g * b"),
            (ranks(a=2, b=1), "numpy.outer(g, b)"),
            (ranks(a=2, b=2), "g @ b"),
            otherwise="inner_vjp_a(g, shape(a), b)",
        ),
        b=variants(
            (ranks(a=0, b=0), "g * a"),
            (ranks(a=1, b=1), "g * a"),
            (ranks(a=2, b=1), "a.T @ g"),
            (ranks(a=2, b=2), "g.T @ a"),
            otherwise="inner_vjp_b(g, a, shape(b))",
        ),
        result=product_results.inner_product,
    ),
    multilinear(
        "numpy.vdot(a, b)",
        a=variants(
            (both(complex_operands, ranks(a=0, b=0)), "numpy.conj(g * b)"),
            (both(complex_operands, ranks(a=1, b=1)), "numpy.conj(g * b)"),
            (complex_operands, "numpy.conj(g * numpy.reshape(b, shape(a)))"),
            (ranks(a=0, b=0), "g * b"),
            (ranks(a=1, b=1), "g * b"),
            otherwise="g * numpy.reshape(b, shape(a))",
        ),
        b=variants(
            (both(complex_operands, ranks(a=0, b=0)), "g * numpy.conj(a)"),
            (both(complex_operands, ranks(a=1, b=1)), "g * numpy.conj(a)"),
            (complex_operands, "g * numpy.conj(numpy.reshape(a, shape(b)))"),
            (ranks(a=0, b=0), "g * a"),
            (ranks(a=1, b=1), "g * a"),
            otherwise="g * numpy.reshape(a, shape(b))",
        ),
        result=product_results.number_of_both,
    ),
    linear(
        "numpy.trace(a, offset=0, axis1=0, axis2=1)",
        a=variants(
            (
                both(ranks(a=2), given(offset=0, axis1=0, axis2=1)),
                "g * numpy.eye(shape(a)[0], shape(a)[1])",
            ),
            (
                both(ranks(a=2), given(axis1=0, axis2=1)),
                "g * numpy.eye(shape(a)[0], shape(a)[1], offset)",
            ),
            otherwise="trace_vjp(g, shape(a), offset=offset, axis1=axis1, axis2=axis2)",
        ),
        result=product_results.traced,
    ),
    # ---- numpy.linalg
    general(
        "numpy.linalg.inv(a)",
        a=variants(
            (ranks(a=2), "-out.T @ g @ out.T"),
            otherwise="-out.mT @ g @ out.mT",
        ),
        jvp="-out @ a_dot @ out",
        result=product_results.matrix_of,
    ),
    general(
        "numpy.linalg.solve(a, b)",
        a=SOLVE_VJP_A,
        b=SOLVE_VJP_B,
        jvp=SOLVE_JVP,
        result=product_results.solution,
    ),
    general(
        "numpy.linalg.det(a)",
        a=variants(
            (ranks(a=2), "g * out * numpy.linalg.inv(a).T"),
            otherwise="numpy.expand_dims(g * out, (-2, -1)) * numpy.linalg.inv(a).mT",
        ),
        jvp="out * numpy.trace(numpy.linalg.solve(a, a_dot), axis1=-2, axis2=-1)",
        note="`a` must be regular",
        result=product_results.determinant,
    ),
    general(
        "numpy.linalg.matrix_power(a, n)",
        a=variants(
            (ranks(a=2), "matrix_power_jvp(a.T, g, n)"),
            otherwise="matrix_power_jvp(numpy.matrix_transpose(a), g, n)",
        ),
        jvp="matrix_power_jvp(a, a_dot, n)",
        result=product_results.matrix_of_same,
    ),
    general(
        "numpy.linalg.multi_dot(arrays)",
        arrays="multi_dot_vjp(g, arrays)",
        jvp="multi_dot_jvp(arrays, arrays_dot)",
        result=product_results.chain_product,
    ),
    general(
        "numpy.linalg.tensorsolve(a, b, axes=None)",
        a="-numpy.multiply.outer(b_bar, out)",
        b="b_bar",
        jvp={
            "a": "-numpy.linalg.tensorsolve(a, numpy.tensordot(a_dot, out, numpy.ndim(out)))",
            "b": "numpy.linalg.tensorsolve(a, b_dot)",
        },
        let={
            "b_bar": (
                "numpy.reshape(numpy.linalg.solve("
                "numpy.reshape(a, (size(b), size(b))).T, numpy.ravel(g)), shape(b))"
            )
        },
        only={"axes": (None,)},
        result=product_results.tensor_solution,
    ),
    general(
        "numpy.linalg.tensorinv(a, ind=2)",
        a="tensorinv_vjp(g, out, shape(a))",
        jvp="tensorinv_jvp(a_dot, out)",
        result=product_results.tensor_inverse,
    ),
    # ---- what numpy.linalg calls by the names of NumPy itself, on the last axes
    linear(
        "numpy.linalg.trace(x, *, offset=0)",
        x="trace_vjp(g, shape(x), offset=offset, axis1=-2, axis2=-1)",
        result=product_results.determinant_of_same,
    ),
    linear(
        "numpy.linalg.diagonal(x, *, offset=0)",
        x="diagonal_vjp(g, shape(x), offset=offset)",
        result=product_results.diagonals,
    ),
    linear(
        "numpy.linalg.matrix_transpose(x)",
        x=variants((ranks(x=2), "g.T"), otherwise="numpy.matrix_transpose(g)"),
        result=product_results.transposed,
    ),
    multilinear(
        "numpy.linalg.cross(x1, x2, *, axis=-1)",
        x1="unbroadcast(numpy.linalg.cross(x2, g, axis=axis), x1)",
        x2="unbroadcast(numpy.linalg.cross(g, x1, axis=axis), x2)",
        result=product_results.spread_of_both,
    ),
    multilinear(
        "numpy.linalg.vecdot(x1, x2, *, axis=-1)",
        x1="unbroadcast(numpy.expand_dims(g, axis) * x2, x1)",
        x2="unbroadcast(numpy.expand_dims(g, axis) * x1, x2)",
        only={"axis": (-1, -2, -3)},
        result=product_results.products_along,
    ),
)
