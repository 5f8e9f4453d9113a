"""A copy with other fields: what is replaced flows into the new value, the rest into the old record.

wrt: layer, s    mode: grad    at: layer=Layer(np.array([[0.3, -0.2], [0.1, 0.7]]), 0.3), s=0.7
types: layer: Layer(W: float[n, d], b: float), s: float
"""

from dataclasses import dataclass, replace

import numpy as np


@dataclass
class Layer:
    W: np.ndarray
    b: float


def f(layer, s):
    wider = replace(layer, b=layer.b * s)
    return np.sum(wider.W * wider.W) * wider.b


# ---- gradient ----
from dataclasses import replace

from retrograd.runtime import restructure, zeros_like


def f_grad(layer, s):
    """Gradient of `f` with respect to (layer, s)."""
    wider = replace(layer, b=layer.b * s)

    # return np.sum(wider.W * wider.W) * wider.b
    wider_bar = zeros_like(wider)
    wider_bar.W += 2.0 * wider.b * wider.W
    wider_bar.b += np.sum(wider.W * wider.W)
    # wider = replace(layer, b=layer.b * s)
    layer_bar = zeros_like(layer)
    layer_bar.W += wider_bar.W
    layer_bar.b += s * wider_bar.b
    s_bar = layer.b * wider_bar.b
    return restructure(layer_bar, layer), s_bar
