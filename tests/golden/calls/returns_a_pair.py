"""A helper with two results takes two cotangents.

wrt: x, y    mode: grad    at: x=0.7, y=0.4
types: x: float, y: float
"""

import math


def polar(x, y):
    r = math.sqrt(x * x + y * y)
    return r, math.atan2(y, x)


def model(x, y):
    r, phi = polar(x, y)
    return r * r * math.cos(3.0 * phi)


# ---- gradient ----
def polar_fwd(x, y, saved):
    """polar(x, y); appends to saved what polar_bwd takes back."""
    r = math.sqrt(x * x + y * y)
    saved.append(r)
    return r, math.atan2(y, x)


def polar_bwd(x, y, saved, out_bar):
    """Gradient of `polar` with respect to (x, y), times out_bar."""
    r = saved.pop()
    # return r, math.atan2(y, x)
    atan2_bar = out_bar[1]
    r_bar = out_bar[0]
    den = x * x + y * y
    y_bar = x * atan2_bar / den if den else 0.0
    x_bar = -y * atan2_bar / den if den else 0.0
    # r = math.sqrt(x * x + y * y)
    x_bar += 2.0 * (0.5 / r if r else math.inf) * x * r_bar
    y_bar += 2.0 * (0.5 / r if r else math.inf) * y * r_bar
    return x_bar, y_bar


def model_grad(x, y):
    """Gradient of `model` with respect to (x, y)."""
    polar_saved = []
    r, phi = polar_fwd(x, y, polar_saved)

    # return r * r * math.cos(3.0 * phi)
    r_bar = 2.0 * math.cos(3.0 * phi) * r
    phi_bar = -3.0 * r * r * math.sin(3.0 * phi)
    # r, phi = polar(x, y)
    x_bar, y_bar = polar_bwd(x, y, polar_saved, (r_bar, phi_bar))
    return x_bar, y_bar
