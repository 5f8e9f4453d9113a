"""`del`, `pass`, imports and bare text leave no trace but what they name.

wrt: x    mode: grad    at: x=0.4
types: x: float
"""


def plain(x):
    "Text in front is a docstring."
    import math as m
    from math import exp

    pass
    y = m.sin(x)
    z = exp(y)
    """Text further down is not."""
    del y
    y = z * x
    return y


# ---- gradient ----
import math
import math as m
from math import exp


def plain_grad(x):
    """Gradient of `plain` with respect to x."""
    y = m.sin(x)
    z = exp(y)

    # y = z * x
    z_bar = x
    x_bar = z
    # z = exp(y)
    y_bar = z * z_bar
    # y = m.sin(x)
    x_bar += math.cos(x) * y_bar
    return x_bar
