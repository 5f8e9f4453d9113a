"""The derivative of a root is that of the equation: the solver is called once.

wrt: e    mode: grad    at: e=0.3, mean=0.8
types: e: float, mean: float
"""

import numpy as np
from scipy import optimize


def kepler(anomaly, e, mean):
    return anomaly - e * np.sin(anomaly) - mean


def f(e, mean):
    anomaly = optimize.brentq(kepler, 0.0, 10.0, args=(e, mean), xtol=1e-14)
    return anomaly * anomaly


# ---- gradient ----
def kepler_root_fwd(a, b, e, mean, saved):
    """kepler_root(a, b, e, mean); appends to saved what kepler_root_bwd takes back."""
    x = kepler_root(a, b, e, mean)
    saved.append(x)
    return x


def kepler_root_bwd(e, mean, saved, out_bar):
    """Gradient of `kepler_root` with respect to e, times out_bar."""
    x = saved.pop()
    # the equation holds for all e
    (e_bar,) = kepler_vjp(x, e, mean, -out_bar / kepler_grad(x, e, mean))
    return e_bar


def kepler_vjp(anomaly, e, mean, out_bar):
    """Gradient of `kepler` with respect to e, times out_bar."""
    # return anomaly - e * np.sin(anomaly) - mean
    e_bar = -np.sin(anomaly) * out_bar
    return (e_bar,)


def kepler_grad(anomaly, e, mean):
    """Gradient of `kepler` with respect to anomaly."""
    # return anomaly - e * np.sin(anomaly) - mean
    anomaly_bar = 1.0 - e * np.cos(anomaly)
    return anomaly_bar


def kepler_root(a, b, e, mean):
    """Where `kepler` is zero."""
    return optimize.brentq(kepler, a, b, args=(e, mean), xtol=1e-14)


def kepler(anomaly, e, mean):
    return anomaly - e * np.sin(anomaly) - mean


def f_grad(e, mean):
    """Gradient of `f` with respect to e."""
    kepler_root_saved = []
    anomaly = kepler_root_fwd(0.0, 10.0, e, mean, kepler_root_saved)

    # return anomaly * anomaly
    anomaly_bar = 2.0 * anomaly
    # anomaly = optimize.brentq(kepler, 0.0, 10.0, args=(e, mean), xtol=1e-14)
    e_bar = kepler_root_bwd(e, mean, kepler_root_saved, anomaly_bar)
    return e_bar
