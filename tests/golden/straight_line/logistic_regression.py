"""The rank of every operand is known: `X.T @ z_bar` and `np.sum` are written out.

wrt: w, b    mode: grad
at: w=np.array([0.3, -0.2]), b=0.1, X=np.arange(6.0).reshape(3, 2) / 5, y=np.array([0.0, 1.0, 1.0]), decay=0.1
types: w: float[d], b: float, X: float[n, d], y: float[n], decay: float
"""

import numpy as np


def loss(w, b, X, y, decay):
    z = X @ w + b
    # stable log(1 + exp(z))
    nll = np.mean(np.logaddexp(0.0, z) - y * z)
    return nll + 0.5 * decay * np.dot(w, w)


# ---- gradient ----
def loss_grad(w, b, X, y, decay):
    """Gradient of `loss` with respect to (w, b)."""
    z = X @ w + b

    # return nll + 0.5 * decay * np.dot(w, w)
    w_bar = decay * w
    # nll = np.mean(np.logaddexp(0.0, z) - y * z)
    z_bar = (np.exp(z - np.logaddexp(0.0, z)) - y) / z.size
    # z = X @ w + b
    w_bar += X.T @ z_bar
    b_bar = np.sum(z_bar)
    return w_bar, b_bar
