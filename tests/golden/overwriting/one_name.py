"""One name holds three values; only those that an adjoint reads are kept.

wrt: x    mode: grad    at: x=0.7
types: x: float
"""

import math


def chain(x):
    y = math.sin(x)
    y = y * y + x
    y = 3.0 * y - 1.0
    return y * x


# ---- gradient ----
def chain_grad(x):
    """Gradient of `chain` with respect to x."""
    y = math.sin(x)
    y_saved = y
    y = y * y + x
    y = 3.0 * y - 1.0

    # return y * x
    y_bar = x
    x_bar = y
    # y = 3.0 * y - 1.0
    y_bar = 3.0 * y_bar
    # y = y * y + x
    y = y_saved
    x_bar += y_bar
    y_bar = 2.0 * y * y_bar
    # y = math.sin(x)
    x_bar += math.cos(x) * y_bar
    return x_bar
