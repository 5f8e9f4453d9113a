"""Several iterables run side by side, with or without a count.

wrt: w, xs    mode: grad
at: w=np.array([0.5, 1.5, -0.3]), xs=np.array([1.0, 2.0, 0.5]), ys=np.array([0.2, 0.9, 0.4])
types: w: float[n], xs: float[n], ys: float[n]
"""


def weighted(w, xs, ys):
    total = 0.0
    for x, y in zip(xs, ys):
        total = total + (x - y) ** 2
    for i, wi in enumerate(w):
        total = total + wi * wi * xs[i]
    return total


# ---- gradient ----
import numpy as np


def weighted_grad(w, xs, ys):
    """Gradient of `weighted` with respect to (w, xs)."""
    total_bar = 1.0
    xs_bar = np.zeros_like(xs)
    w_bar = np.zeros_like(w)
    for i in reversed(range(len(w))):
        wi = w[i]
        # total = total + wi * wi * xs[i]
        wi_bar = 2.0 * xs[i] * wi * total_bar
        xs_bar[i] += wi * wi * total_bar
        w_bar[i] += wi_bar
    for k in reversed(range(min(len(xs), len(ys)))):
        x = xs[k]
        y = ys[k]
        # total = total + (x - y) ** 2
        x_bar = 2.0 * (x - y) * total_bar
        xs_bar[k] += x_bar
    return w_bar, xs_bar
