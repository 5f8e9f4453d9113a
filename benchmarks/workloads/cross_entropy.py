"""Softmax regression: mean cross entropy of labels."""

import math

import numpy as np

from workloads.workload import Workload


def cross_entropy(W, b, X, labels):
    z = X @ W + b
    z = z - np.max(z, axis=1, keepdims=True)
    log_p = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    return -np.mean(log_p[np.arange(len(labels)), labels])


def arguments(realistic):
    n, d, k = (2000, 40, 10) if realistic else (8, 3, 4)
    rng = np.random.default_rng(0)
    return rng.normal(size=(d, k)), rng.normal(size=k), rng.normal(size=(n, d)), np.arange(n) % k


def by_hand(W, b, X, labels):
    z = X @ W + b
    share = np.exp(z - z.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    share[np.arange(len(labels)), labels] -= 1.0
    share /= len(labels)
    return X.T @ share, share.sum(axis=0)


def for_numba(W, b, X, labels):
    share = X @ W
    n, k = share.shape
    b_bar = np.zeros_like(b)
    for i in range(n):
        top = -np.inf
        for c in range(k):
            share[i, c] += b[c]
            top = max(top, share[i, c])
        total = 0.0
        for c in range(k):
            share[i, c] = math.exp(share[i, c] - top)
            total += share[i, c]
        for c in range(k):
            share[i, c] /= total * n
        share[i, labels[i]] -= 1.0 / n
        for c in range(k):
            b_bar[c] += share[i, c]
    return X.T @ share, b_bar


def in_torch(torch):
    return lambda W, b, X, labels: torch.nn.functional.cross_entropy(X @ W + b, labels)


WORKLOAD = Workload("A", cross_entropy, ("W", "b"), arguments, by_hand, for_numba, in_torch)
