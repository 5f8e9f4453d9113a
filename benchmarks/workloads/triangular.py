"""Forward substitution: the square norm of the solution of a triangular system."""

import numpy as np

from workloads.workload import Workload


def triangular(L, b):
    x = np.zeros(len(b))
    for i in range(len(b)):
        x[i] = (b[i] - np.dot(L[i, :i], x[:i])) / L[i, i]
    return np.sum(x**2)


def arguments(realistic):
    n = 200 if realistic else 5
    rng = np.random.default_rng(0)
    return np.tril(rng.normal(size=(n, n))) / n + 2.0 * np.eye(n), rng.normal(size=n)


def by_hand(L, b):
    n = len(b)
    x = np.zeros(n)
    for i in range(n):
        x[i] = (b[i] - np.dot(L[i, :i], x[:i])) / L[i, i]
    x_bar = 2.0 * x
    b_bar = np.zeros(n)
    L_bar = np.zeros((n, n))
    for i in range(n - 1, -1, -1):
        g = x_bar[i] / L[i, i]
        b_bar[i] = g
        L_bar[i, i] = -g * x[i]
        L_bar[i, :i] = -g * x[:i]
        x_bar[:i] -= g * L[i, :i]
    return L_bar, b_bar


def for_numba(L, b):
    n = len(b)
    x = np.zeros(n)
    for i in range(n):
        s = b[i]
        for k in range(i):
            s -= L[i, k] * x[k]
        x[i] = s / L[i, i]
    x_bar = 2.0 * x
    b_bar = np.zeros(n)
    L_bar = np.zeros((n, n))
    for i in range(n - 1, -1, -1):
        g = x_bar[i] / L[i, i]
        b_bar[i] = g
        L_bar[i, i] = -g * x[i]
        for k in range(i):
            L_bar[i, k] = -g * x[k]
            x_bar[k] -= g * L[i, k]
    return L_bar, b_bar


def listed(stack):
    """The primal without writing, column by column, its solution put together by `stack`."""

    def triangular(L, b):
        x = []
        for i in range(len(b)):
            x.append(b[i] / L[i, i])
            b = b - x[i] * L[:, i]
        return (stack(x) ** 2).sum()

    return triangular


def in_torch(torch):
    return listed(torch.stack)


def in_jax(jax):
    jnp = jax.numpy

    def triangular(L, b):
        def row(x, i):
            return x.at[i].set((b[i] - L[i] @ x) / L[i, i]), None

        x = jax.lax.scan(row, jnp.zeros(len(b)), jnp.arange(len(b)))[0]
        return jnp.sum(x**2)

    return triangular


def in_autograd(np):
    return listed(np.array)


WORKLOAD = Workload(
    "B", triangular, ("L", "b"), arguments, by_hand, for_numba, in_torch, in_jax, in_autograd
)
