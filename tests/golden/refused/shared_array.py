"""`total += x` would change `x` itself if it is an array.

wrt: x    mode: grad
types: x: float[n]
"""

import numpy as np


def model(x):
    total = x
    total += 1.0
    return np.sum(total * x)


# ---- refused ----
# error[RG402]: this may change an array that another name holds as well
#   --> <text>:12:5
#    |
# 12 |     total += 1.0
#    |     ^^^^^^^^^^^^ `total` may be shared
#    |
#    = why: `y += e` writes into the array, and whoever shares it would see the change
#    = instead: write `y = y + e`, which makes a new array
