"""A range with start, stop and step runs backwards as it is.

wrt: c    mode: grad    at: c=np.array([0.3, 0.5, -0.7, 1.1, 0.2])
types: c: float[n]
"""


def pairs(c):
    total = 1.0
    for i in range(1, len(c), 2):
        total = total * (c[i] - c[i - 1])
    for i in range(len(c) - 1, 0, -1):
        total = total + c[i] * c[i - 1]
    return total


# ---- gradient ----
import numpy as np


def pairs_grad(c):
    """Gradient of `pairs` with respect to c."""
    total_saved = []
    total = 1.0
    for i in range(1, len(c), 2):
        total_saved.append(total)
        total = total * (c[i] - c[i - 1])

    total_bar = 1.0
    c_bar = np.zeros_like(c)
    for i in reversed(range(len(c) - 1, 0, -1)):
        # total = total + c[i] * c[i - 1]
        c_bar[i] += c[i - 1] * total_bar
        c_bar[i - 1] += c[i] * total_bar
    for i in reversed(range(1, len(c), 2)):
        total = total_saved.pop()
        # total = total * (c[i] - c[i - 1])
        c_bar[i] += total * total_bar
        c_bar[i - 1] -= total * total_bar
        total_bar = (c[i] - c[i - 1]) * total_bar
    return c_bar
