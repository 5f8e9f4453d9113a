"""`np.select` chooses among several values; what is not chosen gets nothing, not even nan.

wrt: x    mode: grad    at: x=np.array([-0.5, 0.5, 2.0])
types: x: float[n]
"""

import numpy as np


def pieces(x):
    return np.sum(np.select([x > 1.0, x > 0.0], [x**2, np.sqrt(x)], 0.0))


# ---- gradient ----
def pieces_grad(x):
    """Gradient of `pieces` with respect to x."""
    # return np.sum(np.select([x > 1.0, x > 0.0], [x**2, np.sqrt(x)], 0.0))
    x_bar = np.where(
        x > 1.0, np.where(x > 0.0, 0.0, 0.0), np.where(x > 0.0, 0.5 / np.sqrt(x), 0.0)
    ) + np.where(x > 1.0, 2.0 * x, 0.0)
    return x_bar
