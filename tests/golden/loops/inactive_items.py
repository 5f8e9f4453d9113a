"""What only a loop can take apart, and carries no derivative, is put in a list first.

wrt: m    mode: grad    at: m=np.array([[0.5, 2.0], [-1.0, 0.3]])
types: m: float[n, n]
"""

import itertools


def mixed(m):
    y = 1.0
    for i, j in itertools.product(range(2), repeat=2):
        y = y * m[i, j] + 1.0
    return y


# ---- gradient ----
import numpy as np
from retrograd.runtime import add_at, require_scalar, unbroadcast


def mixed_grad(m):
    """Gradient of `mixed` with respect to m."""
    y_saved = []
    y = 1.0
    items = list(itertools.product(range(2), repeat=2))
    for k in range(len(items)):
        y_saved.append(y)
        i, j = items[k]
        y = y * m[i, j] + 1.0
    value = y
    require_scalar(value)

    y_bar = 1.0
    m_bar = np.zeros_like(m)
    for k in reversed(range(len(items))):
        y = y_saved[k]
        i, j = items[k]
        # y = y * m[i, j] + 1.0
        add_at(m_bar, (i, j), unbroadcast(y * y_bar, m[i, j]))
        y_bar = unbroadcast(m[i, j] * y_bar, y)
    return m_bar
