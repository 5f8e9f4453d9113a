"""A helper of which one way ends by raising, and one that always does.

wrt: x    mode: grad    at: x=1.3
types: x: float
"""


def fail(what):
    raise ValueError(what)


def positive(t):
    if t > 0.0:
        return t * t
    raise ValueError("not positive")


def total(x):
    if x > 50.0:
        return fail("too large")
    return positive(x) * x


# ---- gradient ----
from retrograd.runtime import require_scalar


def fail(what):
    raise ValueError(what)


def positive(t):
    if t > 0.0:
        return t * t
    raise ValueError("not positive")


def positive_bwd(t, out_bar):
    """Gradient of `positive` with respect to t, times out_bar."""
    # return t * t
    t_bar = 2.0 * t * out_bar
    return t_bar


def total_grad(x):
    """Gradient of `total` with respect to x."""
    if x > 50.0:
        fail_value = fail("too large")
        value = fail_value
        require_scalar(value)

        return 0.0
    positive_value = positive(x)
    value = positive_value * x
    require_scalar(value)

    # return positive(x) * x
    positive_value_bar = x
    x_bar = positive_value
    x_bar += positive_bwd(x, positive_value_bar)
    return x_bar
