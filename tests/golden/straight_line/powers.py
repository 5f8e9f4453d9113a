"""Constant exponents get the power rule, variable ones the logarithm too.

wrt: x, y    mode: grad    at: x=1.3, y=0.7
at: x=0.0, y=2.0
types: x: float, y: float
"""


def powers(x, y):
    return x**2 + 3.0 * x**3 - x**1 + 2.0**y + (1.0 + x) ** y


# ---- gradient ----
import math

from retrograd.runtime import power_slope


def powers_grad(x, y):
    """Gradient of `powers` with respect to (x, y)."""
    # return x**2 + 3.0 * x**3 - x**1 + 2.0**y + (1.0 + x) ** y
    x_bar = 2.0 * x + 9.0 * x**2 + power_slope(1.0 + x, y) - 1.0
    y_bar = 2.0**y * math.log(2.0) + (
        (1.0 + x) ** y * math.log(1.0 + x) if 1.0 + x > 0.0 else 0.0
    )
    return x_bar, y_bar
