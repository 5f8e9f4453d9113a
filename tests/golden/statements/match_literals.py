"""`match` on literals is a chain of `if`; the subject is evaluated once.

wrt: x    mode: grad    at: x=1.3, kind="square", n=2    at: x=1.3, kind="cube", n=5    at: x=1.3, kind="", n=7
types: x: float, n: int
"""


def apply(x, kind, n):
    match kind:
        case "square" | "quadratic":
            y = x * x
        case "cube":
            y = x * x * x  # odd
        case _:
            y = x
    match n % 3:
        case 0:
            return y
        case 1 if x > 5.0:
            return 0.5 * y
        # every other remainder
        case -1 | 1 | 2:
            y = y * x
    return y * y


# ---- gradient ----
def apply_grad(x, kind, n):
    """Gradient of `apply` with respect to x."""
    if kind == "square" or kind == "quadratic":
        y = x * x
    elif kind == "cube":
        y = x * x * x  # odd
    else:
        y = x
    subject = n % 3
    if subject != 0:
        if not (subject == 1 and x > 5.0):
            # every other remainder
            if subject == -1 or subject == 1 or subject == 2:
                y_saved = y
                y = y * x
            y_2_saved = y

    if subject == 0:
        y_bar = 1.0
        x_bar = 0.0
    elif subject == 1 and x > 5.0:
        # return 0.5 * y
        y_bar = 0.5
        x_bar = 0.0
    else:
        y = y_2_saved
        # return y * y
        y_bar = 2.0 * y
        x_bar = 0.0
        if subject == -1 or subject == 1 or subject == 2:
            # y = y * x
            y = y_saved
            x_bar += y * y_bar
            y_bar = x * y_bar
    if kind == "square" or kind == "quadratic":
        # y = x * x
        x_bar += 2.0 * x * y_bar
    elif kind == "cube":
        # y = x * x * x
        x_bar += 3.0 * x * x * y_bar
    else:
        # y = x
        x_bar += y_bar
    return x_bar
