"""Few states, left where a binomial schedule wants them; the array is written in place, so they are copies.

wrt: u    mode: grad    at: u=np.array([0.5, 1.2, 0.3, 0.8]), n=19    at: u=np.ones(3), n=1
types: u: float[m], n: int
"""

import numpy as np

import retrograd as rg


def sweep(u, n):
    total = 0.0
    for t in rg.checkpoint(range(n), "recursive"):
        for i in range(1, len(u) - 1):
            u[i] = u[i] + 0.1 * np.sin(u[i - 1]) * u[i + 1]
        total += u[1] ** 2
    return total


# ---- gradient ----
from retrograd.runtime import digits, halfway


def sweep_grad(u, n):
    """Gradient of `sweep` with respect to u."""
    u_snapshots = []
    u = u.copy()
    u_snapshots.append((0, u.copy()))
    for t in range(n):
        for i in range(1, len(u) - 1):
            u[i] = u[i] + 0.1 * np.sin(u[i - 1]) * u[i + 1]

    total_bar = 1.0
    u_bar = np.zeros_like(u)
    # as many snapshots as the number of iterations has binary digits
    stop = n
    states = [u_snapshots.pop()]
    most = digits(stop)
    length = most
    while stop > 0:
        start, u = states.pop()
        while stop - start > length:
            states.append((start, u.copy()))
            middle = halfway(start, stop, length, most - len(states))
            for t in range(start, middle):
                for i in range(1, len(u) - 1):
                    u[i] = u[i] + 0.1 * np.sin(u[i - 1]) * u[i + 1]
            start = middle
        u_saved = []
        for t in range(start, stop):
            for i in range(1, len(u) - 1):
                u_saved.append(u[i])
                u[i] = u[i] + 0.1 * np.sin(u[i - 1]) * u[i + 1]
        for t in range(start, stop):
            # total += u[1] ** 2
            u_bar[1] += 2.0 * u[1] * total_bar
            for i in reversed(range(1, len(u) - 1)):
                u[i] = u_saved.pop()
                # u[i] = u[i] + 0.1 * np.sin(u[i - 1]) * u[i + 1]
                u_bar2 = u_bar[i]
                u_bar[i - 1] += 0.1 * u[i + 1] * np.cos(u[i - 1]) * u_bar2
                u_bar[i + 1] += 0.1 * np.sin(u[i - 1]) * u_bar2
        stop = start
    return u_bar
