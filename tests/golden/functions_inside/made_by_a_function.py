"""A function that is returned keeps the variables it was made with; others of its kind have their own.

wrt: x    mode: grad    at: x=1.1
types: x: float
"""


def line(slope):
    offset = slope * slope

    def at(t):
        return slope * t + offset

    return at


def f(x):
    first = line(x)
    x = 3.0 * x
    second = line(2.0)
    return first(x) * second(x)


# ---- gradient ----
def f_grad(x):
    """Gradient of `f` with respect to x."""
    # from `line`
    slope = x
    offset = slope * slope
    x = 3.0 * x
    # from `line`
    slope2 = 2.0
    offset2 = slope2 * slope2

    # return first(x) * second(x)
    slope_bar = (slope2 * x + offset2) * x
    x_bar = (slope2 * x + offset2) * slope + (slope * x + offset) * slope2
    offset_bar = slope2 * x + offset2
    # x = 3.0 * x
    x_bar = 3.0 * x_bar
    # offset = slope * slope
    slope_bar += 2.0 * slope * offset_bar
    x_bar += slope_bar
    return x_bar
