"""What a call has kept is taken back even if its result turns out to matter to nothing.

wrt: x    mode: grad    at: x=1.3
types: x: float
"""

import math


def turn(x):
    for _ in range(3):
        x = math.sin(x) * x
    return x


def f(x):
    w = turn(x)
    y = turn(2.0 * x)
    return w + y * 0.0


# ---- gradient ----
def turn_fwd(x, x_saved):
    """turn(x); appends to x_saved what turn_bwd takes back."""
    for _ in range(3):
        x_saved.append(x)
        x = math.sin(x) * x
    return x


def turn_bwd(x_saved, out_bar):
    """Gradient of `turn` with respect to x, times out_bar."""
    x_bar = out_bar
    for _ in range(3):
        x = x_saved.pop()
        # x = math.sin(x) * x
        x_bar = (x * math.cos(x) + math.sin(x)) * x_bar
    return x_bar


def f_grad(x):
    """Gradient of `f` with respect to x."""
    turn_saved = []
    w = turn_fwd(x, turn_saved)
    y = turn_fwd(2.0 * x, turn_saved)

    # y = turn(2.0 * x)
    x_bar2 = turn_bwd(turn_saved, 0.0)
    x_bar = 2.0 * x_bar2
    # w = turn(x)
    x_bar += turn_bwd(turn_saved, 1.0)
    return x_bar
