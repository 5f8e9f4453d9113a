"""A conversion keeps the derivative where there is one: the cotangent gets the shape that went in.

wrt: v, x    mode: grad    at: v=np.array([0.4, -1.1, 0.9]), x=0.7
types: v: float[d], x: float
"""

import numpy as np


def converted(v, x):
    row = v.flatten()
    first, *rest = row.tolist()
    y = np.sum(np.asarray(v) * x).item() + first * rest[1]
    y = y * float(x) + v.item(2) ** 2
    return np.float64(y) * np.sum(v.real * v.astype(float)) + int(y) * x


# ---- gradient ----
from retrograd.runtime import accumulate, item, scatter, tolist, zeros_like


def converted_grad(v, x):
    """Gradient of `converted` with respect to (v, x)."""
    ravel_value = np.ravel(v)
    row = np.copy(ravel_value)
    items = tolist(row)
    first, *rest = items
    asarray_value = np.asarray(v)
    sum_value = np.sum(asarray_value * x)
    y = item(sum_value) + first * rest[1]
    y_saved = y
    ravel_v = np.ravel(v)
    y = y * float(x) + ravel_v[2] ** 2
    astype_value = np.astype(v, float)
    sum_value2 = np.sum(v.real * astype_value)

    # return np.float64(y) * np.sum(v.real * v.astype(float)) + int(y) * x
    y_bar = sum_value2
    sum_value2_bar = np.float64(y)
    x_bar = 1.0 * int(y)
    v_bar = astype_value * sum_value2_bar
    astype_value_bar = v.real * sum_value2_bar
    v_bar += astype_value_bar
    # y = y * float(x) + v.item(2) ** 2
    y = y_saved
    x_bar += y * y_bar
    v_bar += np.reshape(scatter(2.0 * ravel_v[2] * y_bar, ravel_v, 2), v.shape)
    y_bar = float(x) * y_bar
    # y = np.sum(np.asarray(v) * x).item() + first * rest[1]
    sum_value_bar = y_bar
    first_bar = rest[1] * y_bar
    rest_bar = zeros_like(rest)
    rest_bar[1] += first * y_bar
    asarray_value_bar = np.full_like(asarray_value, x * sum_value_bar)
    x_bar += np.sum(asarray_value * sum_value_bar)
    v_bar += asarray_value_bar
    # first, *rest = row.tolist()
    items_bar = zeros_like(items)
    items_bar[0] += first_bar
    items_bar[1:] = accumulate(items_bar[1:], rest_bar)
    row_bar = np.reshape(items_bar, row.shape)
    # row = v.flatten()
    ravel_value_bar = row_bar
    v_bar += np.reshape(ravel_value_bar, v.shape)
    return v_bar, x_bar
