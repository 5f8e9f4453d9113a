"""Lists that are put together, spread and repeated.

wrt: x, y    mode: grad    at: x=0.7, y=1.3
types: x: float, y: float
"""


def gathered(x, y):
    first = [x, x * y]
    both = [*first, y] + [y * y] * 2
    return sum(both) * both[1]


# ---- gradient ----
from retrograd.runtime import fold


def gathered_grad(x, y):
    """Gradient of `gathered` with respect to (x, y)."""
    first = [x, x * y]
    list_value = list(first)
    both = list_value + [y] + [y * y] * 2

    # return sum(both) * both[1]
    both_bar = [both[1]] * len(both)
    both_bar[1] += sum(both)
    # both = [*first, y] + [y * y] * 2
    sum_bar = both_bar[:3]
    prod_bar = both_bar[3:5]
    list_value_bar = sum_bar[:2]
    y_bar = sum_bar[-1] + 2.0 * y * fold(prod_bar, [y * y])[0]
    first_bar = list_value_bar
    # first = [x, x * y]
    x_bar = first_bar[0] + y * first_bar[1]
    y_bar += x * first_bar[1]
    return x_bar, y_bar
