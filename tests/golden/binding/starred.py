"""A starred target takes the items that the others leave.

wrt: c    mode: grad    at: c=np.array([0.3, -0.7, 1.1, 0.4])
types: c: float[n]
"""


def ends(c):
    first, *inner, last = c
    return first * last + inner[0] * inner[-1]


# ---- gradient ----
import numpy as np
from retrograd.runtime import zeros_like


def ends_grad(c):
    """Gradient of `ends` with respect to c."""
    first, *inner, last = c

    # return first * last + inner[0] * inner[-1]
    first_bar = last
    last_bar = first
    inner_bar = zeros_like(inner)
    inner_bar[0] += inner[-1]
    inner_bar[-1] += inner[0]
    # first, *inner, last = c
    c_bar = np.zeros_like(c)
    c_bar[0] += first_bar
    c_bar[1:-1] += inner_bar
    c_bar[-1] += last_bar
    return c_bar
