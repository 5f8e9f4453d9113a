"""`np.max` along an axis, and `max` and `min` of numbers.

wrt: M, s    mode: grad    at: M=np.array([[0.1, 0.9, 0.3], [0.8, 0.2, 0.5]]), s=0.4
types: M: float[n, d], s: float
"""

import numpy as np


def model(M, s):
    return np.sum(np.max(M, axis=1) ** 2) + max(s, 0.3) * min(s, M[0, 0])


# ---- gradient ----
def model_grad(M, s):
    """Gradient of `model` with respect to (M, s)."""
    max_value = np.max(M, axis=1)

    # return np.sum(np.max(M, axis=1) ** 2) + max(s, 0.3) * min(s, M[0, 0])
    min_bar = max(s, 0.3)
    max_value_bar = 2.0 * max_value
    s_bar = ((0.5 if s == 0.3 else 1.0) * min(s, M[0, 0]) if s >= 0.3 else 0.0) + (
        (0.5 if s == M[0, 0] else 1.0) * min_bar if s <= M[0, 0] else 0.0
    )
    M_bar = np.zeros_like(M)
    M_bar[0, 0] += (0.5 if s == M[0, 0] else 1.0) * min_bar if M[0, 0] <= s else 0.0
    hits = M == np.expand_dims(max_value, 1)
    M_bar += np.where(
        hits,
        np.expand_dims(max_value_bar, 1)
        / np.count_nonzero(hits, axis=1, keepdims=True),
        0.0,
    )
    return M_bar, s_bar
