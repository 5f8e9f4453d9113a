"""Lines on the screen and in the log are written once, while the forward sweep runs.

wrt: x    mode: grad    at: x=0.6, n=3
types: x: float, n: int
"""

import logging
import math

logger = logging.getLogger("golden")


def iterate(x, n):
    y = x
    for i in range(n):
        y = math.sin(y) + x
        logger.info("step %d: %s", i, y)
    print(f"{n} steps from {x:.3f} to {y:.3f}")  # for the user
    return y * y


# ---- gradient ----
logger = logging.getLogger("golden")


def iterate_grad(x, n):
    """Gradient of `iterate` with respect to x."""
    y_saved = []
    y = x
    for i in range(n):
        y_saved.append(y)
        y = math.sin(y) + x
        logger.info("step %d: %s", i, y)
    print(f"{n} steps from {x:.3f} to {y:.3f}")  # for the user

    # return y * y
    y_bar = 2.0 * y
    x_bar = 0.0
    for i in reversed(range(n)):
        y = y_saved[i]
        # y = math.sin(y) + x
        x_bar += y_bar
        y_bar = math.cos(y) * y_bar
    # y = x
    x_bar += y_bar
    return x_bar
