"""The same without knowing what is a number: leaving a loop early.

wrt: x    mode: grad    at: x=1.4, n=6    at: x=0.3, n=3
"""


def bounded(x, n):
    y = x
    for i in range(n):
        if i == 4:
            break
        y = y * x
        if y < 0.2:
            return y + x
    return y


# ---- gradient ----
from retrograd.runtime import accumulate, require_scalar, unbroadcast, zeros_like


def bounded_grad(x, n):
    """Gradient of `bounded` with respect to x."""
    y_saved = []
    y = x
    returned = False  # left by `return y + x`
    entered = 0  # iterations begun
    for i in range(n):
        entered += 1
        if i == 4:
            break
        y_saved.append(y)
        y = y * x
        if y < 0.2:
            returned = True
            break
    if returned:
        value = y + x
        require_scalar(value)
    else:
        value = y
        require_scalar(value)

    if returned:
        # return y + x
        y_bar = unbroadcast(1.0, y)
        x_bar = unbroadcast(1.0, x)
    else:
        y_bar = 1.0
        x_bar = zeros_like(x)
    for i in reversed(range(entered)):
        if i != 4:
            # y = y * x
            y = y_saved.pop()
            x_bar += unbroadcast(y * y_bar, x)
            y_bar = unbroadcast(x * y_bar, y)
    # y = x
    x_bar = accumulate(x_bar, y_bar)
    return x_bar
