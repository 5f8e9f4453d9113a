"""Everything that is refused is reported, in the order of the text.

wrt: x    mode: grad
"""


def careful(x, xs):
    total = 0.0
    for v in xs:
        if v < 0.0:
            break
        total += [t * t for t in xs][0]
    try:
        total = total / x
    except ZeroDivisionError:
        total = 0.0
    return total


# ---- refused ----
# error[RG206]: `break` and `continue` are not supported yet
#   --> <text>:11:13
#    |
# 11 |             break
#    |             ^^^^^ the loop is left here
#    |
#    = why: the reverse sweep must know in which iteration the loop was left, and after which statement
#    = instead: state the condition in a `while`, or put the rest of the body under an `if`
#
# error[RG210]: a comprehension is not supported yet
#   --> <text>:12:18
#    |
# 12 |         total += [t * t for t in xs][0]
#    |                  ^^^^^^^^^^^^^^^^^^^ a list is built here
#    |
#    = why: it is a loop that builds a list, a set or a dict element by element
#    = instead: use array arithmetic, or a `for` loop over the elements
#
# error[RG204]: a `try` statement cannot be reversed
#   --> <text>:13:5
#    |
# 13 |     try:
#    |     ^^^ an exception can leave this block after any line
#    |
#    = why: the reverse sweep replays exactly the statements that ran
#    = instead: test the condition first, and branch with `if`
