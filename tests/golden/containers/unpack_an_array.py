"""The rows of an array expression, unpacked.

wrt: M, u    mode: grad    at: M=np.arange(6.0).reshape(2, 3) / 5, u=np.array([0.3, -0.2, 0.9])
types: M: float[n, d], u: float[d]
"""

import numpy as np


def model(M, u):
    first, second = (M + u) ** 2
    return np.sum(first * second) + first[0]


# ---- gradient ----
def model_grad(M, u):
    """Gradient of `model` with respect to (M, u)."""
    items = (M + u) ** 2
    first, second = items

    # return np.sum(first * second) + first[0]
    first_bar = second
    second_bar = first
    first_bar = first_bar.copy()
    first_bar[0] += 1.0
    # first, second = (M + u) ** 2
    items_bar = np.zeros_like(items)
    items_bar[0] += first_bar
    items_bar[1] += second_bar
    sum_bar = 2.0 * (M + u) * items_bar
    M_bar = sum_bar
    u_bar = np.sum(sum_bar, axis=0)
    return M_bar.copy(), u_bar
