"""What was put in places along an axis takes the cotangents from there, the last of each place.

wrt: x, v    mode: joint    at: x=np.array([[0.3, -0.7], [0.9, 0.2]]), v=np.array([[0.4, -1.1]])
"""

import numpy as np


def pinned(x, v):
    y = x * x
    np.put_along_axis(y, np.argmin(x, axis=0, keepdims=True), v**2, axis=0)
    np.fill_diagonal(y, 0.0)
    return np.sum(y**2)


# ---- gradient ----
from retrograd.runtime import (
    last_written,
    places_along,
    places_on_diagonal,
    require_scalar,
    spread,
    unbroadcast,
    zeros_like,
)


def pinned_grad(x, v):
    """Gradient of `pinned` with respect to (x, v)."""
    y = x * x
    places = places_along(y, np.argmin(x, axis=0, keepdims=True), 0)
    np.put_along_axis(y, np.argmin(x, axis=0, keepdims=True), v**2, axis=0)
    places2 = places_on_diagonal(y)
    np.fill_diagonal(y, 0.0)
    value = np.sum(y**2)
    require_scalar(value)

    # return np.sum(y**2)
    y_bar = unbroadcast(2.0 * y * spread(1.0, np.shape(y**2)), y)
    # np.fill_diagonal(y, 0.0)
    y_bar2 = last_written(y_bar, places2)
    y_bar[places2] = zeros_like(y_bar2)
    # np.put_along_axis(y, np.argmin(x, axis=0, keepdims=True), v**2, axis=0)
    y_bar3 = last_written(y_bar, places)
    y_bar[places] = zeros_like(y_bar3)
    v_bar = unbroadcast(2.0 * v * y_bar3, v)
    # y = x * x
    x_bar = unbroadcast(2.0 * x * y_bar, x)
    return x_bar, v_bar
