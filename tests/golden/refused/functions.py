"""Functions that are not known when the gradient is written.

wrt: x    mode: grad    at: x=1.0
"""

import math


def shape(x, n):
    def power(k):
        return 1.0 if k == 0 else x * power(k - 1)

    if n > 2:
        g = math.sin
    else:
        g = math.cos
    steps = [math.sin, math.exp]
    return power(n) + g(x) + steps[0](x)


# ---- refused ----
# error[RG219]: a function, class or module cannot be a value here
#   --> <text>:18:30
#    |
# 18 |     return power(n) + g(x) + steps[0](x)
#    |                              ^^^^^^^^ which function this is shows only when the program runs
#    |
#    = why: which function is called must be known when the gradient is written
#    = instead: call it by its name, in the branches of an `if` where that depends
