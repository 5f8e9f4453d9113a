"""A swap of elements under a test: both values are named before either place is written.

wrt: x    mode: grad    at: x=np.array([0.9, -0.7, 0.3])
types: x: float[n]
"""

import numpy as np


def model(x):
    y = 3.0 * x
    for i in range(2):
        if y[i] > y[i + 1]:
            y[i], y[i + 1] = y[i + 1], y[i]
    return y[0] + 2.0 * y[1] + 3.0 * y[2] ** 2


# ---- gradient ----
def model_grad(x):
    """Gradient of `model` with respect to x."""
    taken_saved = []
    y = 3.0 * x
    for i in range(2):
        taken = y[i] > y[i + 1]
        taken_saved.append(taken)
        if taken:
            item, item2 = y[i + 1], y[i]
            y[i] = item
            y[i + 1] = item2

    # return y[0] + 2.0 * y[1] + 3.0 * y[2] ** 2
    y_bar = np.zeros_like(y)
    y_bar[0] += 1.0
    y_bar[1] += 2.0
    y_bar[2] += 6.0 * y[2]
    for i in reversed(range(2)):
        taken = taken_saved[i]
        if taken:
            # y[i], y[i + 1] = y[i + 1], y[i]
            item2_bar = y_bar[i + 1]
            y_bar[i + 1] = 0.0
            # y[i], y[i + 1] = y[i + 1], y[i]
            item_bar = y_bar[i]
            y_bar[i] = 0.0
            # y[i], y[i + 1] = y[i + 1], y[i]
            y_bar[i + 1] += item_bar
            y_bar[i] += item2_bar
    # y = 3.0 * x
    x_bar = 3.0 * y_bar
    return x_bar
