"""Least squares: half the sum of squares between a damped oscillation and samples of one."""

import math

import numpy as np

from workloads.workload import Workload


def least_squares(p, t, y):
    envelope = p[0] * np.exp(-p[1] * t)
    r = envelope * np.cos(p[2] * t + p[3]) + p[4] - y
    return 0.5 * np.dot(r, r)


def arguments(realistic):
    n = 10_000 if realistic else 20
    rng = np.random.default_rng(0)
    return np.array([2.0, 0.3, 4.0, 0.5, 0.1]), np.linspace(0.0, 10.0, n), rng.normal(size=n)


def by_hand(p, t, y):
    decay = np.exp(-p[1] * t)
    envelope = p[0] * decay
    phase = p[2] * t + p[3]
    cosine = np.cos(phase)
    r = envelope * cosine + p[4] - y
    fade = r * envelope
    swing = fade * np.sin(phase)
    fade *= cosine
    return np.array(
        [np.dot(r * decay, cosine), -np.dot(fade, t), -np.dot(swing, t), -swing.sum(), r.sum()]
    )


def for_numba(p, t, y):
    p_bar = np.zeros(5)
    for i in range(len(t)):
        decay = math.exp(-p[1] * t[i])
        phase = p[2] * t[i] + p[3]
        cosine = math.cos(phase)
        r = p[0] * decay * cosine + p[4] - y[i]
        swing = r * p[0] * decay * math.sin(phase)
        p_bar[0] += r * decay * cosine
        p_bar[1] -= r * p[0] * decay * cosine * t[i]
        p_bar[2] -= swing * t[i]
        p_bar[3] -= swing
        p_bar[4] += r
    return p_bar


def in_torch(torch):
    def least_squares(p, t, y):
        envelope = p[0] * torch.exp(-p[1] * t)
        r = envelope * torch.cos(p[2] * t + p[3]) + p[4] - y
        return 0.5 * torch.dot(r, r)

    return least_squares


WORKLOAD = Workload("A", least_squares, ("p",), arguments, by_hand, for_numba, in_torch)
