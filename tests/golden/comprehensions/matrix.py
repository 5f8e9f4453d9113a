"""A matrix from a comprehension in a comprehension, whose variables are nobody else's.

wrt: xs    mode: grad    at: xs=np.array([0.3, -0.7, 1.1]), n=2
types: xs: float[m], n: int
"""

import numpy as np


def vandermonde(xs, n):
    v = 0.5
    rows = np.array([[v**k for k in range(n)] for v in xs])
    return v * np.sum(rows * rows)


# ---- gradient ----
from retrograd.runtime import owned, spread, unbroadcast


def vandermonde_grad(xs, n):
    """Gradient of `vandermonde` with respect to xs."""
    items2_saved = []
    v = 0.5
    items = []
    for k2 in range(len(xs)):
        v2 = xs[k2]
        items2 = []
        items2_saved.append(items2)
        for k in range(n):
            items2.append(v2**k)
        items.append(items2)
    rows = np.array(items)

    # return v * np.sum(rows * rows)
    rows_bar = unbroadcast(2.0 * rows * spread(v, (rows * rows).shape), rows)
    # rows = np.array([[v**k for k in range(n)] for v in xs])
    items_bar = rows_bar.tolist()
    xs_bar = np.zeros_like(xs)
    for k2 in reversed(range(len(xs))):
        items2 = items2_saved[k2]
        v2 = xs[k2]
        # rows = np.array([[v**k for k in range(n)] for v in xs])
        items.pop()
        items_bar = owned(items_bar)
        items2_bar = list(items_bar.pop())
        v2_bar = 0.0
        for k in reversed(range(n)):
            # rows = np.array([[v**k for k in range(n)] for v in xs])
            items2.pop()
            item_bar = items2_bar.pop()
            v2_bar += k * v2 ** (k - 1) * item_bar if k else 0.0
        xs_bar[k2] += v2_bar
    return xs_bar
