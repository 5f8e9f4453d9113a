"""Logistic regression: mean negative log likelihood with a ridge."""

import math

import numpy as np

from workloads.workload import Workload


def logistic(w, b, X, y, decay):
    z = X @ w + b
    nll = np.mean(np.logaddexp(0.0, z) - y * z)
    return nll + 0.5 * decay * np.dot(w, w)


def arguments(realistic):
    n, d = (10_000, 30) if realistic else (12, 3)
    rng = np.random.default_rng(0)
    y = (rng.random(n) > 0.5).astype(float)
    return rng.normal(size=d), 0.1, rng.normal(size=(n, d)), y, 1e-3


def by_hand(w, b, X, y, decay):
    z = X @ w + b
    z_bar = (1.0 / (1.0 + np.exp(-z)) - y) / len(y)
    return X.T @ z_bar + decay * w, z_bar.sum()


def for_numba(w, b, X, y, decay):
    z_bar = X @ w
    b_bar = 0.0
    for i in range(len(y)):
        z_bar[i] = (1.0 / (1.0 + math.exp(-(z_bar[i] + b))) - y[i]) / len(y)
        b_bar += z_bar[i]
    return X.T @ z_bar + decay * w, b_bar


def in_torch(torch):
    def logistic(w, b, X, y, decay):
        z = X @ w + b
        nll = torch.mean(torch.nn.functional.softplus(z) - y * z)
        return nll + 0.5 * decay * torch.dot(w, w)

    return logistic


WORKLOAD = Workload("A", logistic, ("w", "b"), arguments, by_hand, for_numba, in_torch)
