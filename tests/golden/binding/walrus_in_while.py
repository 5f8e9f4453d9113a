"""A walrus in the condition of a loop runs before the loop and at the end of every iteration.

wrt: x    mode: grad    at: x=1.3
types: x: float
"""


def halvings(x):
    total = 0.0
    while (x := 0.5 * x) > 0.1:
        total = total + x * x
    return total


# ---- gradient ----
def halvings_grad(x):
    """Gradient of `halvings` with respect to x."""
    x_saved = []
    x = 0.5 * x
    while x > 0.1:
        x_saved.append(x)
        x = 0.5 * x

    total_bar = 1.0
    x_bar = 0.0
    for k in reversed(range(len(x_saved))):
        x = x_saved[k]
        # while (x := 0.5 * x) > 0.1
        x_bar = 0.5 * x_bar
        # total = total + x * x
        x_bar += 2.0 * x * total_bar
    # while (x := 0.5 * x) > 0.1
    x_bar = 0.5 * x_bar
    return x_bar
