"""The `else` of a loop runs unless a `break` left it.

wrt: x    mode: grad    at: x=0.9, limit=2.0    at: x=0.9, limit=50.0
types: x: float, limit: float
"""


def settle(x, limit):
    y = x
    for i in range(6):
        y = y * x + 1.0
        if y > limit:
            break
    else:
        y = y - x
    return y * y


# ---- gradient ----
def settle_grad(x, limit):
    """Gradient of `settle` with respect to x."""
    y_saved = []
    y = x
    broke = False  # left by `break`
    entered = 0  # iterations begun
    for i in range(6):
        y_saved.append(y)
        entered += 1
        y = y * x + 1.0
        if y > limit:
            broke = True
            break
    if not broke:
        y = y - x

    # return y * y
    y_bar = 2.0 * y
    x_bar = 0.0
    if not broke:
        # y = y - x
        x_bar -= y_bar
    for i in reversed(range(entered)):
        y = y_saved[i]
        # y = y * x + 1.0
        x_bar += y * y_bar
        y_bar = x * y_bar
    # y = x
    x_bar += y_bar
    return x_bar
