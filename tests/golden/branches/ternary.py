"""A ternary passes the cotangent to the side that was taken.

wrt: x, y    mode: grad    at: x=0.5, y=2.0
at: x=2.5, y=2.0
types: x: float, y: float
"""


def larger(x, y):
    z = x * x if x > y else y * x
    return z * (1.0 if z > 0.0 else -y)


# ---- gradient ----
def larger_grad(x, y):
    """Gradient of `larger` with respect to (x, y)."""
    z = x * x if x > y else y * x

    # return z * (1.0 if z > 0.0 else -y)
    z_bar = 1.0 if z > 0.0 else -y
    y_bar = 0.0 if z > 0.0 else -z
    # z = x * x if x > y else y * x
    x_bar = (2.0 * x * z_bar if x > y else 0.0) + (0.0 if x > y else y * z_bar)
    y_bar += 0.0 if x > y else x * z_bar
    return x_bar, y_bar
