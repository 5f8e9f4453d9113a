"""`t` has no value at the top of the first iteration: something stands in for it on the tape.

wrt: x    mode: grad    at: x=1.2, n=3    at: x=1.2, n=0
types: x: float, n: int
"""


def lagged(x, n):
    y = x
    for i in range(n):
        if i > 0:
            y = y * t
        t = y * x
    return y


# ---- gradient ----
from retrograd.runtime import require_scalar, unbroadcast, zeros_like


def lagged_grad(x, n):
    """Gradient of `lagged` with respect to x."""
    t = None
    t_saved = []
    y_2_saved = []
    y_saved = []
    y = x
    for i in range(n):
        t_saved.append(t)
        y_2_saved.append(y)
        if i > 0:
            y_saved.append(y)
            y = y * t
        t = y * x
    value = y
    require_scalar(value)

    y_bar = 1.0
    t_bar = zeros_like(t)
    x_bar = 0.0
    for i in reversed(range(n)):
        t = t_saved[i]
        # t = y * x
        y_bar += unbroadcast(x * t_bar, y)
        x_bar += unbroadcast(y * t_bar, x)
        t_bar = zeros_like(t)
        if i > 0:
            # y = y * t
            y = y_saved.pop()
            t_bar += unbroadcast(y * y_bar, t)
            y_bar = unbroadcast(t * y_bar, y)
        y = y_2_saved[i]
    # y = x
    x_bar += y_bar
    return x_bar
