"""Where an index comes twice, the last value written stays: the first has no cotangent.

wrt: v    mode: grad    at: v=np.array([0.3, -0.7, 1.1])
types: v: float[n]
"""

import numpy as np


def model(v):
    y = np.zeros(4)
    y[np.array([0, 2, 0])] = v
    return np.sum(y * y)


# ---- gradient ----
from retrograd.runtime import last_written, unbroadcast


def model_grad(v):
    """Gradient of `model` with respect to v."""
    y = np.zeros(4)
    index = np.array([0, 2, 0])
    y[index] = v

    # return np.sum(y * y)
    y_bar = 2.0 * y
    # y[np.array([0, 2, 0])] = v
    y_bar2 = last_written(y_bar, index)
    v_bar = unbroadcast(y_bar2, v)
    return v_bar.copy()
