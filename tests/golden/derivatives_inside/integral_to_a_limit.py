"""The derivative of an integral is the integral of the derivative, and what comes in at the limit.

wrt: c, b    mode: grad    at: c=1.3, b=0.8
types: c: float, b: float
"""

import numpy as np
from scipy import integrate


def bell(x, c):
    return np.exp(-c * x * x)


def f(c, b):
    area, error = integrate.quad(bell, 0.0, b, args=(c,), epsabs=1e-12)
    return area * c


# ---- gradient ----
def bell_integral(a, b, c):
    """The integral of `bell`, and an estimate of its error."""
    return integrate.quad(bell, a, b, args=(c,), epsabs=1e-12)


def bell_integral_bwd(a, b, c, out_bar):
    """Gradient of `bell_integral` with respect to b, c, times out_bar."""
    b_bar = out_bar[0] * bell(b, c) if np.isfinite(b) else 0.0
    c_bar = out_bar[0] * integrate.quad(bell_grad, a, b, args=(c,), epsabs=1e-12)[0]
    return b_bar, c_bar


def bell(x, c):
    return np.exp(-c * x * x)


def bell_grad(x, c):
    """Gradient of `bell` with respect to c."""
    # return np.exp(-c * x * x)
    c_bar = -np.exp(-c * x * x) * x * x
    return c_bar


def f_grad(c, b):
    """Gradient of `f` with respect to (c, b)."""
    area, error = bell_integral(0.0, b, c)

    # return area * c
    area_bar = c
    c_bar = area
    # area, error = integrate.quad(bell, 0.0, b, args=(c,), epsabs=1e-12)
    b_bar, c_bar2 = bell_integral_bwd(0.0, b, c, (area_bar, 0.0))
    c_bar += c_bar2
    return c_bar, b_bar
