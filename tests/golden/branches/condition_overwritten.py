"""The branch overwrites what its condition reads: the answer is recorded.

wrt: x    mode: grad    at: x=1.5
at: x=0.5
types: x: float
"""


def fold(x):
    if x > 1.0:
        x = 2.0 - x
    else:
        x = x * x * x
    return x * x


# ---- gradient ----
def fold_grad(x):
    """Gradient of `fold` with respect to x."""
    taken = x > 1.0
    if taken:
        x = 2.0 - x
    else:
        x_saved = x
        x = x * x * x

    # return x * x
    x_bar = 2.0 * x
    if taken:
        # x = 2.0 - x
        x_bar = -x_bar
    else:
        # x = x * x * x
        x = x_saved
        x_bar = 3.0 * x * x * x_bar
    return x_bar
