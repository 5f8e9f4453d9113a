"""A function inside the function gets what it reads around it as further arguments.

wrt: w    mode: grad    at: w=np.array([0.4, -1.2]), x=np.array([0.3, 0.7])
types: w: float[d], x: float[d]
"""

import numpy as np

import retrograd as rg


def f(w, x):
    def critic(z):
        return np.sum(np.tanh(z * w))

    slope = rg.grad(critic)(x)
    return critic(x) + 10.0 * (np.sum(slope**2) - 1.0) ** 2


# ---- gradient ----
def critic_grad(z, w):
    """Gradient of `critic` with respect to z."""
    # return np.sum(np.tanh(z * w))
    z_bar = (1.0 - np.tanh(z * w) ** 2) * w
    return z_bar


def critic_grad_bwd(z, w, out_bar):
    """Gradient of `critic_grad` with respect to w, times out_bar."""
    z_bar_bar = out_bar
    # z_bar = (1.0 - np.tanh(z * w) ** 2) * w
    tanh_z = np.tanh(z * w)
    w_bar = (1.0 - 2.0 * w * tanh_z * z) * (1.0 - tanh_z**2) * z_bar_bar
    return w_bar


def f_grad(w, x):
    """Gradient of `f` with respect to w."""
    slope = critic_grad(x, w)

    # return critic(x) + 10.0 * (np.sum(slope**2) - 1.0) ** 2
    w_bar = (1.0 - np.tanh(x * w) ** 2) * x
    slope_bar = 40.0 * (np.sum(slope**2) - 1.0) * slope
    # slope = rg.grad(critic)(x)
    w_bar += critic_grad_bwd(x, w, slope_bar)
    return w_bar
