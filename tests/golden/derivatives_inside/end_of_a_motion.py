"""What a solution depends on moves it by an equation of its own, which is solved beside the given one.

wrt: rate, start    mode: grad    at: rate=1.3, start=np.array([0.5, 0.8])
types: rate: float, start: float[n]
"""

import numpy as np
from scipy.integrate import solve_ivp


def decay(t, y, rate):
    return -rate * y


def f(rate, start):
    sol = solve_ivp(decay, (0.0, 2.0), start, args=(rate,), rtol=1e-11, atol=1e-12)
    return np.sum(sol.y[:, -1] ** 2)


# ---- gradient ----
def decay_solution(t_start, t_end, y0, rate):
    """What moves as `decay` tells."""
    return solve_ivp(
        decay, (t_start, t_end), y0, args=(rate,), rtol=1e-11, atol=1e-12
    ).y[:, -1]


def decay_solution_bwd(t_start, t_end, y0, rate, out_bar):
    """Gradient of `decay_solution` with respect to y0, rate, times out_bar."""
    y0_bar = np.array(
        [
            np.sum(out_bar * decay_solution_along(t_start, t_end, y0, rate, axis, 0.0))
            for axis in np.eye(np.size(y0))
        ]
    )
    rate_bar = np.sum(
        out_bar
        * decay_solution_along(t_start, t_end, y0, rate, np.zeros(np.shape(y0)), 1.0)
    )
    return y0_bar, rate_bar


def decay_solution_along(t_start, t_end, y0, rate, y0_dot, rate_dot):
    """The derivative of `decay_solution` along y0_dot, rate_dot."""
    begin = np.concatenate([y0, y0_dot])
    both = solve_ivp(
        decay_moving,
        (t_start, t_end),
        begin,
        args=(rate, rate_dot),
        rtol=1e-11,
        atol=1e-12,
    ).y[:, -1]
    return both[np.size(y0) :]


def decay_moving(t, both, rate, rate_dot):
    """How what `decay` moves does, and its derivative."""
    half = np.size(both) // 2
    rate2, rate_dot2 = decay_jvp(t, both[:half], rate, both[half:], rate_dot)
    return np.concatenate([rate2, rate_dot2])


def decay_jvp(t, y, rate, y_dot, rate_dot):
    """`decay` and its derivative along the tangents (y_dot, rate_dot)."""
    return -rate * y, -(rate_dot * y + rate * y_dot)


def decay(t, y, rate):
    return -rate * y


def f_grad(rate, start):
    """Gradient of `f` with respect to (rate, start)."""
    atleast_1d_start = np.atleast_1d(start)
    sol_end = decay_solution(0.0, 2.0, atleast_1d_start, rate)

    # return np.sum(sol.y[:, -1] ** 2)
    sol_end_bar = 2.0 * sol_end
    y0_bar, rate_bar = decay_solution_bwd(0.0, 2.0, atleast_1d_start, rate, sol_end_bar)
    start_bar = np.reshape(y0_bar, start.shape)
    return rate_bar, start_bar.copy()
