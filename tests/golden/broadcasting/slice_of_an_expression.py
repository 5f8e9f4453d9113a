"""A slice of an expression that has no name.

wrt: u, M    mode: grad    at: u=np.array([0.3, 0.7, -0.2]), M=np.arange(6.0).reshape(2, 3) / 5
types: u: float[d], M: float[n, d]
"""

import numpy as np


def model(u, M):
    v = (u - 0.5)[1:]
    w = (M @ u)[:, None]
    return np.sum(v * v) + np.sum(w * M)


# ---- gradient ----
from retrograd.runtime import scatter, spread, unbroadcast


def model_grad(u, M):
    """Gradient of `model` with respect to (u, M)."""
    v = (u - 0.5)[1:]
    product = M @ u
    w = product[:, None]

    # return np.sum(v * v) + np.sum(w * M)
    v_bar = 2.0 * v
    w_bar = unbroadcast(M, w)
    M_bar = w * spread(1.0, M.shape)
    # w = (M @ u)[:, None]
    matmul_bar = scatter(w_bar, product, (slice(None, None), None))
    M_bar += np.outer(matmul_bar, u)
    u_bar = M.T @ matmul_bar
    # v = (u - 0.5)[1:]
    u_bar += scatter(v_bar, u - 0.5, slice(1, None))
    return u_bar, M_bar
