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
# error[RG205]: this context may do more than let its body run
#  --> <text>:8:31
#   |
# 8 |     with open("rates.txt") as file:
#   |                               ^^^^ is given a name
#   |
#   = why: a context can swallow an exception, or hand out a value that nothing here knows
#   = instead: open it where the gradient is called; `np.errstate`, `np.printoptions` and `warnings.catch_warnings`, without `as`, may stay
