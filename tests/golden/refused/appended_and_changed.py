"""An array that is changed in place after it was put into a list, which is read later.

wrt: x    mode: grad
types: x: float[n]
"""

import numpy as np


def history(x, n):
    state = x * 1.0
    seen = []
    for _ in range(n):
        state *= x
        seen.append(state)
    return np.sum(np.stack(seen))


# ---- refused ----
# error[RG402]: this may change an array that another name holds as well
#   --> <text>:14:9
#    |
# 14 |         state *= x
#    |         ^^^^^^^^^^ `state` may share memory with `seen`
#    |
#    = why: whoever shares the memory would see the change, and which memory that is is not known
#    = instead: write into a copy (`b = a.copy()`), or say with `--types` or an annotation what is a number (`x: float`) and what an array
