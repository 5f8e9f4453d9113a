"""A function with several results gets a cotangent for each of them that counts.

wrt: a    mode: grad    at: a=np.array([[2.0, 0.3], [0.3, 1.0]])
types: a: float[n, n]
"""

import numpy as np


def spread(a):
    values, vectors = np.linalg.eigh(a)
    return np.sum(values**2)


# ---- gradient ----
from retrograd.runtime import into_triangle


def spread_grad(a):
    """Gradient of `spread` with respect to a."""
    values, vectors = np.linalg.eigh(a)

    # return np.sum(values**2)
    values_bar = 2.0 * values
    # values, vectors = np.linalg.eigh(a)
    a_bar = into_triangle(vectors * values_bar @ vectors.T)
    return a_bar
