"""An exception that the function itself catches is a jump; it is refused where it starts and ends.

wrt: x    mode: grad
"""


def first_above(x, xs, bound):
    found = x
    try:
        for value in xs:
            found = found * value
            if found > bound:
                raise StopIteration
    except StopIteration:
        found = found - bound
    return found


# ---- refused ----
# error[RG204]: a `try` statement cannot be reversed
#  --> <text>:9:5
#   |
# 9 |     try:
#   |     ^^^ an exception can leave this block after any line
#   |
#   = why: the reverse sweep replays exactly the statements that ran
#   = instead: test the condition first, and branch with `if`
#
# error[RG224]: an exception is used to jump
#   --> <text>:13:17
#    |
# 13 |                 raise StopIteration
#    |                 ^^^^^^^^^^^^^^^^^^^ the handler goes on from here
#    |
#    = why: the reverse sweep would have to know from which `raise` the handler was reached
#    = instead: branch with `if`, leave a loop with `break`, or return
