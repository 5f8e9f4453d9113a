"""Nothing is known of the operands: the helpers of the runtime find out.

wrt: w, b    mode: grad
at: w=np.array([0.3, -0.2]), b=0.1, X=np.arange(6.0).reshape(3, 2) / 5, y=np.array([0.0, 1.0, 1.0]), decay=0.1
"""

import numpy as np


def loss(w, b, X, y, decay):
    z = X @ w + b
    nll = np.mean(np.logaddexp(0.0, z) - y * z)
    return nll + 0.5 * decay * np.dot(w, w)


# ---- gradient ----
from retrograd.runtime import (
    accumulate,
    dot_vjp_a,
    dot_vjp_b,
    matmul_vjp_y,
    owned,
    require_scalar,
    spread,
    unbroadcast,
)


def loss_grad(w, b, X, y, decay):
    """Gradient of `loss` with respect to (w, b)."""
    product = X @ w
    z = product + b
    logaddexp_z = np.logaddexp(0.0, z)
    nll = np.mean(logaddexp_z - y * z)
    dot_value = np.dot(w, w)
    value = nll + 0.5 * decay * dot_value
    require_scalar(value)

    # return nll + 0.5 * decay * np.dot(w, w)
    nll_bar = unbroadcast(1.0, nll)
    dot_value_bar = unbroadcast(0.5 * decay, dot_value)
    w_bar = accumulate(
        dot_vjp_a(dot_value_bar, np.shape(w), w),
        dot_vjp_b(dot_value_bar, w, np.shape(w)),
    )
    # nll = np.mean(np.logaddexp(0.0, z) - y * z)
    diff_bar = nll_bar / np.size(logaddexp_z - y * z)
    z_bar = unbroadcast(
        np.exp(z - logaddexp_z) * spread(diff_bar, np.shape(logaddexp_z - y * z)), z
    ) + unbroadcast(y * spread(-diff_bar, np.shape(logaddexp_z - y * z)), z)
    # z = X @ w + b
    product_bar = unbroadcast(z_bar, product)
    b_bar = unbroadcast(z_bar, b)
    w_bar = accumulate(w_bar, matmul_vjp_y(product_bar, X, np.shape(w)))
    return w_bar, owned(b_bar)
