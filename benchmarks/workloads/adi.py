"""Implicit diffusion by alternating directions: elimination along one axis, then the other."""

import numpy as np

from workloads.workload import Workload


def adi(u0, r, steps):
    u = u0.copy()
    n = len(u)
    den = np.zeros(n)
    c = np.zeros(n)
    den[0] = 1.0 + 2.0 * r
    c[0] = -r / den[0]
    for i in range(1, n):
        den[i] = 1.0 + 2.0 * r + r * c[i - 1]
        c[i] = -r / den[i]
    for _ in range(steps):
        # along the columns
        u[0, :] = u[0, :] / den[0]
        for i in range(1, n):
            u[i, :] = (u[i, :] + r * u[i - 1, :]) / den[i]
        for i in range(n - 2, -1, -1):
            u[i, :] = u[i, :] - c[i] * u[i + 1, :]
        # along the rows
        u[:, 0] = u[:, 0] / den[0]
        for j in range(1, n):
            u[:, j] = (u[:, j] + r * u[:, j - 1]) / den[j]
        for j in range(n - 2, -1, -1):
            u[:, j] = u[:, j] - c[j] * u[:, j + 1]
    return np.sum(u**2)


def arguments(realistic):
    n, steps = (50, 10) if realistic else (4, 2)
    return np.random.default_rng(0).random((n, n)), 0.7, steps


def by_hand(u0, r, steps):
    u = u0.copy()
    n = len(u)
    den = np.zeros(n)
    c = np.zeros(n)
    den[0] = 1.0 + 2.0 * r
    c[0] = -r / den[0]
    for i in range(1, n):
        den[i] = 1.0 + 2.0 * r + r * c[i - 1]
        c[i] = -r / den[i]
    saved = []
    for _ in range(steps):
        for w in (u, u.T):
            w[0] /= den[0]
            for i in range(1, n):
                w[i] = (w[i] + r * w[i - 1]) / den[i]
            eliminated = w.copy()
            for i in range(n - 2, -1, -1):
                w[i] -= c[i] * w[i + 1]
            saved.append((eliminated, w.copy()))
    u_bar = 2.0 * u
    r_bar = 0.0
    den_bar = np.zeros(n)
    c_bar = np.zeros(n)
    for _ in range(steps):
        for w_bar in (u_bar.T, u_bar):
            eliminated, w = saved.pop()
            for i in range(n - 1):
                c_bar[i] -= np.dot(w_bar[i], w[i + 1])
                w_bar[i + 1] -= c[i] * w_bar[i]
            for i in range(n - 1, 0, -1):
                w_bar[i] /= den[i]
                r_bar += np.dot(w_bar[i], eliminated[i - 1])
                den_bar[i] -= np.dot(w_bar[i], eliminated[i])
                w_bar[i - 1] += r * w_bar[i]
            w_bar[0] /= den[0]
            den_bar[0] -= np.dot(w_bar[0], eliminated[0])
    for i in range(n - 1, 0, -1):
        r_bar -= c_bar[i] / den[i]
        den_bar[i] += c_bar[i] * r / (den[i] * den[i])
        r_bar += den_bar[i] * (2.0 + c[i - 1])
        c_bar[i - 1] += r * den_bar[i]
    r_bar -= c_bar[0] / den[0]
    r_bar += 2.0 * (den_bar[0] + c_bar[0] * r / (den[0] * den[0]))
    return u_bar, r_bar


def for_numba(u0, r, steps):
    u = u0.copy()
    n = len(u)
    den = np.zeros(n)
    c = np.zeros(n)
    den[0] = 1.0 + 2.0 * r
    c[0] = -r / den[0]
    for i in range(1, n):
        den[i] = 1.0 + 2.0 * r + r * c[i - 1]
        c[i] = -r / den[i]
    saved = np.empty((steps, 4, n, n))
    for t in range(steps):
        for j in range(n):
            u[0, j] /= den[0]
        for i in range(1, n):
            for j in range(n):
                u[i, j] = (u[i, j] + r * u[i - 1, j]) / den[i]
        saved[t, 0] = u
        for i in range(n - 2, -1, -1):
            for j in range(n):
                u[i, j] -= c[i] * u[i + 1, j]
        saved[t, 1] = u
        for i in range(n):
            u[i, 0] /= den[0]
            for j in range(1, n):
                u[i, j] = (u[i, j] + r * u[i, j - 1]) / den[j]
        saved[t, 2] = u
        for i in range(n):
            for j in range(n - 2, -1, -1):
                u[i, j] -= c[j] * u[i, j + 1]
        saved[t, 3] = u
    u_bar = 2.0 * u
    r_bar = 0.0
    den_bar = np.zeros(n)
    c_bar = np.zeros(n)
    for t in range(steps - 1, -1, -1):
        eliminated, w = saved[t, 2], saved[t, 3]
        for i in range(n):
            for j in range(n - 1):
                c_bar[j] -= u_bar[i, j] * w[i, j + 1]
                u_bar[i, j + 1] -= c[j] * u_bar[i, j]
            for j in range(n - 1, 0, -1):
                u_bar[i, j] /= den[j]
                r_bar += u_bar[i, j] * eliminated[i, j - 1]
                den_bar[j] -= u_bar[i, j] * eliminated[i, j]
                u_bar[i, j - 1] += r * u_bar[i, j]
            u_bar[i, 0] /= den[0]
            den_bar[0] -= u_bar[i, 0] * eliminated[i, 0]
        eliminated, w = saved[t, 0], saved[t, 1]
        for i in range(n - 1):
            for j in range(n):
                c_bar[i] -= u_bar[i, j] * w[i + 1, j]
                u_bar[i + 1, j] -= c[i] * u_bar[i, j]
        for i in range(n - 1, 0, -1):
            for j in range(n):
                u_bar[i, j] /= den[i]
                r_bar += u_bar[i, j] * eliminated[i - 1, j]
                den_bar[i] -= u_bar[i, j] * eliminated[i, j]
                u_bar[i - 1, j] += r * u_bar[i, j]
        for j in range(n):
            u_bar[0, j] /= den[0]
            den_bar[0] -= u_bar[0, j] * eliminated[0, j]
    for i in range(n - 1, 0, -1):
        r_bar -= c_bar[i] / den[i]
        den_bar[i] += c_bar[i] * r / (den[i] * den[i])
        r_bar += den_bar[i] * (2.0 + c[i - 1])
        c_bar[i - 1] += r * den_bar[i]
    r_bar -= c_bar[0] / den[0]
    r_bar += 2.0 * (den_bar[0] + c_bar[0] * r / (den[0] * den[0]))
    return u_bar, r_bar


def listed(stack):
    """The primal without writing, rows in lists put together by `stack`."""

    def solved(u, r, den, c):
        rows = [u[0] / den[0]]
        for i in range(1, len(u)):
            rows.append((u[i] + r * rows[-1]) / den[i])
        for i in range(len(u) - 2, -1, -1):
            rows[i] = rows[i] - c[i] * rows[i + 1]
        return stack(rows)

    def adi(u, r, steps):
        den = [1.0 + 2.0 * r]
        c = [-r / den[0]]
        for _ in range(1, len(u)):
            den.append(1.0 + 2.0 * r + r * c[-1])
            c.append(-r / den[-1])
        for _ in range(steps):
            u = solved(solved(u, r, den, c).T, r, den, c).T
        return (u**2).sum()

    return adi


def in_torch(torch):
    return listed(torch.stack)


def in_autograd(np):
    return listed(np.stack)


def in_jax(jax):
    jnp, scan = jax.numpy, jax.lax.scan

    def solved(u, r, den, c):
        def down(above, row):
            new = (row[0] + r * above) / row[1]
            return new, new

        def up(below, row):
            new = row[0] - row[1] * below
            return new, new

        zero = jnp.zeros(u.shape[1])
        eliminated = scan(down, zero, (u, den))[1]
        return scan(up, zero, (eliminated, c), reverse=True)[1]

    def adi(u, r, steps):
        def coefficient(c, _):
            den = 1.0 + 2.0 * r + r * c
            return -r / den, (den, -r / den)

        den, c = scan(coefficient, 0.0 * r, None, length=len(u))[1]

        def step(u, _):
            return solved(solved(u, r, den, c).T, r, den, c).T, None

        return jnp.sum(scan(step, u, None, length=steps)[0] ** 2)

    return adi


WORKLOAD = Workload(
    "B", adi, ("u0", "r"), arguments, by_hand, for_numba, in_torch, in_jax, in_autograd
)
