"""`np.stack` copies what it is given: `acc` stays ours.

wrt: u    mode: grad    at: u=np.array([0.3, 0.7, -0.2]), n=2
types: u: float[d], n: int
"""

import numpy as np


def model(u, n):
    acc = np.zeros(3)
    total = 0.0
    for _ in range(n):
        acc += u * u
        total = total + np.max(np.stack([acc, 0.5 * u]))
    return total


# ---- gradient ----
from retrograd.runtime import unbroadcast


def model_grad(u, n):
    """Gradient of `model` with respect to u."""
    stack_value_saved = []
    acc = np.zeros(3)
    for _ in range(n):
        acc = acc + u * u
        stack_value = np.stack([acc, 0.5 * u])
        stack_value_saved.append(stack_value)

    total_bar = 1.0
    u_bar = np.zeros_like(u)
    acc_bar = np.zeros_like(acc)
    for k in reversed(range(n)):
        stack_value = stack_value_saved[k]
        # total = total + np.max(np.stack([acc, 0.5 * u]))
        hits = stack_value == np.max(stack_value)
        stack_value_bar = np.where(hits, total_bar / np.count_nonzero(hits), 0.0)
        acc_bar += stack_value_bar[0]
        u_bar += 0.5 * stack_value_bar[1]
        # acc += u * u
        u_bar += unbroadcast(2.0 * u * acc_bar, u)
    return u_bar
