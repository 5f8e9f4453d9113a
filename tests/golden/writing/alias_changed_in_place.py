"""`b` is `a`: to change one is to change the other.

wrt: x, k    mode: grad    at: x=np.array([0.3, -0.7, 1.1]), k=1.3
types: x: float[n], k: float
"""

import numpy as np


def model(x, k):
    a = x * x
    b = a
    b *= k
    return np.sum(a * b)


# ---- gradient ----
def model_grad(x, k):
    """Gradient of `model` with respect to (x, k)."""
    a = x * x
    b = a
    a_saved = a[...].copy()
    b *= k

    # return np.sum(a * b)
    a_bar = 2.0 * a
    # b *= k
    a[...] = a_saved
    k_bar = np.sum(a[...] * a_bar[...])
    a_bar[...] *= k
    # a = x * x
    x_bar = 2.0 * x * a_bar
    return x_bar, k_bar
