"""Stops at saddles are no success, minima stay one however flat, and Newton's methods use what they see."""

import numpy as np
import pytest

from retrograd.runtime.solvers.box import Box
from retrograd.runtime.solvers.descent import METHODS, minimize_vector
from retrograd.runtime.solvers.objective import Objective
from retrograd.runtime.solvers.result import Status
from retrograd.runtime.solvers.saddles import way_down
from tests.runtime.problems import CLASSICS, half_squares

DETERMINISTIC = tuple(name for name, method in METHODS.items() if not method.draws)


def with_curvature(value_and_gradient):
    """Hessian products by central differences of the gradient."""

    def product(x, v):
        h = 1e-5 / max(np.linalg.norm(v), 1e-30)
        return (value_and_gradient(x + h * v)[1] - value_and_gradient(x - h * v)[1]) / (2 * h)

    return product


def strict(x):
    """x² - y² + y⁴."""
    gradient = np.array([2 * x[0], -2 * x[1] + 4 * x[1] ** 3])
    return float(x[0] ** 2 - x[1] ** 2 + x[1] ** 4), gradient


def strict_product(x, v):
    return np.array([2 * v[0], (12 * x[1] ** 2 - 2) * v[1]])


def monkey(x):
    """x³ - 3 x y²."""
    gradient = np.array([3 * x[0] ** 2 - 3 * x[1] ** 2, -6 * x[0] * x[1]])
    return float(x[0] ** 3 - 3 * x[0] * x[1] ** 2), gradient


def monkey_product(x, v):
    return 6 * np.array([x[0] * v[0] - x[1] * v[1], -x[1] * v[0] - x[0] * v[1]])


def chain(x):
    """½ (a b c d - 1)², a deep linear network of one unit a layer."""
    product = float(np.prod(x))
    others = np.array([np.prod(np.delete(x, j)) for j in range(x.size)])
    return 0.5 * (product - 1) ** 2, (product - 1) * others


SADDLES = {
    "strict": (strict, strict_product, np.zeros(2)),
    "monkey": (monkey, monkey_product, np.zeros(2)),
    "chain": (chain, lambda x, v: np.zeros(4), np.zeros(4)),
}


@pytest.mark.parametrize("name", SADDLES)
@pytest.mark.parametrize("method", DETERMINISTIC)
def test_no_method_takes_a_saddle_for_success(method, name):
    value_and_gradient, product, start = SADDLES[name]
    result = minimize_vector(
        value_and_gradient, start, method=method, hessian_product=product, maxiter=50
    )
    if method == "saddle-free-newton" and name == "strict":
        assert result.success
        assert result.fun == pytest.approx(-0.25)
    elif method == "saddle-free-newton":
        assert result.fun < value_and_gradient(start)[0]
    else:
        assert result.status == Status.SADDLE
        assert not result.success
        np.testing.assert_array_equal(result.x, start)


def test_saddles_that_are_walked_into():
    for method in ("gd", "bfgs", "newton"):
        result = minimize_vector(
            strict, np.array([1.0, 0.0]), method=method, hessian_product=strict_product
        )
        assert result.status == Status.SADDLE
        assert "direction of curvature -2" in result.message


@pytest.mark.parametrize("method", ["gd", "adam", "cg", "bfgs", "newton"])
def test_inflections_are_no_minima(method):
    def cubic(x):  # the way into its inflection at 1 bends upwards
        return 5.0 + float((x[0] - 1) ** 3), 3 * (x - 1) ** 2

    result = minimize_vector(
        cubic,
        np.array([1.0 + 4e-5]),
        method=method,
        hessian_product=lambda x, v: 6 * (x - 1) * v,
    )
    assert result.status == Status.SADDLE
    assert "there is a lower value within" in result.message


def test_what_cannot_be_looked_at_is_said():
    assert "curvature was not looked at" in minimize_vector(strict, np.zeros(2)).message

    def broken(x, v):
        raise RuntimeError("no second derivative here")

    result = minimize_vector(strict, np.zeros(2), hessian_product=broken)
    assert result.message.endswith("curvature was not looked at: no second derivative here")


@pytest.mark.parametrize("shift", [0.0, 1.0, 1e6])
@pytest.mark.parametrize("power", [2, 4, 6])
def test_flat_minima_stay_minima(power, shift):
    def bowl(x):  # and one parameter that does nothing
        return shift + float(np.sum(x[:3] ** power)), np.append(power * x[:3] ** (power - 1), 0.0)

    def product(x, v):
        return np.append(power * (power - 1) * x[:3] ** (power - 2) * v[:3], 0.0)

    for x in (np.zeros(4), np.array([1e-3, -1e-4, 1e-5, 2.0])):
        problem = Objective(bowl, hessian_product=product)
        assert way_down(problem, problem.start(x)) is None


def test_one_bent_direction_among_many_is_found():
    rng = np.random.default_rng(5)
    axes, _ = np.linalg.qr(rng.standard_normal((20, 20)))
    bends = np.append(-1e-3, np.linspace(0.5, 100, 19))
    H = axes @ np.diag(bends) @ axes.T
    problem = Objective(lambda x: (0.5 * x @ H @ x, H @ x), hessian_product=lambda x, v: H @ v)
    down = way_down(problem, problem.start(np.zeros(20)))
    assert down.curvature == pytest.approx(-1e-3, rel=1e-6)
    assert abs(down.direction @ axes[:, 0]) == pytest.approx(1.0, abs=1e-6)


def test_ways_out_of_the_box_do_not_count():
    # x y on the quadrant x, y >= 0 has its minimum in the corner, though its Hessian bends downwards
    def product(x, v):
        return v[::-1]

    def corner(x):
        return float(x[0] * x[1]), x[::-1].copy()

    quadrant = Box(np.zeros(2), np.full(2, np.inf))
    problem = Objective(corner, hessian_product=product, box=quadrant)
    assert way_down(problem, problem.start(np.zeros(2))) is None
    plane = Objective(corner, hessian_product=product)
    assert way_down(plane, plane.start(np.zeros(2))).curvature == pytest.approx(-1.0)


@pytest.mark.parametrize("method", ["newton", "newton-cg", "saddle-free-newton"])
@pytest.mark.parametrize("problem", CLASSICS[:4], ids=lambda problem: problem.name)
def test_second_order_methods_solve_the_classics(problem, method):
    value_and_gradient = half_squares(problem.residual)
    result = minimize_vector(
        value_and_gradient,
        np.array(problem.start),
        method=method,
        hessian_product=with_curvature(value_and_gradient),
        tol=1e-6,
    )
    assert result.success
    assert result.nit < 100
    assert 2 * result.fun == pytest.approx(problem.sum_of_squares, abs=1e-8)


def test_newton_ends_on_a_quadratic_in_one_step():
    H = np.array([[4.0, 1.0], [1.0, 3.0]])

    def quadratic(x):
        return 0.5 * float(x @ H @ x) - x[0], H @ x - np.array([1.0, 0.0])

    for method in ("newton", "saddle-free-newton"):
        result = minimize_vector(
            quadratic, np.array([9.0, -7.0]), method=method, hessian_product=lambda x, v: H @ v
        )
        assert result.success
        assert result.nit == 1
        np.testing.assert_allclose(result.x, np.linalg.solve(H, [1.0, 0.0]), rtol=1e-12)
