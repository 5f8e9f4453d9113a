"""The backward half needs only arguments: it comes alone.

wrt: x, y    mode: split    at: x=0.6, y=1.3
types: x: float, y: float
"""


def product(x, y):
    return x * y + 2.0 * x


# ---- gradient ----
def product_bwd(x, y, out_bar):
    """Gradient of `product` with respect to (x, y), times out_bar."""
    # return x * y + 2.0 * x
    x_bar = (y + 2.0) * out_bar
    y_bar = x * out_bar
    return x_bar, y_bar


def product_fwd(x, y):
    """product(x, y); keeps nothing."""
    return x * y + 2.0 * x
