"""A loop over a list of arrays.

wrt: layers    mode: grad
at: layers=[np.array([[0.3, -0.2], [0.5, 0.1]]), np.array([[0.1, 0.4], [-0.6, 0.2]])], x=np.array([1.0, -0.5])
types: layers: [float[d, d]], x: float[d]
"""

import numpy as np


def network(layers, x):
    for W in layers:
        x = np.tanh(W @ x)
    return np.sum(x)


# ---- gradient ----
from retrograd.runtime import restructure, zeros_like


def network_grad(layers, x):
    """Gradient of `network` with respect to layers."""
    x_saved = []
    for W in layers:
        x_saved.append(x)
        x = np.tanh(W @ x)

    # return np.sum(x)
    x_bar = np.full_like(x, 1.0)
    layers_bar = zeros_like(layers)
    for k in reversed(range(len(layers))):
        W = layers[k]
        # x = np.tanh(W @ x)
        tanh_bar = (1.0 - x**2) * x_bar
        x = x_saved[k]
        W_bar = np.outer(tanh_bar, x)
        x_bar = W.T @ tanh_bar
        layers_bar[k] += W_bar
    return restructure(layers_bar, layers)
