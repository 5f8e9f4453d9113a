"""Diffusion in a cube whose conductivity depends on temperature, written in place by slices."""

import numpy as np

from workloads.workload import Workload


def heat_3d(u0, k, steps):
    u = u0.copy()
    for _ in range(steps):
        inner = u[1:-1, 1:-1, 1:-1]
        flow = u[:-2, 1:-1, 1:-1] + u[2:, 1:-1, 1:-1]
        flow = flow + u[1:-1, :-2, 1:-1] + u[1:-1, 2:, 1:-1]
        flow = flow + u[1:-1, 1:-1, :-2] + u[1:-1, 1:-1, 2:]
        u[1:-1, 1:-1, 1:-1] += k * (1.0 + 0.1 * inner) * (flow - 6.0 * inner)
    return np.sum(u**2)


def arguments(realistic):
    n, steps = (30, 10) if realistic else (4, 2)
    return np.random.default_rng(0).random((n, n, n)), 0.1, steps


def neighbours(u):
    """The sum over the six neighbours of the inner points."""
    flow = u[:-2, 1:-1, 1:-1] + u[2:, 1:-1, 1:-1]
    flow += u[1:-1, :-2, 1:-1]
    flow += u[1:-1, 2:, 1:-1]
    flow += u[1:-1, 1:-1, :-2]
    flow += u[1:-1, 1:-1, 2:]
    return flow


def by_hand(u0, k, steps):
    u = u0.copy()
    saved = []
    for _ in range(steps):
        inner = u[1:-1, 1:-1, 1:-1]
        flow = neighbours(u) - 6.0 * inner
        rise = 1.0 + 0.1 * inner
        saved.append((flow, rise))
        u[1:-1, 1:-1, 1:-1] += k * rise * flow
    u_bar = 2.0 * u
    k_bar = 0.0
    for flow, rise in reversed(saved):
        g = u_bar[1:-1, 1:-1, 1:-1]
        k_bar += np.sum(rise * flow * g)
        flow_bar = k * rise * g
        g += 0.1 * k * flow * g - 6.0 * flow_bar
        u_bar[:-2, 1:-1, 1:-1] += flow_bar
        u_bar[2:, 1:-1, 1:-1] += flow_bar
        u_bar[1:-1, :-2, 1:-1] += flow_bar
        u_bar[1:-1, 2:, 1:-1] += flow_bar
        u_bar[1:-1, 1:-1, :-2] += flow_bar
        u_bar[1:-1, 1:-1, 2:] += flow_bar
    return u_bar, k_bar


def for_numba(u0, k, steps):
    p, q, r = u0.shape
    us = np.empty((steps + 1, p, q, r))
    us[0] = u0
    for t in range(steps):
        u, new = us[t], us[t + 1]
        new[:] = u
        for a in range(1, p - 1):
            for b in range(1, q - 1):
                for c in range(1, r - 1):
                    flow = u[a - 1, b, c] + u[a + 1, b, c] + u[a, b - 1, c] + u[a, b + 1, c]
                    flow += u[a, b, c - 1] + u[a, b, c + 1] - 6.0 * u[a, b, c]
                    new[a, b, c] += k * (1.0 + 0.1 * u[a, b, c]) * flow
    new_bar = 2.0 * us[steps]
    u_bar = np.empty((p, q, r))
    k_bar = 0.0
    for t in range(steps - 1, -1, -1):
        u = us[t]
        u_bar[:] = new_bar
        for a in range(1, p - 1):
            for b in range(1, q - 1):
                for c in range(1, r - 1):
                    g = new_bar[a, b, c]
                    flow = u[a - 1, b, c] + u[a + 1, b, c] + u[a, b - 1, c] + u[a, b + 1, c]
                    flow += u[a, b, c - 1] + u[a, b, c + 1] - 6.0 * u[a, b, c]
                    rise = 1.0 + 0.1 * u[a, b, c]
                    k_bar += rise * flow * g
                    flow_bar = k * rise * g
                    u_bar[a, b, c] += 0.1 * k * flow * g - 6.0 * flow_bar
                    u_bar[a - 1, b, c] += flow_bar
                    u_bar[a + 1, b, c] += flow_bar
                    u_bar[a, b - 1, c] += flow_bar
                    u_bar[a, b + 1, c] += flow_bar
                    u_bar[a, b, c - 1] += flow_bar
                    u_bar[a, b, c + 1] += flow_bar
        u_bar, new_bar = new_bar, u_bar
    return new_bar, k_bar


def change(u, k):
    """What a step adds to the inner points."""
    inner = u[1:-1, 1:-1, 1:-1]
    flow = u[:-2, 1:-1, 1:-1] + u[2:, 1:-1, 1:-1] + u[1:-1, :-2, 1:-1] + u[1:-1, 2:, 1:-1]
    flow = flow + u[1:-1, 1:-1, :-2] + u[1:-1, 1:-1, 2:]
    return k * (1.0 + 0.1 * inner) * (flow - 6.0 * inner)


def in_torch(torch):
    def heat_3d(u, k, steps):
        for _ in range(steps):
            u = u + torch.nn.functional.pad(change(u, k), (1, 1, 1, 1, 1, 1))
        return torch.sum(u**2)

    return heat_3d


def in_jax(jax):
    def heat_3d(u, k, steps):
        def step(u, _):
            return u.at[1:-1, 1:-1, 1:-1].add(change(u, k)), None

        return jax.numpy.sum(jax.lax.scan(step, u, None, length=steps)[0] ** 2)

    return heat_3d


def in_autograd(np):
    def heat_3d(u, k, steps):
        for _ in range(steps):
            u = u + np.pad(change(u, k), ((1, 1), (1, 1), (1, 1)), mode="constant")
        return np.sum(u**2)

    return heat_3d


WORKLOAD = Workload(
    "B", heat_3d, ("u0", "k"), arguments, by_hand, for_numba, in_torch, in_jax, in_autograd
)
