"""`stop_gradient` is its argument and carries no derivative: here there is none to lose.

wrt: z    mode: grad    at: z=np.array([0.5, -0.3, 0.8])
types: z: float[n]
"""

import numpy as np

import retrograd as rg


def logsumexp(z):
    # whatever the shift is, it cancels
    shift = rg.stop_gradient(np.max(z))
    return np.log(np.sum(np.exp(z - shift))) + shift


# ---- gradient ----
def logsumexp_grad(z):
    """Gradient of `logsumexp` with respect to z."""
    # whatever the shift is, it cancels
    shift = rg.stop_gradient(np.max(z))

    # return np.log(np.sum(np.exp(z - shift))) + shift
    exp_z = np.exp(z - shift)
    z_bar = exp_z / np.sum(exp_z)
    return z_bar
