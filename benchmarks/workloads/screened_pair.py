"""A screened pair potential of two charges."""

import math

from workloads.workload import Workload


def screened_pair(r, q):
    s = r / 1.7  # reduced distance
    core = s**-12 - s**-6
    return 4.0 * core + q * q * math.exp(-s) / r


def arguments(realistic):
    return 2.1, 0.7


def by_hand(r, q):
    s = r / 1.7
    u = 1.0 / s
    u6 = u * u * u
    u6 = u6 * u6
    coulomb = q * math.exp(-s) / r
    r_bar = 24.0 * (u6 - 2.0 * u6 * u6) * u / 1.7 - q * coulomb * (1.0 / r + 1.0 / 1.7)
    return r_bar, 2.0 * coulomb


for_numba = by_hand


def in_torch(torch):
    def screened_pair(r, q):
        s = r / 1.7
        return 4.0 * (s**-12 - s**-6) + q * q * torch.exp(-s) / r

    return screened_pair


WORKLOAD = Workload("C", screened_pair, ("r", "q"), arguments, by_hand, for_numba, in_torch)
