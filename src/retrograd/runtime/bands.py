"""Matrices of which only diagonals near the main one are not zero, in the form of scipy.linalg.

The diagonal k of a matrix stands in the row ``above - k`` of its bands. These functions are each
other's transposes, which is what their rules say.
"""

from typing import Any

import numpy as np


def band_transposed(l_and_u: Any, ab: Any) -> Any:
    """The bands of the transpose of a matrix with the bands `ab`."""
    below, above = l_and_u
    _, n = ab.shape
    result = np.zeros((below + above + 1, n))
    for k in range(-below, above + 1):  # the diagonal k stands in row above - k
        result[below + k, max(-k, 0) : n - max(k, 0)] = ab[above - k, max(k, 0) : n + min(k, 0)]
    return result


def band_product(l_and_u: Any, ab: Any, x: Any) -> Any:
    """The product of a matrix with the bands `ab` and vectors."""
    below, above = l_and_u
    _, n = ab.shape
    rows = np.zeros((n, n))
    for k in range(-below, above + 1):
        rows = rows + np.diag(ab[above - k, max(k, 0) : n + min(k, 0)], k)
    return rows @ x


def band_of_outer(l_and_u: Any, x: Any, y: Any) -> Any:
    """The bands of the sum of the outer products of the columns of `x` and `y`."""
    below, above = l_and_u
    full = np.outer(x, y) if np.ndim(x) == 1 else x @ y.T
    n, _ = full.shape
    result = np.zeros((below + above + 1, n))
    for k in range(-below, above + 1):
        result[above - k, max(k, 0) : n + min(k, 0)] = np.diag(full, k)
    return result
