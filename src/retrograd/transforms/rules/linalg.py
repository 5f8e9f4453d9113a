"""Products of matrices, and numpy.linalg."""

from typing import Final

from retrograd.transforms.rules import results
from retrograd.transforms.rules.kinds import general, linear, multilinear
from retrograd.transforms.rules.rule import Rule, Site, both, given, ranks, variants


def _matrix_right(site: Site) -> bool:
    return (site.rank("x") or 0) >= 2 and site.rank("y") == 2


def _frobenius(site: Site) -> bool:
    return site.constant("ord") in (None, "fro") or site.constant("axis") is not None


_NORM: Final = "numpy.where(out == 0.0, 1.0, out)"

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
        result=results.matrix_product,
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
        result=results.dot_product,
    ),
    multilinear(
        "numpy.outer(a, b)",
        a=variants(
            (ranks(a=1, b=1), "g @ b"),
            otherwise="numpy.reshape(g @ numpy.ravel(b), shape(a))",
        ),
        b=variants(
            (ranks(a=1, b=1), "a @ g"),
            otherwise="numpy.reshape(numpy.ravel(a) @ g, shape(b))",
        ),
        result=results.outer_product,
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
        result=results.inner_product,
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
        result=results.number_of_both,
    ),
    linear(
        "numpy.trace(a, offset=0)",
        a=variants(
            (both(ranks(a=2), given(offset=0)), "g * numpy.eye(shape(a)[0], shape(a)[1])"),
            (ranks(a=2), "g * numpy.eye(shape(a)[0], shape(a)[1], offset)"),
            otherwise="numpy.multiply.outer(numpy.eye(shape(a)[0], shape(a)[1], offset), g)",
        ),
        result=results.traced,
    ),
    # ---- numpy.linalg
    general(
        "numpy.linalg.norm(x, ord=None, axis=None, keepdims=False)",
        x=variants(
            (_frobenius, f"lift(g) * (x / lift({_NORM}))"),
            (ranks(x=1), f"g * (x / {_NORM})"),
            otherwise=f"g * (vector(x) / {_NORM})",
        ),
        jvp=f"numpy.sum(x * x_dot, axis=axis, keepdims=keepdims) / {_NORM}",
        only={"ord": (None, 2, "fro")},
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
        result=results.matrix_of,
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
        result=results.solution,
    ),
    general(
        "numpy.linalg.det(a)",
        a=variants(
            (ranks(a=2), "g * out * numpy.linalg.inv(a).T"),
            otherwise="numpy.expand_dims(g * out, (-2, -1)) * numpy.linalg.inv(a).mT",
        ),
        jvp="out * numpy.trace(numpy.linalg.solve(a, a_dot), axis1=-2, axis2=-1)",
        note="`a` must be regular",
        result=results.determinant,
    ),
)
