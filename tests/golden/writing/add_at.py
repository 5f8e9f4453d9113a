"""`np.add.at` counts an element as often as it is named, and so does its adjoint.

wrt: w, v    mode: joint    at: w=0.7, v=np.array([0.4, -1.1, 0.9]), bins=np.array([1, 1, 3])
"""

import numpy as np


def histogram(w, v, bins):
    counts = np.zeros(4)
    np.add.at(counts, bins, w * v**2)
    return np.sum(counts**2)


# ---- gradient ----
from retrograd.runtime import unbroadcast


def histogram_grad(w, v, bins):
    """Gradient of `histogram` with respect to (w, v)."""
    counts = np.zeros(4)
    np.add.at(counts, bins, w * v**2)

    # return np.sum(counts**2)
    counts_bar = 2.0 * counts
    # np.add.at(counts, bins, w * v**2)
    counts_bar2 = counts_bar[...].copy()
    prod_bar = unbroadcast(counts_bar2[bins], w * v**2)
    w_bar = unbroadcast(v**2 * prod_bar, w)
    v_bar = unbroadcast(2.0 * w * v * prod_bar, v)
    return w_bar, v_bar
