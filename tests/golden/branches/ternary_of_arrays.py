"""The side that was not taken gets zeros of its own shape.

wrt: u, y    mode: grad    at: u=np.array([0.3, 0.7, -0.2]), y=0.5
at: u=np.array([0.3, 0.7, -0.2]), y=0.1
types: u: float[n], y: float
"""

import numpy as np


def model(u, y):
    v = u + (np.array([y]) if y < 0.3 else u[1:2])
    return np.sum(v * v)


# ---- gradient ----
from retrograd.runtime import spread, unbroadcast


def model_grad(u, y):
    """Gradient of `model` with respect to (u, y)."""
    if y < 0.3:
        chosen = np.array([y])
    else:
        chosen = u[1:2]
    v = u + chosen

    # return np.sum(v * v)
    v_bar = unbroadcast(2.0 * v * spread(1.0, (v * v).shape), v)
    # v = u + (np.array([y]) if y < 0.3 else u[1:2])
    u_bar = unbroadcast(v_bar, u)
    chosen_bar = unbroadcast(v_bar, chosen)
    if y < 0.3:
        y_bar = chosen_bar[0]
    else:
        u_bar = u_bar.copy()
        u_bar[1:2] += chosen_bar
        y_bar = 0.0
    return u_bar.copy(), y_bar
