"""Random numbers are drawn once: the reverse sweep reads those that the forward sweep drew.

wrt: x    mode: grad    at: x=np.array([0.3, -0.7, 1.1]), seed=4, n=2
types: x: float[d], seed: int, n: int
"""

import numpy as np


def smoothed(x, seed, n):
    rng = np.random.default_rng(seed)
    total = 0.0
    for _ in range(n):
        # antithetic pairs
        shift = x + 0.1 * rng.normal(size=x.shape)
        total += np.sum(shift**3) * rng.uniform(0.5, 1.5)
    return total / n


# ---- gradient ----
def smoothed_grad(x, seed, n):
    """Gradient of `smoothed` with respect to x."""
    shift_saved = []
    uniform_value_saved = []
    rng = np.random.default_rng(seed)
    for _ in range(n):
        # antithetic pairs
        normal_value = 0.1 * rng.normal(size=x.shape)
        shift = x + normal_value
        shift_saved.append(shift)
        uniform_value = rng.uniform(0.5, 1.5)
        uniform_value_saved.append(uniform_value)

    # return total / n
    total_bar = 1.0 / n
    x_bar = np.zeros_like(x)
    for k in reversed(range(n)):
        shift = shift_saved[k]
        uniform_value = uniform_value_saved[k]
        # total += np.sum(shift**3) * rng.uniform(0.5, 1.5)
        shift_bar = 3.0 * uniform_value * total_bar * shift**2
        # shift = x + 0.1 * rng.normal(size=x.shape)
        x_bar += shift_bar
    return x_bar
