"""The gradient of a function that calls itself is made of its two halves; the value comes on the way.

wrt: x    mode: value_and_grad    at: x=1.3, steps=6
types: x: float, steps: int, rate: float
"""

import math


def descend(x, steps, rate=0.1):
    if steps == 0:
        return x * x
    y = descend(x - rate * math.cos(x), steps - 1, rate)
    return y + 0.01 * x


# ---- gradient ----
def descend_fwd(x, steps, rate, saved):
    """descend(x, steps, rate); appends to saved what descend_bwd takes back."""
    if steps == 0:
        return x * x
    y = descend_fwd(x - rate * math.cos(x), steps - 1, rate, saved)
    return y + 0.01 * x


def descend_bwd(x, steps, rate, saved, out_bar):
    """Gradient of `descend` with respect to x, times out_bar."""
    if steps == 0:
        # return x * x
        x_bar = 2.0 * x * out_bar
        return x_bar
    # return y + 0.01 * x
    y_bar = out_bar
    x_bar = 0.01 * out_bar
    # y = descend(x - rate * math.cos(x), steps - 1, rate)
    x_bar2 = descend_bwd(x - rate * math.cos(x), steps - 1, rate, saved, y_bar)
    x_bar += (1.0 + rate * math.sin(x)) * x_bar2
    return x_bar


def descend_value_and_grad(x, steps, rate=0.1):
    """Value and gradient of `descend` with respect to x."""
    descend_saved = []
    value = descend_fwd(x, steps, rate, descend_saved)
    return value, descend_bwd(x, steps, rate, descend_saved, 1.0)
