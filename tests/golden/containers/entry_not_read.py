"""An entry that nobody reads has a gradient of zeros.

wrt: p    mode: grad    at: p={"a": 1.5, "W": np.array([1.0, 2.0])}
types: p: {a: float, W: float[n]}
"""


def model(p):
    return p["a"] * p["a"]


# ---- gradient ----
import numpy as np


def model_grad(p):
    """Gradient of `model` with respect to p."""
    p_bar = dict.fromkeys(p)
    # return p["a"] * p["a"]
    p_bar["a"] = 2.0 * p["a"]
    p_bar["W"] = np.zeros_like(p["W"])
    return p_bar
