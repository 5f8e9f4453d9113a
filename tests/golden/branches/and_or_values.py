"""`or` and `and` give one of their operands, and the cotangent goes to the one that they gave.

wrt: x, y    mode: grad    at: x=0.7, y=1.3, n=0
at: x=-0.4, y=1.3, n=2
types: x: float, y: float, n: int
"""


def blend(x, y, n):
    scale = n or y
    both = x * y and x**2
    if x > 0.0 and y > 0.0:
        both = both * (n and y)
    return scale * both + (x - y or x)


# ---- gradient ----
def blend_grad(x, y, n):
    """Gradient of `blend` with respect to (x, y)."""
    scale = n or y
    left = x * y
    if left:
        both = x**2
    else:
        both = left
    if x > 0.0 and y > 0.0:
        both_saved = both
        both = both * (n and y)
    left2 = x - y

    # return scale * both + (x - y or x)
    scale_bar = both
    both_bar = scale
    left2_bar = 1.0 if left2 else 0.0
    x_bar = 0.0 if left2 else 1.0
    x_bar += left2_bar
    y_bar = -left2_bar
    if x > 0.0 and y > 0.0:
        # both = both * (n and y)
        both = both_saved
        y_bar += both * both_bar if n else 0.0
        both_bar = (y if n else n) * both_bar
    if left:
        # both = x * y and x**2
        x_bar += 2.0 * x * both_bar
        left_bar = 0.0
    else:
        # both = x * y and x**2
        left_bar = both_bar
    x_bar += y * left_bar
    y_bar += x * left_bar
    # scale = n or y
    y_bar += 0.0 if n else scale_bar
    return x_bar, y_bar
