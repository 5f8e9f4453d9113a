"""A masked write takes the cotangent of what it overwrites.

wrt: x, k    mode: grad    at: x=np.array([0.3, -0.7, 1.1]), k=1.3
types: x: float[n], k: float
"""

import numpy as np


def model(x, k):
    y = x * x
    y[x < 0.0] = 0.25 * k
    return np.sum(y * x)


# ---- gradient ----
from retrograd.runtime import last_written


def model_grad(x, k):
    """Gradient of `model` with respect to (x, k)."""
    y = x * x
    y[x < 0.0] = 0.25 * k

    # return np.sum(y * x)
    y_bar = x
    x_bar = y
    # y[x < 0.0] = 0.25 * k
    y_bar = y_bar.copy()
    y_bar2 = last_written(y_bar, x < 0.0)
    y_bar[x < 0.0] = 0.0
    k_bar = np.sum(0.25 * y_bar2)
    # y = x * x
    x_bar = x_bar + 2.0 * x * y_bar
    return x_bar, k_bar
