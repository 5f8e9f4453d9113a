"""What does not depend on `x` has no adjoint, and what the result does not depend on is dropped.

wrt: x    mode: grad    at: x=0.8, gain=2.0, label=3
types: x: float, gain: float, label: int
"""

import math


def response(x, gain, label):
    offset = math.log(gain) + label
    unread = math.exp(x)
    steps = round(x)
    return gain * math.tanh(x + offset) + steps


# ---- gradient ----
def response_grad(x, gain, label):
    """Gradient of `response` with respect to x."""
    offset = math.log(gain) + label

    # return gain * math.tanh(x + offset) + steps
    x_bar = gain * (1.0 - math.tanh(x + offset) ** 2)
    return x_bar
