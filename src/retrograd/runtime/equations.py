"""Derivatives of what scipy.linalg solves and composes, written in the language that is read.

As in `matrices`, a second derivative goes through the text of these functions.
"""

from typing import Any

import numpy as np


def outer_sum(x: Any, y: Any, rank: int) -> Any:
    """The sum of the outer products of the columns of `x` and `y`, or of vectors if `rank` is 1."""
    if rank == 1:
        return np.expand_dims(x, -1) * np.expand_dims(y, -2)
    return x @ np.swapaxes(y, -1, -2)


def single(x: Any) -> Any:
    """`x`, which is one matrix.

    Raises:
        ValueError: it is a stack of matrices.
    """
    if np.ndim(x) > 2:
        raise ValueError("the derivative is known here for one matrix at a time: use a loop")
    return x


def triangle(x: Any, lower: bool = False, unit_diagonal: bool = False) -> Any:
    """The triangle of each matrix that is read, which the diagonal may be no part of."""
    if lower:
        return np.tril(x, -1 if unit_diagonal else 0)
    return np.triu(x, 1 if unit_diagonal else 0)


def doubled(a: Any, e: Any) -> Any:
    """The matrices ``[[a, e], [0, a]]``: a function of one has the derivative along `e` beside it."""
    top = np.concatenate([a, e], axis=-1)
    below = np.concatenate([np.zeros(np.shape(a)), a], axis=-1)
    return np.concatenate([top, below], axis=-2)


def beside(x: Any) -> Any:
    """The upper right quarter of each matrix."""
    n = x.shape[-1] // 2
    return x[..., :n, n:]


# ---------------------------------------------------------------- factors of Cholesky and Gauss


def cho_factor_vjp(g: Any, factor: Any, lower: bool = False) -> Any:
    """The cotangent of the triangle of the factor that counts when `g` is that of all of it."""
    return triangle(g + np.zeros(factor.shape), lower)


def cho_solve_vjp_factor(b_bar: Any, x: Any, rank: int, factor: Any, lower: bool = False) -> Any:
    """The cotangent of the factor of ``a`` when `b_bar` is that of b in ``a @ x = b``, b of `rank`."""
    both = outer_sum(b_bar, x, rank)
    both = -(both + np.swapaxes(both, -1, -2))
    factor = triangle(factor, lower)
    return triangle(both @ factor if lower else factor @ both, lower)


def cho_solve_jvp_right(factor: Any, factor_dot: Any, x: Any, lower: bool = False) -> Any:
    """What `x` is multiplied by, as the factor of ``a`` moves: the tangent of ``a @ x``."""
    factor, factor_dot = triangle(single(factor), lower), triangle(factor_dot, lower)
    if lower:
        return factor_dot @ (factor.T @ x) + factor @ (factor_dot.T @ x)
    return factor_dot.T @ (factor @ x) + factor.T @ (factor_dot @ x)


def lu_vjp(l_bar: Any, u_bar: Any, p: Any, l: Any, u: Any) -> Any:
    """The cotangent of a square matrix when those of ``p, l, u = scipy.linalg.lu(a)`` are given."""
    square(l)
    l_bar, u_bar = l_bar + np.zeros(l.shape), u_bar + np.zeros(u.shape)
    inner = np.tril(l.T @ l_bar, -1) + np.triu(u_bar @ u.T)
    return p @ np.linalg.solve(l.T, np.linalg.solve(u, inner.T).T)


def lu_jvp(a_dot: Any, p: Any, l: Any, u: Any) -> Any:
    """The tangents of ``p, l, u = scipy.linalg.lu(a)`` when a square `a` moves by `a_dot`."""
    square(l)
    inner = np.linalg.solve(u.T, np.linalg.solve(l, p.T @ a_dot).T).T
    return np.zeros(p.shape), l @ np.tril(inner, -1), np.triu(inner) @ u


def square(x: Any) -> None:
    """Check that `x` is a square matrix.

    Raises:
        ValueError: it has another number of rows than of columns.
    """
    if x.shape[0] != x.shape[1]:
        raise ValueError("the derivative of triangular factors is known here for square matrices")


def exchanged(piv: Any) -> Any:
    """The matrix that exchanges row i with row ``piv[i]``, one after the other."""
    n = len(piv)
    rows = np.eye(n)
    for k in range(n):
        step = np.eye(n)
        step[k, k] -= 1.0
        step[piv[k], piv[k]] -= 1.0
        step[k, piv[k]] += 1.0
        step[piv[k], k] += 1.0
        rows = step @ rows
    return rows


def lower_factor(lu: Any) -> Any:
    """The lower of two triangular factors that stand in one matrix."""
    return np.tril(lu, -1) + np.eye(lu.shape[0])


def lu_factor_vjp(g: Any, lu: Any, piv: Any) -> Any:
    """The cotangent of a matrix when `g` is that of its factors, which stand in one matrix."""
    square(lu)
    g = g + np.zeros(lu.shape)
    return lu_vjp(np.tril(g, -1), np.triu(g), exchanged(piv).T, lower_factor(lu), np.triu(lu))


def lu_factor_jvp(a_dot: Any, lu: Any, piv: Any) -> Any:
    """The tangent of the factors `lu` of a matrix that moves by `a_dot`."""
    square(lu)
    _, l_dot, u_dot = lu_jvp(a_dot, exchanged(piv).T, lower_factor(lu), np.triu(lu))
    return l_dot + u_dot


def lu_solve_vjp_lu(b_bar: Any, x: Any, rank: int, lu: Any, piv: Any) -> Any:
    """The cotangent of the factors of ``a`` when `b_bar` is that of b in ``a @ x = b``, b of `rank`."""
    bar = -exchanged(piv) @ outer_sum(b_bar, x, rank)
    return np.tril(bar @ np.triu(lu).T, -1) + np.triu(lower_factor(lu).T @ bar)


def lu_solve_jvp_right(lu: Any, piv: Any, lu_dot: Any, x: Any) -> Any:
    """What `x` is multiplied by, as the factors of ``a`` move: the tangent of ``a @ x``."""
    lu = single(lu)
    moved = np.tril(lu_dot, -1) @ (np.triu(lu) @ x) + lower_factor(lu) @ (np.triu(lu_dot) @ x)
    return exchanged(piv).T @ moved


def lu_solve_jvp_left(lu: Any, piv: Any, lu_dot: Any, x: Any) -> Any:
    """As `lu_solve_jvp_right`, for the transpose of ``a``."""
    x = exchanged(piv) @ x
    moved = np.triu(lu).T @ (np.tril(lu_dot, -1).T @ x)
    return moved + np.triu(lu_dot).T @ (lower_factor(single(lu)).T @ x)


# ---------------------------------------------------------------- matrices of a form


def toeplitz_vjp_c(g: Any, c: Any, r: Any = None) -> Any:
    """The cotangent of the first column `c` when `g` is that of ``toeplitz(c, r)``."""
    n = np.size(c)
    g = single(g)
    parts = [np.trace(g, -k) for k in range(n)]
    if r is None:
        parts = [parts[0]] + [parts[k] + np.trace(g, k) for k in range(1, n)]
    return np.reshape(np.array(parts), np.shape(c))


def toeplitz_vjp_r(g: Any, r: Any) -> Any:
    """The cotangent of the first row `r`, of which the first element does not count."""
    g = single(g)
    parts = [0.0] + [np.trace(g, k) for k in range(1, np.size(r))]
    return np.reshape(np.array(parts), np.shape(r))


def block_of(g: Any, arrays: Any, place: int) -> Any:
    """The cotangent of one of `arrays` when `g` is that of ``block_diag(*arrays)``."""
    row, column = 0, 0
    for k in range(place):
        above = np.shape(np.atleast_2d(arrays[k]))
        row = row + above[0]
        column = column + above[1]
    shape = np.shape(np.atleast_2d(arrays[place]))
    part = single(g)[row : row + shape[0], column : column + shape[1]]
    return np.reshape(part, np.shape(arrays[place]))[()]
