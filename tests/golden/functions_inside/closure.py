"""A free name means what it means where the function is called, as in Python.

wrt: x, k    mode: grad    at: x=1.1, k=0.7
types: x: float, k: float
"""

import math


def f(x, k):
    def damped(t):
        # k is that of the caller
        return math.exp(-k * t)

    y = damped(x)
    k = k * x
    return y + damped(2.0 * y)


# ---- gradient ----
def f_grad(x, k):
    """Gradient of `f` with respect to (x, k)."""
    # k is that of the caller
    y = math.exp(-k * x)
    k_saved = k
    k = k * x
    t = 2.0 * y

    # return y + damped(2.0 * y)
    prod_bar = math.exp(-k * t)
    y_bar = 1.0
    k_bar = -t * prod_bar
    t_bar = -k * prod_bar
    y_bar += 2.0 * t_bar
    # k = k * x
    k = k_saved
    x_bar = k * k_bar
    k_bar = x * k_bar
    k_bar -= y * x * y_bar
    x_bar -= y * k * y_bar
    return x_bar, k_bar
