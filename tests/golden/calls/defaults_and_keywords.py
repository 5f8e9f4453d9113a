"""Arguments by name and by default go to the half that needs them.

wrt: x    mode: grad    at: x=0.7
types: x: float
"""


def scaled(t, gain=2.0, *, shift=0.5):
    return gain * t * t + shift


def model(x):
    return scaled(x) + scaled(x, shift=x) + scaled(gain=x, t=3.0)


# ---- gradient ----
def scaled_bwd(t, gain, out_bar):
    """Gradient of `scaled` with respect to t, times out_bar."""
    # return gain * t * t + shift
    t_bar = 2.0 * t * gain * out_bar
    return t_bar


def scaled2_bwd(t, gain, out_bar):
    """Gradient of `scaled` with respect to (t, shift), times out_bar."""
    # return gain * t * t + shift
    t_bar = 2.0 * t * gain * out_bar
    shift_bar = out_bar
    return t_bar, shift_bar


def scaled3_bwd(t, out_bar):
    """Gradient of `scaled` with respect to gain, times out_bar."""
    # return gain * t * t + shift
    gain_bar = t * t * out_bar
    return gain_bar


def model_grad(x):
    """Gradient of `model` with respect to x."""
    # return scaled(x) + scaled(x, shift=x) + scaled(gain=x, t=3.0)
    x_bar = scaled3_bwd(3.0, 1.0)
    t_bar2, shift_bar = scaled2_bwd(x, 2.0, 1.0)
    x_bar += t_bar2 + shift_bar
    x_bar += scaled_bwd(x, 2.0, 1.0)
    return x_bar
