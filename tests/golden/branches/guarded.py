"""The branch not taken is not evaluated, in either sweep.

wrt: x    mode: grad    at: x=0.0
at: x=0.5
types: x: float
"""

import math


def sinc(x):
    if x == 0.0 or abs(x) < 1e-9:
        return 1.0 - x * x / 6.0
    return math.sin(x) / x


# ---- gradient ----
def sinc_grad(x):
    """Gradient of `sinc` with respect to x."""
    if x == 0.0 or abs(x) < 1e-9:
        # return 1.0 - x * x / 6.0
        x_bar = -2.0 * x / 6.0
        return x_bar

    # return math.sin(x) / x
    x_bar = (math.cos(x) - math.sin(x) / x) / x
    return x_bar
