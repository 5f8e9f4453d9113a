"""The logarithm of a sum of exponentials, shifted by the largest."""

import math

import numpy as np

from workloads.workload import Workload


def log_sum_exp(x):
    top = np.max(x)
    return top + np.log(np.sum(np.exp(x - top)))


def arguments(realistic):
    return (np.random.default_rng(0).normal(size=100_000 if realistic else 9),)


def by_hand(x):
    share = np.exp(x - x.max())
    share /= share.sum()
    return share


def for_numba(x):
    top = x.max()
    x_bar = np.empty_like(x)
    total = 0.0
    for i in range(len(x)):
        x_bar[i] = math.exp(x[i] - top)
        total += x_bar[i]
    for i in range(len(x)):
        x_bar[i] /= total
    return x_bar


def in_torch(torch):
    return lambda x: torch.logsumexp(x, dim=0)


WORKLOAD = Workload("A", log_sum_exp, ("x",), arguments, by_hand, for_numba, in_torch)
