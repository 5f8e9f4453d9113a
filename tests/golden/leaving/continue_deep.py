"""Two ways lead past a `continue` inside a branch: a flag says whether it was met.

wrt: x    mode: grad    at: x=0.8, n=5
types: x: float, n: int
"""


def walk(x, n):
    y = x
    for i in range(n):
        if i > 1:
            y = y * x
            if y < 0.4:
                continue
            y = y + 0.1
        z = y * y
        y = z - x
        y = y * z + 1.0
    return y


# ---- gradient ----
def walk_grad(x, n):
    """Gradient of `walk` with respect to x."""
    skipped_saved = []
    y_saved = []
    taken_saved = []
    z_saved = []
    y_2_saved = []
    y_3_saved = []
    y = x
    for i in range(n):
        skipped = False
        if i > 1:
            y_saved.append(y)
            y = y * x
            taken = y < 0.4
            taken_saved.append(taken)
            if taken:
                skipped = True
            else:
                y = y + 0.1
        skipped_saved.append(skipped)
        if skipped:
            continue
        z = y * y
        z_saved.append(z)
        y_2_saved.append(y)
        y = z - x
        y_3_saved.append(y)
        y = y * z + 1.0

    y_bar = 1.0
    x_bar = 0.0
    for i in reversed(range(n)):
        skipped = skipped_saved[i]
        if not skipped:
            z = z_saved.pop()
            # y = y * z + 1.0
            y = y_3_saved.pop()
            z_bar = y * y_bar
            y_bar = z * y_bar
            # y = z - x
            z_bar += y_bar
            x_bar -= y_bar
            y = y_2_saved.pop()
            # z = y * y
            y_bar = 2.0 * y * z_bar
        if i > 1:
            taken = taken_saved.pop()
            # y = y * x
            y = y_saved.pop()
            x_bar += y * y_bar
            y_bar = x * y_bar
    # y = x
    x_bar += y_bar
    return x_bar
