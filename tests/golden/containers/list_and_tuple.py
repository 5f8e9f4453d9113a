"""Lists and tuples of numbers and arrays, read by position and unpacked.

wrt: pair, items    mode: grad    at: pair=(0.5, np.array([1.0, 2.0])), items=[0.3, 0.7]
types: pair: (float, float[n]), items: [float, float]
"""

import numpy as np


def model(pair, items):
    scale, values = pair
    return scale * np.sum(values * values) + items[0] * items[1] + pair[0] ** 2


# ---- gradient ----
from retrograd.runtime import restructure, zeros_like


def model_grad(pair, items):
    """Gradient of `model` with respect to (pair, items)."""
    scale, values = pair

    # return scale * np.sum(values * values) + items[0] * items[1] + pair[0] ** 2
    scale_bar = np.sum(values * values)
    values_bar = 2.0 * scale * values
    items_bar = zeros_like(items)
    items_bar[0] += items[1]
    items_bar[1] += items[0]
    pair_bar = zeros_like(pair)
    pair_bar[0] += 2.0 * pair[0]
    # scale, values = pair
    pair_bar[0] += scale_bar
    pair_bar[1] += values_bar
    return restructure(pair_bar, pair), restructure(items_bar, items)
