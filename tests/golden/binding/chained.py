"""One value under several names, one of them taken apart.

wrt: x    mode: grad    at: x=1.3
types: x: float
"""


def area(x):
    # a square, and its sides
    width, height = sides = (x, 2.0 * x)
    low = high = width * height
    return (low + high) * sides[0]


# ---- gradient ----
from retrograd.runtime import zeros_like


def area_grad(x):
    """Gradient of `area` with respect to x."""
    # a square, and its sides
    sides = (x, 2.0 * x)
    width, height = sides
    low = width * height
    high = low

    # return (low + high) * sides[0]
    low_bar = sides[0]
    high_bar = sides[0]
    sides_bar = zeros_like(sides)
    sides_bar[0] += low + high
    # high = low
    low_bar += high_bar
    # low = width * height
    width_bar = height * low_bar
    height_bar = width * low_bar
    # width, height = sides
    sides_bar[0] += width_bar
    sides_bar[1] += height_bar
    # sides = (x, 2.0 * x)
    x_bar = sides_bar[0] + 2.0 * sides_bar[1]
    return x_bar
