"""Fields are written: the argument is copied on entry, so that the caller's stays as it is.

wrt: layer, s    mode: grad    at: layer=Layer(np.array([0.3, -0.2]), 0.3), s=0.7
types: layer: Layer(w: float[n], b: float), s: float
"""

from dataclasses import dataclass

import numpy as np


@dataclass
class Layer:
    w: np.ndarray
    b: float


def f(layer, s):
    layer.b = layer.b * s
    layer.w[0] *= layer.b
    for _ in range(3):
        layer.b += np.sum(layer.w) * layer.b
    return layer.b * np.sum(layer.w)


# ---- gradient ----
from retrograd.runtime import copied, restructure, zeros_like


def f_grad(layer, s):
    """Gradient of `f` with respect to (layer, s)."""
    layer_3_saved = []
    layer = copied(layer)
    layer_saved = layer.b
    layer.b = layer.b * s
    layer_2_saved = layer.w[0]
    layer.w[0] *= layer.b
    for _ in range(3):
        layer_3_saved.append(layer.b)
        layer.b += np.sum(layer.w) * layer.b

    # return layer.b * np.sum(layer.w)
    layer_bar = zeros_like(layer)
    layer_bar.b += np.sum(layer.w)
    layer_bar.w += np.full_like(layer.w, layer.b)
    for k in reversed(range(3)):
        layer.b = layer_3_saved[k]
        # layer.b += np.sum(layer.w) * layer.b
        layer_bar3 = layer_bar.b
        layer_bar.b = (1.0 + np.sum(layer.w)) * layer_bar3
        layer_bar.w += np.full_like(layer.w, layer.b * layer_bar3)
    # layer.w[0] *= layer.b
    layer.w[0] = layer_2_saved
    layer_bar2 = layer_bar.w[0]
    layer_bar.w[0] = layer.b * layer_bar2
    layer_bar.b += layer.w[0] * layer_bar2
    # layer.b = layer.b * s
    layer.b = layer_saved
    s_bar = layer.b * layer_bar.b
    layer_bar.b *= s
    return restructure(layer_bar, layer), s_bar
