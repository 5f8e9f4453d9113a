"""The functions of scipy.linalg; what numpy.linalg has too follows from the same formulas."""

from typing import Final

from retrograd.transforms.ir.kinds import UNKNOWN, Sequence
from retrograd.transforms.rules import decomposition_results, product_results, results
from retrograd.transforms.rules import scipy_linalg_results as more_results
from retrograd.transforms.rules.kinds import general, linear, multilinear
from retrograd.transforms.rules.linalg import SOLVE_JVP, SOLVE_VJP_A, SOLVE_VJP_B
from retrograd.transforms.rules.norms import NORM_JVP, NORM_KINKS, NORM_LET, NORM_VJP
from retrograd.transforms.rules.rule import Rule, Site, given, ranks, variants

_KEEP: Final = {"overwrite_a": (False,)}
_KEEP_BOTH: Final = {**_KEEP, "overwrite_b": (False,)}
_TRIANGLE: Final = "one triangle of `a` is read, and the gradient is in that one"
_RANK: Final = "where the rank of `a` stays as it is"
_OPTIONS: Final = (
    "overwrite_a=False, overwrite_b=False, type=1, check_finite=True,"
    " subset_by_index=None, subset_by_value=None, driver=None"
)
_WHOLE_PROBLEM: Final = {
    "b": (None,),
    "overwrite_a": (False,),
    "subset_by_index": (None,),
    "subset_by_value": (None,),
}
_BACK: Final = "scipy.linalg.lu_solve(lu_and_piv, g, trans=1)"
_FORTH: Final = "scipy.linalg.lu_solve(lu_and_piv, g)"
_FACTOR_BAR: Final = "cho_factor_vjp(g[0], out[0], lower=lower)"


def _is_pair(site: Site) -> bool:
    """Is a Toeplitz matrix given by its first column and row?"""
    return isinstance(site.kind("c_or_cr"), Sequence)


_SIDE: Final = '"L" if lower else "U"'

RULES: Final[tuple[Rule, ...]] = (
    # ---- systems of equations
    general(
        "scipy.linalg.solve(a, b, lower=False, overwrite_a=False, overwrite_b=False,"
        " check_finite=True, assume_a=None, transposed=False)",
        a=SOLVE_VJP_A,
        b=SOLVE_VJP_B,
        jvp=SOLVE_JVP,
        only={**_KEEP_BOTH, "assume_a": (None, "gen", "general"), "transposed": (False,)},
        result=product_results.solution,
    ),
    general(
        "scipy.linalg.solve(a, b, lower=False, overwrite_a=False, overwrite_b=False,"
        " check_finite=True, assume_a=None, transposed=False)",
        a="-into_triangle(outer_sum(b_bar, out, numpy.ndim(b)), UPLO=side)",
        b="b_bar",
        jvp={
            "a": "-numpy.linalg.solve(full, from_triangle(a_dot, UPLO=side) @ out)",
            "b": "numpy.linalg.solve(full, b_dot)",
        },
        let={
            "side": variants((given(lower=False), '"U"'), otherwise=_SIDE),
            "full": "from_triangle(single(a), UPLO=side)",
            "b_bar": "numpy.linalg.solve(full, g)",
        },
        only={
            **_KEEP_BOTH,
            "assume_a": ("sym", "pos", "symmetric", "positive definite"),
            "transposed": (False,),
        },
        note=_TRIANGLE,
        result=product_results.solution,
    ),
    general(
        "scipy.linalg.solve_triangular(a, b, trans=0, lower=False, unit_diagonal=False,"
        " overwrite_b=False, check_finite=True)",
        a="-triangle(outer_sum(b_bar, out, numpy.ndim(b)), lower=lower, unit_diagonal=unit_diagonal)",
        b="b_bar",
        jvp={
            "a": (
                "-scipy.linalg.solve_triangular(single(a),"
                " triangle(a_dot, lower=lower, unit_diagonal=unit_diagonal) @ out,"
                " lower=lower, unit_diagonal=unit_diagonal)"
            ),
            "b": (
                "scipy.linalg.solve_triangular(a, b_dot,"
                " lower=lower, unit_diagonal=unit_diagonal)"
            ),
        },
        let={
            "b_bar": (
                "scipy.linalg.solve_triangular(single(a), g, trans=1,"
                " lower=lower, unit_diagonal=unit_diagonal)"
            )
        },
        only={"trans": (0, "N"), "overwrite_b": (False,)},
        note=_TRIANGLE,
        result=product_results.solution,
    ),
    general(
        "scipy.linalg.solve_triangular(a, b, trans=0, lower=False, unit_diagonal=False,"
        " overwrite_b=False, check_finite=True)",
        a="-triangle(outer_sum(out, b_bar, numpy.ndim(b)), lower=lower, unit_diagonal=unit_diagonal)",
        b="b_bar",
        jvp={
            "a": (
                "-scipy.linalg.solve_triangular(single(a), numpy.transpose("
                "triangle(a_dot, lower=lower, unit_diagonal=unit_diagonal)) @ out,"
                " trans=1, lower=lower, unit_diagonal=unit_diagonal)"
            ),
            "b": (
                "scipy.linalg.solve_triangular(a, b_dot, trans=1,"
                " lower=lower, unit_diagonal=unit_diagonal)"
            ),
        },
        let={
            "b_bar": (
                "scipy.linalg.solve_triangular(single(a), g,"
                " lower=lower, unit_diagonal=unit_diagonal)"
            )
        },
        only={"trans": (1, "T"), "overwrite_b": (False,)},
        note=_TRIANGLE,
        result=product_results.solution,
    ),
    general(
        "scipy.linalg.solve_sylvester(a, b, q)",
        a="-q_bar @ out.T",
        b="-out.T @ q_bar",
        q="q_bar",
        jvp={
            "a": "-scipy.linalg.solve_sylvester(a, b, a_dot @ out)",
            "b": "-scipy.linalg.solve_sylvester(a, b, out @ b_dot)",
            "q": "scipy.linalg.solve_sylvester(a, b, q_dot)",
        },
        let={"q_bar": "scipy.linalg.solve_sylvester(single(a).T, single(b).T, g)"},
        result=more_results.like_last("q"),
    ),
    general(
        "scipy.linalg.solve_toeplitz(c_or_cr, b, check_finite=True)",
        c_or_cr=variants(
            (
                _is_pair,
                "(-toeplitz_vjp_c(outer_sum(b_bar, out, numpy.ndim(b)), c_or_cr[0], c_or_cr[1]),"
                " -toeplitz_vjp_r(outer_sum(b_bar, out, numpy.ndim(b)), c_or_cr[1]))",
            ),
            otherwise="-toeplitz_vjp_c(outer_sum(b_bar, out, numpy.ndim(b)), c_or_cr)",
        ),
        b="b_bar",
        jvp={
            "c_or_cr": variants(
                (
                    _is_pair,
                    "-scipy.linalg.solve_toeplitz(c_or_cr,"
                    " scipy.linalg.toeplitz(c_or_cr_dot[0], c_or_cr_dot[1]) @ out)",
                ),
                otherwise=(
                    "-scipy.linalg.solve_toeplitz(c_or_cr,"
                    " scipy.linalg.toeplitz(c_or_cr_dot) @ out)"
                ),
            ),
            "b": "scipy.linalg.solve_toeplitz(c_or_cr, b_dot)",
        },
        # The transpose of a Toeplitz matrix is the matrix with rows and columns in reverse order.
        let={
            "b_bar": "numpy.flip(scipy.linalg.solve_toeplitz(c_or_cr, numpy.flip(g, 0)), 0)",
        },
        result=more_results.like_last("b"),
    ),
    general(
        "scipy.linalg.solve_banded(l_and_u, ab, b, overwrite_ab=False, overwrite_b=False,"
        " check_finite=True)",
        ab="-band_of_outer(l_and_u, b_bar, out)",
        b="b_bar",
        jvp={
            "ab": "-scipy.linalg.solve_banded(l_and_u, ab, band_product(l_and_u, ab_dot, out))",
            "b": "scipy.linalg.solve_banded(l_and_u, ab, b_dot)",
        },
        let={
            "b_bar": ("scipy.linalg.solve_banded(l_and_u[::-1], band_transposed(l_and_u, ab), g)")
        },
        only={"overwrite_ab": (False,), "overwrite_b": (False,)},
        result=more_results.like_last("b"),
    ),
    general(
        "scipy.linalg.inv(a, overwrite_a=False, check_finite=True)",
        a=variants(
            (ranks(a=2), "-out.T @ g @ out.T"),
            otherwise="-numpy.swapaxes(out, -1, -2) @ g @ numpy.swapaxes(out, -1, -2)",
        ),
        jvp="-out @ a_dot @ out",
        only=_KEEP,
        result=product_results.matrix_of,
    ),
    general(
        "scipy.linalg.det(a, overwrite_a=False, check_finite=True)",
        a=variants(
            (ranks(a=2), "g * out * numpy.linalg.inv(a).T"),
            otherwise=(
                "numpy.expand_dims(g * out, (-2, -1)) * numpy.swapaxes(numpy.linalg.inv(a), -2, -1)"
            ),
        ),
        jvp="out * numpy.trace(numpy.linalg.solve(a, a_dot), axis1=-2, axis2=-1)",
        only=_KEEP,
        note="`a` must be regular",
        result=product_results.determinant,
    ),
    general(
        "scipy.linalg.pinv(a, *, atol=None, rtol=None, return_rank=False, check_finite=True)",
        a="pinv_vjp(g, a, out)",
        jvp="pinv_jvp(a_dot, a, out)",
        only={"return_rank": (False,)},
        note=_RANK,
        result=decomposition_results.turned,
    ),
    general(
        "scipy.linalg.lstsq(a, b, cond=None, overwrite_a=False, overwrite_b=False,"
        " check_finite=True, lapack_driver=None)",
        a="lstsq_vjp_a(g[0], g[1], g[3], single(a), b, out[0], rcond=cond)",
        b="lstsq_vjp_b(g[0], g[1], single(a), b, out[0], rcond=cond)",
        jvp={
            "a": "lstsq_jvp_a(a_dot, single(a), b, out[0], out[1], out[3], rcond=cond)",
            "b": "lstsq_jvp_b(b_dot, single(a), b, out[0], out[1], out[3], rcond=cond)",
        },
        only={**_KEEP_BOTH, "lapack_driver": (None, "gelsd", "gelss")},
        note=_RANK,
        result=more_results.least_squares,
    ),
    # ---- decompositions
    general(
        "scipy.linalg.cholesky(a, lower=False, overwrite_a=False, check_finite=True)",
        a=variants(
            (given(lower=False), "cholesky_vjp(g, out, upper=True)"),
            (given(lower=True), "cholesky_vjp(g, out)"),
            otherwise="cholesky_vjp(g, out, upper=not lower)",
        ),
        jvp=variants(
            (given(lower=False), "cholesky_jvp(a_dot, out, upper=True)"),
            (given(lower=True), "cholesky_jvp(a_dot, out)"),
            otherwise="cholesky_jvp(a_dot, out, upper=not lower)",
        ),
        only=_KEEP,
        note=_TRIANGLE,
        result=product_results.matrix_of,
    ),
    general(
        "scipy.linalg.cho_factor(a, lower=False, overwrite_a=False, check_finite=True)",
        a=variants(
            (given(lower=False), f"cholesky_vjp({_FACTOR_BAR}, triangle(out[0]), upper=True)"),
            (given(lower=True), f"cholesky_vjp({_FACTOR_BAR}, triangle(out[0], lower=True))"),
            otherwise=(
                f"cholesky_vjp({_FACTOR_BAR}, triangle(out[0], lower=lower), upper=not lower)"
            ),
        ),
        jvp="(cholesky_jvp(a_dot, triangle(out[0], lower=lower), upper=not lower), False)",
        only=_KEEP,
        note=_TRIANGLE,
        result=more_results.factor_and_side,
    ),
    general(
        "scipy.linalg.cho_solve(c_and_lower, b, overwrite_b=False, check_finite=True)",
        c_and_lower=(
            "(cho_solve_vjp_factor(scipy.linalg.cho_solve(c_and_lower, g), out,"
            " numpy.ndim(b), c_and_lower[0], c_and_lower[1]), 0.0)"
        ),
        b="scipy.linalg.cho_solve(c_and_lower, g)",
        jvp={
            "c_and_lower": (
                "-scipy.linalg.cho_solve(c_and_lower, cho_solve_jvp_right("
                "c_and_lower[0], c_and_lower_dot[0], out, c_and_lower[1]))"
            ),
            "b": "scipy.linalg.cho_solve(c_and_lower, b_dot)",
        },
        only={"overwrite_b": (False,)},
        result=more_results.like_last("b"),
    ),
    general(
        'scipy.linalg.qr(a, overwrite_a=False, lwork=None, mode="full", pivoting=False,'
        " check_finite=True)",
        a="qr_vjp(g[0], g[1], out[0], out[1], a)",
        jvp="qr_jvp(a_dot, out[0], out[1], a)",
        only={**_KEEP, "mode": ("full", "economic"), "pivoting": (False,)},
        note="the first columns of `a`, as many as it has rows, must be independent",
        result=more_results.two_matrices,
    ),
    general(
        f"scipy.linalg.eigh(a, b=None, *, lower=True, eigvals_only=False, {_OPTIONS})",
        a="into_triangle(eigh_vjp(g[0], g[1], out[0], out[1]), UPLO=side)",
        jvp=(
            "(numpy.sum(out[1] * (from_triangle(a_dot, UPLO=side) @ out[1]), axis=-2),"
            " eigenvectors_jvp(from_triangle(a_dot, UPLO=side), out[0], out[1]))"
        ),
        let={"side": variants((given(lower=True), '"L"'), otherwise=_SIDE)},
        only={**_WHOLE_PROBLEM, "eigvals_only": (False,)},
        note=_TRIANGLE,
        kink="nan for vectors of equal values",
        result=decomposition_results.eigh,
    ),
    general(
        f"scipy.linalg.eigh(a, b=None, *, lower=True, eigvals_only=True, {_OPTIONS})",
        a="into_triangle(eigh_vjp(g, 0.0, out, vectors), UPLO=side)",
        jvp="numpy.sum(vectors * (from_triangle(a_dot, UPLO=side) @ vectors), axis=-2)",
        let={
            "side": variants((given(lower=True), '"L"'), otherwise=_SIDE),
            "vectors": "numpy.linalg.eigh(a, UPLO=side)[1]",
        },
        only={**_WHOLE_PROBLEM, "eigvals_only": (True,)},
        note=_TRIANGLE,
        result=decomposition_results.eigenvalues,
    ),
    general(
        f"scipy.linalg.eigvalsh(a, b=None, *, lower=True, {_OPTIONS})",
        a="into_triangle(eigh_vjp(g, 0.0, out, vectors), UPLO=side)",
        jvp="numpy.sum(vectors * (from_triangle(a_dot, UPLO=side) @ vectors), axis=-2)",
        let={
            "side": variants((given(lower=True), '"L"'), otherwise=_SIDE),
            "vectors": "numpy.linalg.eigh(a, UPLO=side)[1]",
        },
        only=_WHOLE_PROBLEM,
        note=_TRIANGLE,
        result=decomposition_results.eigenvalues,
    ),
    general(
        "scipy.linalg.svd(a, full_matrices=True, compute_uv=True, overwrite_a=False,"
        ' check_finite=True, lapack_driver="gesdd")',
        a="svd_vjp(g[0], g[1], g[2], out[0], out[1], out[2])",
        jvp="svd_jvp(a_dot, out[0], out[1], out[2])",
        only={**_KEEP, "compute_uv": (True,)},
        kink="nan for vectors of equal values",
        result=decomposition_results.svd,
    ),
    general(
        "scipy.linalg.svd(a, full_matrices=True, compute_uv=False, overwrite_a=False,"
        ' check_finite=True, lapack_driver="gesdd")',
        a="svd_vjp(0.0, g, 0.0, factors[0], factors[1], factors[2])",
        jvp="svd_jvp(a_dot, factors[0], factors[1], factors[2])[1]",
        let={"factors": "numpy.linalg.svd(a, full_matrices=False)"},
        only={**_KEEP, "compute_uv": (False,)},
        result=decomposition_results.singular_values,
    ),
    general(
        "scipy.linalg.svdvals(a, overwrite_a=False, check_finite=True)",
        a="svd_vjp(0.0, g, 0.0, factors[0], factors[1], factors[2])",
        jvp="svd_jvp(a_dot, factors[0], factors[1], factors[2])[1]",
        let={"factors": "numpy.linalg.svd(a, full_matrices=False)"},
        only=_KEEP,
        result=decomposition_results.singular_values,
    ),
    general(
        "scipy.linalg.lu(a, permute_l=False, overwrite_a=False, check_finite=True,"
        " p_indices=False)",
        a="lu_vjp(g[1], g[2], single(out[0]), out[1], out[2])",
        jvp="lu_jvp(a_dot, single(out[0]), out[1], out[2])",
        only={"permute_l": (False,), **_KEEP, "p_indices": (False,)},
        note="for square matrices",
        result=more_results.three_matrices,
    ),
    general(
        "scipy.linalg.lu_factor(a, overwrite_a=False, check_finite=True)",
        a="lu_factor_vjp(g[0], single(out[0]), out[1])",
        jvp="(lu_factor_jvp(a_dot, single(out[0]), out[1]), 0.0)",
        only=_KEEP,
        note="for square matrices",
        result=more_results.factors_and_pivots,
    ),
    *(
        general(
            "scipy.linalg.lu_solve(lu_and_piv, b, trans=0, overwrite_b=False, check_finite=True)",
            lu_and_piv=(
                f"(lu_solve_vjp_lu({sides}, numpy.ndim(b), lu_and_piv[0], lu_and_piv[1]), 0.0)"
            ),
            b=b_bar,
            jvp={
                "lu_and_piv": (
                    f"-scipy.linalg.lu_solve(lu_and_piv, {moved}("
                    "lu_and_piv[0], lu_and_piv[1], lu_and_piv_dot[0], out), trans=trans)"
                ),
                "b": "scipy.linalg.lu_solve(lu_and_piv, b_dot, trans=trans)",
            },
            only={"trans": (trans,), "overwrite_b": (False,)},
            result=more_results.like_last("b"),
        )
        for trans, b_bar, sides, moved in (
            (0, _BACK, f"{_BACK}, out", "lu_solve_jvp_right"),
            (1, _FORTH, f"out, {_FORTH}", "lu_solve_jvp_left"),
        )
    ),
    # ---- functions of matrices
    general(
        "scipy.linalg.expm(A)",
        A="beside(scipy.linalg.expm(doubled(numpy.swapaxes(A, -1, -2), g)))",
        jvp="beside(scipy.linalg.expm(doubled(A, A_dot)))",
        result=product_results.matrix_of,
    ),
    general(
        "scipy.linalg.logm(A)",
        A="beside(scipy.linalg.logm(doubled(single(A).T, g)))",
        jvp="beside(scipy.linalg.logm(doubled(A, A_dot)))",
        note="where the logarithm is real",
        result=product_results.matrix_of_any,
    ),
    general(
        "scipy.linalg.sqrtm(A)",
        A="scipy.linalg.solve_sylvester(single(out).T, out.T, g)",
        jvp="scipy.linalg.solve_sylvester(out, out, A_dot)",
        note="where the root is real",
        result=product_results.matrix_of_any,
    ),
    general(
        "scipy.linalg.null_space(A, rcond=None, *, overwrite_a=False, check_finite=True,"
        ' lapack_driver="gesdd")',
        A="null_space_vjp(g, A, out)",
        jvp="null_space_jvp(A_dot, A, out)",
        only={"overwrite_a": (False,)},
        note="of what does not depend on the choice of the basis, while the rank stays as it is",
        result=more_results.any_matrix,
    ),
    general(
        "scipy.linalg.schur(a)",
        note="where eigenvalues turn complex, the blocks of the result take another form",
        result=results.always(UNKNOWN),
    ),
    # ---- norms, and matrices of a form
    general(
        "scipy.linalg.norm(x, ord=None, axis=None, keepdims=False, check_finite=True)",
        x=NORM_VJP,
        jvp=NORM_JVP,
        let=NORM_LET,
        kink=NORM_KINKS,
        result=results.reduced("float"),
    ),
    linear(
        "scipy.linalg.toeplitz(c)",
        c="toeplitz_vjp_c(g, c)",
        result=more_results.of_vectors,
    ),
    linear(
        "scipy.linalg.toeplitz(c, r)",
        c="toeplitz_vjp_c(g, c, r)",
        r="toeplitz_vjp_r(g, r)",
        result=more_results.of_vectors,
    ),
    linear(
        "scipy.linalg.block_diag(*arrs)",
        arrs="block_of(g, arrs_all, place)",
        result=more_results.any_matrix,
    ),
    # ---- helpers for bands
    linear(
        "retrograd.runtime.band_transposed(l_and_u, ab)",
        ab="band_transposed(l_and_u[::-1], g)",
        result=more_results.like_last("ab"),
    ),
    multilinear(
        "retrograd.runtime.band_product(l_and_u, ab, x)",
        ab="band_of_outer(l_and_u, g, x)",
        x="band_product(l_and_u[::-1], band_transposed(l_and_u, ab), g)",
        result=more_results.like_last("x"),
    ),
    multilinear(
        "retrograd.runtime.band_of_outer(l_and_u, x, y)",
        x="band_product(l_and_u, g, y)",
        y="band_product(l_and_u[::-1], band_transposed(l_and_u, g), x)",
        result=more_results.two_axes,
    ),
)
