"""The sum needs the old element: it is saved before the write, and comes back.

wrt: x    mode: grad    at: x=np.array([0.3, -0.7, 1.1])
types: x: float[n]
"""

import numpy as np


def model(x):
    y = 2.0 * x
    s = np.sum(y * y)
    y[1] = x[0] ** 3
    return s * y[1]


# ---- gradient ----
def model_grad(x):
    """Gradient of `model` with respect to x."""
    y = 2.0 * x
    s = np.sum(y * y)
    y_saved = y[1]
    y[1] = x[0] ** 3

    # return s * y[1]
    s_bar = y[1]
    y_bar = np.zeros_like(y)
    y_bar[1] += s
    # y[1] = x[0] ** 3
    y[1] = y_saved
    x_bar = np.zeros_like(x)
    x_bar[0] += 3.0 * x[0] ** 2 * y_bar[1]
    y_bar[1] = 0.0
    # s = np.sum(y * y)
    y_bar += 2.0 * s_bar * y
    # y = 2.0 * x
    x_bar += 2.0 * y_bar
    return x_bar
