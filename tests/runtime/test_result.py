"""Results are read by attribute, by key and by eye."""

import pickle

import numpy as np
import pytest

from retrograd.runtime.solvers.descent import minimize_vector
from retrograd.runtime.solvers.least_squares import solve_least_squares
from retrograd.runtime.solvers.result import correlations

X = np.linspace(0, 2, 15)
Y = 1.5 + 0.5 * X + 0.1 * np.cos(11 * X)


@pytest.fixture
def line():
    jacobian = np.column_stack([np.ones_like(X), X])
    return solve_least_squares(lambda p: jacobian @ p - Y, lambda p: jacobian, np.zeros(2))


def test_fields_are_attributes_and_keys(line):
    names = ["x", "fun", "cost", "jac", "grad", "cov", "nit", "nfev", "njev", "success"]
    names += ["status", "message", "history"]
    for name in names:
        assert name in line
        assert line[name] is getattr(line, name) or line[name] == getattr(line, name)
    assert set(names) <= set(dict(line))
    assert len(line) == len(list(line))
    with pytest.raises(KeyError):
        line["nonsense"]
    with pytest.raises(AttributeError):
        line.nonsense  # noqa: B018
    assert isinstance(line.success, bool)


def test_fun_is_the_residual_and_cost_half_its_square(line):
    np.testing.assert_allclose(line.cost, 0.5 * np.sum(line.fun**2))
    np.testing.assert_allclose(line.grad, line.jac.T @ line.fun)


def test_report_has_values_errors_and_correlations(line, capsys):
    line.report()
    text = capsys.readouterr().out
    assert text == f"{line}\n"
    errors = line.stderr
    assert "lm succeeded: the largest cosine" in text
    assert "15 residuals, 2 parameters, rank 2" in text
    assert f"{line.x[0]:.10g}" in text
    assert f"{errors[1]:.4g}" in text
    assert f"{100 * errors[1] / line.x[1]:.3g} %" in text
    assert f"x[0], x[1] {correlations(line.cov)[0, 1]:8.4f}" in text


def test_report_of_a_failure_says_so():
    result = solve_least_squares(
        lambda p: np.array([p[0] * p[1] - 1, 0 * p[0]]),
        lambda p: np.array([[p[1], p[0]], [0.0, 0.0]]),
        np.ones(2) * 3,
        maxiter=1,
    )
    text = str(result)
    assert "did NOT succeed: maxiter=1" in text
    assert "inf" in text


def test_report_without_covariance_lists_leaves():
    result = minimize_vector(lambda x: (float(x @ x), 2 * x), np.ones(3))
    assert "bfgs succeeded" in str(result)
    assert "value 0" in str(result)
    assert "cov" in result
    assert result.cov is None


def test_long_results_are_cut():
    n = 100
    result = solve_least_squares(
        lambda p: np.append(p, p) - 1.0, lambda p: np.tile(np.eye(n), (2, 1)), np.zeros(n)
    )
    assert "and 60 more" in str(result)
    assert len(str(result).splitlines()) < 60
    long = minimize_vector(lambda x: (float(x @ x), 2 * x), np.ones(1000))
    assert "shape (1000,), from" in str(long)
    assert len(repr(long)) < 1500


def test_repr_is_short_and_readable(line):
    lines = repr(line).splitlines()
    assert lines[0].startswith("lm succeeded")
    assert [line.split()[0] for line in lines[1:]] == ["parameter", "x[0]", "x[1]"]


def test_results_can_be_pickled(line):
    again = pickle.loads(pickle.dumps(line))
    np.testing.assert_array_equal(again.x, line.x)
    assert again.message == line.message
