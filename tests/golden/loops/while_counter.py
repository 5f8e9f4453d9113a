"""A `while` that counts, with a count that the reverse sweep needs.

wrt: x    mode: grad    at: x=0.9, n=4
types: x: float, n: int
"""


def series(x, n):
    term = 1.0
    total = 0.0
    k = 0
    while k < n:
        k += 1
        term = term * x / k
        total = total + term * term
    return total


# ---- gradient ----
def series_grad(x, n):
    """Gradient of `series` with respect to x."""
    k_saved = []
    term_saved = []
    term = 1.0
    k = 0
    while k < n:
        k += 1
        k_saved.append(k)
        term_saved.append(term)
        term = term * x / k

    total_bar = 1.0
    x_bar = 0.0
    term_bar = 0.0
    for k2 in reversed(range(len(k_saved))):
        k = k_saved[k2]
        # total = total + term * term
        term_bar += 2.0 * term * total_bar
        # term = term * x / k
        term = term_saved[k2]
        x_bar += term * term_bar / k
        term_bar = x * term_bar / k
    return x_bar
