"""A copy is written while the old state is read, then they change places.

wrt: u, k    mode: grad    at: u=np.array([0.3, -0.7, 1.1, 0.4]), k=0.3, n=3
types: u: float[m], k: float, n: int
"""

import numpy as np


def model(u, k, n):
    for t in range(n):
        new = u.copy()
        new[1:-1] = u[1:-1] + k * np.sin(u[2:] - u[:-2])
        u = new
    return np.sum(u * u)


# ---- gradient ----
def model_grad(u, k, n):
    """Gradient of `model` with respect to (u, k)."""
    u_saved = []
    new_2_saved = []
    new_saved = []
    for t in range(n):
        u_saved.append(u)
        new = u.copy()
        new_2_saved.append(new)
        new_saved.append(new[1:-1].copy())
        new[1:-1] = u[1:-1] + k * np.sin(u[2:] - u[:-2])
        u = new

    # return np.sum(u * u)
    u_bar = 2.0 * u
    k_bar = 0.0
    for t in reversed(range(n)):
        u = u_saved[t]
        new = new_2_saved[t]
        # u = new
        new_bar = u_bar
        # new[1:-1] = u[1:-1] + k * np.sin(u[2:] - u[:-2])
        new[1:-1] = new_saved[t]
        new_bar = new_bar.copy()
        new_bar2 = new_bar[1:-1].copy()
        diff_bar = k * np.cos(u[2:] - u[:-2]) * new_bar2
        new_bar[1:-1] = 0.0
        u_bar = np.zeros_like(u)
        u_bar[1:-1] += new_bar2
        k_bar += np.sum(np.sin(u[2:] - u[:-2]) * new_bar2)
        u_bar[2:] += diff_bar
        u_bar[:-2] -= diff_bar
        # new = u.copy()
        u_bar += new_bar
    return u_bar, k_bar
