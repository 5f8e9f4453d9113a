"""A helper that draws is called in the user's order, and what it drew goes on its tape.

wrt: x    mode: grad    at: x=0.7, seed=4
types: x: float, seed: int
"""

import numpy as np


def shaken(x, rng):
    return x * rng.normal()


def walk(x, seed):
    rng = np.random.default_rng(seed)
    rng.normal()  # skipped
    y = shaken(x, rng) + rng.normal() * x
    return y * shaken(y, rng)


# ---- gradient ----
def shaken_fwd(x, rng, saved):
    """shaken(x, rng); appends to saved what shaken_bwd takes back."""
    normal_value = rng.normal()
    saved.append(normal_value)
    return x * normal_value


def shaken_bwd(saved, out_bar):
    """Gradient of `shaken` with respect to x, times out_bar."""
    normal_value = saved.pop()
    # return x * rng.normal()
    x_bar = normal_value * out_bar
    return x_bar


def walk_grad(x, seed):
    """Gradient of `walk` with respect to x."""
    shaken_saved = []
    rng = np.random.default_rng(seed)
    rng.normal()  # skipped
    shaken_value = shaken_fwd(x, rng, shaken_saved)
    normal_value = rng.normal()
    y = shaken_value + normal_value * x
    shaken_value2 = shaken_fwd(y, rng, shaken_saved)

    # return y * shaken(y, rng)
    y_bar = shaken_value2
    shaken_value2_bar = y
    y_bar += shaken_bwd(shaken_saved, shaken_value2_bar)
    # y = shaken(x, rng) + rng.normal() * x
    shaken_value_bar = y_bar
    x_bar = normal_value * y_bar
    x_bar += shaken_bwd(shaken_saved, shaken_value_bar)
    return x_bar
