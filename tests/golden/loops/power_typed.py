"""With the type of `x` the helpers go.

wrt: x    mode: grad    at: x=1.5, n=4
at: x=1.5, n=0
types: x: float, n: int
"""


def power(x, n):
    y = 1.0
    for _ in range(n):
        y = y * x
    return y


# ---- gradient ----
def power_grad(x, n):
    """Gradient of `power` with respect to x."""
    y_saved = []
    y = 1.0
    for _ in range(n):
        y_saved.append(y)
        y = y * x

    y_bar = 1.0
    x_bar = 0.0
    for k in reversed(range(n)):
        y = y_saved[k]
        # y = y * x
        x_bar += y * y_bar
        y_bar = x * y_bar
    return x_bar
