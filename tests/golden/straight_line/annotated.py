"""Annotations say what the arguments are, and stay.

wrt: x, a    mode: grad    at: x=0.6, a=np.array([1.0, 2.0, 3.0])
"""

import numpy as np


def weighted(x: float, a: np.ndarray, power: int = 2) -> float:
    y: float = x**power
    total: float = float(np.sum(a))
    return y * total


# ---- gradient ----
from retrograd.runtime import spread


def weighted_grad(x, a, power=2):
    """Gradient of `weighted` with respect to (x, a)."""
    y: float = x**power
    sum_value = np.sum(a)
    total = float(sum_value)

    # return y * total
    y_bar = total
    total_bar = y
    # total: float = float(np.sum(a))
    sum_value_bar = total_bar
    a_bar = spread(sum_value_bar, a.shape)
    # y: float = x**power
    x_bar = power * x ** (power - 1) * y_bar if power else 0.0
    return x_bar, a_bar.copy()
