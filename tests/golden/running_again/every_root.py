"""A long loop: one state in `stride` is kept, and the segments between run again.

wrt: x, k    mode: grad    at: x=np.array([0.5, 1.2]), k=0.1, n=11    at: x=np.ones(2), k=0.3, n=0
types: x: float[m], k: float, n: int
"""

import math

import numpy as np

import retrograd as rg


def simulate(x, k, n):
    """n explicit Euler steps."""
    for t in rg.checkpoint(range(n)):
        # one step
        x = x + k * np.sin(x)
    return np.sum(x * x)


# ---- gradient ----
def simulate_grad(x, k, n):
    """Gradient of `simulate` with respect to (x, k)."""
    x_snapshots = []
    stride = int(math.sqrt(max(n, 1)))
    for t in range(n):
        if t % stride == 0:
            x_snapshots.append(x)
        # one step
        x = x + k * np.sin(x)

    # return np.sum(x * x)
    x_bar = 2.0 * x
    k_bar = 0.0
    # each segment runs again from its snapshot, then it is reversed
    for start in reversed(range(0, n, stride)):
        stop = min(start + stride, n)
        x = x_snapshots.pop()
        x_saved = []
        for t in range(start, stop):
            x_saved.append(x)
            x = x + k * np.sin(x)
        for t in range(start, stop):
            x = x_saved.pop()
            # x = x + k * np.sin(x)
            k_bar += np.sum(np.sin(x) * x_bar)
            x_bar = (1.0 + k * np.cos(x)) * x_bar
    return x_bar, k_bar
