"""The items of a matrix are rows.

wrt: X, v    mode: grad    at: X=np.arange(6.0).reshape(3, 2) / 4, v=np.array([0.6, -0.4])
types: X: float[n, d], v: float[d]
"""

import numpy as np


def gram(X, v):
    total = 0.0
    for row in X:
        total = total + np.tanh(row @ v) * row[0]
    return total


# ---- gradient ----
def gram_grad(X, v):
    """Gradient of `gram` with respect to (X, v)."""
    total_bar = 1.0
    v_bar = np.zeros_like(v)
    X_bar = np.zeros_like(X)
    for k in reversed(range(len(X))):
        row = X[k]
        # total = total + np.tanh(row @ v) * row[0]
        tanh_row = np.tanh(row @ v)
        matmul_bar = row[0] * (1.0 - tanh_row**2) * total_bar
        row_bar = v * matmul_bar
        v_bar += row * matmul_bar
        row_bar[0] += tanh_row * total_bar
        X_bar[k] += row_bar
    return X_bar, v_bar
