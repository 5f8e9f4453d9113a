"""Functions in a dict: a loop over them is written out, once for each.

wrt: x    mode: joint    at: x=0.7, y=1.3    types: x: float, y: float
"""

import math


def chained(x, y):
    forms = {"scaled": lambda a: a * y, "sine": math.sin}
    for form in forms.values():
        x = form(x)
    return x * forms["scaled"](x)


# ---- gradient ----
def chained_grad(x, y):
    """Gradient of `chained` with respect to x."""
    x = x * y
    x_saved = x
    x = math.sin(x)

    # return x * forms["scaled"](x)
    x_bar = 2.0 * x * y
    # x = form(x)
    x = x_saved
    x_bar = math.cos(x) * x_bar
    # x = form(x)
    x_bar = y * x_bar
    return x_bar
