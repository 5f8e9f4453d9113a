"""A set of values that depend on the input.

wrt: x    mode: grad
"""


def distinct(x):
    return max({t * t for t in x})


# ---- refused ----
# error[RG210]: a set of values that depend on the inputs has no derivative
#  --> <text>:8:16
#   |
# 8 |     return max({t * t for t in x})
#   |                ^^^^^^^^^^^^^^^^^^ a set is made here
#   |
#   = why: it has no order, and which of its values are one depends on whether they are equal
#   = instead: use a list or a tuple
