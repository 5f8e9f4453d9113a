"""The gradient of a gradient of a gradient is one more function of the module.

wrt: x    mode: grad    at: x=0.7
types: x: float
"""

import retrograd as rg


@rg.grad
def slope(x):
    return x * x * x * x


def f(x):
    return rg.grad(rg.grad(slope))(x)


# ---- gradient ----
def slope_grad_grad_grad_bwd(out_bar):
    """Gradient of `slope_grad_grad_grad` with respect to x, times out_bar."""
    x_bar_bar = out_bar
    # x_bar = 24.0 * x
    x_bar = 24.0 * x_bar_bar
    return x_bar


def f_grad(x):
    """Gradient of `f` with respect to x."""
    x_bar = slope_grad_grad_grad_bwd(1.0)
    return x_bar
