"""`None` in a subscript adds an axis.

wrt: x, y    mode: grad    at: x=np.array([0.3, 0.7]), y=np.array([1.0, -0.5, 0.2])
types: x: float[n], y: float[m]
"""

import numpy as np


def kernel(x, y):
    d = x[:, None] - y[None, :]
    return np.sum(np.exp(-d * d))


# ---- gradient ----
from retrograd.runtime import unbroadcast


def kernel_grad(x, y):
    """Gradient of `kernel` with respect to (x, y)."""
    d = x[:, None] - y[None, :]

    # return np.sum(np.exp(-d * d))
    prod_bar = np.exp(-d * d)
    d_bar = -2.0 * d * prod_bar
    # d = x[:, None] - y[None, :]
    x_bar = np.zeros_like(x)
    x_bar[:, None] += unbroadcast(d_bar, x[:, None])
    y_bar = np.zeros_like(y)
    y_bar[None, :] += unbroadcast(-d_bar, y[None, :])
    return x_bar, y_bar
