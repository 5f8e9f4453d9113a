"""Sums, means and products along axes, kept or not.

wrt: M    mode: grad    at: M=np.array([[0.1, 0.9, 0.3], [0.8, 0.2, 0.5]])
types: M: float[n, d]
"""

import numpy as np


def model(M):
    centered = M - np.mean(M, axis=0, keepdims=True)
    return np.sum(centered**2) + np.sum(np.prod(M, axis=1)) + M.sum(axis=0).max() + np.var(M)


# ---- gradient ----
from retrograd.runtime import prod_of_others, unbroadcast


def model_grad(M):
    """Gradient of `model` with respect to M."""
    mean_M = np.mean(M, axis=0, keepdims=True)
    centered = M - mean_M
    prod_value = np.prod(M, axis=1)
    sum_value = np.sum(M, axis=0)

    # return np.sum(centered**2) + np.sum(np.prod(M, axis=1)) + M.sum(axis=0).max() + np.var(M)
    centered_bar = 2.0 * centered
    prod_value_bar = np.full_like(prod_value, 1.0)
    hits = sum_value == np.max(sum_value)
    sum_value_bar = np.where(hits, 1.0 / np.count_nonzero(hits), 0.0)
    M_bar = 2.0 / M.size * (M - np.mean(M))
    M_bar += np.full_like(M, sum_value_bar)
    M_bar += np.expand_dims(prod_value_bar, 1) * prod_of_others(M, axis=1)
    # centered = M - np.mean(M, axis=0, keepdims=True)
    M_bar += centered_bar + np.full_like(
        M, unbroadcast(-centered_bar, mean_M) / M.shape[0]
    )
    return M_bar
