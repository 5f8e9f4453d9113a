"""A loop in a context and a context in a loop, both left early.

wrt: x    mode: grad    at: x=0.7, n=5    at: x=1.6, n=5
types: x: float, n: int
"""

import numpy as np


def iterate(x, n):
    y = x
    with np.errstate(over="raise"):
        for i in range(n):
            with np.errstate(under="ignore"):
                y = y * y + x
                if y > 20.0:
                    break
                if y > 4.0:
                    return y * x * x
            y = y * 0.9
    return y


# ---- gradient ----
def iterate_grad(x, n):
    """Gradient of `iterate` with respect to x."""
    left_saved = []
    y_saved = []
    y_2_saved = []
    y = x
    returned2 = False
    with np.errstate(over="raise"):
        returned = False  # left by `return y * x * x`
        entered = 0  # iterations begun
        for i in range(n):
            entered += 1
            left = False
            with np.errstate(under="ignore"):
                y_saved.append(y)
                y = y * y + x
                if y > 20.0:
                    left = True
                elif y > 4.0:
                    returned = True
            left_saved.append(left)
            y_2_saved.append(y)
            if left:
                break
            if returned:
                break
            y = y * 0.9
        if returned:
            returned2 = True

    if returned2:
        result_bar = 1.0
        y_bar = 0.0
    else:
        y_bar = 1.0
        result_bar = 0.0
    x_bar = 0.0
    for i in reversed(range(entered)):
        left = left_saved[i]
        if not left:
            if not (returned and i == entered - 1):
                # y = y * 0.9
                y_bar = 0.9 * y_bar
        y = y_2_saved[i]
        if not y > 20.0:
            if y > 4.0:
                y_bar += x * x * result_bar
                x_bar += 2.0 * x * y * result_bar
                result_bar = 0.0
        # y = y * y + x
        y = y_saved.pop()
        x_bar += y_bar
        y_bar = 2.0 * y * y_bar
    # y = x
    x_bar += y_bar
    return x_bar
