"""One saved value for each iteration, read back by the loop's own index.

wrt: c, x    mode: grad    at: c=np.array([1.0, -2.0, 0.5]), x=1.7
types: c: float[n], x: float
"""

import numpy as np


def horner(c, x):
    """Polynomial with coefficients c, highest degree first."""
    p = 0.0
    for i in range(len(c)):
        p = p * x + c[i]
    return p


# ---- gradient ----
def horner_grad(c, x):
    """Gradient of `horner` with respect to (c, x)."""
    p_saved = []
    p = 0.0
    for i in range(len(c)):
        p_saved.append(p)
        p = p * x + c[i]

    p_bar = 1.0
    x_bar = 0.0
    c_bar = np.zeros_like(c)
    for i in reversed(range(len(c))):
        p = p_saved[i]
        # p = p * x + c[i]
        x_bar += p * p_bar
        c_bar[i] += p_bar
        p_bar = x * p_bar
    return c_bar, x_bar
