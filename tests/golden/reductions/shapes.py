"""Reshaping, transposing, joining and stacking move cotangents back to where they came from.

wrt: u, M    mode: grad    at: u=np.array([0.3, 0.7]), M=np.array([[0.1, 0.9], [0.8, 0.2]])
types: u: float[d], M: float[d, d]
"""

import numpy as np


def model(u, M):
    v = np.concatenate([u, 2.0 * u, np.ravel(M)])
    A = np.stack([u, u * u]) @ M.T
    return np.sum(v**2) + np.sum(A * np.reshape(v[:4], (2, 2)))


# ---- gradient ----
from retrograd.runtime import split_like, spread, unbroadcast


def model_grad(u, M):
    """Gradient of `model` with respect to (u, M)."""
    ravel_M = np.ravel(M)
    v = np.concatenate([u, 2.0 * u, ravel_M])
    stack_value = np.stack([u, u * u])
    A = stack_value @ M.T
    reshape_value = np.reshape(v[:4], (2, 2))

    # return np.sum(v**2) + np.sum(A * np.reshape(v[:4], (2, 2)))
    v_bar = unbroadcast(2.0 * v * spread(1.0, (v**2).shape), v)
    A_bar = unbroadcast(reshape_value, A)
    reshape_value_bar = A * spread(1.0, reshape_value.shape)
    v_bar[:4] += np.reshape(reshape_value_bar, v[:4].shape)
    # A = np.stack([u, u * u]) @ M.T
    stack_value_bar = A_bar @ M
    M_bar = (stack_value.T @ A_bar).T
    u_bar = stack_value_bar[0] + 2.0 * u * stack_value_bar[1]
    # v = np.concatenate([u, 2.0 * u, np.ravel(M)])
    items_bar = split_like(v_bar, [u, 2.0 * u, ravel_M])
    u_bar += items_bar[0] + 2.0 * items_bar[1]
    M_bar = M_bar + np.reshape(unbroadcast(items_bar[2], ravel_M), M.shape)
    return u_bar, M_bar
