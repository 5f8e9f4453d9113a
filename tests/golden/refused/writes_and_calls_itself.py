"""A function that calls itself stays a function, so it cannot write into its argument.

wrt: x    mode: grad    at: x=1.0, n=3
types: x: float, n: int
"""

import numpy as np


def fill(a, x, n):
    if n == 0:
        return x
    a[n - 1] = x * n
    return fill(a, x, n - 1)


def f(x, n):
    a = np.zeros(n)
    fill(a, x, n)
    return np.sum(a)


# ---- refused ----
# error[RG405]: a function that calls itself changes an argument in place
#   --> <text>:10:5
#    |
# 10 | def fill(a, x, n):
#    |     ^^^^ `a` is written
#    |
#    = why: the two halves of such a function are given values, not places to write to
#    = instead: let the function return the new array, or write to a copy in it
