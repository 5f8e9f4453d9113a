"""A call without active arguments is only called.

wrt: x    mode: grad    at: x=0.7, n=4
types: x: float, n: int
"""


def factorial(n):
    product = 1.0
    for k in range(2, n + 1):
        product = product * k
    return product


def model(x, n):
    return x**3 / factorial(n)


# ---- gradient ----
def factorial(n):
    product = 1.0
    for k in range(2, n + 1):
        product = product * k
    return product


def model_grad(x, n):
    """Gradient of `model` with respect to x."""
    factorial_value = factorial(n)

    # return x**3 / factorial(n)
    x_bar = 3.0 * x**2 / factorial_value
    return x_bar
