"""A function around a function passes on whatever it is given.

wrt: x, y    mode: grad    at: x=1.3, y=0.5
types: x: float, y: float
"""

import math


def doubled(fn):
    def inner(*args, **kwargs):
        return 2.0 * fn(*args, **kwargs)

    return inner


def wave(a, b, c=2.0):
    return a * b + c * math.sin(a)


def f(x, y):
    twice = doubled(wave)
    return twice(x, y) * twice(y, b=x, c=y)


# ---- gradient ----
def wave(a, b, c=2.0):
    return a * b + c * math.sin(a)


def wave_bwd(a, b, c, out_bar):
    """Gradient of `wave` with respect to (a, b), times out_bar."""
    # return a * b + c * math.sin(a)
    a_bar = (b + c * math.cos(a)) * out_bar
    b_bar = a * out_bar
    return a_bar, b_bar


def wave2_bwd(a, b, c, out_bar):
    """Gradient of `wave` with respect to (a, b, c), times out_bar."""
    # return a * b + c * math.sin(a)
    a_bar = (b + c * math.cos(a)) * out_bar
    b_bar = a * out_bar
    c_bar = math.sin(a) * out_bar
    return a_bar, b_bar, c_bar


def f_grad(x, y):
    """Gradient of `f` with respect to (x, y)."""
    wave_value = wave(x, y, 2.0)
    wave_value2 = wave(y, x, y)

    # return twice(x, y) * twice(y, b=x, c=y)
    wave_value_bar = 4.0 * wave_value2
    wave_value2_bar = 4.0 * wave_value
    a_bar2, x_bar, c_bar = wave2_bwd(y, x, y, wave_value2_bar)
    y_bar = a_bar2 + c_bar
    a_bar, b_bar = wave_bwd(x, y, 2.0, wave_value_bar)
    x_bar += a_bar
    y_bar += b_bar
    return x_bar, y_bar
