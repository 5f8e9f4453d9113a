"""Both operands are active: each gets the cotangent times the other.

wrt: x, y    mode: grad    at: x=1.2, y=-0.7
types: x: float, y: float
"""


def area(x, y):
    return x * y


# ---- gradient ----
def area_grad(x, y):
    """Gradient of `area` with respect to (x, y)."""
    # return x * y
    x_bar = y
    y_bar = x
    return x_bar, y_bar
