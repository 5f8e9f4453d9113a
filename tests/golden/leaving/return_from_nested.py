"""A `return` through two loops: one flag for both, and a counter for each.

wrt: x    mode: grad    at: x=1.3, n=4, cap=6.0    at: x=1.3, n=2, cap=60.0
types: x: float, n: int, cap: float
"""


def climb(x, n, cap):
    y = x
    for i in range(n):
        for j in range(i):
            y = y * x
            if y > cap:
                return y * x  # high enough
        y = y + x * x
    return y


# ---- gradient ----
def climb_grad(x, n, cap):
    """Gradient of `climb` with respect to x."""
    entered2_saved = []
    y_saved = []
    y = x
    returned = False  # left by `return y * x`
    entered = 0  # iterations begun
    for i in range(n):
        entered += 1
        entered2 = 0  # iterations begun
        for j in range(i):
            y_saved.append(y)
            entered2 += 1
            y = y * x
            if y > cap:
                returned = True
                break  # high enough
        entered2_saved.append(entered2)
        if returned:
            break
        y = y + x * x

    if returned:
        # return y * x
        y_bar = x
        x_bar = y
    else:
        y_bar = 1.0
        x_bar = 0.0
    for i in reversed(range(entered)):
        entered2 = entered2_saved[i]
        if not (returned and i == entered - 1):
            # y = y + x * x
            x_bar += 2.0 * x * y_bar
        for j in range(entered2):
            y = y_saved.pop()
            # y = y * x
            x_bar += y * y_bar
            y_bar = x * y_bar
    # y = x
    x_bar += y_bar
    return x_bar
