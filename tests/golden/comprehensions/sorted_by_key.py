"""Sorting puts values in an order, and the order has no derivative.

wrt: xs    mode: grad    at: xs=np.array([0.3, -0.7, 1.1])
types: xs: float[n]
"""


def spread(xs):
    near, *_, far = sorted(xs, key=abs)
    return far * far - near


# ---- gradient ----
import numpy as np
from retrograd.runtime import sorting_order, zeros_like


def spread_grad(xs):
    """Gradient of `spread` with respect to xs."""
    items = list(xs)
    keys = []
    for k in range(len(items)):
        item = items[k]
        keys.append(abs(item))
    order = sorting_order(keys)
    items2 = []
    for k2 in range(len(order)):
        place = order[k2]
        items2.append(items[place])
    near, *_, far = items2

    # return far * far - near
    far_bar = 2.0 * far
    # near, *_, far = sorted(xs, key=abs)
    items2_bar = zeros_like(items2)
    items2_bar[0] += -1.0
    items2_bar[-1] += far_bar
    items_bar = zeros_like(items)
    for k2 in reversed(range(len(order))):
        place = order[k2]
        # near, *_, far = sorted(xs, key=abs)
        items_bar[place] += items2_bar.pop()
    xs_bar = np.array(items_bar)
    return xs_bar
