"""Every statement is linear in what is active: nothing is recorded.

wrt: u    mode: grad    at: u=np.array([0.5, -0.2, 0.8]), n=4
types: u: float[m], n: int
"""

import numpy as np


def smooth(u, n):
    for _ in range(n):
        u = 0.5 * u + 0.25 * np.roll(u, 1) + 0.25 * np.roll(u, -1)
    return u[0] + 2.0 * u[1]


# ---- gradient ----
def smooth_grad(u, n):
    """Gradient of `smooth` with respect to u."""
    for _ in range(n):
        roll_value = np.roll(u, 1)
        roll_value2 = np.roll(u, -1)
        u = 0.5 * u + 0.25 * roll_value + 0.25 * roll_value2

    # return u[0] + 2.0 * u[1]
    u_bar = np.zeros_like(u)
    u_bar[0] += 1.0
    u_bar[1] += 2.0
    for _ in range(n):
        # u = 0.5 * u + 0.25 * np.roll(u, 1) + 0.25 * np.roll(u, -1)
        roll_value_bar = 0.25 * u_bar
        roll_value2_bar = 0.25 * u_bar
        u_bar = 0.5 * u_bar
        u_bar += np.roll(roll_value2_bar, 1)
        u_bar += np.roll(roll_value_bar, -1)
    return u_bar
