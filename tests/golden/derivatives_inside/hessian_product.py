"""A product with a Hessian is a tangent of the gradient, without the gradient.

wrt: x    mode: value_and_grad    at: x=np.array([0.4, -1.2]), v=np.array([0.3, 0.7])
types: x: float[d], v: float[d]
"""

import numpy as np

import retrograd as rg


def bowl(x):
    return np.sum(np.cosh(x))


def f(x, v):
    return np.sum(v * rg.hvp(bowl)(x, v))


# ---- gradient ----
def bowl_grad_pushforward(x, x_dot):
    """`bowl_grad`, differentiated along the tangent x_dot."""
    x_bar_dot = np.cosh(x) * x_dot
    return x_bar_dot


def bowl_grad_pushforward_bwd(x, x_dot, out_bar):
    """Gradient of `bowl_grad_pushforward` with respect to x, times out_bar."""
    x_bar_dot_bar = out_bar
    # x_bar_dot = np.cosh(x) * x_dot
    x_bar = x_dot * np.sinh(x) * x_bar_dot_bar
    return x_bar


def f_value_and_grad(x, v):
    """Value and gradient of `f` with respect to x."""
    bowl_hvp_value = bowl_grad_pushforward(x, v)
    value = np.sum(v * bowl_hvp_value)

    # return np.sum(v * rg.hvp(bowl)(x, v))
    bowl_hvp_value_bar = v
    x_bar = bowl_grad_pushforward_bwd(x, v, bowl_hvp_value_bar)
    return value, x_bar.copy()
