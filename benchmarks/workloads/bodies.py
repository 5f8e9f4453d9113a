"""Bodies that attract each other, pair by pair, in leapfrog steps."""

import math

import numpy as np

from workloads.workload import Workload


def bodies(x0, v0, m, steps, dt):
    n = len(m)
    x = x0.copy()
    v = v0.copy()
    for _ in range(steps):
        for i in range(n):
            for j in range(i + 1, n):
                dx = x[i, 0] - x[j, 0]
                dy = x[i, 1] - x[j, 1]
                dz = x[i, 2] - x[j, 2]
                square = dx * dx + dy * dy + dz * dz + 0.01
                pull = dt / (square * math.sqrt(square))
                v[i, 0] -= dx * m[j] * pull
                v[i, 1] -= dy * m[j] * pull
                v[i, 2] -= dz * m[j] * pull
                v[j, 0] += dx * m[i] * pull
                v[j, 1] += dy * m[i] * pull
                v[j, 2] += dz * m[i] * pull
        for i in range(n):
            x[i, 0] += dt * v[i, 0]
            x[i, 1] += dt * v[i, 1]
            x[i, 2] += dt * v[i, 2]
    return np.sum(x**2) + np.sum(v**2)


def arguments(realistic):
    n, steps = (12, 20) if realistic else (3, 2)
    rng = np.random.default_rng(0)
    return rng.normal(size=(n, 3)), 0.1 * rng.normal(size=(n, 3)), rng.random(n) + 0.5, steps, 0.01


def by_hand(x0, v0, m, steps, dt):
    n = len(m)
    x = x0.copy()
    v = v0.copy()
    xs = np.empty((steps, n, 3))
    for t in range(steps):
        xs[t] = x
        for i in range(n):
            for j in range(i + 1, n):
                dx = x[i, 0] - x[j, 0]
                dy = x[i, 1] - x[j, 1]
                dz = x[i, 2] - x[j, 2]
                square = dx * dx + dy * dy + dz * dz + 0.01
                pull = dt / (square * math.sqrt(square))
                v[i, 0] -= dx * m[j] * pull
                v[i, 1] -= dy * m[j] * pull
                v[i, 2] -= dz * m[j] * pull
                v[j, 0] += dx * m[i] * pull
                v[j, 1] += dy * m[i] * pull
                v[j, 2] += dz * m[i] * pull
        x += dt * v
    x_bar = 2.0 * x
    v_bar = 2.0 * v
    m_bar = np.zeros(n)
    for t in range(steps - 1, -1, -1):
        x = xs[t]
        v_bar += dt * x_bar
        for i in range(n - 1, -1, -1):
            for j in range(n - 1, i, -1):
                dx = x[i, 0] - x[j, 0]
                dy = x[i, 1] - x[j, 1]
                dz = x[i, 2] - x[j, 2]
                square = dx * dx + dy * dy + dz * dz + 0.01
                pull = dt / (square * math.sqrt(square))
                # what each body gives along the line between them
                gx = m[i] * v_bar[j, 0] - m[j] * v_bar[i, 0]
                gy = m[i] * v_bar[j, 1] - m[j] * v_bar[i, 1]
                gz = m[i] * v_bar[j, 2] - m[j] * v_bar[i, 2]
                m_bar[i] += pull * (dx * v_bar[j, 0] + dy * v_bar[j, 1] + dz * v_bar[j, 2])
                m_bar[j] -= pull * (dx * v_bar[i, 0] + dy * v_bar[i, 1] + dz * v_bar[i, 2])
                square_bar = -3.0 * pull / square * (dx * gx + dy * gy + dz * gz)
                dx_bar = pull * gx + dx * square_bar
                dy_bar = pull * gy + dy * square_bar
                dz_bar = pull * gz + dz * square_bar
                x_bar[i, 0] += dx_bar
                x_bar[i, 1] += dy_bar
                x_bar[i, 2] += dz_bar
                x_bar[j, 0] -= dx_bar
                x_bar[j, 1] -= dy_bar
                x_bar[j, 2] -= dz_bar
    return x_bar, v_bar, m_bar


for_numba = by_hand


def in_torch(torch):
    def bodies(x, v, m, steps, dt):
        for _ in range(steps):
            gaps = x[:, None, :] - x
            square = (gaps**2).sum(dim=2) + 0.01
            v = v - dt * (gaps * (m / square**1.5)[:, :, None]).sum(dim=1)
            x = x + dt * v
        return torch.sum(x**2) + torch.sum(v**2)

    return bodies


def in_jax(jax):
    jnp = jax.numpy

    def bodies(x, v, m, steps, dt):
        def step(state, _):
            x, v = state
            gaps = x[:, None, :] - x
            square = jnp.sum(gaps**2, axis=2) + 0.01
            v = v - dt * jnp.sum(gaps * (m / square**1.5)[:, :, None], axis=1)
            return (x + dt * v, v), None

        x, v = jax.lax.scan(step, (x, v), None, length=steps)[0]
        return jnp.sum(x**2) + jnp.sum(v**2)

    return bodies


def in_autograd(np):
    def bodies(x, v, m, steps, dt):
        for _ in range(steps):
            gaps = x[:, None, :] - x
            square = np.sum(gaps**2, axis=2) + 0.01
            v = v - dt * np.sum(gaps * (m / square**1.5)[:, :, None], axis=1)
            x = x + dt * v
        return np.sum(x**2) + np.sum(v**2)

    return bodies


WORKLOAD = Workload(
    "B", bodies, ("x0", "v0", "m"), arguments, by_hand, for_numba, in_torch, in_jax, in_autograd
)
