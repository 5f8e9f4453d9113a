"""Each way out has its own seed.

wrt: x, k    mode: grad    at: x=-0.5, k=2.0
at: x=0.4, k=2.0
at: x=3.0, k=2.0
types: x: float, k: float
"""

import math


def potential(x, k):
    if x < 0.0:
        return 0.0
    y = k * x * x
    if y > 4.0:
        z = math.log(y)
        return z + k
    return y


# ---- gradient ----
def potential_grad(x, k):
    """Gradient of `potential` with respect to (x, k)."""
    if x < 0.0:
        return 0.0, 0.0
    y = k * x * x

    if y > 4.0:
        # return z + k
        k_bar = 1.0
        # z = math.log(y)
        y_bar = 1.0 / y
    else:
        y_bar = 1.0
        k_bar = 0.0
    # y = k * x * x
    k_bar += x * x * y_bar
    x_bar = 2.0 * x * k * y_bar
    return x_bar, k_bar
