"""The gradient of a tuple would be several; which one is meant has to be said.

wrt: x    mode: grad
"""


def moments(x: float, n: int):
    first = 0.0
    second = 0.0
    for i in range(n):
        first = first + i * x
        second = second + i * x * x
    return first, second


# ---- refused ----
# error[RG309]: a gradient is that of one number, and the function returns several values
#   --> <text>:13:5
#    |
# 13 |     return first, second
#    |     ^^^^^^^^^^^^^^^^^^^^ several values are returned
#    |
#    = why: each of them has a derivative of its own
#    = instead: return one number; for several, return one array and use `retrograd.jacobian`
