"""The rule does not cover this keyword; where it stands is shown.

wrt: x    mode: grad
"""

import numpy as np


def model(x, w):
    return np.sum(x, where=w, axis=0)


# ---- refused ----
# error[RG302]: the derivative rule of this function does not cover this argument
#   --> <text>:10:28
#    |
# 10 |     return np.sum(x, where=w, axis=0)
#    |                            ^ no derivative of numpy.sum with `where=`
#    |
#    = why: the argument changes what the function computes, and the rule does not say how
#    = instead: leave the argument out, or do what it does in a statement of its own
