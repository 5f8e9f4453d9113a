"""In-place stencil, linear in its array: nothing is saved, the shadow is written as the array is.

wrt: A    mode: grad    at: steps=2, A=np.arange(16.0).reshape(4, 4) / 10.0
types: steps: int, A: float[n, n]
"""

import numpy as np


def model(steps, A):
    """Gauss-Seidel sweeps in place; returns the squared norm of the result."""
    n = len(A)
    for t in range(steps):
        for i in range(1, n - 1):
            A[i, 1:-1] += A[i - 1, :-2] + A[i - 1, 1:-1] + A[i, 2:] + A[i + 1, 1:-1]
            for j in range(1, n - 1):
                A[i, j] += A[i, j - 1]
                A[i, j] /= 6.0
    return np.sum(A * A)


# ---- gradient ----
def model_grad(steps, A):
    """Gradient of `model` with respect to A."""
    A = A.copy()
    n = len(A)
    for t in range(steps):
        for i in range(1, n - 1):
            A[i, 1:-1] += A[i - 1, :-2] + A[i - 1, 1:-1] + A[i, 2:] + A[i + 1, 1:-1]
            for j in range(1, n - 1):
                A[i, j] += A[i, j - 1]
                A[i, j] /= 6.0

    # return np.sum(A * A)
    A_bar = 2.0 * A
    for t in range(steps):
        for i in reversed(range(1, n - 1)):
            for j in reversed(range(1, n - 1)):
                # A[i, j] /= 6.0
                A_bar[i, j] /= 6.0
                # A[i, j] += A[i, j - 1]
                A_bar[i, j - 1] += A_bar[i, j]
            # A[i, 1:-1] += A[i - 1, :-2] + A[i - 1, 1:-1] + A[i, 2:] + A[i + 1, 1:-1]
            A_bar2 = A_bar[i, 1:-1].copy()
            A_bar[i - 1, :-2] += A_bar2
            A_bar[i - 1, 1:-1] += A_bar2
            A_bar[i, 2:] += A_bar2
            A_bar[i + 1, 1:-1] += A_bar2
    return A_bar
