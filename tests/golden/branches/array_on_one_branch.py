"""Both branches give an array; the condition is a number.

wrt: u, s    mode: grad    at: u=np.array([0.5, -1.0, 2.0]), s=0.5
at: u=np.array([0.5, -1.0, -2.0]), s=0.5
types: u: float[n], s: float
"""

import numpy as np


def gated(u, s):
    if np.sum(u) > 0.0:
        v = np.tanh(s * u)
    else:
        v = u * u
    return np.dot(v, u)


# ---- gradient ----
def gated_grad(u, s):
    """Gradient of `gated` with respect to (u, s)."""
    if np.sum(u) > 0.0:
        v = np.tanh(s * u)
    else:
        v = u * u

    # return np.dot(v, u)
    v_bar = u
    u_bar = v
    if np.sum(u) > 0.0:
        # v = np.tanh(s * u)
        prod_bar = (1.0 - v**2) * v_bar
        s_bar = np.sum(u * prod_bar)
        u_bar = u_bar + s * prod_bar
    else:
        # v = u * u
        u_bar = u_bar + 2.0 * u * v_bar
        s_bar = 0.0
    return u_bar, s_bar
