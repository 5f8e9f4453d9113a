"""A helper that takes the whole dict.

wrt: p    mode: grad    at: p={"a": 1.5, "b": -0.4}, x=0.8
types: p: {a: float, b: float}, x: float
"""


def line(p, x):
    return p["a"] * x + p["b"]


def model(p, x):
    return line(p, x) ** 2 + p["b"]


# ---- gradient ----
from retrograd.runtime import accumulate, restructure, zeros_like


def line(p, x):
    return p["a"] * x + p["b"]


def line_bwd(p, x, out_bar):
    """Gradient of `line` with respect to p, times out_bar."""
    p_bar = dict.fromkeys(p)
    # return p["a"] * x + p["b"]
    p_bar["a"] = x * out_bar
    p_bar["b"] = out_bar
    return p_bar


def model_grad(p, x):
    """Gradient of `model` with respect to p."""
    line_value = line(p, x)

    # return line(p, x) ** 2 + p["b"]
    line_value_bar = 2.0 * line_value
    p_bar = zeros_like(p)
    p_bar["b"] += 1.0
    p_bar2 = line_bwd(p, x, line_value_bar)
    p_bar = accumulate(p_bar, p_bar2)
    return restructure(p_bar, p)
