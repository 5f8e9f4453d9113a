"""`np.r_` and `np.c_` put arrays together: their gradients are taken apart again.

wrt: x    mode: grad    at: x=np.array([0.4, -1.2, 0.9])
types: x: float[n]
"""

import numpy as np


def closed(x):
    ring = np.r_[x, x[0]]
    table = np.c_[ring[:-1], ring[1:]]
    return np.sum(table[:, 0] * table[:, 1] ** 2)


# ---- gradient ----
from retrograd.runtime import as_columns, split_like, spread, unbroadcast


def closed_grad(x):
    """Gradient of `closed` with respect to x."""
    atleast_1d_x = np.atleast_1d(x[0])
    atleast_1d_x2 = np.atleast_1d(x)
    ring = np.concatenate([atleast_1d_x2, atleast_1d_x])
    table = np.c_[ring[:-1], ring[1:]]

    # return np.sum(table[:, 0] * table[:, 1] ** 2)
    table_bar = np.zeros_like(table)
    factor = table[:, 0] * table[:, 1] ** 2
    table_bar[:, 0] += unbroadcast(
        table[:, 1] ** 2 * spread(1.0, factor.shape), table[:, 0]
    )
    table_bar[:, 1] += unbroadcast(
        2.0 * table[:, 0] * table[:, 1] * spread(1.0, factor.shape), table[:, 1]
    )
    # table = np.c_[ring[:-1], ring[1:]]
    items_bar2 = split_like(
        table_bar, [as_columns(ring[:-1]), as_columns(ring[1:])], axis=-1
    )
    ring_bar = np.zeros_like(ring)
    ring_bar[:-1] += np.reshape(
        unbroadcast(items_bar2[0], as_columns(ring[:-1])), ring[:-1].shape
    )
    ring_bar[1:] += np.reshape(
        unbroadcast(items_bar2[1], as_columns(ring[1:])), ring[1:].shape
    )
    # ring = np.r_[x, x[0]]
    items_bar = split_like(ring_bar, [atleast_1d_x2, atleast_1d_x])
    x_bar = np.reshape(items_bar[0], x.shape)
    x_bar = x_bar.copy()
    x_bar[0] += np.sum(items_bar[1])
    return x_bar
