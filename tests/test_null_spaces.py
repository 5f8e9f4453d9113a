"""The basis of a null space is arbitrary: what depends on the choice has no derivative."""

import numpy as np
import pytest
from scipy import linalg

import retrograd as rg

A = np.array([[0.3, -0.5, 1.2, 0.4], [0.7, 0.2, -1.1, 0.1]])
W = np.arange(16.0).reshape(4, 4)


def onto(a):
    basis = linalg.null_space(a)
    return np.sum((basis @ basis.T) ** 3 * W)


def by_choice(a):
    return np.sum(linalg.null_space(a) ** 3)


def test_the_projection_onto_it_has_a_gradient():
    rg.check_grads(onto, (A,), modes=("reverse",))


def test_what_depends_on_the_choice_has_none():
    with pytest.raises(ValueError, match="choice of its basis"):
        rg.grad(by_choice)(A)
    with pytest.raises(ValueError, match="has no tangent"):
        rg.jvp(onto, (A,), (A,))
    rg.check_grads(by_choice, (A[:, :3],), order=2)
