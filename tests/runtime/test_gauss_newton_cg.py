"""Fits by products with the Jacobian: the same minima, honest ends, and no Jacobian."""

import numpy as np
import pytest

import retrograd as rg
from retrograd.runtime.solvers.gauss_newton_cg import solve_gauss_newton_cg
from retrograd.runtime.solvers.result import Status
from tests.runtime.problems import CLASSICS, complex_step


def fit(residual, start, sign=1.0, **options):
    def products(p):
        jacobian = sign * complex_step(residual)(p)
        return residual(p), lambda v: jacobian @ v, lambda w: jacobian.T @ w

    return solve_gauss_newton_cg(residual, products, np.array(start, float), **options)


def valley(x):
    return np.concatenate([10 * (x[1::2] - x[0::2] ** 2), 1 - x[0::2]])


def blurred(p, data):
    """A positive signal through a moving mean, with a penalty on roughness."""
    signal = np.exp(p)
    mean = (signal[:-2] + signal[1:-1] + signal[2:]) / 3
    return np.concatenate([mean - data, 0.1 * (p[1:] - p[:-1])])


@pytest.mark.parametrize("name", ["rosenbrock", "beale", "wood", "bard"])
def test_classics(name):
    problem = next(problem for problem in CLASSICS if problem.name == name)
    result = fit(problem.residual, problem.start)
    assert result.success
    assert 2 * result.cost == pytest.approx(problem.sum_of_squares, rel=1e-5, abs=1e-20)


def test_linear_problem_against_its_closed_form():
    rng = np.random.default_rng(0)
    A, b = rng.standard_normal((60, 20)), rng.standard_normal(60)
    result = fit(lambda p: A @ p - b, np.zeros(20))
    assert result.success
    np.testing.assert_allclose(result.x, np.linalg.lstsq(A, b, rcond=None)[0], rtol=1e-6)


def test_many_parameters_with_generated_products():
    result = rg.least_squares(valley, np.tile([-1.2, 1.0], 200), method="gauss-newton-cg")
    assert result.success
    assert result.jac is None
    assert result.cov is None
    np.testing.assert_allclose(result.x, 1.0, rtol=1e-10)
    with pytest.raises(ValueError, match="forms no Jacobian"):
        result.stderr  # noqa: B018
    assert "360 more" in str(result)


def test_residuals_that_stay_agree_with_lm():
    rng = np.random.default_rng(1)
    data = 2 + np.sin(np.arange(58) / 9) + 0.1 * rng.standard_normal(58)
    start = {"signal": np.zeros(60)}
    plain = rg.least_squares(blurred, start["signal"], (data,))
    result = rg.least_squares(
        lambda p, data: blurred(p["signal"], data), start, (data,), method="gauss-newton-cg"
    )
    assert plain.success
    assert result.success
    np.testing.assert_allclose(result.x["signal"], plain.x, atol=1e-6)


def test_wrong_products_are_no_success():
    result = fit(lambda p: np.stack([p[0] - 3.0, p[0] + 1.0, 0.1 * p[0] ** 2]), [0.5], sign=-1.0)
    assert not result.success
    assert "is the Jacobian right" in result.message


def test_too_few_steps_are_no_success():
    result = fit(CLASSICS[0].residual, CLASSICS[0].start, maxiter=2)
    assert result.status == Status.MAXITER
    assert result.nit == 2


def test_callback_stops_and_sees_each_step():
    seen = []
    result = fit(
        CLASSICS[0].residual,
        CLASSICS[0].start,
        callback=lambda s: seen.append(s.nit) or len(seen) == 3,
    )
    assert seen == [1, 2, 3]
    assert result.status == Status.CALLBACK
