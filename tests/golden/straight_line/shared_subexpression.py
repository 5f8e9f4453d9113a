"""`np.exp` is expensive and used twice by the adjoints: it gets a name.

wrt: a, k    mode: grad    at: a=2.0, k=0.3, t=np.array([0.0, 1.0, 2.0, 3.0]), y=np.array([2.1, 1.4, 1.2, 0.8])
types: a: float, k: float, t: float[n], y: float[n]
"""

import numpy as np


def misfit(a, k, t, y):
    """Squared distance of an exponential decay from data."""
    r = a * np.exp(-k * t) - y
    return np.sum(r * r)


# ---- gradient ----
def misfit_grad(a, k, t, y):
    """Gradient of `misfit` with respect to (a, k)."""
    exp_k = np.exp(-k * t)
    r = a * exp_k - y

    # return np.sum(r * r)
    r_bar = 2.0 * r
    # r = a * np.exp(-k * t) - y
    a_bar = np.sum(exp_k * r_bar)
    k_bar = -np.sum(a * exp_k * t * r_bar)
    return a_bar, k_bar
