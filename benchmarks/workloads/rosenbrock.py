"""Rosenbrock's valley in two dimensions."""

from workloads.workload import Workload


def rosenbrock(x, y):
    return (1.0 - x) ** 2 + 100.0 * (y - x**2) ** 2


def arguments(realistic):
    return -1.2, 1.0


def by_hand(x, y):
    off = 200.0 * (y - x * x)
    return -2.0 * (1.0 - x) - 2.0 * x * off, off


for_numba = by_hand


def in_torch(torch):
    return rosenbrock


WORKLOAD = Workload("C", rosenbrock, ("x", "y"), arguments, by_hand, for_numba, in_torch)
