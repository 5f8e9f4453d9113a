"""`acc` is ours alone: `acc += e` may change it in place or not, nobody can tell.

wrt: u, k    mode: grad    at: u=np.array([0.5, -0.2, 0.8]), k=0.3, n=2
types: u: float[n], k: float, n: int
"""

import numpy as np


def accumulate(u, k, n):
    acc = np.zeros(3)
    for i in range(n):
        acc += np.sin(k * u)
        acc *= u
    return np.sum(acc)


# ---- gradient ----
from retrograd.runtime import unbroadcast


def accumulate_grad(u, k, n):
    """Gradient of `accumulate` with respect to (u, k)."""
    acc_saved = []
    acc = np.zeros(3)
    for i in range(n):
        acc = acc + np.sin(k * u)
        acc_saved.append(acc)
        acc = acc * u

    # return np.sum(acc)
    acc_bar = np.full_like(acc, 1.0)
    u_bar = np.zeros_like(u)
    k_bar = 0.0
    for i in reversed(range(n)):
        acc = acc_saved[i]
        # acc *= u
        u_bar += unbroadcast(acc * acc_bar, u)
        acc_bar = u * acc_bar
        # acc += np.sin(k * u)
        prod_bar = np.cos(k * u) * acc_bar
        k_bar += np.sum(u * prod_bar)
        u_bar += unbroadcast(k * prod_bar, u)
    return u_bar, k_bar
