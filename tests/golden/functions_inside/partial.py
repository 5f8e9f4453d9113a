"""What `functools.partial` is given is computed once, when it is.

wrt: x    mode: grad    at: x=1.3
types: x: float
"""

import functools
import math


def wave(a, w, t):
    return a * math.sin(w * t)


def f(x):
    g = functools.partial(wave, x * x, w=2.0)
    x = x + 1.0
    return g(t=x) + g(w=x, t=0.5)


# ---- gradient ----
def wave_bwd(a, w, t, out_bar):
    """Gradient of `wave` with respect to (a, t), times out_bar."""
    # return a * math.sin(w * t)
    a_bar = math.sin(w * t) * out_bar
    t_bar = a * math.cos(w * t) * w * out_bar
    return a_bar, t_bar


def wave2_bwd(a, w, t, out_bar):
    """Gradient of `wave` with respect to (a, w), times out_bar."""
    # return a * math.sin(w * t)
    a_bar = math.sin(w * t) * out_bar
    w_bar = a * math.cos(w * t) * t * out_bar
    return a_bar, w_bar


def f_grad(x):
    """Gradient of `f` with respect to x."""
    g_given = x * x
    x_saved = x
    x = x + 1.0

    # return g(t=x) + g(w=x, t=0.5)
    g_given_bar, x_bar = wave2_bwd(g_given, x, 0.5, 1.0)
    a_bar, t_bar = wave_bwd(g_given, 2.0, x, 1.0)
    g_given_bar += a_bar
    x_bar += t_bar
    # x = x + 1.0
    x = x_saved
    x_bar += 2.0 * x * g_given_bar
    return x_bar
