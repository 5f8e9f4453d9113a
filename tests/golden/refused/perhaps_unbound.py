"""A variable that has a value on one way only.

wrt: x    mode: grad
"""


def model(x):
    if x > 0.0:
        y = x * x
    return y


# ---- gradient ----
from retrograd.runtime import require_scalar, unbroadcast, zeros_like


def model_grad(x):
    """Gradient of `model` with respect to x."""
    if x > 0.0:
        y = x * x
    value = y
    require_scalar(value)

    y_bar = unbroadcast(1.0, y)
    x_bar = zeros_like(x)
    if x > 0.0:
        # y = x * x
        x_bar += unbroadcast(2.0 * x * y_bar, x)
    return x_bar
