"""A long short-term memory, run over a sequence."""

import math

import numpy as np

from workloads.workload import Workload


def lstm(W, U, b, xs, ys):
    n = len(b) // 4
    h = np.zeros(n)
    c = np.zeros(n)
    loss = 0.0
    for t in range(len(xs)):
        z = W @ xs[t] + U @ h + b
        take = 1.0 / (1.0 + np.exp(-z[:n]))
        keep = 1.0 / (1.0 + np.exp(-z[n : 2 * n]))
        show = 1.0 / (1.0 + np.exp(-z[2 * n : 3 * n]))
        c = keep * c + take * np.tanh(z[3 * n :])
        h = show * np.tanh(c)
        loss = loss + np.sum((h - ys[t]) ** 2)
    return loss


def arguments(realistic):
    n, d, length = (32, 16, 50) if realistic else (3, 2, 4)
    rng = np.random.default_rng(0)
    return (
        rng.normal(size=(4 * n, d)) / d**0.5,
        rng.normal(size=(4 * n, n)) / n**0.5,
        rng.normal(size=4 * n),
        rng.normal(size=(length, d)),
        rng.normal(size=(length, n)),
    )


def by_hand(W, U, b, xs, ys):
    n = len(b) // 4
    h = np.zeros(n)
    c = np.zeros(n)
    saved = []
    for t in range(len(xs)):
        z = W @ xs[t] + U @ h + b
        gates = 1.0 / (1.0 + np.exp(-z[: 3 * n]))
        new = np.tanh(z[3 * n :])
        before = h, c
        c = gates[n : 2 * n] * c + gates[:n] * new
        shown = np.tanh(c)
        h = gates[2 * n :] * shown
        saved.append((*before, gates, new, shown, h))
    W_bar, U_bar, b_bar = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b)
    h_bar, c_bar = np.zeros(n), np.zeros(n)
    z_bar = np.empty(4 * n)
    for t in range(len(xs) - 1, -1, -1):
        h_old, c_old, gates, new, shown, h = saved[t]
        h_bar += 2.0 * (h - ys[t])
        z_bar[2 * n : 3 * n] = h_bar * shown
        c_bar += h_bar * gates[2 * n :] * (1.0 - shown * shown)
        z_bar[:n] = c_bar * new
        z_bar[n : 2 * n] = c_bar * c_old
        z_bar[: 3 * n] *= gates * (1.0 - gates)
        z_bar[3 * n :] = c_bar * gates[:n] * (1.0 - new * new)
        c_bar *= gates[n : 2 * n]
        W_bar += np.outer(z_bar, xs[t])
        U_bar += np.outer(z_bar, h_old)
        b_bar += z_bar
        h_bar = U.T @ z_bar
    return W_bar, U_bar, b_bar


def for_numba(W, U, b, xs, ys):
    length, d = xs.shape
    n = len(b) // 4
    hs, cs = np.zeros((length + 1, n)), np.zeros((length + 1, n))
    gates = np.empty((length, 4 * n))
    for t in range(length):
        z = W @ xs[t] + U @ hs[t]
        for i in range(3 * n):
            gates[t, i] = 1.0 / (1.0 + math.exp(-(z[i] + b[i])))
        for i in range(n):
            gates[t, 3 * n + i] = math.tanh(z[3 * n + i] + b[3 * n + i])
            cs[t + 1, i] = gates[t, n + i] * cs[t, i] + gates[t, i] * gates[t, 3 * n + i]
            hs[t + 1, i] = gates[t, 2 * n + i] * math.tanh(cs[t + 1, i])
    W_bar, U_bar, b_bar = np.zeros_like(W), np.zeros_like(U), np.zeros_like(b)
    h_bar, c_bar = np.zeros(n), np.zeros(n)
    z_bar = np.empty(4 * n)
    for t in range(length - 1, -1, -1):
        for i in range(n):
            take, keep, show = gates[t, i], gates[t, n + i], gates[t, 2 * n + i]
            new = gates[t, 3 * n + i]
            shown = math.tanh(cs[t + 1, i])
            g = h_bar[i] + 2.0 * (hs[t + 1, i] - ys[t, i])
            c_bar[i] += g * show * (1.0 - shown * shown)
            z_bar[i] = c_bar[i] * new * take * (1.0 - take)
            z_bar[n + i] = c_bar[i] * cs[t, i] * keep * (1.0 - keep)
            z_bar[2 * n + i] = g * shown * show * (1.0 - show)
            z_bar[3 * n + i] = c_bar[i] * take * (1.0 - new * new)
            c_bar[i] *= keep
        h_bar[:] = 0.0
        for i in range(4 * n):
            g = z_bar[i]
            b_bar[i] += g
            for k in range(d):
                W_bar[i, k] += g * xs[t, k]
            for k in range(n):
                U_bar[i, k] += g * hs[t, k]
                h_bar[k] += U[i, k] * g
    return W_bar, U_bar, b_bar


def in_torch(torch):
    def lstm(W, U, b, xs, ys):
        n = len(b) // 4
        h = c = torch.zeros(n, dtype=b.dtype)
        loss = 0.0
        for x, y in zip(xs, ys, strict=True):
            take, keep, show, new = (W @ x + U @ h + b).split(n)
            c = torch.sigmoid(keep) * c + torch.sigmoid(take) * torch.tanh(new)
            h = torch.sigmoid(show) * torch.tanh(c)
            loss = loss + torch.sum((h - y) ** 2)
        return loss

    return lstm


def in_jax(jax):
    jnp, sigmoid = jax.numpy, jax.nn.sigmoid

    def lstm(W, U, b, xs, ys):
        def step(state, row):
            h, c = state
            x, y = row
            take, keep, show, new = jnp.split(W @ x + U @ h + b, 4)
            c = sigmoid(keep) * c + sigmoid(take) * jnp.tanh(new)
            h = sigmoid(show) * jnp.tanh(c)
            return (h, c), jnp.sum((h - y) ** 2)

        zero = jnp.zeros(len(b) // 4)
        return jnp.sum(jax.lax.scan(step, (zero, zero), (xs, ys))[1])

    return lstm


WORKLOAD = Workload("B", lstm, ("W", "U", "b"), arguments, by_hand, for_numba, in_torch, in_jax)
