"""`continue` in a `while`: the rest of the body is the other branch.

wrt: x    mode: grad    at: x=1.2, n=6
types: x: float, n: int
"""


def alternate(x, n):
    y = 1.0
    k = 0
    while k < n:
        k += 1
        if k % 3 == 0:
            continue
        y = y * x + k
    return y


# ---- gradient ----
def alternate_grad(x, n):
    """Gradient of `alternate` with respect to x."""
    k_saved = []
    y_saved = []
    y = 1.0
    k = 0
    while k < n:
        k += 1
        k_saved.append(k)
        if k % 3 == 0:
            continue
        y_saved.append(y)
        y = y * x + k

    y_bar = 1.0
    x_bar = 0.0
    for k2 in reversed(range(len(k_saved))):
        k = k_saved[k2]
        if k % 3 != 0:
            # y = y * x + k
            y = y_saved.pop()
            x_bar += y * y_bar
            y_bar = x * y_bar
    return x_bar
