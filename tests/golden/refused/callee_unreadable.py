"""The source of a function cannot be found: it may do anything.

wrt: x    mode: grad
"""

from elsewhere import discount


def model(x):
    return discount(x) * x


# ---- refused ----
# error[RG304]: the source of this function cannot be read
#   --> <text>:10:12
#    |
# 10 |     return discount(x) * x
#    |            ^^^^^^^^ `elsewhere.discount` is not in this project, nor a library with rules
#    |
#    = why: the derivative of a call needs the text of the function or a rule for it
#    = instead: import it from a file of the same project, or write it out here
