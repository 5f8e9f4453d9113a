"""Two integer arrays pick an element for each row: their shape is that of the result.

wrt: log_p    mode: joint    at: log_p=np.log([[0.2, 0.8], [0.7, 0.3], [0.5, 0.5]]), labels=np.array([1, 0, 0])
types: log_p: float[n, k], labels: int[n]
"""

import numpy as np


def cross_entropy(log_p, labels):
    picked = log_p[np.arange(len(labels)), labels]
    return -np.mean(picked * picked)


# ---- gradient ----
from retrograd.runtime import add_at


def cross_entropy_grad(log_p, labels):
    """Gradient of `cross_entropy` with respect to log_p."""
    arange_labels = np.arange(len(labels))
    picked = log_p[arange_labels, labels]

    # return -np.mean(picked * picked)
    picked_bar = -2.0 / picked.size * picked
    # picked = log_p[np.arange(len(labels)), labels]
    log_p_bar = np.zeros_like(log_p)
    add_at(log_p_bar, (arange_labels, labels), picked_bar)
    return log_p_bar
