"""Only its `break` ends the loop, so no flag is needed: it was taken in the last iteration.

wrt: s    mode: grad    at: s=7.3
types: s: float
"""


def root(s):
    z = 1.0
    while True:
        step = (z * z - s) / (2.0 * z)
        if abs(step) < 1e-9:
            break
        z = z - step
    return z * z * z


# ---- gradient ----
def root_grad(s):
    """Gradient of `root` with respect to s."""
    step_saved = []
    z_saved = []
    z = 1.0
    while True:
        step = (z * z - s) / (2.0 * z)
        step_saved.append(step)
        z_saved.append(z)
        if abs(step) < 1e-9:
            break
        z = z - step

    # return z * z * z
    z_bar = 3.0 * z * z
    s_bar = 0.0
    for k in reversed(range(len(step_saved))):
        step = step_saved[k]
        step_bar = 0.0
        if not abs(step) < 1e-9:
            # z = z - step
            step_bar -= z_bar
        z = z_saved[k]
        # step = (z * z - s) / (2.0 * z)
        den = 2.0 * z
        z_bar += (den - 2.0 * step) * step_bar / den
        s_bar -= step_bar / den
    return s_bar
