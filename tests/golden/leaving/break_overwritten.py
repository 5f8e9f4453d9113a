"""What the test of a `break` reads is overwritten behind it: a flag tells of the last iteration.

wrt: x    mode: grad    at: x=1.7, n=9    at: x=1.1, n=3
types: x: float, n: int
"""


def capped(x, n):
    t = x
    for _ in range(n):
        if t > 10.0:
            break
        t = t * x
    return t * x


# ---- gradient ----
def capped_grad(x, n):
    """Gradient of `capped` with respect to x."""
    t_saved = []
    t = x
    entered = 0  # iterations begun
    broke = False
    for _ in range(n):
        entered += 1
        if t > 10.0:
            broke = True
            break
        t_saved.append(t)
        t = t * x

    # return t * x
    t_bar = x
    x_bar = t
    for k in reversed(range(entered)):
        if not (broke and k == entered - 1):
            # t = t * x
            t = t_saved.pop()
            x_bar += t * t_bar
            t_bar = x * t_bar
    # t = x
    x_bar += t_bar
    return x_bar
