"""Which way a helper went is asked again from its arguments, which are passed again.

wrt: xs    mode: grad    at: xs=np.array([0.3, 2.0, -1.5])
types: xs: float[n]
"""


def huber(r):
    if abs(r) <= 1.0:
        return 0.5 * r * r
    return abs(r) - 0.5


def loss(xs):
    total = 0.0
    for x in xs:
        total = total + huber(x)
    return total


# ---- gradient ----
import numpy as np


def huber_bwd(r, out_bar):
    """Gradient of `huber` with respect to r, times out_bar."""
    if abs(r) <= 1.0:
        # return 0.5 * r * r
        r_bar = r * out_bar
    else:
        # return abs(r) - 0.5
        r_bar = np.sign(r) * out_bar
    return r_bar


def loss_grad(xs):
    """Gradient of `loss` with respect to xs."""
    total_bar = 1.0
    xs_bar = np.zeros_like(xs)
    for k in reversed(range(len(xs))):
        x = xs[k]
        # total = total + huber(x)
        huber_value_bar = total_bar
        x_bar = huber_bwd(x, huber_value_bar)
        xs_bar[k] += x_bar
    return xs_bar
