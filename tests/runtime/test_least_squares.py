"""The least-squares solvers find what is known, and claim no more than they found."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
import scipy.optimize

from retrograd.runtime.solvers.box import Box, bounded_step
from retrograd.runtime.solvers.dogleg import dogleg_step
from retrograd.runtime.solvers.gauss_newton import gauss_newton_step
from retrograd.runtime.solvers.least_squares import solve_least_squares, without_effect
from retrograd.runtime.solvers.levenberg_marquardt import Damped
from retrograd.runtime.solvers.losses import Weighing
from retrograd.runtime.solvers.residuals import FitPoint, Residual
from retrograd.runtime.solvers.result import Status
from retrograd.runtime.solvers.stopping import EPS, largest_cosine, measured_rounding
from tests.runtime.problems import CLASSICS, bard, complex_step, powell_singular, rosenbrock

NIST = Path(__file__).parents[2] / "examples" / "data" / "nist"
METHODS = ("lm", "gauss-newton", "dogleg")


def fit(residual, start, **options):
    return solve_least_squares(residual, complex_step(residual), np.array(start, float), **options)


# ---------------------------------------------------------------- known answers


@pytest.mark.parametrize("problem", CLASSICS, ids=lambda problem: problem.name)
def test_levenberg_marquardt_solves_the_classics(problem):
    result = fit(problem.residual, problem.start)
    assert result.success
    assert 2 * result.cost == pytest.approx(problem.sum_of_squares, rel=1e-5, abs=1e-20)


@pytest.mark.parametrize("name", ["rosenbrock", "beale", "powell_singular", "bard"])
def test_gauss_newton_solves_those_it_suits(name):
    problem = next(problem for problem in CLASSICS if problem.name == name)
    result = fit(problem.residual, problem.start, method="gauss-newton")
    assert result.success
    assert 2 * result.cost == pytest.approx(problem.sum_of_squares, rel=1e-5, abs=1e-20)


@pytest.mark.parametrize("name", ["rosenbrock", "beale", "powell_singular", "wood", "bard"])
def test_dogleg_solves_those_it_suits(name):
    problem = next(problem for problem in CLASSICS if problem.name == name)
    result = fit(problem.residual, problem.start, method="dogleg")
    assert result.success
    assert 2 * result.cost == pytest.approx(problem.sum_of_squares, rel=1e-5, abs=1e-20)


@pytest.mark.parametrize("radius", [0.05, 0.3, 1.0, 3.0])
def test_dogleg_step_is_best_on_its_path_within_the_region(radius):
    rng = np.random.default_rng(3)
    J, r = rng.standard_normal((9, 3)) * [1, 5, 0.2], rng.standard_normal(9)
    step = dogleg_step(r, J, radius)
    newton = gauss_newton_step(r, J)
    gradient = J.T @ r
    cauchy = -(gradient @ gradient) / np.sum((J @ gradient) ** 2) * gradient
    path = np.concatenate(
        [
            np.linspace(0, 1, 2001)[:, None] * cauchy,
            cauchy + np.linspace(0, 1, 2001)[:, None] * (newton - cauchy),
        ]
    )
    inside = path[np.linalg.norm(path, axis=1) <= radius]
    best = np.min(np.sum((r + inside @ J.T) ** 2, axis=1))
    assert np.linalg.norm(step) <= radius * (1 + 1e-12)
    assert np.sum((r + J @ step) ** 2) <= best + 1e-9


@pytest.mark.parametrize("factor", [10, 100])
def test_levenberg_marquardt_from_far_starts(factor):
    for problem in CLASSICS:
        if problem.name in ("beale", "bard"):  # these run to infinity from there
            continue
        result = fit(problem.residual, np.multiply(problem.start, factor))
        assert result.success, problem.name
        assert 2 * result.cost == pytest.approx(problem.sum_of_squares, rel=1e-5, abs=1e-20)


MODELS = {
    "misra1a": lambda b, x: b[0] * (1 - np.exp(-b[1] * x)),
    "eckerle4": lambda b, x: (b[0] / b[1]) * np.exp(-0.5 * ((x - b[2]) / b[1]) ** 2),
    "thurber": lambda b, x: (
        (b[0] + b[1] * x + b[2] * x**2 + b[3] * x**3) / (1 + b[4] * x + b[5] * x**2 + b[6] * x**3)
    ),
}


@pytest.mark.parametrize("start", ["start1", "start2"])
@pytest.mark.parametrize("name", MODELS)
def test_certified_values_of_nist(name, start):
    problem = json.loads((NIST / f"{name}.json").read_text())
    x, y = np.array(problem["x"]), np.array(problem["y"])
    result = fit(lambda b: MODELS[name](b, x) - y, problem[start])
    assert result.success
    np.testing.assert_allclose(result.x, problem["certified"], rtol=1e-9)
    np.testing.assert_allclose(2 * result.cost, problem["residual_sum_of_squares"], rtol=1e-10)
    np.testing.assert_allclose(
        np.sqrt(np.diag(result.cov)), problem["standard_deviations"], rtol=1e-8
    )


@pytest.mark.parametrize("method", METHODS)
def test_linear_problem_against_its_closed_form(method):
    rng = np.random.default_rng(0)
    units = np.array([1, 1e3, 1e-4, 1])
    A, b = rng.standard_normal((30, 4)) * units, rng.standard_normal(30)
    result = fit(lambda p: A @ p - b, np.zeros(4), method=method)
    exact = np.linalg.lstsq(A / units, b, rcond=None)[0] / units
    variance = np.sum((A @ exact - b) ** 2) / (30 - 4)
    assert result.success
    assert result.rank == 4
    np.testing.assert_allclose(result.x, exact, rtol=1e-11)
    np.testing.assert_allclose(result.cov, variance * np.linalg.inv(A.T @ A), rtol=1e-9)
    np.testing.assert_allclose(result.grad, 0, atol=1e-9)


def test_fits_do_not_depend_on_the_unit_of_the_data():
    x = np.linspace(0, 3, 20)
    y = 2 * np.exp(-x) + 0.1 * np.cos(9 * x)
    plain = fit(lambda p: p[0] * np.exp(-p[1] * x) - y, [1, 0.5])
    for unit in (1e-34, 1e34):
        scaled = fit(lambda p, unit=unit: unit * (p[0] * np.exp(-p[1] * x) - y), [1, 0.5])
        assert scaled.success
        np.testing.assert_allclose(scaled.x, plain.x, rtol=1e-10)


def test_refinement_reaches_rounding():
    result = fit(bard, [1, 1, 1])
    assert largest_cosine(result.fun, result.jac) < 1e-13


@pytest.mark.parametrize("x_scale", ["jac", 1.0, [1.0, 10.0]])
def test_scalings_lead_to_the_same_minimum(x_scale):
    result = fit(rosenbrock, [-1.2, 1], x_scale=x_scale)
    assert result.success
    np.testing.assert_allclose(result.x, 1, rtol=1e-12)


def test_more_parameters_than_residuals():
    result = fit(lambda p: np.stack([p[0] + p[1] ** 2 - 3.0]), [1, 1])
    assert result.success
    assert result.rank == 1
    assert np.all(np.isinf(result.cov))
    assert "rank 1 of 2" in result.message


# ---------------------------------------------------------------- claims


def test_zero_residual_is_claimed_as_such():
    result = fit(rosenbrock, [-1.2, 1])
    assert result.status == Status.RESIDUAL_ZERO
    np.testing.assert_allclose(result.x, 1, rtol=1e-14)


def test_zero_residual_with_an_offset_that_the_parameters_do_not_know():
    x = np.linspace(0, 1, 10)
    result = fit(lambda p: (1e3 + p[0] * np.exp(p[1] * x)) - (1e3 + 1e-3 * np.exp(-x)), [1e-2, 1])
    assert result.success
    np.testing.assert_allclose(result.x, [1e-3, -1], rtol=1e-8)


def test_start_at_the_solution():
    result = fit(rosenbrock, [1, 1])
    assert result.success
    assert result.nit == 0


def test_rank_deficiency_is_reported_and_its_variance_infinite():
    x = np.linspace(0, 1, 12)
    y = np.cos(5 * x)
    result = fit(lambda p: (p[0] + p[1]) * x + p[2] - y, [1, 2, 3])
    assert result.success
    assert result.rank == 2
    assert "rank 2 of 3" in result.message
    assert np.all(np.isinf(np.diag(result.cov)[:2]))
    assert np.isfinite(result.cov[2, 2])


def test_parameter_without_effect_is_no_success():
    x = np.linspace(0, 1, 12)
    result = fit(lambda p: p[0] * x + 0 * p[1] - np.cos(5 * x), [1, 2])
    assert not result.success
    assert result.status == Status.NO_EFFECT
    assert "parameter 1" in result.message
    np.testing.assert_allclose(result.x[0], x @ np.cos(5 * x) / (x @ x))


def test_plateau_is_no_success():
    x = np.linspace(1, 2, 12)
    result = fit(lambda p: p[0] * np.exp(-p[1] * x) - np.exp(-x), [1, 1e4])
    assert not result.success
    assert np.isfinite(result.cost)


def test_top_of_a_hill_is_left():
    result = fit(lambda p: np.stack([p[0] ** 2 - 1.0, 0 * p[0] + 0.1]), [0])
    assert result.success
    assert abs(result.x[0]) == pytest.approx(1.0, rel=1e-12)
    assert "1 saddle was left on the way" in result.message


def test_saddle_between_two_minima_is_left():
    # along p[1] = 0 the best is p[0] = 1, from where both directions of p[1] lead down
    def residual(p):
        return np.stack([p[0] - 1.0, p[1] ** 2 - 4.0, p[1] * p[0] / 10])

    result = fit(residual, [3.0, 0.0])
    assert result.success
    assert "saddle was left" in result.message
    assert abs(result.x[1]) == pytest.approx(2.0, rel=1e-2)


def test_where_the_model_has_no_value_is_told():
    def residual(p):
        return np.array([p[0] + 2.0, p[0] if p[0] > 0.5 else np.nan])

    result = solve_least_squares(residual, lambda p: np.ones((2, 1)), np.ones(1))
    assert not result.success
    assert "the residual is not finite: entry 1 is nan, for p = [" in result.message
    assert 0.5 < result.x[0] <= 1


def test_large_residuals_converge_by_second_derivatives():
    def residual(p):
        return np.stack([p[0] + 1.0, 2.0 * p[0] ** 2 + p[0] - 1.0, p[1] * p[0] + 5.0, p[1] - 1.0])

    def bend(p, u, v):
        cross = u[0] * v[1] + u[1] * v[0]
        return np.stack([0.0, 4.0 * u[0] * v[0], cross, 0.0])

    plain = fit(residual, [1.0, 1.0])
    bent = fit(residual, [1.0, 1.0], bend=bend)
    assert plain.success
    assert bent.success
    np.testing.assert_allclose(bent.x, plain.x, rtol=1e-8)
    assert bent.nit < 0.5 * plain.nit


@pytest.mark.parametrize("seed", range(20))
def test_bounded_step_against_scipy(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 7))
    factor = np.linalg.qr(rng.standard_normal((n + 3, n)), mode="r")
    target = 3 * rng.standard_normal(n)
    low, high = -rng.uniform(0, 1, n), rng.uniform(0, 1, n)
    low[0] = 0.0
    step = bounded_step(factor, target, low, high)
    expected = scipy.optimize.lsq_linear(factor, -target, (low, high + 1e-300), method="bvls").x
    np.testing.assert_allclose(step, expected, atol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_wrong_jacobian_is_no_success(method):
    result = solve_least_squares(
        bard, lambda p: -complex_step(bard)(p), np.ones(3), method=method, maxiter=50
    )
    assert not result.success
    assert "is the Jacobian right" in result.message
    np.testing.assert_array_equal(result.x, 1)


def test_kink_is_no_success():
    result = solve_least_squares(
        lambda p: np.array([1 + abs(p[0]), 0.5 * p[0]]),
        lambda p: np.array([[np.sign(p[0]) or 1.0], [0.5]]),
        np.array([0.3]),
    )
    assert not result.success
    assert abs(result.x[0]) < 1e-6


def test_peak_out_of_sight_is_no_success():
    x = np.linspace(0, 10, 50)
    y = np.where(abs(x - 5) < 3, np.exp(-((x - 5) ** 2)), 0.0)
    result = fit(lambda p: p[0] * np.exp(-((x - p[1]) ** 2) / p[2] ** 2) - y, [1.0, 24.0, 1.0])
    assert not result.success
    assert "ran away" in result.message
    far = fit(
        lambda p: p[0] * np.exp(-((x - p[1]) ** 2) / p[2] ** 2) - y, [1.0, 24.0, 1.0], maxiter=0
    )
    assert without_effect(
        FitPoint(far.x, far.fun, far.jac, (far.fun, far.jac), far.cost, far.x > 0, 0.0)
    ).all()


def test_parameters_that_end_at_zero_have_an_effect():
    x = np.linspace(-1, 1, 20)
    result = fit(
        lambda p: p[0] * x + p[1] - 1e-3 * np.sign(x) * np.cos(9 * x) * (x**2 - 0.3), [0, 0]
    )
    assert result.success
    assert abs(result.x[1]) < 1e-15


def test_runaway_is_no_success():
    result = fit(lambda p: np.stack([np.exp(-p[0]), np.exp(-p[0]) / 2]), [0], maxiter=30)
    assert not result.success


def test_too_few_steps_are_no_success():
    result = fit(bard, [1, 1, 1], maxiter=2)
    assert not result.success
    assert result.status == Status.MAXITER
    assert result.nit == 2
    assert "maxiter=2" in result.message


def test_too_few_evaluations_are_no_success():
    result = fit(bard, [1, 1, 1], maxfev=3)
    assert not result.success
    assert "maxfev=3" in result.message


def test_tol_zero_switches_every_test_off():
    result = fit(powell_singular, [3, -1, 0, 1], tol=0, maxiter=12)
    assert result.nit == 12
    assert not result.success
    at_solution = fit(rosenbrock, [1, 1], tol=0, maxiter=12)
    assert not at_solution.success


def test_points_where_the_model_has_no_value_are_stepped_around():
    t = np.linspace(0, 1, 9)
    y = np.log(0.1 + t)

    def residual(p):
        return np.log(p[0] + t) - y

    def jacobian(p):
        return (1 / (p[0] + t))[:, np.newaxis]

    result = solve_least_squares(residual, jacobian, np.array([5.0]))
    assert result.success
    np.testing.assert_allclose(result.x, 0.1, rtol=1e-12)


def test_python_arithmetic_that_raises_is_stepped_around():
    result = solve_least_squares(
        lambda p: np.array([math.log(p[0]) - 1.0, math.exp(p[0]) - math.exp(math.e)]),
        lambda p: np.array([[1 / p[0]], [math.exp(p[0])]]),
        np.array([0.01]),
        damping=0.0,
    )
    assert result.success
    np.testing.assert_allclose(result.x, math.e, rtol=1e-12)


def test_errors_of_the_model_itself_pass_through():
    def residual(p):
        if p[0] != 1.0:
            raise ValueError("my own mistake")
        return p - 3.0

    with pytest.raises(ValueError, match="my own mistake"):
        solve_least_squares(residual, lambda p: np.eye(1), np.ones(1))


# ---------------------------------------------------------------- what comes in


def test_start_that_is_not_finite():
    with pytest.raises(ValueError, match="parameter 1 is nan"):
        fit(rosenbrock, [0, np.nan])


def test_residual_that_is_not_finite_at_the_start():
    with pytest.raises(ValueError, match=r"not finite at the start: entry 2 is nan"):
        fit(lambda p: np.array([p[0], p[0], np.nan * p[0].real]), [1])


def test_jacobian_that_is_not_finite_at_the_start():
    with pytest.raises(ValueError, match=r"entry \(1, 0\) is inf"):
        solve_least_squares(
            lambda p: np.array([p[0], 1.0]), lambda p: np.array([[1.0], [np.inf]]), np.ones(1)
        )


@pytest.mark.parametrize(
    ("residual", "jacobian", "words"),
    [
        (lambda p: 1.0, lambda p: np.eye(1), r"shape \(\); a vector"),
        (lambda p: np.ones((2, 2)), lambda p: np.eye(1), r"shape \(2, 2\)"),
        (lambda p: np.ones(0), lambda p: np.eye(1), "empty"),
        (lambda p: np.ones(3), lambda p: np.eye(2), r"\(2, 2\); \(3, 1\) was wanted"),
        (lambda p: np.array([1e200]), lambda p: np.eye(1), "overflows"),
    ],
)
def test_shapes_that_do_not_fit(residual, jacobian, words):
    with pytest.raises(ValueError, match=words):
        solve_least_squares(residual, jacobian, np.ones(1))


def test_unknown_options_are_named_with_those_there_are():
    with pytest.raises(TypeError, match=r"no options 'ftol', 'gtol'; its options are 'tol', "):
        fit(rosenbrock, [0, 0], ftol=1e-3, gtol=1)
    with pytest.raises(TypeError, match="'gauss-newton' has no option 'damping'"):
        fit(rosenbrock, [0, 0], method="gauss-newton", damping=1.0)


@pytest.mark.parametrize(
    "options",
    [
        {"maxiter": -1},
        {"maxiter": 2.5},
        {"maxiter": None},
        {"tol": -1.0},
        {"tol": math.nan},
        {"damping": lambda k: 1.0},
        {"x_scale": "auto"},
        {"x_scale": [1.0]},
        {"x_scale": 0.0},
        {"x_scale": 2.0, "method": "gauss-newton"},
        {"method": "newton"},
    ],
)
def test_options_without_sense(options):
    with pytest.raises(ValueError, match=r"came|should be|has no effect"):
        fit(rosenbrock, [0, 0], **options)


# ---------------------------------------------------------------- the loop


@pytest.mark.parametrize("method", METHODS)
def test_callback_sees_each_step_and_can_stop(method):
    seen = []

    def callback(state):
        seen.append((state.nit, state.value, state.record["gradient_norm"]))
        state.x[:] = np.nan  # its own copy
        return len(seen) == 3

    result = fit(bard, [1, 1, 1], method=method, callback=callback)
    assert [nit for nit, _, _ in seen] == [1, 2, 3]
    assert result.status == Status.CALLBACK
    assert not result.success
    assert result.cost == seen[-1][1]
    assert np.all(np.isfinite(result.x))


def test_callback_can_raise_stop_iteration():
    def callback(state):
        raise StopIteration

    result = fit(bard, [1, 1, 1], callback=callback)
    assert result.status == Status.CALLBACK
    assert result.nit == 1


def test_keyboard_interrupt_keeps_the_best_point():
    calls = 0

    def residual(p):
        nonlocal calls
        calls += 1
        if calls == 5:
            raise KeyboardInterrupt
        return bard(p)

    result = solve_least_squares(residual, complex_step(bard), np.ones(3))
    assert result.status == Status.INTERRUPTED
    assert not result.success
    assert result.cost == np.min(result.history["value"])


@pytest.mark.parametrize("method", METHODS)
def test_history_has_an_entry_for_the_start_and_each_step(method):
    result = fit(bard, [1, 1, 1], method=method)
    assert set(result.history) == {"value", "gradient_norm", "cosine", "step", "damping"}
    assert all(series.shape == (result.nit + 1,) for series in result.history.values())
    assert result.history["value"][-1] == result.cost
    assert result.history["step"][0] == 0


def test_counts_are_those_of_the_calls():
    calls = {"r": 0, "J": 0}

    def residual(p):
        calls["r"] += 1
        return bard(p)

    def jacobian(p):
        calls["J"] += 1
        return complex_step(bard)(p)

    result = solve_least_squares(residual, jacobian, np.ones(3))
    assert (result.nfev, result.njev) == (calls["r"], calls["J"])


# ---------------------------------------------------------------- the pieces


def test_gauss_newton_step_solves_the_normal_equations():
    rng = np.random.default_rng(1)
    J, r = rng.standard_normal((9, 3)), rng.standard_normal(9)
    np.testing.assert_allclose(J.T @ (J @ gauss_newton_step(r, J) + r), 0, atol=1e-13)
    with pytest.raises(ValueError, match="first extents"):
        gauss_newton_step(r[1:], J)


def test_damped_step_solves_the_damped_normal_equations():
    rng = np.random.default_rng(2)
    J, r, D, damping = (
        rng.standard_normal((9, 3)),
        rng.standard_normal(9),
        np.array([1, 2, 3.0]),
        0.7,
    )
    triangle = np.linalg.qr(np.column_stack([J, r]), mode="r")
    damped = Damped.of(triangle, D, damping)
    step = damped.to(Residual(None, None, box=Box.read(None, 3)), np.zeros(3))
    expected = np.linalg.solve(J.T @ J + damping * np.diag(D**2), -J.T @ r)
    np.testing.assert_allclose(step, expected, rtol=1e-12)


def test_reduction_survives_cancellation():
    r = np.array([1.0, 1e8])
    new = np.array([1.0 - 1e-9, 1e8])
    assert Weighing().reduction(r, new) == pytest.approx(1e-9, rel=1e-6)


def test_measured_rounding_sees_noise_and_not_curvature():
    def noisy(p):
        return np.exp(p) + 1e-6 * np.sin(1e12 * p)

    x = np.linspace(0.5, 1.5, 20)
    assert 1e-7 < measured_rounding(noisy, x) < 1e-4
    assert measured_rounding(np.exp, x) < 100 * EPS


def test_stall_at_parameters_that_are_zero():
    # The Jacobian is wrong, and a step from zero never falls below rounding: the search still ends.
    result = solve_least_squares(
        lambda p: np.array([1.0 + p[0] ** 2, p[0]]), lambda p: np.array([[1.0], [1.0]]), np.zeros(1)
    )
    assert not result.success
    assert result.nfev < 200
