"""Functions without a rule may be called with what does not depend on the inputs: once.

wrt: x    mode: grad    at: x=0.8, data=np.arange(7.0)
types: x: float, data: float[n]
"""

import numpy as np


def time_of_day():
    return "morning"


def scaled(x, data):
    label = f"{data.size} values"
    print(label, time_of_day())
    edges = np.histogram_bin_edges(data, 2)
    return x**2 / (edges[1] - edges[0]) * np.nanargmax(data)


# ---- gradient ----
from retrograd.runtime import require_scalar


def time_of_day():
    return "morning"


def scaled_grad(x, data):
    """Gradient of `scaled` with respect to x."""
    label = f"{data.size} values"
    print(label, time_of_day())
    edges = np.histogram_bin_edges(data, 2)
    nanargmax_value = np.nanargmax(data)
    value = x**2 / (edges[1] - edges[0]) * nanargmax_value
    require_scalar(value)

    # return x**2 / (edges[1] - edges[0]) * np.nanargmax(data)
    x_bar = 2.0 * nanargmax_value * x / (edges[1] - edges[0])
    return x_bar
