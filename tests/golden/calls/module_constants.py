"""Constants of the module are copied into the generated one.

wrt: t    mode: grad    at: t=300.0
types: t: float
"""

import math

BOLTZMANN = 8.617e-5  # eV / K
GAP = 1.12
SCALE = GAP / (2.0 * BOLTZMANN)


def carriers(t):
    return t**1.5 * math.exp(-SCALE / t)


def model(t):
    return math.log(carriers(t)) + GAP * t


# ---- gradient ----
GAP = 1.12
BOLTZMANN = 8.617e-5
SCALE = GAP / (2.0 * BOLTZMANN)


def carriers(t):
    return t**1.5 * math.exp(-SCALE / t)


def carriers_bwd(t, out_bar):
    """Gradient of `carriers` with respect to t, times out_bar."""
    # return t**1.5 * math.exp(-SCALE / t)
    t_bar = (1.5 * t**0.5 + t**1.5 * SCALE / t / t) * math.exp(-SCALE / t) * out_bar
    return t_bar


def model_grad(t):
    """Gradient of `model` with respect to t."""
    carriers_value = carriers(t)

    # return math.log(carriers(t)) + GAP * t
    carriers_value_bar = 1.0 / carriers_value
    t_bar = GAP
    t_bar += carriers_bwd(t, carriers_value_bar)
    return t_bar
