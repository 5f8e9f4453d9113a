"""The result does not depend on `x`: its gradient is zero, and that is not an error.

wrt: x, k    mode: grad    at: x=np.array([1.2, 2.1]), k=3.0
types: x: float[n], k: float
"""

import numpy as np


def rounded(x, k):
    return np.floor(np.sum(x)) * k


# ---- gradient ----
def rounded_grad(x, k):
    """Gradient of `rounded` with respect to (x, k)."""
    # return np.floor(np.sum(x)) * k
    k_bar = np.floor(np.sum(x))
    return np.zeros_like(x), k_bar
