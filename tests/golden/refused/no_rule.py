"""A function without a rule is refused where its argument is active, not where it is not.

wrt: x    mode: grad
"""

import numpy as np


def model(x, grid):
    step = np.kaiser(3, 2.0)[0]
    return np.sum(np.kaiser(4, x)) * step


# ---- refused ----
# error[RG301]: there is no derivative rule for this function
#   --> <text>:11:19
#    |
# 11 |     return np.sum(np.kaiser(4, x)) * step
#    |                   ^^^^^^^^^ no derivative rule for `np.kaiser`
#    |
#    = why: its source is not Python that we read, and no rule says what its derivative is
#    = instead: use a function that `retrograd rules` lists
