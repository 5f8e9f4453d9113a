"""A number is spread over a matrix before the mean along one axis.

wrt: a, M    mode: grad    at: a=0.3, M=np.arange(6.0).reshape(2, 3) / 5
types: a: float, M: float[n, d]
"""

import numpy as np


def model(a, M):
    v = np.mean(a - M, axis=0)
    return np.sum(v * v)


# ---- gradient ----
from retrograd.runtime import spread


def model_grad(a, M):
    """Gradient of `model` with respect to (a, M)."""
    v = np.mean(a - M, axis=0)

    # return np.sum(v * v)
    v_bar = 2.0 * v
    # v = np.mean(a - M, axis=0)
    diff_bar = v_bar / M.shape[0]
    a_bar = np.sum(spread(diff_bar, M.shape))
    M_bar = np.full_like(M, -diff_bar)
    return a_bar, M_bar
