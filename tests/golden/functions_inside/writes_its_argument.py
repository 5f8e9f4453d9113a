"""A function that writes into its argument is put where it is called, so that the caller's is written.

wrt: u, k    mode: grad    at: u=np.array([1.0, 0.3, -0.5, 2.0]), k=0.7, steps=2
types: u: float[n], k: float, steps: int
"""

import numpy as np


def relax(a, rate):
    for i in range(1, len(a) - 1):
        a[i] += rate * (a[i - 1] - a[i]) * a[i + 1]  # towards its neighbour


def energy(u, k, steps):
    v = u * u
    for _ in range(steps):
        relax(v, k)
    return np.sum(v)


# ---- gradient ----
def energy_grad(u, k, steps):
    """Gradient of `energy` with respect to (u, k)."""
    v_saved = []
    v = u * u
    for _ in range(steps):
        # from `relax`
        for i in range(1, len(v) - 1):
            v_saved.append(v[i])
            v[i] = v[i] + k * (v[i - 1] - v[i]) * v[i + 1]  # towards its neighbour

    # return np.sum(v)
    v_bar = np.full_like(v, 1.0)
    k_bar = 0.0
    for _ in range(steps):
        for i in reversed(range(1, len(v) - 1)):
            v[i] = v_saved.pop()
            # v[i] += k * (v[i - 1] - v[i]) * v[i + 1]
            v_bar2 = v_bar[i]
            v_bar[i] = (1.0 - v[i + 1] * k) * v_bar2
            k_bar += v[i + 1] * (v[i - 1] - v[i]) * v_bar2
            v_bar[i - 1] += v[i + 1] * k * v_bar2
            v_bar[i + 1] += k * (v[i - 1] - v[i]) * v_bar2
    # v = u * u
    u_bar = 2.0 * u * v_bar
    return u_bar, k_bar
