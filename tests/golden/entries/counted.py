"""Values added up under computed keys, new ones among them.

wrt: xs    mode: grad    at: xs=np.array([0.3, -0.7, 1.1]), keys=["a", "b", "a"]
types: xs: float[n]
"""


def grouped(xs, keys):
    sums = {}
    for k, v in zip(keys, xs):
        sums[k] = sums.get(k, 1.0) * v
    return sums["a"] - sums["b"]


# ---- gradient ----
import numpy as np
from retrograd.runtime import (
    add_at,
    kept_entry,
    put_back,
    require_scalar,
    unbroadcast,
    zeros_like,
)


def grouped_grad(xs, keys):
    """Gradient of `grouped` with respect to xs."""
    chosen = None
    chosen_saved = []
    sums_saved = []
    sums = {}
    for k, v in zip(keys, xs):
        chosen_saved.append(chosen)
        if k in sums:
            chosen = sums[k]
        else:
            chosen = 1.0
        sums_saved.append(kept_entry(sums, k))
        sums[k] = chosen * v
    value = sums["a"] - sums["b"]
    require_scalar(value)

    # return sums["a"] - sums["b"]
    sums_bar = zeros_like(sums)
    sums_bar["a"] += unbroadcast(1.0, sums["a"])
    sums_bar["b"] += unbroadcast(-1.0, sums["b"])
    xs_bar = np.zeros_like(xs)
    for k2 in reversed(range(min(len(keys), len(xs)))):
        k = keys[k2]
        v = xs[k2]
        # sums[k] = sums.get(k, 1.0) * v
        put_back(sums, k, sums_saved[k2])
        chosen_bar = unbroadcast(v * sums_bar[k], chosen)
        v_bar = unbroadcast(chosen * sums_bar[k], v)
        sums_bar[k] = 0.0
        if k in sums:
            add_at(sums_bar, k, chosen_bar)
        chosen = chosen_saved[k2]
        xs_bar[k2] += v_bar
    return xs_bar
