"""`rg.jvp` gives the value and the tangent; both may matter.

wrt: x    mode: grad    at: x=1.3, k=0.4
types: x: float, k: float
"""

import math

import retrograd as rg


def wave(t, k):
    return math.sin(k * t)


def f(x, k):
    value, rate = rg.jvp(wave, (x, k), (1.0, 0.5))
    return value * rate


# ---- gradient ----
def wave_jvp(t, k, t_dot, k_dot):
    """`wave` and its derivative along the tangents (t_dot, k_dot)."""
    return math.sin(k * t), math.cos(k * t) * (k_dot * t + k * t_dot)


def wave_jvp_bwd(t, k, t_dot, k_dot, out_bar):
    """Gradient of `wave_jvp` with respect to t, times out_bar."""
    # return math.sin(k * t), math.cos(k * t) * (k_dot * t + k * t_dot)
    prod_bar = out_bar[1]
    cos_k = math.cos(k * t)
    t_bar = (
        cos_k * k * out_bar[0]
        + cos_k * k_dot * prod_bar
        - (k_dot * t + k * t_dot) * math.sin(k * t) * k * prod_bar
    )
    return t_bar


def f_grad(x, k):
    """Gradient of `f` with respect to x."""
    value, rate = wave_jvp(x, k, 1.0, 0.5)

    # return value * rate
    value_bar = rate
    rate_bar = value
    # value, rate = rg.jvp(wave, (x, k), (1.0, 0.5))
    x_bar = wave_jvp_bwd(x, k, 1.0, 0.5, (value_bar, rate_bar))
    return x_bar
