"""A loop that descends by a gradient is differentiated as a whole, through the gradient's own text.

wrt: lam, w    mode: grad    at: lam=0.3, w=np.array([0.4, -1.2, 0.8]), n=3
types: lam: float, w: float[d], n: int
"""

import numpy as np

import retrograd as rg


def ridge(w, lam):
    return np.sum((w - 1.0) ** 2) + lam * np.sum(w**2)


def f(lam, w, n):
    for _ in range(n):
        # one step downhill
        w = w - 0.1 * rg.grad(ridge)(w, lam)
    return np.sum((w - 0.5) ** 2)


# ---- gradient ----
def ridge_grad(w, lam):
    """Gradient of `ridge` with respect to w."""
    # return np.sum((w - 1.0) ** 2) + lam * np.sum(w**2)
    w_bar = 2.0 * (w - 1.0) + 2.0 * lam * w
    return w_bar


def ridge_grad_bwd(w, lam, out_bar):
    """Gradient of `ridge_grad` with respect to (w, lam), times out_bar."""
    w_bar_bar = out_bar
    # w_bar = 2.0 * (w - 1.0) + 2.0 * lam * w
    w_bar = (2.0 + 2.0 * lam) * w_bar_bar
    lam_bar = 2.0 * np.sum(w * w_bar_bar)
    return w_bar, lam_bar


def f_grad(lam, w, n):
    """Gradient of `f` with respect to (lam, w)."""
    w_saved = []
    for _ in range(n):
        w_saved.append(w)
        ridge_grad_value = ridge_grad(w, lam)
        # one step downhill
        w = w - 0.1 * ridge_grad_value

    # return np.sum((w - 0.5) ** 2)
    w_bar = 2.0 * (w - 0.5)
    lam_bar = 0.0
    for k in reversed(range(n)):
        w = w_saved[k]
        # w = w - 0.1 * rg.grad(ridge)(w, lam)
        ridge_grad_value_bar = -0.1 * w_bar
        w_bar2, lam_bar2 = ridge_grad_bwd(w, lam, ridge_grad_value_bar)
        w_bar += w_bar2
        lam_bar += lam_bar2
    return lam_bar, w_bar
