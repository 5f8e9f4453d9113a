"""The cost of k-means: square distances to the nearest centers."""

import numpy as np

from workloads.workload import Workload


def clusters(centers, X):
    squares = np.sum(X**2, axis=1)[:, None] - 2.0 * X @ centers.T + np.sum(centers**2, axis=1)
    return np.sum(np.min(squares, axis=1))


def arguments(realistic):
    n, k, d = (5000, 10, 8) if realistic else (9, 3, 2)
    rng = np.random.default_rng(0)
    return rng.normal(size=(k, d)), rng.normal(size=(n, d))


def by_hand(centers, X):
    squares = -2.0 * X @ centers.T + (centers * centers).sum(axis=1)
    nearest = squares == squares.min(axis=1, keepdims=True)
    chosen = nearest.astype(float)
    return 2.0 * (chosen.sum(axis=0)[:, None] * centers - chosen.T @ X)


def for_numba(centers, X):
    n, d = X.shape
    centers_bar = np.zeros_like(centers)
    for i in range(n):
        least, nearest = np.inf, 0
        for c in range(len(centers)):
            square = 0.0
            for a in range(d):
                gap = X[i, a] - centers[c, a]
                square += gap * gap
            if square < least:
                least, nearest = square, c
        for a in range(d):
            centers_bar[nearest, a] += 2.0 * (centers[nearest, a] - X[i, a])
    return centers_bar


def in_torch(torch):
    def clusters(centers, X):
        squares = (X**2).sum(dim=1)[:, None] - 2.0 * X @ centers.T + (centers**2).sum(dim=1)
        return squares.min(dim=1).values.sum()

    return clusters


WORKLOAD = Workload("A", clusters, ("centers",), arguments, by_hand, for_numba, in_torch)
