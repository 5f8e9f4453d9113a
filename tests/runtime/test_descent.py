"""The descent methods take the steps their formulas say, and claim no more than they found."""

import math

import numpy as np
import pytest

from retrograd.runtime.solvers.bfgs import updated_inverse
from retrograd.runtime.solvers.descent import minimize_vector
from retrograd.runtime.solvers.result import Status
from tests.runtime.problems import CLASSICS, half_squares, rosenbrock

FIRST_ORDER = ("gd", "sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw")
LINE_SEARCHED = ("cg", "bfgs", "lbfgs")


def bowl(x):
    """½ x·Hx with H = diag(1, 10)."""
    h = np.array([1.0, 10.0])
    return 0.5 * float(x @ (h * x)), h * x


# ---------------------------------------------------------------- bfgs


@pytest.mark.parametrize("method", LINE_SEARCHED)
@pytest.mark.parametrize("problem", CLASSICS, ids=lambda problem: problem.name)
def test_line_searches_solve_the_classics(problem, method):
    start = np.array(problem.start)
    result = minimize_vector(half_squares(problem.residual), start, tol=1e-6, method=method)
    # No rounding lets the gradient fall that far at 85822, and cg has no model to say so.
    assert result.success or (method, problem.name) == ("cg", "brown_dennis")
    assert 2 * result.fun == pytest.approx(problem.sum_of_squares, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("unit", [1e12, 1e20])
def test_gradient_that_cannot_fall_below_rounding(unit):
    value_and_gradient = half_squares(rosenbrock)

    def scaled(x):
        value, gradient = value_and_gradient(x)
        return unit * (1 + value), unit * gradient

    result = minimize_vector(scaled, np.array([-1.2, 1.0]))
    assert result.success
    np.testing.assert_allclose(result.x, 1, rtol=1e-12)


def test_bfgs_ends_on_a_quadratic_in_few_steps():
    rng = np.random.default_rng(0)
    root = rng.standard_normal((6, 6))
    H, b = root @ root.T + np.eye(6), rng.standard_normal(6)
    result = minimize_vector(
        lambda x: (0.5 * float(x @ H @ x) - float(b @ x), H @ x - b), np.zeros(6)
    )
    assert result.success
    assert result.nit <= 20
    np.testing.assert_allclose(result.x, np.linalg.solve(H, b), rtol=1e-7)


def test_bfgs_reaches_a_minimum_whose_value_is_large():
    def value_and_gradient(x):
        return 1e6 + bowl(x - 1.0)[0], bowl(x - 1.0)[1]

    result = minimize_vector(value_and_gradient, np.array([5.0, -3.0]))
    assert result.success
    np.testing.assert_allclose(result.x, 1, atol=1e-8)


def test_inverse_update_satisfies_the_secant_equation():
    rng = np.random.default_rng(3)
    step, change = rng.standard_normal(4), rng.standard_normal(4)
    change *= np.sign(step @ change)
    inverse = updated_inverse(None, step, change)
    np.testing.assert_allclose(inverse @ change, step, rtol=1e-12)
    np.testing.assert_allclose(inverse, inverse.T)
    assert np.all(np.linalg.eigvalsh(inverse) > 0)
    assert updated_inverse(inverse, step, -change) is inverse


def test_unbounded_descent_is_no_success():
    def value_and_gradient(x):
        return float(x[0] ** 2 - x[1] ** 2), np.array([2 * x[0], -2 * x[1]])

    for method in ("bfgs", "gd"):
        result = minimize_vector(value_and_gradient, np.array([1.0, 1e-3]), method=method)
        assert not result.success
        assert np.all(np.isfinite(result.x))


def test_wrong_gradient_is_no_success():
    result = minimize_vector(lambda x: (bowl(x)[0], -bowl(x)[1]), np.array([1.0, 1.0]))
    assert result.status == Status.STALLED
    np.testing.assert_array_equal(result.x, 1)


def test_kink_is_no_success():
    def value_and_gradient(x):  # 2 |x| to the left of 0, |x| to the right
        slope = np.where(x > 0, 1.0, -2.0)
        return float(np.sum(slope * x)), slope

    result = minimize_vector(value_and_gradient, np.array([0.3, -0.7]))
    assert not result.success
    assert result.fun < 0.3


def test_walls_are_stepped_around():
    def value_and_gradient(x):  # a barrier at x = 1; math.log raises beyond it
        return -x[0] - math.log(1 - x[0]), np.array([-1 + 1 / (1 - x[0])])

    result = minimize_vector(value_and_gradient, np.array([-30.0]))
    assert result.success
    assert abs(result.x[0]) < 1e-7


# ---------------------------------------------------------------- update rules


def test_gradient_descent_by_hand():
    result = minimize_vector(
        bowl, np.array([1.0, 1.0]), method="gd", learning_rate=0.05, maxiter=7, tol=0
    )
    np.testing.assert_allclose(result.x, [0.95**7, 0.5**7], rtol=1e-14)
    assert result.nit == 7
    assert result.nfev == 8


def test_momentum_by_hand():
    result = minimize_vector(
        bowl,
        np.array([1.0, 1.0]),
        method="momentum",
        learning_rate=0.1,
        momentum=0.5,
        maxiter=3,
        tol=0,
    )
    # v = 1, x = 0.9;  v = 0.5 + 0.9 = 1.4, x = 0.76;  v = 0.7 + 0.76 = 1.46, x = 0.614
    # v = 10, x = 0;   v = 5, x = -0.5;              v = 2.5 - 5 = -2.5, x = -0.25
    np.testing.assert_allclose(result.x, [0.614, -0.25], rtol=1e-14)


def test_adam_by_hand():
    result = minimize_vector(
        bowl,
        np.array([1.0, 1.0]),
        method="adam",
        learning_rate=0.1,
        beta1=0.5,
        beta2=0.75,
        eps=0.0,
        maxiter=2,
        tol=0,
    )
    # The first step is the rate itself. Then for h = 1 and 10, with g = h and 0.9 h:
    # mean = (0.25 + 0.45) h / 0.75, square = (0.1875 + 0.2025) h² / 0.4375.
    second = 0.1 * (0.70 / 0.75) / math.sqrt(0.39 / 0.4375)
    np.testing.assert_allclose(result.x, [0.9 - second, 0.9 - second], rtol=1e-14)


def test_adam_adds_eps_outside_the_root():
    result = minimize_vector(
        bowl, np.array([1.0, 1.0]), method="adam", learning_rate=0.1, eps=1.0, maxiter=1, tol=0
    )
    np.testing.assert_allclose(result.x, [1 - 0.1 / 2, 1 - 0.1 * 10 / 11], rtol=1e-14)


@pytest.mark.parametrize("method", FIRST_ORDER)
def test_learning_rate_gets_the_step_counter_from_zero(method):
    seen = []

    def rate(k):
        seen.append(k)
        return 0.1 / (1 + k)

    result = minimize_vector(
        bowl, np.array([1.0, 1.0]), method=method, learning_rate=rate, maxiter=4, tol=0
    )
    assert seen == [0, 1, 2, 3]
    np.testing.assert_allclose(result.history["rate"], [0, 0.1, 0.05, 0.1 / 3, 0.025])


@pytest.mark.parametrize("steps", [0, 1, 50])
@pytest.mark.parametrize("method", FIRST_ORDER)
def test_tol_zero_takes_exactly_the_steps_asked_for(method, steps):
    for start in ([1.0, 1.0], [0.0, 0.0]):
        result = minimize_vector(bowl, np.array(start), method=method, maxiter=steps, tol=0)
        assert result.nit == steps
        assert not result.success
        assert len(result.history["value"]) == steps + 1


def test_tol_zero_gives_the_last_point_even_if_it_is_not_the_best():
    result = minimize_vector(
        bowl, np.array([1.0, 0.0]), method="gd", learning_rate=3.0, maxiter=3, tol=0
    )
    np.testing.assert_allclose(result.x, [-8.0, 0.0])


@pytest.mark.parametrize(
    ("method", "options"),
    [
        ("gd", {"learning_rate": 0.15}),
        ("momentum", {"learning_rate": 0.05}),
        ("adam", {"learning_rate": lambda k: 0.1 * 0.99**k, "maxiter": 3000}),
    ],
)
def test_first_order_methods_converge(method, options):
    result = minimize_vector(bowl, np.array([1.0, 1.0]), method=method, **options)
    assert result.success
    np.testing.assert_allclose(result.x, 0, atol=1e-8)


# ---------------------------------------------------------------- claims


@pytest.mark.parametrize("method", FIRST_ORDER)
def test_too_few_steps_give_the_best_point_without_success(method):
    result = minimize_vector(
        half_squares(rosenbrock),
        np.array([-1.2, 1.0]),
        method=method,
        maxiter=9,
        learning_rate=1e-4,
    )
    assert result.status == Status.MAXITER
    assert result.fun == np.min(result.history["value"])


def test_divergence_gives_the_best_point_without_success():
    result = minimize_vector(
        half_squares(rosenbrock), np.array([-1.2, 1.0]), method="gd", learning_rate=1.0
    )
    assert result.status == Status.NOT_FINITE
    assert result.fun == np.nanmin(result.history["value"])
    assert np.all(np.isfinite(result.x))


def test_start_at_the_minimum():
    for method in ("bfgs", *FIRST_ORDER):
        result = minimize_vector(bowl, np.zeros(2), method=method)
        assert result.success
        assert result.nit == 0


def test_callback_and_interrupt():
    def stop(state):
        return state.nit == 2

    def interrupt(state):
        raise KeyboardInterrupt

    for method in ("bfgs", *FIRST_ORDER):
        start = np.array([1.0, 1.0])
        stopped = minimize_vector(bowl, start, method=method, callback=stop, tol=0)
        assert (stopped.nit, stopped.status, stopped.success) == (2, Status.CALLBACK, False)
        interrupted = minimize_vector(bowl, start, method=method, callback=interrupt)
        assert (interrupted.nit, interrupted.status) == (1, Status.INTERRUPTED)
        assert interrupted.fun <= bowl(start)[0]


# ---------------------------------------------------------------- what comes in


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((math.nan, np.ones(2)), "value at the start is nan"),
        ((1.0, np.array([1.0, math.inf])), "entry 1 is inf"),
        ((1.0, np.ones(3)), r"shape \(3,\); \(2,\)"),
    ],
)
def test_answers_that_do_not_fit(answer, words):
    with pytest.raises(ValueError, match=words):
        minimize_vector(lambda x: answer, np.ones(2))


def test_options_by_name():
    with pytest.raises(TypeError, match=r"'bfgs' has no option 'learning_rate'.*'tol', 'maxiter'"):
        minimize_vector(bowl, np.ones(2), learning_rate=0.1)
    with pytest.raises(ValueError, match="'powell' came; available are 'gd'"):
        minimize_vector(bowl, np.ones(2), method="powell")
    with pytest.raises(ValueError, match="'newton' needs Hessian products"):
        minimize_vector(bowl, np.ones(2), method="newton")
    with pytest.raises(ValueError, match="nesterov=1 came; True or False"):
        minimize_vector(bowl, np.ones(2), method="sgd", nesterov=1)
    with pytest.raises(ValueError, match="history_size=0"):
        minimize_vector(bowl, np.ones(2), method="lbfgs", history_size=0)
    with pytest.raises(ValueError, match="learning_rate=-1"):
        minimize_vector(bowl, np.ones(2), method="gd", learning_rate=-1)
