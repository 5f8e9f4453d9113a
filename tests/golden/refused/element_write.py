"""Writing to an element is refused, with what to write instead.

wrt: x    mode: grad
types: x: float[n]
"""

import numpy as np


def model(x):
    y = np.zeros(3)
    for i in range(3):
        y[i] = x[i] * x[i]
    return np.sum(y)


# ---- refused ----
# error[RG401]: writing to an element is not supported yet
#   --> <text>:13:9
#    |
# 13 |         y[i] = x[i] * x[i]
#    |         ^^^^^^^^^^^^^^^^^^
#    |
#    = why: the reverse sweep must restore what the write destroyed
#    = instead: build a new array, with `np.where`, `np.stack` or `np.concatenate`
