"""A cotangent is the conjugate of the gradient, so that formulas are those of real numbers.

wrt: z    mode: joint    at: z=0.7 + 0.4j, n=3
"""


def escape(z: complex, n: int):
    w = 0j
    for _ in range(n):
        w = w * w + z
    return abs(w)


# ---- gradient ----
import numpy as np


def escape_grad(z, n):
    """Gradient of `escape` with respect to z: of z = x + iy by x, plus i times that by y."""
    w_saved = []
    w = 0j
    for _ in range(n):
        w_saved.append(w)
        w = w * w + z

    # return abs(w)
    w_bar = np.conj(w) / (1.0 if abs(w) == 0.0 else abs(w))
    z_bar = 0.0
    for k in reversed(range(n)):
        w = w_saved[k]
        # w = w * w + z
        z_bar += w_bar
        w_bar = 2.0 * w * w_bar
    return np.conj(z_bar)
