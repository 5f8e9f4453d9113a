"""The loop, if it runs, makes a constant of `x`: how often it ran decides.

wrt: x    mode: grad    at: x=1.5, n=2
at: x=1.5, n=0
types: x: float, n: int
"""


def reset(x, n):
    for _ in range(2):
        k = 0
        while k < n:
            x = 3.0
            k = k + 1
    return x * x


# ---- gradient ----
def reset_grad(x, n):
    """Gradient of `reset` with respect to x."""
    steps_saved = []
    for _ in range(2):
        k = 0
        steps = 0
        while k < n:
            steps += 1
            x = 3.0
            k = k + 1
        steps_saved.append(steps)

    # return x * x
    x_bar = 2.0 * x
    for k2 in reversed(range(2)):
        steps = steps_saved[k2]
        for _ in range(steps):
            x_bar = 0.0
    return x_bar
