"""Two variables change places, and so do their cotangents.

wrt: a, b    mode: grad    at: a=0.7, b=1.9, n=3
types: a: float, b: float, n: int
"""


def fibonacci(a, b, n):
    for _ in range(n):
        a, b = b, a + b * b
    return a * b


# ---- gradient ----
def fibonacci_grad(a, b, n):
    """Gradient of `fibonacci` with respect to (a, b)."""
    b_saved = []
    for _ in range(n):
        b_saved.append(b)
        a, b = b, a + b * b

    # return a * b
    a_bar = b
    b_bar = a
    for k in reversed(range(n)):
        b = b_saved[k]
        # a, b = b, a + b * b
        b_bar, a_bar = a_bar + 2.0 * b * b_bar, b_bar
    return a_bar, b_bar
