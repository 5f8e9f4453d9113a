"""A pullback is a function of the arguments that `rg.vjp` was given, and of the cotangent.

wrt: x    mode: grad    at: x=np.array([0.4, -1.2])
types: x: float[d]
"""

import numpy as np

import retrograd as rg


def shaped(x):
    return np.sin(x) * x


def f(x):
    y, pull = rg.vjp(shaped, x)
    (x_bar,) = pull(y)
    return np.sum(x_bar * x)


# ---- gradient ----
from retrograd.runtime import duplicate


def shaped(x):
    return np.sin(x) * x


def shaped_vjp(x, out_bar):
    """Gradient of `shaped` with respect to x, times out_bar."""
    # return np.sin(x) * x
    x_bar = (x * np.cos(x) + np.sin(x)) * out_bar
    return (x_bar,)


def shaped_bwd(x, out_bar):
    """Gradient of `shaped` with respect to x, times out_bar."""
    # return np.sin(x) * x
    x_bar = (x * np.cos(x) + np.sin(x)) * out_bar
    return x_bar


def shaped_vjp_bwd(x, out_bar, out_bar2):
    """Gradient of `shaped_vjp` with respect to (x, out_bar), times out_bar2."""
    # return (x_bar,)
    x_bar_bar = out_bar2[0]
    # x_bar = (x * np.cos(x) + np.sin(x)) * out_bar
    sum_bar = out_bar * x_bar_bar
    cos_x = np.cos(x)
    sin_x = np.sin(x)
    x_bar = (2.0 * cos_x - x * sin_x) * sum_bar
    out_bar_bar = (x * cos_x + sin_x) * x_bar_bar
    return x_bar, out_bar_bar


def f_grad(x):
    """Gradient of `f` with respect to x."""
    pull_at = duplicate(x)
    y = shaped(pull_at)
    (x_bar,) = shaped_vjp(pull_at, y)

    # return np.sum(x_bar * x)
    x_bar_bar = x
    x_bar2 = x_bar
    # (x_bar,) = pull(y)
    pull_at_bar, y_bar = shaped_vjp_bwd(pull_at, y, (x_bar_bar,))
    # y, pull = rg.vjp(shaped, x)
    x_bar22 = shaped_bwd(pull_at, y_bar)
    pull_at_bar = pull_at_bar + x_bar22
    x_bar2 = x_bar2 + pull_at_bar
    return x_bar2
