"""At a tie each side gets half; `abs` has slope 0 at 0.

wrt: x, y    mode: grad    at: x=np.array([0.5, 2.0, 1.0]), y=np.array([0.5, 1.0, 3.0])
types: x: float[n], y: float[n]
"""

import numpy as np


def model(x, y):
    return np.sum(np.maximum(x, y) * 2.0 + np.abs(x - y) + np.clip(x, 0.0, 1.5) * np.minimum(x, y))


# ---- gradient ----
def model_grad(x, y):
    """Gradient of `model` with respect to (x, y)."""
    # return np.sum(np.maximum(x, y) * 2.0 + np.abs(x - y) + np.clip(x, 0.0, 1.5) * np.minimum(x, y))
    diff_bar = np.sign(x - y)
    minimum_bar = np.clip(x, 0.0, 1.5)
    where_x = np.where(x == y, 0.5, 1.0)
    x_bar = (
        diff_bar
        + np.where(x >= y, 2.0 * where_x, 0.0)
        + np.where(
            (x >= 0.0) & (x <= 1.5),
            np.where((x == 0.0) | (x == 1.5), 0.5, 1.0) * np.minimum(x, y),
            0.0,
        )
        + np.where(x <= y, where_x * minimum_bar, 0.0)
    )
    y_bar = (
        np.where(y >= x, 2.0 * where_x, 0.0)
        + np.where(y <= x, where_x * minimum_bar, 0.0)
        - diff_bar
    )
    return x_bar, y_bar
