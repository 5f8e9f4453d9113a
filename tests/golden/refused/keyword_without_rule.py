"""The rule does not cover this keyword; where it stands is shown.

wrt: x    mode: grad
"""

import numpy as np


def model(x, w):
    return np.sum(np.exp(x, where=w))


# ---- refused ----
# error[RG302]: the derivative rule of this function does not cover this argument
#   --> <text>:10:35
#    |
# 10 |     return np.sum(np.exp(x, where=w))
#    |                                   ^ no derivative of numpy.exp with `where=`
#    |
#    = why: the argument changes what the function computes, and the rule does not say how
#    = instead: leave the argument out, or do what it does in a statement of its own
