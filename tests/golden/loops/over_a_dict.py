"""The items of a dict: its keys are kept, and the loop runs over their number.

wrt: params    mode: grad    at: params={"a": np.array([0.5, 2.0]), "b": np.array([1.5])}
types: params: {a: float[n], b: float[m]}
"""

import numpy as np


def penalty(params):
    total = 0.0
    for name, w in params.items():
        if name != "b":
            total = total + np.sum(w * w)
        else:
            total = total * np.sum(w)
    return total


# ---- gradient ----
from retrograd.runtime import keys_of, restructure, spread, unbroadcast, zeros_like


def penalty_grad(params):
    """Gradient of `penalty` with respect to params."""
    w_saved = []
    total_saved = []
    total = 0.0
    keys = keys_of(params)
    for name, w in params.items():
        w_saved.append(w)
        if name != "b":
            total = total + np.sum(w * w)
        else:
            total_saved.append(total)
            total = total * np.sum(w)

    total_bar = 1.0
    params_bar = zeros_like(params)
    for k in reversed(range(len(keys))):
        w = w_saved[k]
        name = keys[k]
        if name != "b":
            # total = total + np.sum(w * w)
            w_bar = unbroadcast(2.0 * w * spread(total_bar, (w * w).shape), w)
        else:
            # total = total * np.sum(w)
            total = total_saved.pop()
            w_bar = np.full_like(w, total * total_bar)
            total_bar = np.sum(w) * total_bar
        params_bar[keys[k]] += w_bar
    return restructure(params_bar, params)
