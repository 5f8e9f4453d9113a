"""The two halves as they are asked for: the forward one fills the tapes that the other takes back.

wrt: x, k    mode: split    at: x=0.6, k=1.3, n=3
types: x: float, k: float, n: int
"""

import math


def map_n(x, k, n):
    for _ in range(n):
        x = math.sin(k * x)
    return x


# ---- gradient ----
def map_n_fwd(x, k, n, x_saved):
    """map_n(x, k, n); appends to x_saved what map_n_bwd takes back."""
    for _ in range(n):
        x_saved.append(x)
        x = math.sin(k * x)
    return x


def map_n_bwd(k, n, x_saved, out_bar):
    """Gradient of `map_n` with respect to (x, k), times out_bar."""
    x_bar = out_bar
    k_bar = 0.0
    for _ in range(n):
        x = x_saved.pop()
        # x = math.sin(k * x)
        prod_bar = math.cos(k * x) * x_bar
        k_bar += x * prod_bar
        x_bar = k * prod_bar
    return x_bar, k_bar
