"""The array is filled and then read: nothing is kept, and each element gives its cotangent back once.

wrt: x    mode: grad    at: x=np.array([0.3, -0.7, 1.1])
types: x: float[n]
"""

import numpy as np


def model(x):
    y = np.zeros(3)
    for i in range(3):
        y[i] = np.sin(x[i])
    return np.sum(y * y)


# ---- gradient ----
def model_grad(x):
    """Gradient of `model` with respect to x."""
    y = np.zeros(3)
    for i in range(3):
        y[i] = np.sin(x[i])

    # return np.sum(y * y)
    y_bar = 2.0 * y
    x_bar = np.zeros_like(x)
    for i in reversed(range(3)):
        # y[i] = np.sin(x[i])
        x_bar[i] += np.cos(x[i]) * y_bar[i]
        y_bar[i] = 0.0
    return x_bar
