"""A row, a column and a number meet a matrix, each in another position.

wrt: row, col, s    mode: grad
at: row=np.array([0.5, 1.0, -0.3]), col=np.array([[0.2], [0.9]]), s=0.7, M=np.arange(6.0).reshape(2, 3) / 5
types: row: float[d], col: float[n, 1], s: float, M: float[n, d]
"""

import numpy as np


def model(row, col, s, M):
    return np.sum((row + M) * (col - s) / (2.0 + M * row))


# ---- gradient ----
from retrograd.runtime import unbroadcast


def model_grad(row, col, s, M):
    """Gradient of `model` with respect to (row, col, s)."""
    # return np.sum((row + M) * (col - s) / (2.0 + M * row))
    den = 2.0 + M * row
    prod_bar = 1.0 / den
    diff_bar = (row + M) * prod_bar
    row_bar = np.sum((col - s) * prod_bar, axis=0) + np.sum(
        -(row + M) * (col - s) * M / den / den, axis=0
    )
    col_bar = unbroadcast(diff_bar, col)
    s_bar = np.sum(-diff_bar)
    return row_bar, col_bar.copy(), s_bar
