"""The partial needs the new value and an old one: the old is restored in between.

wrt: x    mode: grad    at: x=0.4, n=3
types: x: float, n: int
"""

import math


def settle(x, n):
    for _ in range(n):
        x = math.exp(-x * x)
        x = x / (1.5 + abs(x))
    return x


# ---- gradient ----
import numpy as np


def settle_grad(x, n):
    """Gradient of `settle` with respect to x."""
    x_saved = []
    x_2_saved = []
    for _ in range(n):
        x_saved.append(x)
        x = math.exp(-x * x)
        x_2_saved.append(x)
        x = x / (1.5 + abs(x))

    x_bar = 1.0
    for k in reversed(range(n)):
        # x = x / (1.5 + abs(x))
        x_new = x
        x = x_2_saved[k]
        ratio_bar = -x_new * x_bar / (1.5 + abs(x))
        x_bar = x_bar / (1.5 + abs(x)) + np.sign(x) * ratio_bar
        # x = math.exp(-x * x)
        exp_bar = x * x_bar
        x = x_saved[k]
        x_bar = -2.0 * x * exp_bar
    return x_bar
