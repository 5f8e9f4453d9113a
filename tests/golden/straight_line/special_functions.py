"""Functions of SciPy are called as the file calls them, and others of theirs beside them.

wrt: a, x    mode: grad    at: a=1.3, x=0.7
types: a: float, x: float
"""

import scipy.special as sc
from scipy.special import erf


def f(a, x):
    return sc.gammaln(a) * erf(x)


# ---- gradient ----
import math

import numpy as np


def f_grad(a, x):
    """Gradient of `f` with respect to (a, x)."""
    # return sc.gammaln(a) * erf(x)
    a_bar = erf(x) * sc.digamma(a)
    x_bar = 2.0 * sc.gammaln(a) * np.exp(-(x**2)) / math.sqrt(math.pi)
    return a_bar, x_bar
