"""The parameter itself is overwritten: its old value is restored before it is read.

wrt: x    mode: grad    at: x=0.7, n=3
types: x: float, n: int
"""

import math


def iterate(x, n):
    for _ in range(n):
        x = math.cos(x) * x
    return x


# ---- gradient ----
def iterate_grad(x, n):
    """Gradient of `iterate` with respect to x."""
    x_saved = []
    for _ in range(n):
        x_saved.append(x)
        x = math.cos(x) * x

    x_bar = 1.0
    for k in reversed(range(n)):
        x = x_saved[k]
        # x = math.cos(x) * x
        x_bar = (math.cos(x) - x * math.sin(x)) * x_bar
    return x_bar
