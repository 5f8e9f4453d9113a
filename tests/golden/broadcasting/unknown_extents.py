"""Extents that may be 1 or not: `unbroadcast` looks at run time.

wrt: a, b    mode: grad    at: a=np.array([[0.5], [1.5]]), b=np.array([[0.2, 0.9, -0.4]])
at: a=np.array([[0.5, 1.0, 2.0]]), b=np.array([[0.2, 0.9, -0.4]])
types: a: float[?, ?], b: float[?, ?]
"""

import numpy as np


def model(a, b):
    return np.sum(a * np.exp(b))


# ---- gradient ----
from retrograd.runtime import spread, unbroadcast


def model_grad(a, b):
    """Gradient of `model` with respect to (a, b)."""
    # return np.sum(a * np.exp(b))
    exp_b = np.exp(b)
    a_bar = unbroadcast(exp_b * spread(1.0, (a * exp_b).shape), a)
    b_bar = unbroadcast(a * exp_b * spread(1.0, (a * exp_b).shape), b)
    return a_bar, b_bar
