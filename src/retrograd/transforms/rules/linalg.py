"""Products of matrices, and numpy.linalg."""

from typing import Final

from retrograd.transforms.rules import product_results, results
from retrograd.transforms.rules.kinds import general, linear, multilinear
from retrograd.transforms.rules.rule import Rule, Site, both, given, ranks, scalars, variants


def _matrix_right(site: Site) -> bool:
    return (site.rank("x") or 0) >= 2 and site.rank("y") == 2


_NORM_VJP: Final = "lift(g) * (x / lift(length))"
_NORM_JVP: Final = "numpy.sum(x * x_dot, axis=axis, keepdims=keepdims) / length"
_NORM_LET: Final = {"length": "numpy.where(out == 0.0, 1.0, out)"}

RULES: Final[tuple[Rule, ...]] = (
    # ---- products
    multilinear(
        "x @ y",
        x=variants(
            (ranks(x=1, y=1), "g * y"),
            (ranks(x=2, y=1), "numpy.outer(g, y)"),
            (ranks(x=1, y=2), "y @ g"),
            (_matrix_right, "g @ y.T"),
            otherwise="matmul_vjp_x(g, shape(x), y)",
        ),
        y=variants(
            (ranks(x=1, y=1), "g * x"),
            (ranks(x=2, y=1), "x.T @ g"),
            (ranks(x=1, y=2), "numpy.outer(x, g)"),
            (ranks(x=2, y=2), "x.T @ g"),
            otherwise="matmul_vjp_y(g, x, shape(y))",
        ),
        result=product_results.matrix_product,
        also="numpy.matmul(x, y)",
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
            (ranks(a=0, b=0), "g * b"),
            (ranks(a=1, b=1), "g * b"),
            otherwise="g * numpy.reshape(b, shape(a))",
        ),
        b=variants(
            (ranks(a=0, b=0), "g * a"),
            (ranks(a=1, b=1), "g * a"),
            otherwise="g * numpy.reshape(a, shape(b))",
        ),
        result=product_results.number_of_both,
    ),
    linear(
        "numpy.trace(a, offset=0)",
        a=variants(
            (both(ranks(a=2), given(offset=0)), "g * numpy.eye(shape(a)[0], shape(a)[1])"),
            (ranks(a=2), "g * numpy.eye(shape(a)[0], shape(a)[1], offset)"),
            otherwise="numpy.multiply.outer(numpy.eye(shape(a)[0], shape(a)[1], offset), g)",
        ),
        result=product_results.traced,
    ),
    # ---- numpy.linalg
    general(
        "numpy.linalg.norm(x, ord=None, axis=None, keepdims=False)",
        x=_NORM_VJP,
        jvp=_NORM_JVP,
        let=_NORM_LET,
        only={"ord": (None, "fro")},
        note="0 at the origin",
        result=results.reduced("float"),
    ),
    general(
        "numpy.linalg.norm(x, ord, axis, keepdims=False)",
        x=_NORM_VJP,
        jvp=_NORM_JVP,
        let=_NORM_LET,
        only={"ord": (2,), "axis": tuple(range(-4, 4))},
        note="0 at the origin",
        result=results.reduced("float"),
    ),
    general(
        "numpy.linalg.norm(x, ord, axis=None, keepdims=False)",
        x=variants((ranks(x=1), _NORM_VJP), otherwise="g * (vector(x) / length)"),
        jvp=_NORM_JVP,
        let=_NORM_LET,
        only={"ord": (2,), "axis": (None,)},
        note="0 at the origin",
        result=results.reduced("float"),
    ),
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
        a=variants(
            (ranks(a=2, b=1), "-numpy.outer(numpy.linalg.solve(a.T, g), out)"),
            (ranks(a=2, b=2), "-numpy.linalg.solve(a.T, g) @ out.T"),
            otherwise="solve_vjp_a(g, a, shape(b), out)",
        ),
        b=variants(
            (ranks(a=2, b=1), "numpy.linalg.solve(a.T, g)"),
            (ranks(a=2, b=2), "numpy.linalg.solve(a.T, g)"),
            otherwise="solve_vjp_b(g, a, shape(b))",
        ),
        jvp={
            "a": variants(
                (ranks(a=2), "-numpy.linalg.solve(a, a_dot @ out)"),
                otherwise="solve_jvp_a(a, a_dot, shape(b), out)",
            ),
            "b": "numpy.linalg.solve(a, b_dot)",
        },
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
)
