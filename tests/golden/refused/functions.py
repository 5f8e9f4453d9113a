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
# error[RG209]: a function that calls itself cannot be put where it is called
#   --> <text>:11:39
#    |
# 11 |         return 1.0 if k == 0 else x * power(k - 1)
#    |                                       ^^^^^^^^^^^^ `power` calls itself
#    |
#    = why: the text of a function inside a function, or of one that is given a function, takes the place of the call
#    = instead: define it at the top level of the module, with what it reads as arguments
#
# error[RG219]: a function, class or module cannot be a value here
#   --> <text>:18:23
#    |
# 18 |     return power(n) + g(x) + steps[0](x)
#    |                       ^ which function `g` is depends on the way here
#    |
#    = why: which function is called must be known when the gradient is written
#    = instead: call it by its name, in the branches of an `if` where that depends
