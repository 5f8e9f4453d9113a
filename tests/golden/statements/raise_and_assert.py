"""`assert` and `raise` pass through the forward sweep, and the reverse sweep knows nothing of them.

wrt: x    mode: grad    at: x=1.3, n=3
types: x: float, n: int
"""

import math


def guarded(x, n):
    assert n > 0, "at least one step"
    y = x
    for i in range(n):
        if y < 0.0:
            raise ValueError("the state left its range", y)
        y = math.sqrt(y) * x
    if y > 100.0:
        y = y * y
        raise OverflowError
    return y * y


# ---- gradient ----
def guarded_grad(x, n):
    """Gradient of `guarded` with respect to x."""
    y_saved = []
    assert n > 0, "at least one step"
    y = x
    for i in range(n):
        y_saved.append(y)
        if y < 0.0:
            raise ValueError("the state left its range", y)
        sqrt_value = math.sqrt(y)
        y = sqrt_value * x
    if y > 100.0:
        raise OverflowError

    # return y * y
    y_bar = 2.0 * y
    x_bar = 0.0
    for i in reversed(range(n)):
        y = y_saved[i]
        sqrt_value = math.sqrt(y)
        # y = math.sqrt(y) * x
        sqrt_value_bar = x * y_bar
        x_bar += sqrt_value * y_bar
        y_bar = (0.5 / sqrt_value if sqrt_value else math.inf) * sqrt_value_bar
    # y = x
    x_bar += y_bar
    return x_bar
