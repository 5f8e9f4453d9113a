"""Which of two arrays is written depends on a branch, and both are read afterwards.

wrt: x, k    mode: grad
types: x: float[n], k: float
"""

import numpy as np


def model(x, k):
    a = x * x
    b = k * x
    if k > 0.0:
        c = a
    else:
        c = b
    c[0] = 0.0
    return np.sum(a * b)


# ---- refused ----
# error[RG402]: this may change an array that another name holds as well
#   --> <text>:17:5
#    |
# 17 |     c[0] = 0.0
#    |     ^^^^^^^^^^ `c` may share memory with `a`
#    |
#    = why: whoever shares the memory would see the change, and which memory that is is not known
#    = instead: write into a copy (`b = a.copy()`), or say with `--types` or an annotation what is a number (`x: float`) and what an array
