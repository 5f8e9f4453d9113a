"""A call in the test of a loop runs before the loop and at the end of each iteration.

wrt: x    mode: grad    at: x=1.3
types: x: float
"""


def f(x):
    square = lambda t: t * t
    while square(x) < 50.0:
        x = x * 1.5 + 0.1
    return square(x) if square(x) > 60.0 else x


# ---- gradient ----
def f_grad(x):
    """Gradient of `f` with respect to x."""
    steps = 0
    while x * x < 50.0:
        steps += 1
        x = x * 1.5 + 0.1

    # return square(x) if square(x) > 60.0 else x
    x_bar = (2.0 * x if x * x > 60.0 else 0.0) + (0.0 if x * x > 60.0 else 1.0)
    for _ in range(steps):
        # x = x * 1.5 + 0.1
        x_bar = 1.5 * x_bar
    return x_bar
