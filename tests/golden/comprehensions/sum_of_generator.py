"""A sum over a generator needs no list: it is a running total.

wrt: xs, w    mode: grad    at: xs=np.array([0.3, -0.7, 1.1]), w=1.3
types: xs: float[n], w: float
"""


def penalty(xs, w):
    # positive entries only
    return sum(w * v * v for v in xs if v > 0.0)


# ---- gradient ----
import numpy as np


def penalty_grad(xs, w):
    """Gradient of `penalty` with respect to (xs, w)."""
    total_bar = 1.0
    w_bar = 0.0
    xs_bar = np.zeros_like(xs)
    for k in reversed(range(len(xs))):
        v = xs[k]
        v_bar = 0.0
        if v > 0.0:
            # return sum(w * v * v for v in xs if v > 0.0)
            w_bar += v * v * total_bar
            v_bar += 2.0 * v * w * total_bar
        xs_bar[k] += v_bar
    return xs_bar, w_bar
