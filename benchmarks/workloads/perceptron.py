"""A network of two layers: mean square error."""

import math

import numpy as np

from workloads.workload import Workload


def perceptron(W1, b1, W2, b2, X, y):
    h = np.tanh(X @ W1 + b1)
    error = h @ W2 + b2 - y
    return np.mean(error**2)


def arguments(realistic):
    n, d, width, out = (1000, 20, 64, 3) if realistic else (7, 3, 4, 2)
    rng = np.random.default_rng(0)
    W1, W2 = rng.normal(size=(d, width)) / d**0.5, rng.normal(size=(width, out)) / width**0.5
    b1, b2 = rng.normal(size=width), rng.normal(size=out)
    return W1, b1, W2, b2, rng.normal(size=(n, d)), rng.normal(size=(n, out))


def by_hand(W1, b1, W2, b2, X, y):
    h = np.tanh(X @ W1 + b1)
    error_bar = (h @ W2 + b2 - y) * (2.0 / y.size)
    z_bar = (1.0 - h * h) * (error_bar @ W2.T)
    return X.T @ z_bar, z_bar.sum(axis=0), h.T @ error_bar, error_bar.sum(axis=0)


def for_numba(W1, b1, W2, b2, X, y):
    h = X @ W1
    for i in range(h.shape[0]):
        for j in range(h.shape[1]):
            h[i, j] = math.tanh(h[i, j] + b1[j])
    error_bar = h @ W2
    b2_bar = np.zeros_like(b2)
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            error_bar[i, j] = (error_bar[i, j] + b2[j] - y[i, j]) * (2.0 / y.size)
            b2_bar[j] += error_bar[i, j]
    W2_bar = h.T @ error_bar
    z_bar = error_bar @ W2.T
    b1_bar = np.zeros_like(b1)
    for i in range(h.shape[0]):
        for j in range(h.shape[1]):
            z_bar[i, j] *= 1.0 - h[i, j] * h[i, j]
            b1_bar[j] += z_bar[i, j]
    return X.T @ z_bar, b1_bar, W2_bar, b2_bar


def in_torch(torch):
    def perceptron(W1, b1, W2, b2, X, y):
        h = torch.tanh(X @ W1 + b1)
        return torch.mean((h @ W2 + b2 - y) ** 2)

    return perceptron


WORKLOAD = Workload(
    "A", perceptron, ("W1", "b1", "W2", "b2"), arguments, by_hand, for_numba, in_torch
)
