"""The covariance of a fit, and what is left of it when the data do not determine everything."""

import numpy as np
import pytest

from retrograd.runtime.solvers.covariance import covariance
from retrograd.runtime.solvers.losses import Weighing


def test_against_the_inverse():
    rng = np.random.default_rng(0)
    J = rng.standard_normal((12, 3)) * [1, 1e-6, 1e6]
    cov, rank = covariance(J, 2.5)
    assert rank == 3
    scale = np.array([1, 1e-6, 1e6])
    exact = 2.5 * np.linalg.inv((J / scale).T @ (J / scale)) / np.outer(scale, scale)
    np.testing.assert_allclose(cov, exact, rtol=1e-12)


def test_undetermined_parameters_are_infinite_and_the_others_not():
    rng = np.random.default_rng(1)
    a, b, c = rng.standard_normal((3, 12))
    cov, rank = covariance(np.column_stack([a, b, 2 * a, 0 * a, c]), 1.0)
    assert rank == 3
    known = np.ix_([1, 4], [1, 4])
    assert np.all(np.isinf(cov[[0, 2, 3]]))
    assert np.all(np.isinf(cov[:, [0, 2, 3]]))
    alone, _ = covariance(np.column_stack([a, b, c]), 1.0)
    np.testing.assert_allclose(cov[known], alone[1:, 1:], rtol=1e-10)


def test_without_degrees_of_freedom_everything_is_infinite():
    variance = Weighing().variance(np.ones(3), 3)
    cov, rank = covariance(np.eye(3), variance)
    assert rank == 3
    assert np.all(np.isinf(cov))


def test_more_parameters_than_residuals():
    cov, rank = covariance(np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]), 1.0)
    assert rank == 2
    assert cov[0, 0] == pytest.approx(1.0)
    assert np.all(np.isinf(np.diag(cov)[1:]))


def test_no_effect_at_all():
    cov, rank = covariance(np.zeros((4, 2)), 1.0)
    assert rank == 0
    assert np.all(np.isinf(cov))
