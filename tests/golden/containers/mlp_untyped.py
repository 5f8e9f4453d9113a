"""As `mlp`, and nothing is known of the arguments.

wrt: params    mode: grad
at: params={"W1": np.array([[0.3, -0.2], [0.5, 0.1]]), "b1": np.array([0.1, 0.2]), "W2": np.array([[0.7], [-0.4]]), "b2": np.array([0.05])}, X=np.array([[0.2, 1.0], [0.9, -0.3], [0.4, 0.4]]), y=np.array([[0.1], [0.5], [-0.2]])
"""

import numpy as np


def loss(params, X, y):
    """Mean squared error of a two-layer network."""
    # hidden layer
    h = np.tanh(X @ params["W1"] + params["b1"])
    # output layer
    pred = h @ params["W2"] + params["b2"]
    return np.mean((pred - y) ** 2)


# ---- gradient ----
from retrograd.runtime import (
    accumulate,
    matmul_vjp_x,
    matmul_vjp_y,
    require_scalar,
    restructure,
    spread,
    unbroadcast,
    zeros_like,
)


def loss_grad(params, X, y):
    """Gradient of `loss` with respect to params."""
    product = X @ params["W1"]
    # hidden layer
    h = np.tanh(product + params["b1"])
    product2 = h @ params["W2"]
    # output layer
    pred = product2 + params["b2"]
    value = np.mean((pred - y) ** 2)
    require_scalar(value)

    # return np.mean((pred - y) ** 2)
    pred_bar = unbroadcast(
        2.0
        * (pred - y)
        * spread(1.0 / np.size((pred - y) ** 2), np.shape((pred - y) ** 2)),
        pred,
    )
    # pred = h @ params["W2"] + params["b2"]
    product2_bar = unbroadcast(pred_bar, product2)
    params_bar = zeros_like(params)
    params_bar["b2"] = accumulate(params_bar["b2"], unbroadcast(pred_bar, params["b2"]))
    h_bar = matmul_vjp_x(product2_bar, np.shape(h), params["W2"])
    params_bar["W2"] = accumulate(
        params_bar["W2"], matmul_vjp_y(product2_bar, h, np.shape(params["W2"]))
    )
    # h = np.tanh(X @ params["W1"] + params["b1"])
    sum_bar = (1.0 - h**2) * h_bar
    product_bar = unbroadcast(sum_bar, product)
    params_bar["b1"] = accumulate(params_bar["b1"], unbroadcast(sum_bar, params["b1"]))
    params_bar["W1"] = accumulate(
        params_bar["W1"], matmul_vjp_y(product_bar, X, np.shape(params["W1"]))
    )
    return restructure(params_bar, params)
