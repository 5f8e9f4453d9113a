"""`row` is a view of `B`: its cotangent is the same view of the shadow of `B`.

wrt: A    mode: grad    at: A=np.arange(6.0).reshape(2, 3) / 5.0 - 0.4
types: A: float[m, n]
"""

import numpy as np


def model(A):
    B = 2.0 * A
    for i in range(2):
        row = B[i]
        for j in range(1, 3):
            row[j] = row[j] * row[j - 1]  # running product
    return np.sum(B)


# ---- gradient ----
def model_grad(A):
    """Gradient of `model` with respect to A."""
    B_saved = []
    B = 2.0 * A
    for i in range(2):
        row = B[i]
        for j in range(1, 3):
            B_saved.append(B[i][j])
            row[j] = row[j] * row[j - 1]  # running product

    # return np.sum(B)
    B_bar = np.full_like(B, 1.0)
    for i in reversed(range(2)):
        for j in reversed(range(1, 3)):
            B[i][j] = B_saved.pop()
            # row[j] = row[j] * row[j - 1]
            B_bar2 = B_bar[i][j]
            B_bar[i][j] = B[i][j - 1] * B_bar2
            B_bar[i][j - 1] += B[i][j] * B_bar2
    # B = 2.0 * A
    A_bar = 2.0 * B_bar
    return A_bar
