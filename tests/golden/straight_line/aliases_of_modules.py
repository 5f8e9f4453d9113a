"""Whatever numpy and math are called here, they are called so in the gradient.

wrt: x    mode: grad    at: x=np.array([0.3, 0.9])
types: x: float[n]
"""

import math as m

import numpy
import numpy as xp
from numpy import exp as e


def mixed(x):
    return xp.sum(e(-x) * numpy.sin(x)) * m.sqrt(2.0)


# ---- gradient ----
def mixed_grad(x):
    """Gradient of `mixed` with respect to x."""
    # return xp.sum(e(-x) * numpy.sin(x)) * m.sqrt(2.0)
    prod_bar = m.sqrt(2.0)
    x_bar = (xp.cos(x) - numpy.sin(x)) * e(-x) * prod_bar
    return x_bar
