"""Entries of a dict written one by one, all at once, and in a copy.

wrt: x, y    mode: grad    at: x=0.7, y=1.3
types: x: float, y: float
"""


def combined(x, y):
    d = {"a": x}
    d["b"] = y * x
    d["a"] += y
    e = {**d, "b": x}
    d.update(a=d["b"] * x)
    return d["a"] * d["b"] + e["a"] * e["b"]


# ---- gradient ----
from retrograd.runtime import kept_entry, put_back, zeros_like


def combined_grad(x, y):
    """Gradient of `combined` with respect to (x, y)."""
    d = {"a": x}
    d_saved = kept_entry(d, "b")
    d["b"] = y * x
    d_2_saved = d["a"]
    d["a"] += y
    e = {**d, "b": x}
    d_3_saved = d["a"]
    d["a"] = d["b"] * x

    # return d["a"] * d["b"] + e["a"] * e["b"]
    d_bar = zeros_like(d)
    d_bar["a"] += d["b"]
    d_bar["b"] += d["a"]
    e_bar = zeros_like(e)
    e_bar["a"] += e["b"]
    e_bar["b"] += e["a"]
    # d.update(a=d["b"] * x)
    d["a"] = d_3_saved
    d_bar3 = d_bar["a"]
    d_bar["a"] = 0.0
    d_bar["b"] += x * d_bar3
    x_bar = d["b"] * d_bar3
    # e = {**d, "b": x}
    d_bar["a"] += e_bar["a"]
    x_bar += e_bar["b"]
    # d["a"] += y
    d["a"] = d_2_saved
    y_bar = d_bar["a"]
    # d["b"] = y * x
    put_back(d, "b", d_saved)
    y_bar += x * d_bar["b"]
    x_bar += y * d_bar["b"]
    d_bar["b"] = 0.0
    # d = {"a": x}
    x_bar += d_bar["a"]
    return x_bar, y_bar
