"""What a checkpointed loop draws it would draw again.

wrt: x    mode: grad    at: x=0.7, n=3
types: x: float, n: int
"""

import numpy as np

import retrograd as rg


def walk(x, n):
    rng = np.random.default_rng(0)
    for t in rg.checkpoint(range(n)):
        x = np.sin(x) + 0.1 * rng.normal()
    return x


# ---- refused ----
# error[RG410]: an iteration of a checkpointed loop cannot be run again
#   --> <text>:15:31
#    |
# 15 |         x = np.sin(x) + 0.1 * rng.normal()
#    |                               ^^^^^^^^^^^^ `rng.normal()` would be evaluated again
#    |
#    = why: the reverse sweep computes the states again that it did not keep, and must find the same
#    = instead: draw before the loop, `noise = rng.normal(size=n)`, write to arrays of its own in it, or leave checkpoint= out
