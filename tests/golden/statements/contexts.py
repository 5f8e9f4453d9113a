"""The forward sweep enters the contexts; the adjoints stand outside of them.

wrt: x    mode: grad    at: x=np.array([0.5, -1.2, 2.0])    at: x=np.array([0.1, 0.1, 0.1])
types: x: float[n]
"""

import warnings

import numpy as np


def smooth(x):
    with np.errstate(divide="ignore"), warnings.catch_warnings():
        y = x * np.exp(-x)
        if np.sum(y) > 0.2:
            return np.sum(y * y)  # large enough
        y = y * x
    return np.sum(y)


# ---- gradient ----
def smooth_grad(x):
    """Gradient of `smooth` with respect to x."""
    returned = False
    with np.errstate(divide="ignore"):
        with warnings.catch_warnings():
            y = x * np.exp(-x)
            taken = np.sum(y) > 0.2
            if taken:
                returned = True  # large enough
            else:
                y_saved = y
                y = y * x

    if returned:
        result_bar = 1.0
        y_bar = np.zeros_like(y)
    else:
        # return np.sum(y)
        y_bar = np.full_like(y, 1.0)
        result_bar = 0.0
    if taken:
        y_bar += 2.0 * result_bar * y
        x_bar = np.zeros_like(x)
    else:
        # y = y * x
        y = y_saved
        x_bar = y * y_bar
        y_bar = x * y_bar
    # y = x * np.exp(-x)
    x_bar += (1.0 - x) * np.exp(-x) * y_bar
    return x_bar
