"""Within bounds every method ends where the projected gradient vanishes."""

import numpy as np
import pytest

from retrograd.runtime.solvers.box import Box
from retrograd.runtime.solvers.descent import METHODS, minimize_vector
from tests.runtime.problems import half_squares, rosenbrock
from tests.runtime.test_saddles import with_curvature

H = np.array([[3.0, 1.0, 0.0], [1.0, 2.0, 0.5], [0.0, 0.5, 1.0]])
B = np.array([4.0, -3.0, 2.0])
BOX = Box(np.array([-np.inf, 0.0, -1.0]), np.array([1.0, np.inf, 1.5]))
#: By hand: x at its upper bound 1, y at its lower bound 0, and z = 2 at its upper bound 1.5.
AT = np.array([1.0, 0.0, 1.5])


def quadratic(x):
    return 0.5 * float(x @ H @ x) - float(B @ x), H @ x - B


RATES = {
    "gd": 0.2,
    "sgd": 0.2,
    "momentum": 0.05,
    "nesterov": 0.05,
    "rmsprop": lambda k: 0.1 * 0.98**k,
    "adam": 0.05,
    "adamw": 0.05,
}


@pytest.mark.parametrize("method", [name for name in METHODS if name != "sgld"])
def test_quadratic_in_a_box(method):
    options = {"learning_rate": RATES[method]} if method in RATES else {}
    result = minimize_vector(
        quadratic,
        np.array([5.0, 5.0, 0.0]),
        method=method,
        box=BOX,
        hessian_product=lambda x, v: H @ v,
        **options,
    )
    assert result.success, result.message
    np.testing.assert_allclose(result.x, AT, atol=1e-7)


@pytest.mark.parametrize("method", ["cg", "bfgs", "lbfgs", "newton", "newton-cg"])
def test_one_bound_holds_and_one_parameter_is_free(method):
    # With x <= 0.5 the valley of Rosenbrock's function is left at y = x².
    value_and_gradient = half_squares(rosenbrock)
    result = minimize_vector(
        value_and_gradient,
        np.array([-1.2, 1.0]),
        method=method,
        box=Box(np.array([-2.0, -2.0]), np.array([0.5, 2.0])),
        hessian_product=with_curvature(value_and_gradient),
        tol=1e-6,
    )
    assert result.success, result.message
    np.testing.assert_allclose(result.x, [0.5, 0.25], atol=1e-6)
    assert np.all(result.history["value"][1:] <= result.history["value"][:-1])
