"""Derivatives of decompositions of matrices, for stacks of matrices too.

These functions are written in the language that the compiler reads, and call nothing without a
rule; so a derivative of generated code goes through them as through functions of the user's. A
cotangent that nothing was sent to is 0.0, or an array of zeros. What has no derivative, such as the
singular vectors of equal singular values, is nan.

Sources: M. Giles, *An extended collection of matrix derivative results for forward and reverse mode
automatic differentiation*, 2008; J. Townsend, *Differentiating the singular value decomposition*,
2016; S. Walter and L. Lehmann, *Algorithmic differentiation of linear algebra functions*, 2010;
G. Golub and V. Pereyra, *The differentiation of pseudo-inverses*, 1973.
"""

from typing import Any

import numpy as np

from retrograd.runtime.arrays import sum_to


def transposed(x: Any) -> Any:
    """The transpose of each matrix."""
    return np.swapaxes(x, -1, -2)


def diagonal_of(x: Any) -> Any:
    """The diagonal of each matrix, new."""
    return np.sum(x * np.eye(x.shape[-2], x.shape[-1]), axis=-1)


def trace_vjp(g: Any, shape: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The cotangent of an array of `shape` when `g` is that of its ``numpy.trace``."""
    ones = np.eye(shape[axis1], shape[axis2], offset)
    return np.moveaxis(np.expand_dims(g, (-2, -1)) * ones, (-2, -1), (axis1, axis2))


def diagonal_vjp(g: Any, shape: Any, offset: int = 0) -> Any:
    """The cotangent of matrices of `shape` when `g` is that of ``numpy.linalg.diagonal``."""
    rows = np.arange(g.shape[-1]) + max(-offset, 0)
    columns = np.arange(g.shape[-1]) + max(offset, 0)
    result = np.zeros(shape, g.dtype)
    result[..., rows, columns] = g
    return result


# ---------------------------------------------------------------- triangles


def from_triangle(x: Any, UPLO: str = "L") -> Any:
    """The symmetric matrix of which `x` has one triangle; the other one of `x` does not count."""
    if UPLO == "U" or UPLO == "u":
        return np.triu(x) + transposed(np.triu(x, 1))
    return np.tril(x) + transposed(np.tril(x, -1))


def into_triangle(g: Any, UPLO: str = "L") -> Any:
    """The cotangent of `x` when `g` is that of ``from_triangle(x, UPLO)``."""
    if UPLO == "U" or UPLO == "u":
        return np.triu(g) + transposed(np.tril(g, -1))
    return np.tril(g) + transposed(np.triu(g, 1))


def lower_half(x: Any) -> Any:
    """The lower triangle of each matrix with half of the diagonal."""
    return np.tril(x) - 0.5 * x * np.eye(x.shape[-1])


# ---------------------------------------------------------------- Cholesky and QR


def cholesky_vjp(g: Any, factor: Any, upper: bool = False) -> Any:
    """The cotangent of a matrix when `g` is that of its Cholesky `factor`."""
    if upper:
        return transposed(cholesky_vjp(transposed(g), transposed(factor)))
    back = transposed(factor)
    half = np.linalg.solve(back, lower_half(back @ g))
    return into_triangle(transposed(np.linalg.solve(back, transposed(half))))


def cholesky_jvp(a_dot: Any, factor: Any, upper: bool = False) -> Any:
    """The tangent of the Cholesky `factor` of a matrix that moves by `a_dot`."""
    if upper:
        return transposed(cholesky_jvp(transposed(a_dot), transposed(factor)))
    half = np.linalg.solve(factor, from_triangle(a_dot))
    return factor @ lower_half(np.linalg.solve(factor, transposed(half)))


def qr_vjp(q_bar: Any, r_bar: Any, q: Any, r: Any, a: Any) -> Any:
    """The cotangent of `a` when those of ``q, r = numpy.linalg.qr(a)`` are given.

    The columns beyond the first rows of a wide matrix only enter ``r[:, k:] = q.T @ a[:, k:]``.

    Raises:
        ValueError: something was sent to columns of q that only complete the others.
    """
    k = min(a.shape[-2], a.shape[-1])
    q_bar = q_bar + np.zeros(q.shape)
    r_bar = r_bar + np.zeros(r.shape)
    if np.any(q_bar[..., k:]):
        raise ValueError(
            "columns of q that only complete the others have no derivative: use mode='economic'"
        )
    q, q_bar = q[..., :k], q_bar[..., :k]
    r, r_bar = r[..., :k, :], r_bar[..., :k, :]
    rest_bar = r_bar[..., k:]
    q_bar = q_bar + a[..., k:] @ transposed(rest_bar)
    square, square_bar = r[..., :k], r_bar[..., :k]
    inner = square @ transposed(square_bar) - transposed(q_bar) @ q
    mirrored = np.tril(inner) + transposed(np.tril(inner, -1))
    first_bar = transposed(np.linalg.solve(square, transposed(q_bar + q @ mirrored)))
    return np.concatenate([first_bar, q @ rest_bar], axis=-1)


def qr_jvp(a_dot: Any, q: Any, r: Any, a: Any) -> Any:
    """The tangents of ``q, r = numpy.linalg.qr(a)`` when `a` moves by `a_dot`.

    Those of columns of q that only complete the others are nan.
    """
    k = min(a.shape[-2], a.shape[-1])
    whole_q_dot = np.full(q.shape, np.nan)
    whole_r_dot = np.zeros(r.shape)
    q = q[..., :k]
    square = r[..., :k, :k]
    moved = transposed(np.linalg.solve(transposed(square), transposed(a_dot[..., :k])))
    inner = transposed(q) @ moved
    turn = np.tril(inner, -1) - transposed(np.tril(inner, -1))
    q_dot = q @ (turn - inner) + moved
    rest_dot = transposed(q_dot) @ a[..., k:] + transposed(q) @ a_dot[..., k:]
    whole_q_dot[..., :k] = q_dot
    whole_r_dot[..., :k, :] = np.concatenate([(inner - turn) @ square, rest_dot], axis=-1)
    return whole_q_dot, whole_r_dot


# ---------------------------------------------------------------- eigenvalues and singular values


def inverse_gaps(x: Any, used: Any) -> Any:
    """``1 / (x[j] - x[i])`` at (i, j), 0 on the diagonal.

    Where two elements are equal, nan, or 0 if these quotients are not `used`.
    """
    gaps = np.expand_dims(x, -2) - np.expand_dims(x, -1)
    apart = gaps != 0.0
    own = np.eye(x.shape[-1]) == 1.0
    quotients = 1.0 / np.where(apart, gaps, 1.0)
    return np.where(apart, quotients, np.where(own, 0.0, np.nan if used else 0.0))


def diagonals(bar: Any, x: Any) -> Any:
    """The cotangent `bar` of the vectors `x` on the diagonals of matrices."""
    return np.expand_dims(bar + np.zeros(x.shape), -2) * np.eye(x.shape[-1])


def eigh_vjp(w_bar: Any, v_bar: Any, w: Any, v: Any) -> Any:
    """The cotangent of a symmetric matrix when those of its eigenvalues and eigenvectors are given."""
    v_bar = v_bar + np.zeros(v.shape)
    inner = inverse_gaps(w, np.any(v_bar)) * (transposed(v) @ v_bar)
    return v @ (inner + diagonals(w_bar, w)) @ transposed(v)


def eigenvectors_jvp(a_dot: Any, w: Any, v: Any) -> Any:
    """The tangent of the eigenvectors of a symmetric matrix that moves by `a_dot`."""
    return v @ (inverse_gaps(w, True) * (transposed(v) @ a_dot @ v))


def real_places(v: Any) -> Any:
    """The row of the component of each column that is real, as LAPACK leaves it: the largest such."""
    score = np.where(np.imag(v) == 0.0, np.abs(v), -1.0)
    return np.expand_dims(np.argmax(score, axis=-2), -2)


def eig_vjp(w_bar: Any, v_bar: Any, w: Any, v: Any) -> Any:
    """The cotangent of a matrix when those of its eigenvalues and eigenvectors are given.

    The eigenvectors have length 1 and a component each that is real.
    """
    bar = v_bar + np.zeros(v.shape)
    weights = np.sum(bar * v, axis=-2, keepdims=True)
    places = real_places(v)
    steady = np.real(np.take_along_axis(v, places, -2))
    turned = np.expand_dims(np.arange(v.shape[-2]), -1) == places
    bar = bar - np.real(weights) * np.conj(v)
    bar = bar - 1j * np.where(turned, np.imag(weights) / steady, 0.0)
    inner = inverse_gaps(w, np.any(v_bar)) * (transposed(v) @ bar)
    return np.linalg.solve(transposed(v), (inner + diagonals(w_bar, w)) @ transposed(v))


def eig_jvp(a_dot: Any, w: Any, v: Any) -> Any:
    """The tangents of the eigenvalues and eigenvectors of a matrix that moves by `a_dot`."""
    inner = np.linalg.solve(v, a_dot @ v)
    v_dot = v @ (inverse_gaps(w, True) * inner)
    along = np.real(np.sum(np.conj(v) * v_dot, axis=-2, keepdims=True))
    places = real_places(v)
    steady = np.real(np.take_along_axis(v, places, -2))
    turn = np.imag(np.take_along_axis(v_dot, places, -2)) / steady
    return diagonal_of(inner), v_dot - v * (along + 1j * turn)


def svd_vjp(u_bar: Any, s_bar: Any, vt_bar: Any, u: Any, s: Any, vt: Any) -> Any:
    """The cotangent of `a` when those of ``u, s, vt = numpy.linalg.svd(a)`` are given.

    Raises:
        ValueError: something was sent to singular vectors that have no singular value.
    """
    k = s.shape[-1]
    u_bar = u_bar + np.zeros(u.shape)
    vt_bar = vt_bar + np.zeros(vt.shape)
    if np.any(u_bar[..., k:]) or np.any(vt_bar[..., k:, :]):
        raise ValueError(
            "singular vectors without a singular value have no derivative:"
            " use numpy.linalg.svd(a, full_matrices=False)"
        )
    used = np.any(u_bar) or np.any(vt_bar)
    u, u_bar = u[..., :k], u_bar[..., :k]
    v, v_bar = transposed(vt[..., :k, :]), transposed(vt_bar[..., :k, :])
    row = np.expand_dims(s, -2)
    column = np.expand_dims(s, -1)
    gaps = inverse_gaps(s * s, used)
    left = transposed(u) @ u_bar
    right = transposed(v) @ v_bar
    inner = gaps * (left - transposed(left)) * row + column * gaps * (right - transposed(right))
    inner = inner + diagonals(s_bar, s)
    inverse = 1.0 / np.where(s == 0.0, np.nan if used else 1.0, s)
    outside_u = (u_bar - u @ left) * np.expand_dims(inverse, -2)
    outside_v = (v_bar - v @ right) * np.expand_dims(inverse, -2)
    return (u @ inner + outside_u) @ transposed(v) + u @ transposed(outside_v)


def svd_jvp(a_dot: Any, u: Any, s: Any, vt: Any) -> Any:
    """The tangents of ``u, s, vt = numpy.linalg.svd(a)`` when `a` moves by `a_dot`.

    Those of singular vectors without a singular value are nan.
    """
    k = s.shape[-1]
    v = transposed(vt[..., :k, :])
    inside = u[..., :k]
    row = np.expand_dims(s, -2)
    column = np.expand_dims(s, -1)
    gaps = inverse_gaps(s * s, True)
    inner = transposed(inside) @ a_dot @ v
    left = gaps * (inner * row + column * transposed(inner))
    right = gaps * (column * inner + transposed(inner) * row)
    inverse = np.expand_dims(1.0 / np.where(s == 0.0, np.nan, s), -2)
    out_u = (a_dot @ v - inside @ inner) * inverse
    out_v = (transposed(a_dot) @ inside - v @ transposed(inner)) * inverse
    u_dot = np.full(u.shape, np.nan)
    u_dot[..., :k] = inside @ left + out_u
    vt_dot = np.full(vt.shape, np.nan)
    vt_dot[..., :k, :] = transposed(v @ right + out_v)
    return u_dot, diagonal_of(inner), vt_dot


# ---------------------------------------------------------------- systems of equations


def solve_vjp_b(g: Any, a: Any, shape: tuple[int, ...]) -> Any:
    """The cotangent of `b`, of this `shape`, when `g` is that of ``numpy.linalg.solve(a, b)``."""
    transposed = np.swapaxes(a, -1, -2)
    if len(shape) == 1:
        return sum_to(np.linalg.solve(transposed, np.expand_dims(g, -1))[..., 0], shape)
    return sum_to(np.linalg.solve(transposed, g), shape)


def solve_vjp_a(g: Any, a: Any, shape: tuple[int, ...], out: Any) -> Any:
    """The cotangent of `a` when `g` is that of ``out = numpy.linalg.solve(a, b)``, b of `shape`."""
    if len(shape) == 1:
        g, out = np.expand_dims(g, -1), np.expand_dims(out, -1)
    b_bar = np.linalg.solve(np.swapaxes(a, -1, -2), g)
    return sum_to(-b_bar @ np.swapaxes(out, -1, -2), np.shape(a))


def solve_jvp_a(a: Any, a_dot: Any, shape: tuple[int, ...], out: Any) -> Any:
    """The tangent of ``out = numpy.linalg.solve(a, b)``, b of `shape`, when `a` moves by `a_dot`."""
    if len(shape) == 1:
        return -np.linalg.solve(a, a_dot @ np.expand_dims(out, -1))[..., 0]
    return -np.linalg.solve(a, a_dot @ out)


# ---------------------------------------------------------------- powers, inverses and solutions


def matrix_power_jvp(a: Any, a_dot: Any, n: int) -> Any:
    """The tangent of ``numpy.linalg.matrix_power(a, n)`` when `a` moves by `a_dot`.

    That of the transpose of `a` is the VJP.
    """
    if n < 0:
        inverse = np.linalg.inv(a)
        return matrix_power_jvp(inverse, -inverse @ a_dot @ inverse, -n)
    power_dot = np.zeros(a.shape)
    power = power_dot + np.eye(a.shape[-1])
    for _ in range(n):
        power_dot = power_dot @ a + power @ a_dot
        power = power @ a
    return power_dot


def pinv_vjp(g: Any, a: Any, out: Any) -> Any:
    """The cotangent of `a` when `g` is that of its pseudo-inverse `out`; the rank stays as it is."""
    back, turned = transposed(out), transposed(g)
    first = turned @ out - a @ (out @ turned @ out)
    second = out @ turned - out @ turned @ out @ a
    return -back @ g @ back + first @ back + back @ second


def pinv_jvp(a_dot: Any, a: Any, out: Any) -> Any:
    """The tangent of the pseudo-inverse `out` of `a`, whose rank stays as it is."""
    back, turned = transposed(out), transposed(a_dot)
    first = turned - turned @ a @ out
    second = turned - out @ a @ turned
    return -out @ a_dot @ out + out @ back @ first + second @ back @ out


def lstsq_vjp_b(x_bar: Any, r_bar: Any, a: Any, b: Any, x: Any, rcond: Any = None) -> Any:
    """The cotangent of `b` when those of the solution `x` of ``a @ x = b`` and of the sums of squares
    that remain are given."""
    result = transposed(np.linalg.pinv(a, rtol=rcond)) @ (x_bar + np.zeros(x.shape))
    if np.size(r_bar) == 0:
        return result
    return result + 2.0 * (b - a @ x) * r_bar


def lstsq_vjp_a(
    x_bar: Any, r_bar: Any, s_bar: Any, a: Any, b: Any, x: Any, rcond: Any = None
) -> Any:
    """The cotangent of `a` when those of what ``numpy.linalg.lstsq(a, b)`` gives are given."""
    x_bar = np.reshape(x_bar + np.zeros(x.shape), (x.shape[0], -1))
    rest = np.reshape(b - a @ x, (b.shape[0], -1))
    x = np.reshape(x, (x.shape[0], -1))
    inverse = np.linalg.pinv(a, rtol=rcond)
    back = inverse.T @ x_bar
    a_bar = rest @ (inverse @ back).T - back @ x.T
    a_bar = a_bar + (inverse.T @ x) @ (x_bar - inverse @ (a @ x_bar)).T
    if np.size(r_bar) > 0:
        a_bar = a_bar - 2.0 * (rest * r_bar) @ x.T
    u, _, vt = np.linalg.svd(a, full_matrices=False)
    return a_bar + (u * s_bar) @ vt


def lstsq_jvp_b(b_dot: Any, a: Any, b: Any, x: Any, r: Any, s: Any, rcond: Any = None) -> Any:
    """The tangents of what ``numpy.linalg.lstsq(a, b)`` gives when `b` moves by `b_dot`."""
    x_dot = np.linalg.pinv(a, rtol=rcond) @ b_dot
    r_dot = np.zeros(r.shape)
    if r.size > 0:
        r_dot = np.reshape(2.0 * np.sum((b - a @ x) * b_dot, axis=0), r.shape)
    return x_dot, r_dot, 0.0, np.zeros(s.shape)


def lstsq_jvp_a(a_dot: Any, a: Any, b: Any, x: Any, r: Any, s: Any, rcond: Any = None) -> Any:
    """The tangents of what ``numpy.linalg.lstsq(a, b)`` gives when `a` moves by `a_dot`."""
    inverse = np.linalg.pinv(a, rtol=rcond)
    rest = b - a @ x
    turned = a_dot.T @ (inverse.T @ x)
    x_dot = inverse @ (inverse.T @ (a_dot.T @ rest) - a_dot @ x) + turned - inverse @ (a @ turned)
    r_dot = np.zeros(r.shape)
    if r.size > 0:
        r_dot = np.reshape(-2.0 * np.sum(rest * (a_dot @ x), axis=0), r.shape)
    u, _, vt = np.linalg.svd(a, full_matrices=False)
    return x_dot, r_dot, 0.0, diagonal_of(u.T @ a_dot @ vt.T)


def tensorinv_vjp(g: Any, out: Any, shape: Any) -> Any:
    """The cotangent of an array of `shape` when `g` is that of its ``numpy.linalg.tensorinv``."""
    n = int(np.sqrt(out.size) + 0.5)
    inverse = np.reshape(out, (n, n))
    return np.reshape(-inverse.T @ np.reshape(g, (n, n)) @ inverse.T, shape)


def tensorinv_jvp(a_dot: Any, out: Any) -> Any:
    """The tangent of ``out = numpy.linalg.tensorinv(a)`` when `a` moves by `a_dot`."""
    n = int(np.sqrt(out.size) + 0.5)
    inverse = np.reshape(out, (n, n))
    return np.reshape(-inverse @ np.reshape(a_dot, (n, n)) @ inverse, out.shape)


def multi_dot_vjp(g: Any, arrays: Any) -> Any:
    """The cotangents of `arrays` when `g` is that of ``numpy.linalg.multi_dot(arrays)``."""
    first, last = arrays[0], arrays[-1]
    before = [np.eye(np.shape(np.atleast_2d(first))[0])]
    for array in arrays[:-1]:
        before.append(before[-1] @ np.atleast_2d(array))
    rows = before[-1].shape[0]
    after = np.eye(1 if np.ndim(last) == 1 else np.shape(last)[1])
    g = np.reshape(g, (rows, after.shape[0]))
    found = []
    for k in reversed(range(len(arrays))):
        array = np.reshape(arrays[k], (before[k].shape[1], after.shape[0]))
        found.append(np.reshape(before[k].T @ g @ after.T, np.shape(arrays[k])))
        after = array @ after
    return found[::-1]


def multi_dot_jvp(arrays: Any, arrays_dot: Any) -> Any:
    """The tangent of ``numpy.linalg.multi_dot(arrays)`` when all of `arrays` move."""
    value = arrays[0]
    value_dot = arrays_dot[0]
    for k in range(1, len(arrays)):
        value_dot = value_dot @ arrays[k] + value @ arrays_dot[k]
        value = value @ arrays[k]
    return value_dot


# ---------------------------------------------------------------- null spaces


def null_space_vjp(g: Any, a: Any, basis: Any) -> Any:
    """The cotangent of a matrix when `g` is that of an orthonormal `basis` of its null space."""
    require_same_for_turned(g, basis)
    return -transposed(np.linalg.pinv(a)) @ g @ transposed(basis)


def null_space_jvp(a_dot: Any, a: Any, basis: Any) -> Any:
    """The tangent of the unit vector `basis` that a matrix takes to 0, when the matrix moves.

    Raises:
        ValueError: the null space has more than one dimension, so that its basis is arbitrary.
    """
    if np.shape(basis)[1] > 1:
        raise ValueError(
            "the basis of a null space with more than one dimension is arbitrary, and has no "
            "tangent; in reverse mode there is a derivative of basis @ basis.T"
        )
    return -np.linalg.pinv(a) @ a_dot @ basis


def require_same_for_turned(g: Any, basis: Any) -> None:
    """Check that a function with the cotangent `g` stays the same when the `basis` is turned.

    Raises:
        ValueError: it does not, so it depends on an arbitrary choice and has no derivative.
    """
    turn = transposed(basis) @ g
    size = np.max(np.abs(turn), initial=0.0)
    if np.max(np.abs(turn - transposed(turn)), initial=0.0) > 1e-6 * size:
        raise ValueError(
            "what is computed from a null space changes with the choice of its basis, which is "
            "arbitrary, so it has no derivative: use basis @ basis.T"
        )
