"""Two loops: the tape of the inner one is popped, for no index counts its entries.

wrt: x, a    mode: grad    at: x=0.6, a=np.array([0.5, -0.9]), n=2
types: x: float, a: float[m], n: int
"""

import math


def nested(x, a, n):
    y = x
    for i in range(n):
        for j in range(len(a)):
            y = math.sin(y) + a[j] * y * i
        y = y * x
    return y


# ---- gradient ----
import numpy as np


def nested_grad(x, a, n):
    """Gradient of `nested` with respect to (x, a)."""
    y_2_saved = []
    y_saved = []
    y = x
    for i in range(n):
        for j in range(len(a)):
            y_saved.append(y)
            y = math.sin(y) + a[j] * y * i
        y_2_saved.append(y)
        y = y * x

    y_bar = 1.0
    x_bar = 0.0
    a_bar = np.zeros_like(a)
    for i in reversed(range(n)):
        y = y_2_saved[i]
        # y = y * x
        x_bar += y * y_bar
        y_bar = x * y_bar
        for j in reversed(range(len(a))):
            y = y_saved.pop()
            # y = math.sin(y) + a[j] * y * i
            a_bar[j] += i * y * y_bar
            y_bar = (math.cos(y) + i * a[j]) * y_bar
    # y = x
    x_bar += y_bar
    return x_bar, a_bar
