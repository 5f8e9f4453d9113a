"""Reaction and diffusion on a square, element by element."""

import numpy as np

from workloads.workload import Workload


def heat_2d(u, k, steps):
    n, m = u.shape
    for _ in range(steps):
        new = u.copy()
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                flow = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - 4.0 * u[i, j]
                new[i, j] = u[i, j] + k * flow + 0.1 * u[i, j] * (1.0 - u[i, j])
        u = new
    return np.sum(u**2)


def arguments(realistic):
    n, steps = (50, 10) if realistic else (5, 2)
    return np.random.default_rng(0).random((n, n)), 0.2, steps


def by_hand(u, k, steps):
    n, m = u.shape
    us = []
    for _ in range(steps):
        us.append(u)
        new = u.copy()
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                flow = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - 4.0 * u[i, j]
                new[i, j] = u[i, j] + k * flow + 0.1 * u[i, j] * (1.0 - u[i, j])
        u = new
    new_bar = 2.0 * u
    k_bar = 0.0
    for u in reversed(us):
        u_bar = new_bar.copy()
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                g = new_bar[i, j]
                flow = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - 4.0 * u[i, j]
                k_bar += flow * g
                kg = k * g
                u_bar[i - 1, j] += kg
                u_bar[i + 1, j] += kg
                u_bar[i, j - 1] += kg
                u_bar[i, j + 1] += kg
                u_bar[i, j] += (0.1 - 0.2 * u[i, j]) * g - 4.0 * kg
        new_bar = u_bar
    return new_bar, k_bar


def for_numba(u, k, steps):
    n, m = u.shape
    us = np.empty((steps + 1, n, m))
    us[0] = u
    for t in range(steps):
        u, new = us[t], us[t + 1]
        new[:] = u
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                flow = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - 4.0 * u[i, j]
                new[i, j] = u[i, j] + k * flow + 0.1 * u[i, j] * (1.0 - u[i, j])
    new_bar = 2.0 * us[steps]
    u_bar = np.empty((n, m))
    k_bar = 0.0
    for t in range(steps - 1, -1, -1):
        u = us[t]
        u_bar[:] = new_bar
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                g = new_bar[i, j]
                flow = u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1] - 4.0 * u[i, j]
                k_bar += flow * g
                kg = k * g
                u_bar[i - 1, j] += kg
                u_bar[i + 1, j] += kg
                u_bar[i, j - 1] += kg
                u_bar[i, j + 1] += kg
                u_bar[i, j] += (0.1 - 0.2 * u[i, j]) * g - 4.0 * kg
        u_bar, new_bar = new_bar, u_bar
    return new_bar, k_bar


def stepped(u, k):
    """One step on the inner points, by slices."""
    inner = u[1:-1, 1:-1]
    flow = u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:] - 4.0 * inner
    return inner + k * flow + 0.1 * inner * (1.0 - inner)


def in_torch(torch):
    def heat_2d(u, k, steps):
        for _ in range(steps):
            new = u.clone()
            new[1:-1, 1:-1] = stepped(u, k)
            u = new
        return torch.sum(u**2)

    return heat_2d


def in_jax(jax):
    def heat_2d(u, k, steps):
        def step(u, _):
            return u.at[1:-1, 1:-1].set(stepped(u, k)), None

        return jax.numpy.sum(jax.lax.scan(step, u, None, length=steps)[0] ** 2)

    return heat_2d


def in_autograd(np):
    def heat_2d(u, k, steps):
        for _ in range(steps):
            middle = np.concatenate([u[1:-1, :1], stepped(u, k), u[1:-1, -1:]], axis=1)
            u = np.concatenate([u[:1], middle, u[-1:]])
        return np.sum(u**2)

    return heat_2d


WORKLOAD = Workload(
    "B", heat_2d, ("u", "k"), arguments, by_hand, for_numba, in_torch, in_jax, in_autograd
)
