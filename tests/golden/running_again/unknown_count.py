"""How often a `while` runs shows at its end: segments get longer by one iteration each.

wrt: x    mode: split    at: x=0.7, dt=0.1, end=1.5    at: x=0.7, dt=0.1, end=-1.0
types: x: float, dt: float, end: float
"""

import math

import retrograd as rg


def integrate(x, dt, end):
    t = 0.0
    while rg.checkpoint(t < end):
        x = x + dt * math.sin(x * t)
        t = t + dt * (1.0 + 0.1 * x * x)
        if x > 3.0:
            break
    return x * t


# ---- gradient ----
def integrate_fwd(x, dt, end, saved):
    """integrate(x, dt, end); appends to saved what integrate_bwd takes back."""
    snapshots = []
    t = 0.0
    steps = 0
    stride = 0
    due = 0
    while t < end:
        if steps == due:
            snapshots.append((steps, t, x))
            stride += 1
            due += stride
        steps += 1
        x = x + dt * math.sin(x * t)
        t = t + dt * (1.0 + 0.1 * x * x)
        if x > 3.0:
            break
    saved.append((snapshots, steps, t, x))
    return x * t


def integrate_bwd(dt, saved, out_bar):
    """Gradient of `integrate` with respect to x, times out_bar."""
    snapshots, steps, t, x = saved.pop()
    # return x * t
    x_bar = t * out_bar
    t_bar = x * out_bar
    # each segment runs again from its snapshot, then it is reversed
    stop = steps
    while stop > 0:
        start, t, x = snapshots.pop()
        t_saved = []
        x_saved = []
        for k in range(start, stop):
            t_saved.append(t)
            x_saved.append(x)
            x = x + dt * math.sin(x * t)
            t = t + dt * (1.0 + 0.1 * x * x)
            if x > 3.0:
                break
        for _ in range(start, stop):
            t = t_saved.pop()
            # t = t + dt * (1.0 + 0.1 * x * x)
            x_bar += 0.2 * dt * x * t_bar
            # x = x + dt * math.sin(x * t)
            x = x_saved.pop()
            prod_bar = dt * math.cos(x * t) * x_bar
            t_bar += x * prod_bar
            x_bar = x_bar + t * prod_bar
        stop = start
    return x_bar
