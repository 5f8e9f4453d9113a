"""As many states as fit; what is only collected or printed happens in the forward sweep alone.

wrt: x    mode: value_and_grad    at: x=np.array([0.5, 1.2]), n=19    at: x=np.ones(2), n=2
types: x: float[m], n: int
"""

import numpy as np

import retrograd as rg


def collect(x, n):
    seen = []
    for t in rg.checkpoint(range(n), 2_000):
        x = np.sin(x) + 0.1 * x
        seen.append(x)
        if t == 10:
            print("half way")
    return np.sum(np.array(seen) ** 2)


# ---- gradient ----
from retrograd.runtime import halfway, spread, states_within, steps_within, unbroadcast


def collect_value_and_grad(x, n):
    """Value and gradient of `collect` with respect to x."""
    x_snapshots = []
    seen = []
    x_snapshots.append((0, x))
    for t in range(n):
        x = np.sin(x) + 0.1 * x
        seen.append(x)
        if t == 10:
            print("half way")
    array_value = np.array(seen)
    value = np.sum(array_value**2)

    # return np.sum(np.array(seen) ** 2)
    array_value_bar = unbroadcast(
        2.0 * array_value * spread(1.0, (array_value**2).shape), array_value
    )
    seen_bar = list(array_value_bar)
    x_bar = np.zeros_like(x)
    # 2_000 bytes: half for snapshots, half for tapes of a segment
    stop = n
    states = [x_snapshots.pop()]
    most = states_within(1_000, states[0])
    length = 1
    while stop > 0:
        start, x = states.pop()
        while stop - start > length:
            states.append((start, x))
            middle = halfway(start, stop, length, most - len(states))
            for t in range(start, middle):
                x = np.sin(x) + 0.1 * x
            start = middle
        x_saved = []
        for t in range(start, stop):
            x_saved.append(x)
            x = np.sin(x) + 0.1 * x
        length = steps_within(1_000, stop - start, x_saved)
        for t in range(start, stop):
            x = x_saved.pop()
            # seen.append(x)
            x_bar += seen_bar.pop()
            # x = np.sin(x) + 0.1 * x
            x_bar = (np.cos(x) + 0.1) * x_bar
        stop = start
    return value, x_bar
