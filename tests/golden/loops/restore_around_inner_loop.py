"""The inner loop restores `x` for itself; the value that the outer statement reads comes after it.

wrt: x, p    mode: grad    at: x=0.3, p=0.4, n=2
types: x: float, p: float, n: int
"""

import math


def spiral(x, p, n):
    for i in range(n):
        x = math.sin(x - p)
        for j in range(2):
            x = x * p + j
    return x


# ---- gradient ----
def spiral_grad(x, p, n):
    """Gradient of `spiral` with respect to (x, p)."""
    x_2_saved = []
    x_saved = []
    for i in range(n):
        x_2_saved.append(x)
        x = math.sin(x - p)
        for j in range(2):
            x_saved.append(x)
            x = x * p + j

    x_bar = 1.0
    p_bar = 0.0
    for i in reversed(range(n)):
        for j in range(2):
            x = x_saved.pop()
            # x = x * p + j
            p_bar += x * x_bar
            x_bar = p * x_bar
        # x = math.sin(x - p)
        x = x_2_saved[i]
        diff_bar = math.cos(x - p) * x_bar
        p_bar -= diff_bar
        x_bar = diff_bar
    return x_bar, p_bar
