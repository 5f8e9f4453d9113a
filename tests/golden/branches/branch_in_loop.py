"""A branch in a loop overwrites its own condition: one recorded answer for each iteration.

wrt: x, r    mode: grad    at: x=0.2, r=1.7, n=5
types: x: float, r: float, n: int
"""


def tent(x, r, n):
    for _ in range(n):
        if x < 0.5:
            x = r * x
        else:
            x = r * (1.0 - x)
    return x


# ---- gradient ----
def tent_grad(x, r, n):
    """Gradient of `tent` with respect to (x, r)."""
    x_3_saved = []
    x_saved = []
    x_2_saved = []
    for _ in range(n):
        x_3_saved.append(x)
        taken = x < 0.5
        if taken:
            x_saved.append(x)
            x = r * x
        else:
            x_2_saved.append(x)
            x = r * (1.0 - x)

    x_bar = 1.0
    r_bar = 0.0
    for k in reversed(range(n)):
        x = x_3_saved[k]
        taken = x < 0.5
        if taken:
            # x = r * x
            x = x_saved.pop()
            r_bar += x * x_bar
            x_bar = r * x_bar
        else:
            # x = r * (1.0 - x)
            x = x_2_saved.pop()
            r_bar += (1.0 - x) * x_bar
            x_bar = -r * x_bar
    return x_bar, r_bar
