"""States gathered in a list and stacked: the cotangent of the list is a list that is popped.

wrt: Wx, Wh, b    mode: grad
at: Wx=np.full((2, 3), 0.3), Wh=np.full((2, 2), -0.2), b=np.array([0.1, 0.4]), xs=np.arange(12.0).reshape(4, 3) / 10, ys=np.ones((4, 2))
types: Wx: float[h, i], Wh: float[h, h], b: float[h], xs: float[t, i], ys: float[t, h]
"""

import numpy as np


def rnn_loss(Wx, Wh, b, xs, ys):
    h = np.zeros(len(b))
    hs = []
    for t in range(len(xs)):
        # new hidden state
        h = np.tanh(Wx @ xs[t] + Wh @ h + b)
        hs.append(h)
    out = np.stack(hs)
    return np.mean((out - ys) ** 2)


# ---- gradient ----
from retrograd.runtime import spread, unbroadcast


def rnn_loss_grad(Wx, Wh, b, xs, ys):
    """Gradient of `rnn_loss` with respect to (Wx, Wh, b)."""
    h_saved = []
    h = np.zeros(len(b))
    hs = []
    for t in range(len(xs)):
        h_saved.append(h)
        # new hidden state
        h = np.tanh(Wx @ xs[t] + Wh @ h + b)
        hs.append(h)
    out = np.stack(hs)

    # return np.mean((out - ys) ** 2)
    factor = (out - ys) ** 2
    out_bar = unbroadcast(
        2.0 * (out - ys) * spread(1.0 / factor.size, factor.shape), out
    )
    # out = np.stack(hs)
    hs_bar = list(out_bar)
    Wx_bar = np.zeros_like(Wx)
    Wh_bar = np.zeros_like(Wh)
    b_bar = np.zeros_like(b)
    h_bar = np.zeros_like(h)
    for t in reversed(range(len(xs))):
        # hs.append(h)
        h_bar += hs_bar.pop()
        # h = np.tanh(Wx @ xs[t] + Wh @ h + b)
        tanh_bar = (1.0 - h**2) * h_bar
        h = h_saved[t]
        Wx_bar += np.outer(tanh_bar, xs[t])
        Wh_bar += np.outer(tanh_bar, h)
        b_bar += tanh_bar
        h_bar = Wh.T @ tanh_bar
    return Wx_bar, Wh_bar, b_bar
