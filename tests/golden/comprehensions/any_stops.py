"""`any` asks no further once it has an answer, and a walrus inside it keeps what it asked last.

wrt: xs    mode: grad    at: xs=np.array([0.3, -0.7, 1.1])    at: xs=np.array([-0.3, -0.7, 0.1])
types: xs: float[n]
"""


def first_large(xs):
    last = 1.0
    if any((last := v) > 0.2 for v in xs):
        return last * last
    return 3.0 * last


# ---- gradient ----
import numpy as np


def first_large_grad(xs):
    """Gradient of `first_large` with respect to xs."""
    found_saved = []
    last = 1.0
    found = False
    for k in range(len(xs)):
        found_saved.append(found)
        v = xs[k]
        taken = not found
        if taken:
            last = v
            if last > 0.2:
                found = True

    if found:
        # return last * last
        last_bar = 2.0 * last
    else:
        # return 3.0 * last
        last_bar = 3.0
    xs_bar = np.zeros_like(xs)
    for k in reversed(range(len(xs))):
        found = found_saved[k]
        taken = not found
        v_bar = 0.0
        if taken:
            # if any((last := v) > 0.2 for v in xs)
            v_bar += last_bar
            last_bar = 0.0
        xs_bar[k] += v_bar
    return xs_bar
