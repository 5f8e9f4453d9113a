"""The items of an array: the adjoint of an item goes to its place.

wrt: xs, k    mode: grad    at: xs=np.array([0.5, 1.5, -0.3]), k=0.8
types: xs: float[n], k: float
"""

import math


def energy(xs, k):
    total = 0.0
    for x in xs:
        total = total + math.exp(-k * x * x)
    return total


# ---- gradient ----
import numpy as np


def energy_grad(xs, k):
    """Gradient of `energy` with respect to (xs, k)."""
    total_bar = 1.0
    k_bar = 0.0
    xs_bar = np.zeros_like(xs)
    for k2 in reversed(range(len(xs))):
        x = xs[k2]
        # total = total + math.exp(-k * x * x)
        prod_bar = math.exp(-k * x * x) * total_bar
        k_bar -= x * x * prod_bar
        x_bar = -2.0 * x * k * prod_bar
        xs_bar[k2] += x_bar
    return xs_bar, k_bar
