"""Divide and conquer: two calls in one function, and slices of the argument.

wrt: a    mode: grad    at: a=np.array([0.3, 1.2, -0.7, 0.5, 0.9])
types: a: float[n]
"""

import numpy as np


def fold(a):
    """Pairwise products with damping."""
    n = len(a)
    if n == 1:
        return a[0]
    left = fold(a[: n // 2])
    right = fold(a[n // 2 :])
    return left * np.cos(right)


# ---- gradient ----
def fold_fwd(a, saved):
    """fold(a); appends to saved what fold_bwd takes back."""
    n = len(a)
    if n == 1:
        return a[0]
    left = fold_fwd(a[: n // 2], saved)
    right = fold_fwd(a[n // 2 :], saved)
    saved.append((left, right))
    return left * np.cos(right)


def fold_bwd(a, saved, out_bar):
    """Gradient of `fold` with respect to a, times out_bar."""
    n = len(a)
    if n == 1:
        # return a[0]
        a_bar = np.zeros_like(a)
        a_bar[0] += out_bar
        return a_bar
    left, right = saved.pop()
    # return left * np.cos(right)
    left_bar = np.cos(right) * out_bar
    right_bar = -left * np.sin(right) * out_bar
    # right = fold(a[n // 2 :])
    a_bar2 = fold_bwd(a[n // 2 :], saved, right_bar)
    a_bar = np.zeros_like(a)
    a_bar[n // 2 :] += a_bar2
    # left = fold(a[: n // 2])
    a_bar[: n // 2] += fold_bwd(a[: n // 2], saved, left_bar)
    return a_bar


def fold_grad(a):
    """Gradient of `fold` with respect to a."""
    fold_saved = []
    fold_fwd(a, fold_saved)
    return fold_bwd(a, fold_saved, 1.0)
