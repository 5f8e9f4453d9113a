"""What stands behind an `and` is evaluated, and bound, only if it has to be.

wrt: x    mode: grad    at: x=1.3    at: x=-0.4
types: x: float
"""


def gain(x):
    y = 0.5
    if x > 0.0 and (y := x * x) > 1.0:
        return y * x
    return y + x


# ---- gradient ----
def gain_grad(x):
    """Gradient of `gain` with respect to x."""
    y = 0.5
    taken = False
    if x > 0.0:
        y = x * x
        taken = y > 1.0

    if taken:
        # return y * x
        y_bar = x
        x_bar = y
    else:
        # return y + x
        y_bar = 1.0
        x_bar = 1.0
    if x > 0.0:
        # if x > 0.0 and (y := x * x) > 1.0
        x_bar += 2.0 * x * y_bar
    return x_bar
