"""Where the condition is false the derivative of `np.log` does not matter, be it infinite.

wrt: x    mode: grad    at: x=np.array([0.5, 2.0, -1.0])
types: x: float[n]
"""

import numpy as np


def entropy(x):
    return np.sum(np.where(x > 0.0, x * np.log(x), 0.0))


# ---- gradient ----
def entropy_grad(x):
    """Gradient of `entropy` with respect to x."""
    # return np.sum(np.where(x > 0.0, x * np.log(x), 0.0))
    x_bar = np.where(x > 0.0, np.log(x) + x / x, 0.0)
    return x_bar
