"""`s += e` needs nothing of the old `s`; `s *= e` and `s /= e` do.

wrt: x    mode: grad    at: x=1.4
types: x: float
"""


def augmented(x):
    s = 1.0
    s += x * x
    s *= x
    s -= 0.5 * x
    s /= 1.0 + x
    s **= 2
    return s


# ---- gradient ----
def augmented_grad(x):
    """Gradient of `augmented` with respect to x."""
    s = 1.0
    s += x * x
    s_saved = s
    s *= x
    s -= 0.5 * x
    s /= 1.0 + x
    s_2_saved = s

    # s **= 2
    s = s_2_saved
    s_bar = 2.0 * s
    # s /= 1.0 + x
    x_bar = -s * s_bar / (1.0 + x)
    s_bar = s_bar / (1.0 + x)
    # s -= 0.5 * x
    x_bar -= 0.5 * s_bar
    # s *= x
    s = s_saved
    x_bar += s * s_bar
    s_bar = x * s_bar
    # s += x * x
    x_bar += 2.0 * x * s_bar
    return x_bar
