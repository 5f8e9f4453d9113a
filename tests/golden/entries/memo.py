"""A table of what has been computed.

wrt: x    mode: grad    at: x=0.7, n=6
types: x: float, n: int
"""


def fibonacci(x, n):
    memo = {0: 1.0, 1: x}
    for k in range(2, n):
        if k not in memo:
            memo[k] = memo[k - 1] * memo[k - 2] + x
    return memo[n - 1]


# ---- gradient ----
from retrograd.runtime import kept_entry, put_back, zeros_like


def fibonacci_grad(x, n):
    """Gradient of `fibonacci` with respect to x."""
    taken_saved = []
    memo_saved = []
    memo = {0: 1.0, 1: x}
    for k in range(2, n):
        taken = k not in memo
        taken_saved.append(taken)
        if taken:
            memo_saved.append(kept_entry(memo, k))
            memo[k] = memo[k - 1] * memo[k - 2] + x

    # return memo[n - 1]
    memo_bar = zeros_like(memo)
    memo_bar[n - 1] += 1.0
    x_bar = 0.0
    for k in reversed(range(2, n)):
        taken = taken_saved.pop()
        if taken:
            put_back(memo, k, memo_saved.pop())
            # memo[k] = memo[k - 1] * memo[k - 2] + x
            memo_bar2 = memo_bar[k]
            memo_bar[k] = 0.0
            memo_bar[k - 1] += memo[k - 2] * memo_bar2
            memo_bar[k - 2] += memo[k - 1] * memo_bar2
            x_bar += memo_bar2
    # memo = {0: 1.0, 1: x}
    x_bar += memo_bar[1]
    return x_bar
