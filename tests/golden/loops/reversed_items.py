"""What runs backwards in the forward sweep runs forwards in the reverse sweep.

wrt: c, x    mode: grad    at: c=np.array([0.5, 2.0, -1.0]), x=1.3
types: c: float[n], x: float
"""


def horner(c, x):
    y = 0.0
    for a in reversed(c):
        y = y * x + a
    for i in reversed(range(3)):
        y = y * x + i
    return y


# ---- gradient ----
import numpy as np


def horner_grad(c, x):
    """Gradient of `horner` with respect to (c, x)."""
    y_saved = []
    y_2_saved = []
    y = 0.0
    for a in reversed(c):
        y_saved.append(y)
        y = y * x + a
    for i in reversed(range(3)):
        y_2_saved.append(y)
        y = y * x + i

    y_bar = 1.0
    x_bar = 0.0
    for k2 in reversed(range(3)):
        y = y_2_saved[k2]
        # y = y * x + i
        x_bar += y * y_bar
        y_bar = x * y_bar
    c_bar = np.zeros_like(c)
    for k in reversed(range(len(c))):
        y = y_saved[k]
        # y = y * x + a
        x_bar += y * y_bar
        a_bar = y_bar
        y_bar = x * y_bar
        c_bar[-1 - k] += a_bar
    return c_bar, x_bar
