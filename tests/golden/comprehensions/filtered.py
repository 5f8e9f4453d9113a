"""A comprehension is a loop that fills a list.

wrt: xs, w    mode: grad    at: xs=np.array([0.3, -0.7, 1.1]), w=1.3
types: xs: float[n], w: float
"""

import numpy as np


def mean_of_positive(xs, w):
    kept = [w * v * v for v in xs if v > 0.0]
    return np.mean(np.array(kept))


# ---- gradient ----
def mean_of_positive_grad(xs, w):
    """Gradient of `mean_of_positive` with respect to (xs, w)."""
    kept = []
    for k in range(len(xs)):
        v = xs[k]
        if v > 0.0:
            kept.append(w * v * v)
    array_value = np.array(kept)

    # return np.mean(np.array(kept))
    array_value_bar = np.full_like(array_value, 1.0 / array_value.size)
    kept_bar = list(array_value_bar)
    w_bar = 0.0
    xs_bar = np.zeros_like(xs)
    for k in reversed(range(len(xs))):
        v = xs[k]
        v_bar = 0.0
        if v > 0.0:
            # kept = [w * v * v for v in xs if v > 0.0]
            item_bar = kept_bar.pop()
            w_bar += v * v * item_bar
            v_bar += 2.0 * v * w * item_bar
        xs_bar[k] += v_bar
    return xs_bar, w_bar
