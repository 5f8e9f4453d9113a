"""Derivatives of what scipy.linalg solves and composes, written in the language that is read.

As in `matrices`, a second derivative goes through the text of these functions.
"""

from typing import Any

import numpy as np


def outer_or_matmul(x: Any, y: Any) -> Any:
    """The sum of the outer products of the columns of `x` and `y`, or of the vectors themselves."""
    if np.ndim(x) == 1:
        return np.outer(x, y)
    return x @ np.swapaxes(y, -1, -2)


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


def cho_solve_vjp_factor(b_bar: Any, x: Any, factor: Any, lower: bool = False) -> Any:
    """The cotangent of the factor of ``a`` when `b_bar` is that of b in ``a @ x = b``."""
    both = outer_or_matmul(b_bar, x)
    both = -(both + np.swapaxes(both, -1, -2))
    factor = triangle(factor, lower)
    return triangle(both @ factor if lower else factor @ both, lower)


def cho_solve_jvp_right(factor: Any, factor_dot: Any, x: Any, lower: bool = False) -> Any:
    """What `x` is multiplied by, as the factor of ``a`` moves: the tangent of ``a @ x``."""
    factor, factor_dot = triangle(factor, lower), triangle(factor_dot, lower)
    if lower:
        return factor_dot @ (factor.T @ x) + factor @ (factor_dot.T @ x)
    return factor_dot.T @ (factor @ x) + factor.T @ (factor_dot @ x)


# ---------------------------------------------------------------- matrices of a form


def toeplitz_vjp_c(g: Any, c: Any, r: Any = None) -> Any:
    """The cotangent of the first column `c` when `g` is that of ``toeplitz(c, r)``."""
    n = np.size(c)
    parts = [np.trace(g, -k) for k in range(n)]
    if r is None:
        parts = [parts[0]] + [parts[k] + np.trace(g, k) for k in range(1, n)]
    return np.reshape(np.array(parts), np.shape(c))


def toeplitz_vjp_r(g: Any, r: Any) -> Any:
    """The cotangent of the first row `r`, of which the first element does not count."""
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
    part = g[row : row + shape[0], column : column + shape[1]]
    return np.reshape(part, np.shape(arrays[place]))[()]
