"""As `horner`, and nothing is known of the arguments.

wrt: c, x    mode: grad    at: c=np.array([1.0, -2.0, 0.5]), x=1.7
"""

import numpy as np


def horner(c, x):
    p = 0.0
    for i in range(len(c)):
        p = p * x + c[i]
    return p


# ---- gradient ----
from retrograd.runtime import (
    accumulate,
    require_scalar,
    restructure,
    unbroadcast,
    zeros_like,
)


def horner_grad(c, x):
    """Gradient of `horner` with respect to (c, x)."""
    p_saved = []
    p = 0.0
    for i in range(len(c)):
        p_saved.append(p)
        p = p * x + c[i]
    value = p
    require_scalar(value)

    p_bar = 1.0
    x_bar = zeros_like(x)
    c_bar = zeros_like(c)
    for i in reversed(range(len(c))):
        p = p_saved[i]
        # p = p * x + c[i]
        x_bar += unbroadcast(p * p_bar, x)
        c_bar[i] = accumulate(c_bar[i], unbroadcast(p_bar, c[i]))
        p_bar = unbroadcast(x * p_bar, p)
    return restructure(c_bar, c), x_bar
