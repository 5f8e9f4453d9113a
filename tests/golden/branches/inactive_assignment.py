"""On one branch the variable becomes a constant: there its cotangent ends.

wrt: x    mode: grad    at: x=0.5
at: x=-0.5
types: x: float
"""


def clipped(x):
    if x < 0.0:
        x = 0.0
    return x * x + x


# ---- gradient ----
def clipped_grad(x):
    """Gradient of `clipped` with respect to x."""
    taken = x < 0.0
    if taken:
        x = 0.0

    # return x * x + x
    x_bar = 2.0 * x + 1.0
    if taken:
        x_bar = 0.0
    return x_bar
