"""A function without a rule is refused where its argument is active, not where it is not.

wrt: x    mode: grad
"""

import numpy as np


def model(x, grid):
    step = np.unwrap(np.array([0.1, 0.2]))[0]
    return np.sum(np.unwrap(x)) * step


# ---- refused ----
# error[RG403]: this call may change an array in place
#   --> <text>:10:12
#    |
# 10 |     step = np.unwrap(np.array([0.1, 0.2]))[0]
#    |            ^^^^^^^^^ `numpy.unwrap` has no rule
#    |
#    = why: the reverse sweep needs the values from before the call
#    = instead: use the function that returns a new array
#
# error[RG301]: there is no derivative rule for this function
#   --> <text>:11:19
#    |
# 11 |     return np.sum(np.unwrap(x)) * step
#    |                   ^^^^^^^^^ no derivative rule for `numpy.unwrap`
#    |
#    = why: its source is not Python that we read, and no rule says what its derivative is
#    = instead: use a function that `retrograd rules` lists
