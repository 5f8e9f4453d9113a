"""A generator computes an item when it is asked for, with what `x` is by then.

wrt: x, v    mode: joint    at: x=0.7, v=np.array([0.4, -1.1, 0.9])    types: x: float, v: float[n]
"""


def growth(x, v):
    s = 0.0
    for item in (a * x for a in v):
        x = x + item
        s = s + item**2
    return s * x


# ---- gradient ----
import numpy as np


def growth_grad(x, v):
    """Gradient of `growth` with respect to (x, v)."""
    x_saved = []
    s = 0.0
    for k in range(len(v)):
        x_saved.append(x)
        a = v[k]
        item = a * x
        x = x + item
        s = s + item**2

    # return s * x
    s_bar = x
    x_bar = s
    v_bar = np.zeros_like(v)
    for k in reversed(range(len(v))):
        x = x_saved[k]
        a = v[k]
        item = a * x
        # s = s + item**2
        item_bar = 2.0 * item * s_bar
        # x = x + item
        item_bar += x_bar
        a_bar = x * item_bar
        x_bar += a * item_bar
        v_bar[k] += a_bar
    return x_bar, v_bar
