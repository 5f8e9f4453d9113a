"""With the value asked for, the forward sweep keeps what leads to it.

wrt: x    mode: value_and_grad    at: x=0.4
types: x: float
"""

from math import cos as c
from math import pi


def wave(x):
    """A carrier and its envelope."""
    phase = 2.0 * pi * x
    envelope = 1.0 / (1.0 + x * x)  # Lorentzian
    return envelope * c(phase)


# ---- gradient ----
import math


def wave_value_and_grad(x):
    """Value and gradient of `wave` with respect to x."""
    phase = 2.0 * pi * x
    envelope = 1.0 / (1.0 + x * x)  # Lorentzian
    cos_phase = c(phase)
    value = envelope * cos_phase

    # return envelope * c(phase)
    envelope_bar = cos_phase
    phase_bar = -envelope * math.sin(phase)
    # envelope = 1.0 / (1.0 + x * x)
    x_bar = -2.0 * envelope * x * envelope_bar / (1.0 + x * x)
    # phase = 2.0 * pi * x
    x_bar += 2.0 * pi * phase_bar
    return value, x_bar
