"""Everything that is refused is reported, in the order of the text.

wrt: x    mode: grad
"""


def careful(x, xs):
    total = 0.0
    for v in xs:
        if v < 0.0:
            break
        total += abs(v)
    try:
        total = total / x
    except ZeroDivisionError:
        total = 0.0
    return total


# ---- refused ----
# error[RG204]: a `try` statement cannot be reversed
#   --> <text>:13:5
#    |
# 13 |     try:
#    |     ^^^ an exception can leave this block after any line
#    |
#    = why: the reverse sweep replays exactly the statements that ran
#    = instead: test the condition first, and branch with `if`
