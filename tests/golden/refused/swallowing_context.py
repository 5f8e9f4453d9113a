"""Contexts that may swallow an exception, so that their body could end after any line.

wrt: x    mode: grad
"""

from contextlib import suppress


def hidden(x, lock):
    y = x
    with suppress(ZeroDivisionError):
        y = 1.0 / x
    with lock:
        y = y * x
    return y


# ---- refused ----
# error[RG205]: this context may do more than let its body run
#   --> <text>:11:10
#    |
# 11 |     with suppress(ZeroDivisionError):
#    |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^ a context is entered here
#    |
#    = why: a context can swallow an exception, or hand out a value that nothing here knows
#    = instead: open it where the gradient is called; `np.errstate`, `np.printoptions` and `warnings.catch_warnings`, without `as`, may stay
#
# error[RG205]: this context may do more than let its body run
#   --> <text>:13:10
#    |
# 13 |     with lock:
#    |          ^^^^ a context is entered here
#    |
#    = why: a context can swallow an exception, or hand out a value that nothing here knows
#    = instead: open it where the gradient is called; `np.errstate`, `np.printoptions` and `warnings.catch_warnings`, without `as`, may stay
