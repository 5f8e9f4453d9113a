"""Decompositions of matrices, and what is computed from one: stacks of matrices as NumPy takes them."""

from typing import Final

from retrograd.transforms.rules import decomposition_results as results
from retrograd.transforms.rules.kinds import general
from retrograd.transforms.rules.product_results import matrix_of
from retrograd.transforms.rules.rule import Rule, ranks, variants

_TRIANGLE: Final = "one triangle of `a` is read, and the gradient is in that one"
_DISTINCT: Final = "nan for vectors of equal values"
_ONE_MATRIX: Final = ranks(a=2)
_FACTORS: Final = {"factors": "numpy.linalg.svd(a, full_matrices=False)"}

RULES: Final[tuple[Rule, ...]] = (
    general(
        "numpy.linalg.slogdet(a)",
        a=variants(
            (_ONE_MATRIX, "g[1] * numpy.linalg.inv(a).T"),
            otherwise=(
                "numpy.expand_dims(g[1], (-2, -1)) * numpy.matrix_transpose(numpy.linalg.inv(a))"
            ),
        ),
        jvp=(
            "(zeros_like(out[0])," " numpy.trace(numpy.linalg.solve(a, a_dot), axis1=-2, axis2=-1))"
        ),
        note="`a` must be regular",
        result=results.slogdet,
    ),
    general(
        "numpy.linalg.cholesky(a, *, upper=False)",
        a="cholesky_vjp(g, out, upper=upper)",
        jvp="cholesky_jvp(a_dot, out, upper=upper)",
        note=_TRIANGLE,
        result=matrix_of,
    ),
    general(
        'numpy.linalg.qr(a, mode="reduced")',
        a="qr_vjp(g[0], g[1], out[0], out[1], a)",
        jvp="qr_jvp(a_dot, out[0], out[1], a)",
        only={"mode": ("reduced",)},
        note="the first columns of `a`, as many as it has rows, must be independent",
        result=results.qr,
    ),
    # ---- eigenvalues
    general(
        'numpy.linalg.eigh(a, UPLO="L")',
        a=variants(
            (
                _ONE_MATRIX,
                "into_triangle(eigh_vjp(g[0], g[1], w, v) if g[1] else (v * g[0]) @ v.T,"
                " UPLO=UPLO)",
            ),
            otherwise="into_triangle(eigh_vjp(g[0], g[1], w, v), UPLO=UPLO)",
        ),
        jvp=(
            "(numpy.sum(v * (from_triangle(a_dot, UPLO=UPLO) @ v), axis=-2),"
            " eigenvectors_jvp(from_triangle(a_dot, UPLO=UPLO), w, v))"
        ),
        let={"w": "out[0]", "v": "out[1]"},
        note=_TRIANGLE,
        kink=_DISTINCT,
        result=results.eigh,
    ),
    general(
        'numpy.linalg.eigvalsh(a, UPLO="L")',
        a=variants(
            (_ONE_MATRIX, "into_triangle((v * g) @ v.T, UPLO=UPLO)"),
            otherwise="into_triangle(eigh_vjp(g, 0.0, out, v), UPLO=UPLO)",
        ),
        jvp="numpy.sum(v * (from_triangle(a_dot, UPLO=UPLO) @ v), axis=-2)",
        let={"v": "numpy.linalg.eigh(a, UPLO=UPLO)[1]"},
        note=_TRIANGLE,
        result=results.eigenvalues,
    ),
    general(
        "numpy.linalg.eig(a)",
        a="eig_vjp(g[0], g[1], out[0], out[1])",
        jvp="eig_jvp(a_dot, out[0], out[1])",
        note="eigenvectors of length 1 with one real component, as they come",
        kink=_DISTINCT,
        result=results.eig,
    ),
    general(
        "numpy.linalg.eigvals(a)",
        a="eig_vjp(g, 0.0, out, numpy.linalg.eig(a)[1])",
        jvp="eig_jvp(a_dot, out, numpy.linalg.eig(a)[1])[0]",
        result=results.eigenvalues_of_any,
    ),
    # ---- singular values
    general(
        "numpy.linalg.svd(a, full_matrices=True, compute_uv=True, hermitian=False)",
        a="svd_vjp(g[0], g[1], g[2], out[0], out[1], out[2])",
        jvp="svd_jvp(a_dot, out[0], out[1], out[2])",
        only={"compute_uv": (True,), "hermitian": (False,)},
        kink=_DISTINCT,
        result=results.svd,
    ),
    general(
        "numpy.linalg.svd(a, full_matrices=True, compute_uv=False, hermitian=False)",
        a="svd_vjp(0.0, g, 0.0, factors[0], factors[1], factors[2])",
        jvp="svd_jvp(a_dot, factors[0], factors[1], factors[2])[1]",
        let=_FACTORS,
        only={"compute_uv": (False,), "hermitian": (False,)},
        result=results.singular_values,
    ),
    general(
        "numpy.linalg.svdvals(a)",
        a="svd_vjp(0.0, g, 0.0, factors[0], factors[1], factors[2])",
        jvp="svd_jvp(a_dot, factors[0], factors[1], factors[2])[1]",
        let=_FACTORS,
        result=results.singular_values,
    ),
    general(
        "numpy.linalg.pinv(a, rcond=None, hermitian=False, *, rtol=None)",
        a="pinv_vjp(g, a, out)",
        jvp="pinv_jvp(a_dot, a, out)",
        only={"hermitian": (False,)},
        note="where the rank of `a` stays as it is",
        result=results.turned,
    ),
    # ---- from decompositions
    general(
        "numpy.linalg.lstsq(a, b, rcond=None)",
        a="lstsq_vjp_a(g[0], g[1], g[3], a, b, out[0], rcond=rcond)",
        b="lstsq_vjp_b(g[0], g[1], a, b, out[0], rcond=rcond)",
        jvp={
            "a": "lstsq_jvp_a(a_dot, a, b, out[0], out[1], out[3], rcond=rcond)",
            "b": "lstsq_jvp_b(b_dot, a, b, out[0], out[1], out[3], rcond=rcond)",
        },
        note="where the rank of `a` stays as it is",
        result=results.least_squares,
    ),
)
