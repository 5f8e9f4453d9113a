"""A helper that calls a helper, which is called twice.

wrt: x, y    mode: grad    at: x=0.7, y=-0.3
types: x: float, y: float
"""

import math


def square(t):
    return t * t


def distance(a, b):
    return math.sqrt(square(a) + square(b) + 1.0)


def model(x, y):
    return distance(x, y) + square(x) * y


# ---- gradient ----
def square(t):
    return t * t


def square_bwd(t, out_bar):
    """Gradient of `square` with respect to t, times out_bar."""
    # return t * t
    t_bar = 2.0 * t * out_bar
    return t_bar


def distance_fwd(a, b, saved):
    """distance(a, b); appends to saved what distance_bwd takes back."""
    square_value = square(a)
    square_value2 = square(b)
    saved.append((square_value, square_value2))
    return math.sqrt(square_value + square_value2 + 1.0)


def distance_bwd(a, b, saved, out_bar):
    """Gradient of `distance` with respect to (a, b), times out_bar."""
    square_value, square_value2 = saved.pop()
    # return math.sqrt(square(a) + square(b) + 1.0)
    sum_bar = (
        0.5 / math.sqrt(square_value + square_value2 + 1.0)
        if math.sqrt(square_value + square_value2 + 1.0)
        else math.inf
    ) * out_bar
    square_value_bar = sum_bar
    square_value2_bar = sum_bar
    b_bar = square_bwd(b, square_value2_bar)
    a_bar = square_bwd(a, square_value_bar)
    return a_bar, b_bar


def model_grad(x, y):
    """Gradient of `model` with respect to (x, y)."""
    distance_saved = []
    distance_value = distance_fwd(x, y, distance_saved)
    square_value = square(x)

    # return distance(x, y) + square(x) * y
    square_value_bar = y
    y_bar = square_value
    x_bar = square_bwd(x, square_value_bar)
    a_bar, b_bar = distance_bwd(x, y, distance_saved, 1.0)
    x_bar += a_bar
    y_bar += b_bar
    return x_bar, y_bar
