"""The conditions still hold in the reverse sweep: they are asked again.

wrt: x, a    mode: grad    at: x=-1.5, a=0.3
at: x=0.5, a=0.3
at: x=2.5, a=0.3
types: x: float, a: float
"""

import math


def piecewise(x, a):
    if x < 0.0:
        y = a * x
    elif x < 1.0:
        y = x * x
    else:
        y = math.sqrt(x) + a
    return y * x


# ---- gradient ----
def piecewise_grad(x, a):
    """Gradient of `piecewise` with respect to (x, a)."""
    if x < 0.0:
        y = a * x
    elif x < 1.0:
        y = x * x
    else:
        sqrt_value = math.sqrt(x)
        y = sqrt_value + a

    # return y * x
    y_bar = x
    x_bar = y
    if x < 0.0:
        # y = a * x
        a_bar = x * y_bar
        x_bar += a * y_bar
    elif x < 1.0:
        # y = x * x
        x_bar += 2.0 * x * y_bar
        a_bar = 0.0
    else:
        # y = math.sqrt(x) + a
        sqrt_value_bar = y_bar
        a_bar = y_bar
        x_bar += (0.5 / sqrt_value if sqrt_value else math.inf) * sqrt_value_bar
    return x_bar, a_bar
