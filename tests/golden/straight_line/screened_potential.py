"""`core` is linear in the result: its value is not needed, so its statement is not repeated.

wrt: r, q    mode: grad    at: r=1.9, q=0.7
types: r: float, q: float
"""

import math


def energy(r, q):
    """Screened pair potential."""
    s = r / 1.7  # reduced distance
    core = s**-12 - s**-6
    return 4.0 * core + q * q * math.exp(-s) / r


# ---- gradient ----
def energy_grad(r, q):
    """Gradient of `energy` with respect to (r, q)."""
    s = r / 1.7  # reduced distance

    # return 4.0 * core + q * q * math.exp(-s) / r
    exp_s = math.exp(-s)
    q_bar = 2.0 * exp_s * q / r
    s_bar = -q * q * exp_s / r
    r_bar = -q * q * exp_s / r / r
    # core = s**-12 - s**-6
    s_bar += 4.0 * (6.0 * s**-7 - 12.0 * s**-13)
    # s = r / 1.7
    r_bar += s_bar / 1.7
    return r_bar, q_bar
