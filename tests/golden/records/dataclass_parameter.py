"""A dataclass is read field by field: each field has a cotangent of its own, the gradient the class.

wrt: layer    mode: grad    at: layer=Layer(np.array([[0.3, -0.2], [0.1, 0.7]]), 0.3), x=np.array([0.4, -1.1])
types: layer: Layer(W: float[n, d]), x: float[d]
"""

from dataclasses import dataclass

import numpy as np


@dataclass
class Layer:
    W: np.ndarray
    b: float
    activation: str = "tanh"


def apply(layer, x):
    h = layer.W @ x + layer.b
    if layer.activation == "tanh":
        h = np.tanh(h)
    return np.sum(h) * layer.b


# ---- gradient ----
from types import SimpleNamespace

from retrograd.runtime import restructure


def apply_grad(layer, x):
    """Gradient of `apply` with respect to layer."""
    h = layer.W @ x + layer.b
    if layer.activation == "tanh":
        h = np.tanh(h)

    layer_bar = SimpleNamespace()
    # return np.sum(h) * layer.b
    h_bar = np.full_like(h, layer.b)
    layer_bar.b = np.sum(h)
    if layer.activation == "tanh":
        # h = np.tanh(h)
        h_bar = (1.0 - h**2) * h_bar
    # h = layer.W @ x + layer.b
    layer_bar.W = np.outer(h_bar, x)
    layer_bar.b += np.sum(h_bar)
    return restructure(layer_bar, layer)
