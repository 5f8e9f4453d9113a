"""The log determinant of a matrix by the Cholesky factor, entry by entry."""

import math

import numpy as np

from workloads.workload import Workload


def cholesky(A):
    n = len(A)
    L = np.zeros((n, n))
    for i in range(n):
        for j in range(i):
            L[i, j] = (A[i, j] - np.dot(L[i, :j], L[j, :j])) / L[j, j]
        L[i, i] = math.sqrt(A[i, i] - np.dot(L[i, :i], L[i, :i]))
    return 2.0 * np.sum(np.log(np.diag(L)))


def arguments(realistic):
    n = 50 if realistic else 4
    B = np.random.default_rng(0).normal(size=(n, n))
    return (B @ B.T + n * np.eye(n),)


def by_hand(A):
    n = len(A)
    L = np.zeros((n, n))
    for i in range(n):
        for j in range(i):
            L[i, j] = (A[i, j] - np.dot(L[i, :j], L[j, :j])) / L[j, j]
        L[i, i] = math.sqrt(A[i, i] - np.dot(L[i, :i], L[i, :i]))
    L_bar = np.diag(2.0 / np.diag(L))
    A_bar = np.zeros((n, n))
    for i in range(n - 1, -1, -1):
        g = 0.5 * L_bar[i, i] / L[i, i]
        A_bar[i, i] = g
        L_bar[i, :i] -= 2.0 * g * L[i, :i]
        for j in range(i - 1, -1, -1):
            g = L_bar[i, j] / L[j, j]
            A_bar[i, j] = g
            L_bar[j, j] -= g * L[i, j]
            L_bar[i, :j] -= g * L[j, :j]
            L_bar[j, :j] -= g * L[i, :j]
    return A_bar


def for_numba(A):
    n = len(A)
    L = np.zeros((n, n))
    for i in range(n):
        for j in range(i):
            s = A[i, j]
            for k in range(j):
                s -= L[i, k] * L[j, k]
            L[i, j] = s / L[j, j]
        s = A[i, i]
        for k in range(i):
            s -= L[i, k] * L[i, k]
        L[i, i] = math.sqrt(s)
    L_bar = np.zeros((n, n))
    for i in range(n):
        L_bar[i, i] = 2.0 / L[i, i]
    A_bar = np.zeros((n, n))
    for i in range(n - 1, -1, -1):
        g = 0.5 * L_bar[i, i] / L[i, i]
        A_bar[i, i] = g
        for k in range(i):
            L_bar[i, k] -= 2.0 * g * L[i, k]
        for j in range(i - 1, -1, -1):
            g = L_bar[i, j] / L[j, j]
            A_bar[i, j] = g
            L_bar[j, j] -= g * L[i, j]
            for k in range(j):
                L_bar[i, k] -= g * L[j, k]
                L_bar[j, k] -= g * L[i, k]
    return A_bar


def in_torch(torch):
    def cholesky(A):
        n = len(A)
        columns = []
        diagonal = []
        for j in range(n):
            column = A[j:, j]
            if columns:
                left = torch.stack([c[j - k :] for k, c in enumerate(columns)], dim=1)
                column = column - left @ left[0]
            columns.append(column / torch.sqrt(column[0]))
            diagonal.append(column[0])
        return torch.log(torch.stack(diagonal)).sum()

    return cholesky


def in_jax(jax):
    jnp = jax.numpy

    def cholesky(A):
        n = len(A)
        below = jnp.arange(n)

        def column(L, j):
            s = A[:, j] - L @ L[j]
            found = jnp.where(below >= j, s / jnp.sqrt(s[j]), 0.0)
            return L.at[:, j].set(found), found[j]

        diagonal = jax.lax.scan(column, jnp.zeros((n, n)), below)[1]
        return 2.0 * jnp.sum(jnp.log(diagonal))

    return cholesky


def in_autograd(np):
    def cholesky(A):
        n = len(A)
        columns = []
        total = 0.0
        for j in range(n):
            column = A[j:, j]
            if columns:
                left = np.stack([c[j - k :] for k, c in enumerate(columns)], axis=1)
                column = column - left @ left[0]
            columns.append(column / np.sqrt(column[0]))
            total = total + np.log(column[0])
        return total

    return cholesky


WORKLOAD = Workload(
    "B", cholesky, ("A",), arguments, by_hand, for_numba, in_torch, in_jax, in_autograd
)
