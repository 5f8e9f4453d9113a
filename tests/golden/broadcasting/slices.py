"""Slices meet other shapes; the cotangent of a slice goes to the slice.

wrt: u    mode: grad    at: u=np.array([0.3, 0.7, -0.2, 1.1])
types: u: float[n]
"""

import numpy as np


def model(u):
    d = u[1:] - u[:-1]
    return np.sum(d * d * u[0]) + np.sum(u[1:2] * u) + u[-1]


# ---- gradient ----
from retrograd.runtime import spread, unbroadcast


def model_grad(u):
    """Gradient of `model` with respect to u."""
    d = u[1:] - u[:-1]

    # return np.sum(d * d * u[0]) + np.sum(u[1:2] * u) + u[-1]
    d_bar = 2.0 * u[0] * d
    u_bar = np.zeros_like(u)
    u_bar[0] += np.sum(d * d)
    u_bar[1:2] += unbroadcast(u * spread(1.0, (u[1:2] * u).shape), u[1:2])
    u_bar += unbroadcast(u[1:2] * spread(1.0, (u[1:2] * u).shape), u)
    u_bar[-1] += 1.0
    # d = u[1:] - u[:-1]
    u_bar[1:] += d_bar
    u_bar[:-1] -= d_bar
    return u_bar
