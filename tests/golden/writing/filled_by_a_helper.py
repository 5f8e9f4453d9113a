"""The cotangent that a helper is given is copied once, before the loop that writes zeros into it.

wrt: decay    mode: joint    at: decay=0.7, n=4
"""

import numpy as np


def weights(decay: float, n: int):
    w = np.zeros(n)
    for i in range(n):
        w[i] = decay**i
    return w


def spread_of(decay: float, n: int):
    w = weights(decay, n)
    return np.sum(w**2) - w[0]


# ---- gradient ----
from retrograd.runtime import spread, unbroadcast


def weights(decay: float, n: int):
    w = np.zeros(n)
    for i in range(n):
        w[i] = decay**i
    return w


def weights_bwd(decay, n, out_bar):
    """Gradient of `weights` with respect to decay, times out_bar."""
    w_bar = out_bar.copy()
    decay_bar = 0.0
    for i in reversed(range(n)):
        # w[i] = decay**i
        decay_bar += i * decay ** (i - 1) * w_bar[i] if i else 0.0
        w_bar[i] = 0.0
    return decay_bar


def spread_of_grad(decay, n):
    """Gradient of `spread_of` with respect to decay."""
    w = weights(decay, n)

    # return np.sum(w**2) - w[0]
    w_bar = unbroadcast(2.0 * w * spread(1.0, (w**2).shape), w)
    w_bar[0] -= 1.0
    # w = weights(decay, n)
    decay_bar = weights_bwd(decay, n, w_bar)
    return decay_bar
