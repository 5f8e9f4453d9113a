"""The call keeps its arguments alone: the reverse sweep calls the function again.

wrt: x    mode: grad    at: x=0.7, n=3
types: x: float, n: int
"""

import math

import retrograd as rg


def step(x):
    a = math.sin(x) * x
    b = math.exp(-a * a)
    return a * b


def walk(x, n):
    for _ in range(n):
        x = x + rg.checkpoint(step)(x)
    return x


# ---- gradient ----
def step(x):
    a = math.sin(x) * x
    b = math.exp(-a * a)
    return a * b


def step_vjp(x, out_bar):
    """Gradient of `step` with respect to x, times out_bar."""
    sin_x = math.sin(x)
    a = sin_x * x
    b = math.exp(-a * a)

    # return a * b
    a_bar = b * out_bar
    b_bar = a * out_bar
    # b = math.exp(-a * a)
    a_bar -= 2.0 * b * a * b_bar
    # a = math.sin(x) * x
    x_bar = (x * math.cos(x) + sin_x) * a_bar
    return x_bar


def walk_grad(x, n):
    """Gradient of `walk` with respect to x."""
    x_saved = []
    for _ in range(n):
        x_saved.append(x)
        step_value = step(x)
        x = x + step_value

    x_bar = 1.0
    for k in reversed(range(n)):
        x = x_saved[k]
        # x = x + rg.checkpoint(step)(x)
        step_value_bar = x_bar
        x_bar += step_vjp(x, step_value_bar)
    return x_bar
