"""Each way through the function gives the result its value; names that are taken get a number.

wrt: x, y    mode: grad    at: x=1.3, y=0.4    at: x=0.2, y=0.4
types: x: float, y: float
"""


def f(x, y):
    u = x * y

    def soft(t):
        if t > 1.0:
            return t - 0.5
        u = t * t
        return 0.5 * u

    return soft(x) * u + soft(-y)


# ---- gradient ----
def f_grad(x, y):
    """Gradient of `f` with respect to (x, y)."""
    u = x * y

    if x > 1.0:
        result = x - 0.5
    else:
        u2 = x * x
        result = 0.5 * u2
    t = -y

    # return soft(x) * u + soft(-y)
    result_bar = u
    u_bar = result
    result2_bar = 1.0
    if t > 1.0:
        # return t - 0.5
        t_bar = result2_bar
    else:
        u3_bar = 0.5 * result2_bar
        # u3 = t * t
        t_bar = 2.0 * t * u3_bar
    y_bar = -t_bar
    if x > 1.0:
        x_bar = result_bar
    else:
        u2_bar = 0.5 * result_bar
        # u2 = x * x
        x_bar = 2.0 * x * u2_bar
    # u = x * y
    x_bar += y * u_bar
    y_bar += x * u_bar
    return x_bar, y_bar
