"""The gradient has the structure of the argument: a dict under the same keys.

wrt: params    mode: grad
at: params={"W1": np.array([[0.3, -0.2], [0.5, 0.1]]), "b1": np.array([0.1, 0.2]), "W2": np.array([[0.7], [-0.4]]), "b2": np.array([0.05])}, X=np.array([[0.2, 1.0], [0.9, -0.3], [0.4, 0.4]]), y=np.array([[0.1], [0.5], [-0.2]])
types: params: {W1: float[d, h], b1: float[h], W2: float[h, o], b2: float[o]}, X: float[n, d], y: float[n, o]
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
def loss_grad(params, X, y):
    """Gradient of `loss` with respect to params."""
    # hidden layer
    h = np.tanh(X @ params["W1"] + params["b1"])
    # output layer
    pred = h @ params["W2"] + params["b2"]

    params_bar = dict.fromkeys(params)
    # return np.mean((pred - y) ** 2)
    pred_bar = 2.0 / pred.size * (pred - y)
    # pred = h @ params["W2"] + params["b2"]
    h_bar = pred_bar @ params["W2"].T
    params_bar["W2"] = h.T @ pred_bar
    params_bar["b2"] = np.sum(pred_bar, axis=0)
    # h = np.tanh(X @ params["W1"] + params["b1"])
    sum_bar = (1.0 - h**2) * h_bar
    params_bar["W1"] = X.T @ sum_bar
    params_bar["b1"] = np.sum(sum_bar, axis=0)
    return params_bar
