"""The adjoint reads the neighbours as they were: every write saves what it destroys.

wrt: u, k    mode: grad    at: steps=2, u=np.array([0.3, -0.7, 1.1, 0.4]), k=0.3
types: steps: int, u: float[n], k: float
"""

import numpy as np


def model(steps, u, k):
    """Nonlinear in-place relaxation of u."""
    for t in range(steps):
        for i in range(1, len(u) - 1):
            gap = u[i - 1] - u[i]
            u[i] = u[i] + k * np.sin(gap) * u[i + 1]
    return np.sum(u * u)


# ---- gradient ----
def model_grad(steps, u, k):
    """Gradient of `model` with respect to (u, k)."""
    u_saved = []
    u = u.copy()
    for t in range(steps):
        for i in range(1, len(u) - 1):
            gap = u[i - 1] - u[i]
            u_saved.append(u[i])
            u[i] = u[i] + k * np.sin(gap) * u[i + 1]

    # return np.sum(u * u)
    u_bar = 2.0 * u
    k_bar = 0.0
    for t in range(steps):
        for i in reversed(range(1, len(u) - 1)):
            u[i] = u_saved.pop()
            gap = u[i - 1] - u[i]
            # u[i] = u[i] + k * np.sin(gap) * u[i + 1]
            sin_gap = np.sin(gap)
            k_bar += u[i + 1] * sin_gap * u_bar[i]
            gap_bar = u[i + 1] * k * np.cos(gap) * u_bar[i]
            u_bar[i + 1] += k * sin_gap * u_bar[i]
            # gap = u[i - 1] - u[i]
            u_bar[i - 1] += gap_bar
            u_bar[i] -= gap_bar
    return u_bar, k_bar
