"""The inner loop is cut: its snapshots pile up in the outer one, whose other values are on tapes.

wrt: x    mode: grad    at: x=0.7, n=7    at: x=0.7, n=0
types: x: float, n: int
"""

import math

import retrograd as rg


def steps(x, n):
    y = x
    k = 0.5
    for i in range(3):
        for j in rg.checkpoint(range(n)):
            y = math.sin(y) * k + x
            if y > 1.4:
                break
        k = k * 1.2
        y = y * x
    return y


# ---- gradient ----
def steps_grad(x, n):
    """Gradient of `steps` with respect to x."""
    y_snapshots = []
    k_saved = []
    entered_saved = []
    y_2_saved = []
    y = x
    k = 0.5
    for i in range(3):
        k_saved.append(k)
        entered = 0  # iterations begun
        stride = int(math.sqrt(max(n, 1)))
        for j in range(n):
            if j % stride == 0:
                y_snapshots.append(y)
            entered += 1
            y = math.sin(y) * k + x
            if y > 1.4:
                break
        entered_saved.append(entered)
        y_2_saved.append(y)
        k = k * 1.2
        y = y * x

    y_bar = 1.0
    x_bar = 0.0
    for i in reversed(range(3)):
        k = k_saved[i]
        entered = entered_saved[i]
        y = y_2_saved[i]
        # y = y * x
        x_bar += y * y_bar
        y_bar = x * y_bar
        # each segment runs again from its snapshot, then it is reversed
        stride = int(math.sqrt(max(n, 1)))
        for start in reversed(range(0, entered, stride)):
            stop = min(start + stride, entered)
            y = y_snapshots.pop()
            y_saved = []
            for j in range(start, stop):
                y_saved.append(y)
                y = math.sin(y) * k + x
                if y > 1.4:
                    break
            for j in range(start, stop):
                y = y_saved.pop()
                # y = math.sin(y) * k + x
                x_bar += y_bar
                y_bar = k * math.cos(y) * y_bar
    # y = x
    x_bar += y_bar
    return x_bar
