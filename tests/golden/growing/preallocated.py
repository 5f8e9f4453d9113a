"""A list of the right length, filled place by place.

wrt: x    mode: grad    at: x=0.7, n=4
types: x: float, n: int
"""


def powers(x, n):
    ys = [0.0] * n
    for k in range(n):
        ys[k] = x ** (k + 1)
    return sum(ys) * ys[0]


# ---- gradient ----
def powers_grad(x, n):
    """Gradient of `powers` with respect to x."""
    ys = [0.0] * n
    for k in range(n):
        ys[k] = x ** (k + 1)

    # return sum(ys) * ys[0]
    ys_bar = [ys[0]] * len(ys)
    ys_bar[0] += sum(ys)
    x_bar = 0.0
    for k in reversed(range(n)):
        # ys[k] = x ** (k + 1)
        x_bar += (k + 1) * x ** (k + 1 - 1) * ys_bar[k] if k + 1 else 0.0
        ys_bar[k] = 0.0
    return x_bar
