"""Pairs in a list, taken apart by a loop.

wrt: xs    mode: grad    at: xs=np.array([0.3, -0.7, 1.1])
types: xs: float[n]
"""


def moments(xs):
    found = []
    for v in xs:
        found.append((v, v * v))
    total = 0.0
    for mean, square in found:
        total = total + square - 0.5 * mean
    return total


# ---- gradient ----
import numpy as np
from retrograd.runtime import zeros_like


def moments_grad(xs):
    """Gradient of `moments` with respect to xs."""
    found = []
    for v in xs:
        found.append((v, v * v))

    total_bar = 1.0
    found_bar = zeros_like(found)
    for k2 in reversed(range(len(found))):
        # total = total + square - 0.5 * mean
        square_bar = total_bar
        mean_bar = -0.5 * total_bar
        found_bar[k2][0] += mean_bar
        found_bar[k2][1] += square_bar
    xs_bar = np.zeros_like(xs)
    for k in reversed(range(len(xs))):
        v = xs[k]
        # found.append((v, v * v))
        item_bar = found_bar.pop()
        v_bar = item_bar[0] + 2.0 * v * item_bar[1]
        xs_bar[k] += v_bar
    return xs_bar
