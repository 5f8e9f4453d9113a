"""Two functions that call each other share the stack of whoever called the first of them.

wrt: x    mode: grad    at: x=0.7, n=4    at: x=0.7, n=3
types: x: float, n: int
"""

import math


def odd(x, n):
    if n == 0:
        return x
    return math.sin(even(x, n - 1))


def even(x, n):
    if n == 0:
        return 1.0
    return x * odd(x, n - 1)


def f(x, n):
    return even(x, n) ** 2


# ---- gradient ----
def odd_fwd(x, n, saved):
    """odd(x, n); appends to saved what odd_bwd takes back."""
    if n == 0:
        return x
    even_value = even_fwd(x, n - 1, saved)
    saved.append(even_value)
    return math.sin(even_value)


def odd_bwd(x, n, saved, out_bar):
    """Gradient of `odd` with respect to x, times out_bar."""
    if n == 0:
        x_bar = out_bar
        return x_bar
    even_value = saved.pop()
    # return math.sin(even(x, n - 1))
    even_value_bar = math.cos(even_value) * out_bar
    x_bar = even_bwd(x, n - 1, saved, even_value_bar)
    return x_bar


def even_fwd(x, n, saved):
    """even(x, n); appends to saved what even_bwd takes back."""
    if n == 0:
        return 1.0
    odd_value = odd_fwd(x, n - 1, saved)
    saved.append(odd_value)
    return x * odd_value


def even_bwd(x, n, saved, out_bar):
    """Gradient of `even` with respect to x, times out_bar."""
    if n == 0:
        return 0.0
    odd_value = saved.pop()
    # return x * odd(x, n - 1)
    x_bar = odd_value * out_bar
    odd_value_bar = x * out_bar
    x_bar += odd_bwd(x, n - 1, saved, odd_value_bar)
    return x_bar


def f_grad(x, n):
    """Gradient of `f` with respect to x."""
    even_saved = []
    even_value = even_fwd(x, n, even_saved)

    # return even(x, n) ** 2
    even_value_bar = 2.0 * even_value
    x_bar = even_bwd(x, n, even_saved, even_value_bar)
    return x_bar
