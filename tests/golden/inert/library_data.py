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
    quartiles = np.percentile(data, [25, 75])
    return x**2 / (quartiles[1] - quartiles[0]) * np.ptp(data)


# ---- gradient ----
from retrograd.runtime import require_scalar


def time_of_day():
    return "morning"


def scaled_grad(x, data):
    """Gradient of `scaled` with respect to x."""
    label = f"{data.size} values"
    print(label, time_of_day())
    quartiles = np.percentile(data, [25, 75])
    ptp_value = np.ptp(data)
    value = x**2 / (quartiles[1] - quartiles[0]) * ptp_value
    require_scalar(value)

    # return x**2 / (quartiles[1] - quartiles[0]) * np.ptp(data)
    x_bar = 2.0 * ptp_value * x / (quartiles[1] - quartiles[0])
    return x_bar
