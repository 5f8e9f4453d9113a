"""The array's name is given another array; the name that still holds the old one takes its place.

wrt: x, v    mode: joint    at: x=0.7, v=np.array([0.4, -1.1, 0.9])    types: x: float, v: float[n]
"""

import numpy as np


def kept(x, v):
    a = v * x
    b = a
    a[0] = x**2
    a = a + b
    b[1] = x
    return np.sum(a * b)


# ---- gradient ----
def kept_grad(x, v):
    """Gradient of `kept` with respect to (x, v)."""
    a = v * x
    a[0] = x**2
    b = a
    a = a + b
    b[1] = x

    # return np.sum(a * b)
    a_bar = b
    b_bar = a
    # b[1] = x
    b_bar = b_bar.copy()
    x_bar = b_bar[1]
    b_bar[1] = 0.0
    # a = a + b
    b_bar += a_bar
    a_bar = a_bar + b_bar
    # a[0] = x**2
    x_bar += 2.0 * x * a_bar[0]
    a_bar[0] = 0.0
    # a = v * x
    v_bar = x * a_bar
    x_bar += np.sum(v * a_bar)
    return x_bar, v_bar
