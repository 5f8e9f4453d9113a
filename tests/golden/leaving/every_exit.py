"""`continue`, `break` and `return` in one loop: conditions again, one counter, one flag.

wrt: xs, a    mode: grad    at: xs=np.array([0.5, -1.0, 2.0, 0.3]), a=1.1, cap=9.0
at: xs=np.array([0.5, 3.0, 0.7, 2.0]), a=1.1, cap=2.0    at: xs=np.array([0.5, 12.0, 2.0]), a=1.1, cap=2.0
types: xs: float[n], a: float, cap: float
"""

import math


def score(xs, a, cap):
    total = 0.0
    for i in range(len(xs)):
        x = xs[i]
        if x < 0.0:
            continue  # ignore negatives
        if x > 10.0:
            break  # the rest is corrupt
        if x > a:
            total = total + x * x
        elif total > cap:
            return total * a  # saturated
        else:
            total = total + a * math.sin(x)
    return total + a


# ---- gradient ----
import numpy as np


def score_grad(xs, a, cap):
    """Gradient of `score` with respect to (xs, a)."""
    total = 0.0
    returned = False  # left by `return total * a`
    entered = 0  # iterations begun
    for i in range(len(xs)):
        entered += 1
        x = xs[i]
        if x < 0.0:
            continue  # ignore negatives
        if x > 10.0:
            break  # the rest is corrupt
        if x > a:
            total = total + x * x
        elif total > cap:
            returned = True
            break  # saturated
        else:
            total = total + a * math.sin(x)

    if returned:
        # return total * a
        total_bar = a
        a_bar = total
    else:
        # return total + a
        total_bar = 1.0
        a_bar = 1.0
    xs_bar = np.zeros_like(xs)
    for i in reversed(range(entered)):
        x = xs[i]
        x_bar = 0.0
        if not x < 0.0:
            if not x > 10.0:
                if x > a:
                    # total = total + x * x
                    x_bar += 2.0 * x * total_bar
                elif not (returned and i == entered - 1):
                    # total = total + a * math.sin(x)
                    a_bar += math.sin(x) * total_bar
                    x_bar += a * math.cos(x) * total_bar
        # x = xs[i]
        xs_bar[i] += x_bar
    return xs_bar, a_bar
