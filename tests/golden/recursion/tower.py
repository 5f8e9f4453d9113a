"""Each call leaves what it needs on one stack, on top of what its own calls left there.

wrt: x    mode: grad    at: x=1.1, n=11    at: x=0.7, n=0
types: x: float, n: int
"""

import math


def tower(x, n):
    """Repeated squaring with a twist."""
    if n == 0:
        return 1.0
    if n % 2 == 1:
        return x * tower(x, n - 1)
    half = tower(x, n // 2)
    return half * half + 0.01 * math.sin(half)


# ---- gradient ----
def tower_fwd(x, n, saved):
    """tower(x, n); appends to saved what tower_bwd takes back."""
    if n == 0:
        return 1.0
    if n % 2 == 1:
        tower_value = tower_fwd(x, n - 1, saved)
        saved.append(tower_value)
        return x * tower_value
    half = tower_fwd(x, n // 2, saved)
    saved.append(half)
    return half * half + 0.01 * math.sin(half)


def tower_bwd(x, n, saved, out_bar):
    """Gradient of `tower` with respect to x, times out_bar."""
    if n == 0:
        return 0.0
    if n % 2 == 1:
        tower_value = saved.pop()
        # return x * tower(x, n - 1)
        x_bar = tower_value * out_bar
        tower_value_bar = x * out_bar
        x_bar += tower_bwd(x, n - 1, saved, tower_value_bar)
        return x_bar
    half = saved.pop()
    # return half * half + 0.01 * math.sin(half)
    half_bar = (2.0 * half + 0.01 * math.cos(half)) * out_bar
    # half = tower(x, n // 2)
    x_bar = tower_bwd(x, n // 2, saved, half_bar)
    return x_bar


def tower_grad(x, n):
    """Gradient of `tower` with respect to x."""
    tower_saved = []
    tower_fwd(x, n, tower_saved)
    return tower_bwd(x, n, tower_saved, 1.0)
