"""The loop overwrites `y`, and `y * x` needs the old one: record it.

wrt: x    mode: grad    at: x=1.5, n=4
"""


def power(x, n):
    y = 1.0
    for _ in range(n):
        y = y * x
    return y


# ---- gradient ----
from retrograd.runtime import require_scalar, unbroadcast, zeros_like


def power_grad(x, n):
    """Gradient of `power` with respect to x."""
    y_saved = []
    y = 1.0
    for _ in range(n):
        y_saved.append(y)
        y = y * x
    value = y
    require_scalar(value)

    y_bar = 1.0
    x_bar = zeros_like(x)
    for k in reversed(range(n)):
        y = y_saved[k]
        # y = y * x
        x_bar += unbroadcast(y * y_bar, x)
        y_bar = unbroadcast(x * y_bar, y)
    return x_bar
