"""The workloads of the benchmarks are what they say: every gradient is the one written by hand."""

import inspect
import sys
from pathlib import Path

import numpy as np
import pytest

import retrograd as rg

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from timing import flat
from workloads.workload import workloads

WORKLOADS = workloads()


def test_there_are_enough_in_every_group():
    groups = [workload.group for workload in WORKLOADS.values()]
    assert len(groups) >= 20
    assert min(groups.count(group) for group in "ABC") >= 5


@pytest.mark.parametrize("name", WORKLOADS)
def test_gradients_agree(name):
    workload = WORKLOADS[name]
    expected = flat(workload.by_hand(*workload.arguments(False)))
    found = rg.grad(workload.function, argnames=workload.wrt)(*workload.arguments(False))
    np.testing.assert_allclose(flat(found), expected, rtol=1e-9, atol=1e-12)
    # as it stands, not compiled
    loops = workload.for_numba(*workload.arguments(False))
    np.testing.assert_allclose(flat(loops), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", WORKLOADS)
def test_the_gradient_by_hand_is_the_slope(name):
    workload = WORKLOADS[name]
    args = list(workload.arguments(False))
    names = list(inspect.signature(workload.function).parameters)
    rng = np.random.default_rng(1)
    along = [rng.normal(size=np.shape(args[names.index(one)])) for one in workload.wrt]

    def value(h):
        moved = list(args)
        for one, direction in zip(workload.wrt, along, strict=True):
            moved[names.index(one)] = args[names.index(one)] + h * direction
        return workload.function(*moved)

    eps = np.finfo(float).eps
    h = eps ** (1 / 3)
    slope = (value(h) - value(-h)) / (2.0 * h)
    expected = flat(workload.by_hand(*args)) @ flat(along)
    np.testing.assert_allclose(slope, expected, rtol=1e4 * eps ** (2 / 3))
