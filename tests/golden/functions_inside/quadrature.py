"""A function passed on is put in place of its parameter, and the function that takes it in place of the call.

wrt: x, k    mode: grad    at: x=1.1, k=0.7
types: x: float, k: float
"""

import math


def trapezoid(g, a, b, n):
    """The integral of g from a to b."""
    h = (b - a) / n
    total = 0.5 * (g(a) + g(b))
    for i in range(1, n):
        total = total + g(a + i * h)  # inner points
    return total * h


def work(x, k):
    return trapezoid(lambda t: math.sin(k * t), 0.0, x, 4)


# ---- gradient ----
def work_grad(x, k):
    """Gradient of `work` with respect to (x, k)."""
    # from `trapezoid`
    h = (x - 0.0) / 4
    total = 0.5 * (math.sin(k * 0.0) + math.sin(k * x))
    for i in range(1, 4):
        t = 0.0 + i * h
        total = total + math.sin(k * t)  # inner points

    # return trapezoid(lambda t: math.sin(k * t), 0.0, x, 4)
    total_bar = h
    h_bar = total
    k_bar = 0.0
    for i in reversed(range(1, 4)):
        t = 0.0 + i * h
        # total = total + g(0.0 + i * h)
        prod_bar2 = math.cos(k * t) * total_bar
        k_bar += t * prod_bar2
        t_bar = k * prod_bar2
        h_bar += i * t_bar
    # total = 0.5 * (g(0.0) + g(x))
    prod_bar = 0.5 * math.cos(k * x) * total_bar
    k_bar += x * prod_bar
    x_bar = k * prod_bar
    # h = (x - 0.0) / 4
    x_bar += 0.25 * h_bar
    return x_bar, k_bar
