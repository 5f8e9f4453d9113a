"""Statements that make code or wait for it: each is refused at its own place, all in one go.

wrt: x    mode: grad
"""

COUNT = 0


async def measured(x, source):
    global COUNT
    COUNT = COUNT + 1

    class Gain:
        value = 2.0

    rate = await source.rate()
    async with source as feed:
        async for step in feed:
            rate = rate * step
    yield rate * x


# ---- refused ----
# error[RG221]: a coroutine cannot be reversed
#  --> <text>:9:11
#   |
# 9 | async def measured(x, source):
#   |           ^^^^^^^^ this function is a coroutine
#   |
#   = why: other code runs wherever it waits, and a reverse sweep cannot run that code backwards
#   = instead: wait for the values first, and compute with them in a plain function
#
# error[RG208]: a function that writes `global` or `nonlocal` names has no gradient
#   --> <text>:10:5
#    |
# 10 |     global COUNT
#    |     ^^^^^^^^^^^^ a name outside the function is written
#    |
#    = why: what it computes depends on calls made before, which are not among its arguments
#    = instead: pass the value as an argument and return it
#
# error[RG223]: a class is defined inside the function
#   --> <text>:13:5
#    |
# 13 |     class Gain:
#    |     ^^^^^ a class is defined here
#    |
#    = why: it would be a new class at every call, with methods that see the variables around it
#    = instead: define it at the top level of the module, and pass in what it reads
#
# error[RG221]: a coroutine cannot be reversed
#   --> <text>:16:12
#    |
# 16 |     rate = await source.rate()
#    |            ^^^^^^^^^^^^^^^^^^^ the function is left and entered again here
#    |
#    = why: other code runs wherever it waits, and a reverse sweep cannot run that code backwards
#    = instead: wait for the values first, and compute with them in a plain function
#
# error[RG221]: a coroutine cannot be reversed
#   --> <text>:17:11
#    |
# 17 |     async with source as feed:
#    |           ^^^^ this context is a coroutine's
#    |
#    = why: other code runs wherever it waits, and a reverse sweep cannot run that code backwards
#    = instead: wait for the values first, and compute with them in a plain function
#
# error[RG221]: a coroutine cannot be reversed
#   --> <text>:18:15
#    |
# 18 |         async for step in feed:
#    |               ^^^ this loop is a coroutine's
#    |
#    = why: other code runs wherever it waits, and a reverse sweep cannot run that code backwards
#    = instead: wait for the values first, and compute with them in a plain function
#
# error[RG203]: a generator cannot be reversed
#   --> <text>:20:5
#    |
# 20 |     yield rate * x
#    |     ^^^^^^^^^^^^^^ the function is left and entered again here
#    |
#    = why: other code runs between its steps, and a reverse sweep cannot run that code backwards
#    = instead: compute all values in a plain function, and return them together
