"""A helper that returns from inside its loop: both halves know in which iteration.

wrt: c    mode: split    at: c=2.0, n=9    at: c=0.7, n=1
types: c: float, n: int
"""


def newton(c, n):
    z = c
    for _ in range(n):
        step = (z * z - c) / (2.0 * z)
        z = z - step
        if step * step < 1e-12:
            return z * c
    return z


# ---- gradient ----
def newton_fwd(c, n, saved):
    """newton(c, n); appends to saved what newton_bwd takes back."""
    z_saved = []
    z = c
    returned = False  # left by `return z * c`
    entered = 0  # iterations begun
    for _ in range(n):
        z_saved.append(z)
        entered += 1
        step = (z * z - c) / (2.0 * z)
        z = z - step
        if step * step < 1e-12:
            returned = True
            break
    if returned:
        saved.append((entered, returned, z, z_saved))
        return z * c
    saved.append((entered, returned, z, z_saved))
    return z


def newton_bwd(c, saved, out_bar):
    """Gradient of `newton` with respect to c, times out_bar."""
    entered, returned, z, z_saved = saved.pop()
    if returned:
        # return z * c
        z_bar = c * out_bar
        c_bar = z * out_bar
    else:
        z_bar = out_bar
        c_bar = 0.0
    for k in reversed(range(entered)):
        z = z_saved[k]
        den = 2.0 * z
        step = (z * z - c) / den
        # z = z - step
        step_bar = -z_bar
        # step = (z * z - c) / (2.0 * z)
        z_bar += (den - 2.0 * step) * step_bar / den
        c_bar -= step_bar / den
    # z = c
    c_bar += z_bar
    return c_bar
