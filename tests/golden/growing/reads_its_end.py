"""A recurrence that reads the list it fills: the reverse sweep shortens the list step by step.

wrt: x    mode: grad    at: x=0.7, n=4
types: x: float, n: int
"""


def recurrence(x, n):
    ys = [1.0, x]
    for _ in range(n):
        ys.append(x * ys[-1] - ys[-2] * ys[-2])
    return ys[-1]


# ---- gradient ----
from retrograd.runtime import zeros_like


def recurrence_grad(x, n):
    """Gradient of `recurrence` with respect to x."""
    ys = [1.0, x]
    for _ in range(n):
        ys.append(x * ys[-1] - ys[-2] * ys[-2])

    # return ys[-1]
    ys_bar = zeros_like(ys)
    ys_bar[-1] += 1.0
    x_bar = 0.0
    for _ in range(n):
        # ys.append(x * ys[-1] - ys[-2] * ys[-2])
        ys.pop()
        item_bar = ys_bar.pop()
        x_bar += ys[-1] * item_bar
        ys_bar[-1] += x * item_bar
        ys_bar[-2] -= 2.0 * ys[-2] * item_bar
    # ys = [1.0, x]
    x_bar += ys_bar[1]
    return x_bar
