"""The place is in the helper.

wrt: x    mode: grad
"""


def helper(x):
    with open("rates.txt") as file:
        rate = float(file.read())
    return rate * x


def model(x):
    return helper(x) + 1.0


# ---- refused ----
# error[RG205]: a `with` statement cannot be reversed
#  --> <text>:8:5
#   |
# 8 |     with open("rates.txt") as file:
#   |     ^^^^ a context is entered here
#   |
#   = why: entering and leaving the context has effects that the reverse sweep cannot undo
#   = instead: open the context where the gradient is called, not inside the function
