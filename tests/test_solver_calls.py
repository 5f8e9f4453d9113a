"""Solutions of equations and least values: their derivatives by the implicit function theorem."""

from typing import Any

import numpy as np
import pytest
from scipy import integrate, optimize

import retrograd as rg
from tests.differences import differences

#: Differences of solutions are as good as the solver: a step that is large beside its error.
STEP = 1e-4
RTOL = 1e-5


pytestmark = pytest.mark.usefixtures("compiled_once")


TIMES = np.linspace(0.0, 1.0, 6)


def kepler(anomaly: Any, e: Any, mean: Any) -> Any:
    return anomaly - e * np.sin(anomaly) - mean


def cubic(x: Any, shift: Any) -> Any:
    return x**3 + x - shift


def curves(x: Any, c: Any) -> Any:
    return np.array([x[0] ** 2 + x[1] - c[0], x[1] ** 3 - x[0] * c[1] - 1.0])


def valley(x: Any, a: Any) -> Any:
    return (a[0] - x[0]) ** 2 + a[1] * (x[1] - x[0] ** 2) ** 2 + 0.1 * x[1] ** 4


d_valley = rg.grad(valley)


def bracketed(e: Any, mean: Any) -> Any:
    x = optimize.brentq(kepler, 0.0, 10.0, args=(e, mean), xtol=1e-14)
    return x**2 * e


def bracketed_by_what_varies(e: Any, mean: Any) -> Any:
    """The bracket and the tolerance have no part in the root."""
    x = optimize.bisect(kepler, mean - 1.0, mean + e, (e, mean), 1e-14 * mean)
    return x * mean


def of_a_lambda(e: Any, mean: Any) -> Any:
    return optimize.ridder(lambda x: x - e * np.sin(x) - mean, 0.0, mean + 10.0, xtol=1e-14) ** 2


def one_after_the_other(c: Any) -> Any:
    total = 0.0
    for k in range(3):
        shift = c * (k + 1) + total
        total += optimize.brenth(cubic, -9.0, 9.0, (shift,), xtol=1e-14)
    return total * c


def on_one_way(c: Any) -> Any:
    if c > 0:
        x = optimize.toms748(lambda x: x**3 - c, 0.0, 10.0, xtol=1e-14)
    else:
        c = c * c
        x = c * c
    return x * c


def several(c: Any) -> Any:
    x = optimize.fsolve(curves, np.array([1.0, 1.0]), args=(c,), xtol=1e-13)
    return np.sum(x**2) * c[0]


def listed(c: Any) -> Any:
    """The function returns a list, and the search begins at one."""
    found = optimize.fsolve(
        lambda x: [x[0] ** 2 - c, x[1] * x[0] - c**3], [1.0, 2.0 * c], xtol=1e-13
    )
    return found[1]


def of_one_number(c: Any) -> Any:
    return optimize.fsolve(lambda x: x[0] ** 2 - c, [1.0], xtol=1e-13)[0]


def then_written_to(c: Any) -> Any:
    x = optimize.fsolve(lambda x: x**2 - c, np.array([1.0, 2.0]), xtol=1e-13)
    x[0] = x[1] * 3.0
    return np.sum(x)


def result(c: Any) -> Any:
    found = optimize.root(curves, np.array([1.0, 1.0]), (c,), tol=1e-13)
    return np.sum(found.x**2) * c[0] + np.sum(found.fun)


def result_at_once(c: Any) -> Any:
    def inner(x: Any) -> Any:
        return curves(x, c)

    return np.sum(optimize.root(inner, np.array([1.0, 1.0]), tol=1e-13).x ** 3)


def fixed(c: Any) -> Any:
    return optimize.fixed_point(lambda x: np.cos(c * x), 0.7, xtol=1e-13) ** 2


def fixed_array(c: Any) -> Any:
    x = optimize.fixed_point(lambda x: np.cos(c * x), np.array([0.7, 0.5]), xtol=1e-13)
    return np.sum(x**2)


def least(a: Any) -> Any:
    options = {"gtol": 1e-9}
    found = optimize.minimize(
        valley, np.array([0.5, 0.5]), args=(a,), jac="3-point", method="BFGS", options=options
    )
    return np.sum(found.x**2) + 3.0 * found.fun


def zero_of_a_gradient(a: Any) -> Any:
    return np.sum(optimize.fsolve(d_valley, np.array([0.5, 0.5]), args=(a,), xtol=1e-13))


def fitted(y: Any) -> Any:
    def residuals(p: Any) -> Any:
        return p[0] * np.exp(-p[1] * TIMES) - y

    found = optimize.least_squares(
        residuals, np.array([1.0, 1.0]), jac="3-point", xtol=1e-15, ftol=1e-15, gtol=1e-15
    )
    return found.x[0] * found.x[1]


def fitted_closely(y: Any) -> Any:
    """As `fitted`, where the normal equations hold to rounding."""

    def normal_equations(p: Any) -> Any:
        decay = np.exp(-p[1] * TIMES)
        misfit = p[0] * decay - y
        return np.array([misfit @ decay, misfit @ (-p[0] * TIMES * decay)])

    return np.prod(optimize.fsolve(normal_equations, np.array([2.0, 1.5]), xtol=1e-14))


def d_kepler(anomaly: Any, e: Any, mean: Any) -> Any:
    return 1.0 - e * np.cos(anomaly)


def by_secants(e: Any, mean: Any) -> Any:
    return optimize.newton(kepler, 0.5, args=(e, mean), tol=1e-13) ** 2


def by_newton(e: Any, mean: Any) -> Any:
    """The slope that the solver is given has no part in the root."""
    return optimize.newton(kepler, mean, d_kepler, (e, mean), 1e-13) * mean


def by_halley(e: Any, mean: Any) -> Any:
    root = optimize.newton(
        lambda x: x - e * np.sin(x) - mean,
        mean,
        fprime=lambda x: 1.0 - e * np.cos(x),
        fprime2=lambda x: e * np.sin(x),
        tol=1e-13,
    )
    return root * e


def several_at_once(e: Any, mean: Any) -> Any:
    starts = mean * np.array([0.5, 1.0, 1.2])
    found = optimize.newton(lambda x: x - e * np.sin(x) - mean * np.arange(1.0, 4.0), starts)
    return np.sum(found * np.arange(3.0))


def in_a_bracket(e: Any, mean: Any) -> Any:
    return optimize.root_scalar(kepler, (e, mean), bracket=[0.0, mean + 9.0], xtol=1e-13).root * e


def with_a_slope_that_reads_more(e: Any, mean: Any) -> Any:
    k = 2.0 * e

    def of_both(x: Any, e: Any) -> Any:
        return x - e * np.sin(x) - mean

    def slope(x: Any, e: Any) -> Any:
        return 1.0 - k / 2.0 * np.cos(x)

    found = optimize.root_scalar(of_both, args=(e,), fprime=slope, x0=mean, xtol=1e-13)
    return found.root**2


def of_a_library_function(c: Any) -> Any:
    return optimize.brentq(np.sin, 1.0, 4.0 + c, xtol=1e-14) * c


def least_number(e: Any, mean: Any) -> Any:
    found = optimize.minimize_scalar(lambda x: (x - e) ** 4 + mean * (x - 1.0) ** 2, tol=1e-12)
    return found.x + 3.0 * found.fun


def with_a_jacobian(c: Any) -> Any:
    def fold(x: Any) -> Any:
        return x**2 - c

    first = optimize.fsolve(fold, [1.0, 2.0], fprime=lambda x: np.diag(2.0 * x), xtol=1e-13)
    found = optimize.root(fold, [1.0, 2.0], jac=lambda x: np.diag(2.0 * x), tol=1e-13)
    return np.sum(first) * np.sum(found.x**2)


#: Functions that are known better than by what they solve.
CLOSELY = {fitted: fitted_closely}

C = np.array([3.0, 0.5])
A = np.array([1.2, 5.0])
CASES = [
    (bracketed, (0.3, 0.8), (0, 1)),
    (bracketed_by_what_varies, (0.3, 0.8), (0, 1)),
    (of_a_lambda, (0.3, 0.8), (0, 1)),
    (one_after_the_other, (1.3,), (0,)),
    (on_one_way, (1.3,), (0,)),
    (on_one_way, (-1.3,), (0,)),
    (several, (C,), (0,)),
    (listed, (1.3,), (0,)),
    (of_one_number, (1.3,), (0,)),
    (then_written_to, (1.3,), (0,)),
    (result, (C,), (0,)),
    (result_at_once, (C,), (0,)),
    (by_secants, (0.3, 0.8), (0, 1)),
    (by_newton, (0.3, 0.8), (0, 1)),
    (by_halley, (0.3, 0.8), (0, 1)),
    (several_at_once, (0.3, 0.8), (0, 1)),
    (in_a_bracket, (0.3, 0.8), (0, 1)),
    (with_a_slope_that_reads_more, (0.3, 0.8), (0, 1)),
    (least_number, (0.3, 0.8), (0, 1)),
    (of_a_library_function, (0.3,), (0,)),
    (with_a_jacobian, (1.3,), (0,)),
    (fixed, (0.9,), (0,)),
    (fixed_array, (np.array([0.9, 0.8]),), (0,)),
    (least, (A,), (0,)),
    (zero_of_a_gradient, (A,), (0,)),
    (fitted, (2.0 * np.exp(-1.5 * TIMES) + 0.01 * np.sin(9.0 * TIMES),), (0,)),
]
IDS = [case[0].__name__ for case in CASES]


@pytest.mark.parametrize(("f", "args", "wrt"), CASES, ids=IDS)
def test_gradient_in_both_modes(f: Any, args: Any, wrt: Any) -> None:
    for place in wrt:
        expected = differences(CLOSELY.get(f, f), args, place, STEP)
        reverse = rg.grad(f, argnums=place)(*args)
        forward = rg.jacobian(f, argnums=place, mode="forward")(*args)
        np.testing.assert_allclose(reverse, expected, rtol=RTOL, atol=RTOL)
        np.testing.assert_allclose(forward, reverse, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    "f",
    [
        *(bracketed, of_a_lambda, several, result, fixed, fixed_array, zero_of_a_gradient),
        *(by_secants, by_halley, with_a_slope_that_reads_more),
    ],
)
def test_second_order(f: Any) -> None:
    """Not that of a Newton step: the solution varies in the linearized equation, too."""
    args = next(args for one, args, _ in CASES if one is f)
    expected = differences(rg.grad(f), args, 0, STEP)
    np.testing.assert_allclose(rg.hessian(f)(*args), expected, rtol=1e-4, atol=1e-5)


def test_third_order() -> None:
    def cube_root(c: Any) -> Any:
        return optimize.brentq(lambda x: x**3 - c, 0.0, 10.0, xtol=1e-15)

    third = rg.grad(rg.grad(rg.grad(cube_root)))(1.7)
    assert third == pytest.approx(10.0 / 27.0 * 1.7 ** (-8.0 / 3.0), rel=1e-9)


def test_source_tells_the_theorem() -> None:
    text = """
from scipy import optimize

def line(x, c):
    return x**3 + x - c

def f(c):
    return optimize.brentq(line, -10.0, 10.0, args=(c,))
"""
    source = rg.gradient_source(text, "f", types="c: float")
    assert "line_vjp(x, c, -out_bar / line_grad(x, c))" in source
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    root = namespace["line_root"](-10.0, 10.0, 1.3)
    assert namespace["f_grad"](1.3) == pytest.approx(1.0 / (3.0 * root**2 + 1.0))


# ---------------------------------------------------------------- what is refused


def with_bounds(c: Any) -> Any:
    return optimize.minimize(lambda x: np.sum((x - c) ** 2), np.zeros(1), bounds=[(0, 1)]).x[0]


def with_a_callback(c: Any) -> Any:
    return optimize.root(lambda x: x - c, np.ones(2), callback=print).x[0]


def with_a_loss(c: Any) -> Any:
    return optimize.least_squares(lambda x: x - c, np.ones(2), loss="soft_l1").x[0]


def with_full_output(c: Any) -> Any:
    return optimize.fsolve(lambda x: x - c, np.ones(2), full_output=True)[0][0]


def with_another_field(c: Any) -> Any:
    return optimize.minimize(lambda x: np.sum((x - c) ** 2), np.zeros(2)).nit * c


def with_the_whole_result(c: Any) -> Any:
    found = optimize.root(lambda x: x - c, np.ones(2))
    return found


def of_a_matrix(c: Any) -> Any:
    return optimize.root(lambda x: x - c, np.ones((2, 2)), method="krylov").x[0, 0]


def of_one_number_with_bounds(c: Any) -> Any:
    return optimize.minimize_scalar(lambda x: (x - c) ** 2, bounds=(0, 1), method="bounded").x


def with_a_value_and_slope(c: Any) -> Any:
    return optimize.root_scalar(lambda x: (x - c, 1.0), fprime=True, x0=1.0).root


def with_a_flag(c: Any) -> Any:
    found = optimize.root_scalar(lambda x: x - c, x0=1.0, x1=0.0)
    return found.root if found.converged else 0.0


def with_a_slope_made_here(c: Any) -> Any:
    return optimize.minimize(valley, np.zeros(2), args=(np.array([c, c]),), jac=rg.grad(valley)).x[
        0
    ]


def of_a_boundary_value_problem(c: Any) -> Any:
    x = np.linspace(0.0, 1.0, 5)
    found = integrate.solve_bvp(
        lambda x, y: np.array([y[1], -c * y[0]]),
        lambda left, right: np.array([left[0], right[0] - 1.0]),
        x,
        np.zeros((2, 5)),
    )
    return found.y[0, 2]


@pytest.mark.parametrize(
    "f",
    [
        of_one_number_with_bounds,
        with_a_value_and_slope,
        with_a_flag,
        with_a_slope_made_here,
        of_a_boundary_value_problem,
        with_bounds,
        with_a_callback,
        with_a_loss,
        with_full_output,
        with_another_field,
        with_the_whole_result,
        of_a_matrix,
    ],
)
def test_refused(f: Any) -> None:
    with pytest.raises(rg.UnsupportedError) as refusal:
        rg.grad(f)(0.7)
    assert "RG311" in str(refusal.value)
