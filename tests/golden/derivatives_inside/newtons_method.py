"""A Jacobian inside a function is written out as a loop over tangents, which is differentiated.

wrt: c    mode: grad    at: w=np.array([1.3, 0.5]), c=0.7
types: w: float[d], c: float
"""

import numpy as np

import retrograd as rg


def equations(w, c):
    return np.sin(w) * c - w * w


def f(w, c):
    slope = rg.jacobian(equations)(w, c)
    w = w - np.linalg.solve(slope, equations(w, c))
    return np.sum(w)


# ---- gradient ----
from retrograd.runtime import owned, unbroadcast


def equations(w, c):
    return np.sin(w) * c - w * w


def equations_pushforward(w, c, w_dot):
    """`equations`, differentiated along the tangent w_dot."""
    return (np.cos(w) * c - 2.0 * w) * w_dot


def equations_pushforward_bwd(w, w_dot, out_bar):
    """Gradient of `equations_pushforward` with respect to c, times out_bar."""
    # return (np.cos(w) * c - 2.0 * w) * w_dot
    c_bar = np.sum(w_dot * np.cos(w) * out_bar)
    return c_bar


def equations_jacobian_fwd(w, c, saved):
    """equations_jacobian(w, c); appends to saved what equations_jacobian_bwd takes back."""
    equations_pushforward_value_saved = []
    columns = []
    items = np.eye(np.size(w), dtype=w.dtype)
    for k in range(len(items)):
        axis = items[k]
        equations_pushforward_value = equations_pushforward(w, c, axis)
        equations_pushforward_value_saved.append(equations_pushforward_value)
        columns.append(equations_pushforward_value)
    saved.append((columns, equations_pushforward_value_saved, items))
    return np.stack(columns, axis=-1)


def equations_jacobian_bwd(w, saved, out_bar):
    """Gradient of `equations_jacobian` with respect to c, times out_bar."""
    columns, equations_pushforward_value_saved, items = saved.pop()
    # return np.stack(columns, axis=-1)
    columns_bar = list(
        np.moveaxis(unbroadcast(out_bar, np.stack(columns, axis=-1)), -1, 0)
    )
    c_bar = 0.0
    for k in reversed(range(len(items))):
        equations_pushforward_value = equations_pushforward_value_saved[k]
        axis = items[k]
        # columns = [equations_pushforward(w, c, axis) for axis in np.eye(np.size(w), dtype=w.dtype)]
        columns_bar = owned(columns_bar)
        equations_pushforward_value_bar = unbroadcast(
            columns_bar.pop(), equations_pushforward_value
        )
        c_bar += equations_pushforward_bwd(w, axis, equations_pushforward_value_bar)
    return c_bar


def equations_bwd(w, out_bar):
    """Gradient of `equations` with respect to c, times out_bar."""
    # return np.sin(w) * c - w * w
    c_bar = np.sum(np.sin(w) * out_bar)
    return c_bar


def f_grad(w, c):
    """Gradient of `f` with respect to c."""
    equations_jacobian_saved = []
    slope = equations_jacobian_fwd(w, c, equations_jacobian_saved)
    equations_value = equations(w, c)
    solve_value = np.linalg.solve(slope, equations_value)
    w_saved = w
    w = w - solve_value

    # return np.sum(w)
    w_bar = np.full_like(w, 1.0)
    # w = w - np.linalg.solve(slope, equations(w, c))
    solve_value_bar = unbroadcast(-w_bar, solve_value)
    w = w_saved
    slope_bar = -np.outer(np.linalg.solve(slope.T, solve_value_bar), solve_value)
    equations_value_bar = np.linalg.solve(slope.T, solve_value_bar)
    c_bar = equations_bwd(w, equations_value_bar)
    # slope = rg.jacobian(equations)(w, c)
    c_bar += equations_jacobian_bwd(w, equations_jacobian_saved, slope_bar)
    return c_bar
