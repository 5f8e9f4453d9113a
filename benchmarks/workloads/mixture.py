"""Log likelihood of a mixture of Gaussians with a scale for every axis."""

import math

import numpy as np

from workloads.workload import Workload


def mixture(weights, means, log_scales, X):
    gaps = (X[:, None, :] - means) * np.exp(-log_scales)
    joint = weights - np.sum(log_scales, axis=1) - 0.5 * np.sum(gaps**2, axis=2)
    top = np.max(joint, axis=1, keepdims=True)
    likelihood = np.sum(top[:, 0] + np.log(np.sum(np.exp(joint - top), axis=1)))
    return likelihood - len(X) * np.log(np.sum(np.exp(weights)))


def arguments(realistic):
    n, k, d = (1000, 10, 8) if realistic else (6, 3, 2)
    rng = np.random.default_rng(0)
    return (
        rng.normal(size=k),
        rng.normal(size=(k, d)),
        0.3 * rng.normal(size=(k, d)),
        rng.normal(size=(n, d)),
    )


def by_hand(weights, means, log_scales, X):
    inverse = np.exp(-log_scales)
    gaps = (X[:, None, :] - means) * inverse
    joint = weights - log_scales.sum(axis=1) - 0.5 * (gaps * gaps).sum(axis=2)
    share = np.exp(joint - joint.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    total = share.sum(axis=0)
    prior = np.exp(weights)
    pull = share[:, :, None] * gaps
    return (
        total - len(X) * prior / prior.sum(),
        pull.sum(axis=0) * inverse,
        (pull * gaps).sum(axis=0) - total[:, None],
    )


def for_numba(weights, means, log_scales, X):
    n, d = X.shape
    k = len(weights)
    inverse = np.exp(-log_scales)
    shift = weights - log_scales.sum(axis=1)
    prior = np.exp(weights)
    weights_bar = -n * prior / prior.sum()
    means_bar = np.zeros((k, d))
    scales_bar = np.zeros((k, d))
    share = np.empty(k)
    for i in range(n):
        top = -np.inf
        for c in range(k):
            square = 0.0
            for a in range(d):
                gap = (X[i, a] - means[c, a]) * inverse[c, a]
                square += gap * gap
            share[c] = shift[c] - 0.5 * square
            top = max(top, share[c])
        total = 0.0
        for c in range(k):
            share[c] = math.exp(share[c] - top)
            total += share[c]
        for c in range(k):
            part = share[c] / total
            weights_bar[c] += part
            for a in range(d):
                gap = (X[i, a] - means[c, a]) * inverse[c, a]
                means_bar[c, a] += part * gap * inverse[c, a]
                scales_bar[c, a] += part * (gap * gap - 1.0)
    return weights_bar, means_bar, scales_bar


def in_torch(torch):
    def mixture(weights, means, log_scales, X):
        gaps = (X[:, None, :] - means) * torch.exp(-log_scales)
        joint = weights - log_scales.sum(dim=1) - 0.5 * (gaps**2).sum(dim=2)
        return torch.logsumexp(joint, dim=1).sum() - len(X) * torch.logsumexp(weights, dim=0)

    return mixture


WORKLOAD = Workload(
    "A", mixture, ("weights", "means", "log_scales"), arguments, by_hand, for_numba, in_torch
)
