"""Integrals and solutions of differential equations: their derivatives by what they depend on."""

import inspect
from typing import Any

import numpy as np
import pytest
from scipy import integrate
from scipy.integrate import odeint, quad, solve_ivp
from scipy.optimize import brentq, minimize_scalar

import retrograd as rg
from tests.differences import differences

#: The functions are integrated to about 1e-11, so that a step of 1e-4 shows eight digits at best.
STEP = 1e-4
RTOL = 1e-6


pytestmark = pytest.mark.usefixtures("compiled_once")


TIMES = np.linspace(0.0, 2.0, 5)


def bell(x: Any, c: Any, w: Any) -> Any:
    return np.exp(-c * x**2) * np.sum(np.cos(w * x))


def area(c: Any, w: Any, b: Any) -> Any:
    return quad(bell, 0.0, b, args=(c, w), epsabs=1e-12)[0] ** 2


def to_infinity(c: Any, w: Any) -> Any:
    value, error = integrate.quad(lambda x: c * np.exp(-x * w), c, np.inf, epsabs=1e-12)
    if error > 1.0:
        return c
    return value * c


def to_a_limit_that_is_infinite(c: Any, b: Any) -> Any:
    return quad(lambda x: x * np.exp(-c * x), 0.0, b)[0] + (0.0 if np.isinf(b) else b)


def one_in_another(c: Any) -> Any:
    def inner(x: Any) -> Any:
        return quad(lambda y: np.exp(-c * x * y), 0.0, 1.0)[0]

    return quad(inner, 0.0, c)[0]


def one_after_the_other(c: Any, w: Any) -> Any:
    total = 0.0
    for k in range(3):
        total += quad(lambda x: np.sin(c * x * k) + w @ w * x, 0.0, total + w[0])[0]  # noqa: B023
    return total


def of_a_library_function(b: Any) -> Any:
    return quad(np.sin, 0.0, b)[0] * quad(np.exp, -np.inf, b)[0]


def of_a_matrix(m: Any) -> Any:
    return quad(lambda x: np.sum(np.tanh(m * x)), 0.0, 1.0, points=[0.3, 0.5], limit=70)[0]


def decay(t: Any, y: Any, rate: Any) -> Any:
    return -rate * y


def at_the_end(rate: Any, y0: Any) -> Any:
    sol = solve_ivp(decay, (0.0, 2.0), [y0, 2.0 * y0], args=(rate,), rtol=1e-11, atol=1e-12)
    return sol.y[0, -1] * sol.y[1][-1] + np.sum(sol.y[:, -1]) + sol.y.T[-1][0]


def at_times(p: Any, y0: Any) -> Any:
    def swing(t: Any, y: Any) -> Any:
        return [y[1], -p[0] * y[0] - p[1] * y[1] * abs(y[1])]

    sol = solve_ivp(
        swing, [0.0, 2.0], y0, "DOP853", TIMES, rtol=1e-12, atol=[1e-12, 1e-13], max_step=0.05
    )
    x, v = sol.y
    return np.sum(x * np.cos(sol.t)) + v[-1] ** 2


def stiff(rate: Any) -> Any:
    found = solve_ivp(
        lambda t, y: np.array([-100.0 * rate * (y[0] - np.cos(t)), y[0] - y[1]]),
        (0.0, 1.0),
        np.array([0.0, 1.0]),
        method="Radau",
        jac=lambda t, y: np.array([[-100.0 * rate, 0.0], [1.0, -1.0]]),
        rtol=1e-9,
        atol=1e-10,
    )
    return found.y[1, -1]


def of_a_field(rate: Any, w: Any) -> Any:
    sol = solve_ivp(lambda t, y: rate * np.tanh(w @ y), (0, 1), np.ones(2), rtol=1e-11, atol=1e-12)
    return np.sum(sol.y[..., -1] ** 2)


def with_odeint(rate: Any, y0: Any) -> Any:
    y = odeint(lambda y, t, a: -a * y * t, y0, TIMES, args=(rate,), rtol=1e-11, atol=1e-12)
    return np.sum(y**2)


def time_first(rate: Any) -> Any:
    def slope(t: Any, y: Any) -> Any:
        d = np.zeros(2)
        d[0] = y[1]
        d[1] = -rate * y[0]
        return d

    y = odeint(slope, [1.0, rate], TIMES, rtol=1e-11, atol=1e-12, tfirst=True)
    return y[-1, 0] * y[1, 1]


def from_and_until(start: Any, end: Any) -> Any:
    found = solve_ivp(
        lambda t, y: -start * y + t, (start, end), np.array([start]), rtol=1e-11, atol=1e-12
    )
    return found.y[0, -1]


def by_times(rate: Any, t: Any) -> Any:
    y = odeint(lambda y, t: [-rate * y[0] * t], rate, t, rtol=1e-11, atol=1e-12)
    return np.sum(y[:, 0] ** 2 * t)


def by_times_too(rate: Any, t: Any) -> Any:
    found = solve_ivp(
        lambda t, y: [-rate * y[0] * t],
        (t[0], 3.0),
        [rate],
        t_eval=t,
        method="DOP853",
        rtol=1e-12,
        atol=1e-13,
        max_step=0.05,
    )
    return np.sum(found.y**2 * t)


def step_by_step(rate: Any) -> Any:
    for _ in range(2):
        y = odeint(lambda y, t, r: -r * y, np.array([rate, 1.0]), TIMES, (rate,), rtol=1e-11)
        rate = rate + y[-1, 0]
    return rate


SPAN = (0.0, 1.5)


def between_times_of_the_module(m: Any) -> Any:
    found = solve_ivp(
        lambda t, y: np.reshape(m, (2, 2)) @ y, SPAN, np.ones(2), rtol=1e-11, atol=1e-12
    )
    last = found.y[:, -1]
    return np.sqrt(last @ last)


def fitted(slope: Any) -> Any:
    """Where the end of a motion is nearest to what is wanted."""

    def misfit(rate: Any) -> Any:
        found = solve_ivp(lambda t, y: -rate * y, (0, 1), [1.0], rtol=1e-11, atol=1e-12)
        return (found.y[0, -1] - slope) ** 2

    return minimize_scalar(misfit, tol=1e-10).x


def where_the_area_is_reached(c: Any) -> Any:
    def area_until(u: Any) -> Any:
        return quad(lambda s: np.exp(-s * s * c), 0.0, u)[0]

    return brentq(lambda u: area_until(u) - 0.3, 0.0, 5.0, xtol=1e-13)


def named_like_cotangents(k: Any, k_bar: Any) -> Any:
    """Names of the user's that those of our own could be."""

    def slope(t: Any, y: Any, k: Any, k_bar: Any, y0_bar: Any) -> Any:
        return -k * y + k_bar * y0_bar

    def both(x: Any, k: Any, k_bar: Any) -> Any:
        return np.sum(np.sin(k * x + k_bar * k))

    found = solve_ivp(slope, (0, 1), [k], args=(k, k_bar, k * k), rtol=1e-11, atol=1e-12)
    return found.y[0, -1] * quad(both, 0.0, 1.0, args=(k, k_bar))[0]


W = np.array([[0.3, -0.2], [0.5, 0.4]])
PAIR = np.array([0.3, 0.5])
CASES = [
    (area, (1.3, PAIR, 1.7), (0, 1, 2)),
    (to_infinity, (1.3, 0.7), (0, 1)),
    (to_a_limit_that_is_infinite, (1.3, np.inf), (0,)),
    (one_in_another, (0.7,), (0,)),
    (one_after_the_other, (1.3, PAIR), (0, 1)),
    (of_a_library_function, (0.7,), (0,)),
    (of_a_matrix, (W,), (0,)),
    (at_the_end, (1.3, 0.7), (0, 1)),
    (at_times, (np.array([1.3, 0.2]), PAIR), (0, 1)),
    (stiff, (1.3,), (0,)),
    (of_a_field, (0.7, W), (0, 1)),
    (with_odeint, (1.3, PAIR), (0, 1)),
    (with_odeint, (1.3, 0.4), (0, 1)),
    (time_first, (1.3,), (0,)),
    (from_and_until, (1.3, 2.4), (0, 1)),
    (by_times, (1.3, TIMES + 0.1), (0, 1)),
    (by_times_too, (1.3, TIMES + 0.1), (0, 1)),
    (step_by_step, (0.7,), (0,)),
    (between_times_of_the_module, (np.array([0.1, 0.2, -0.3, 0.4]),), (0,)),
    (fitted, (0.6,), (0,)),
    (named_like_cotangents, (0.6, 0.7), (0, 1)),
    (where_the_area_is_reached, (0.6,), (0,)),
]


@pytest.mark.parametrize(("f", "args", "wrt"), CASES, ids=[case[0].__name__ for case in CASES])
def test_gradient_in_both_modes(f: Any, args: Any, wrt: Any) -> None:
    for place in wrt:
        expected = differences(f, args, place, STEP)
        reverse = rg.grad(f, argnums=place)(*args)
        forward = rg.jacobian(f, argnums=place, mode="forward")(*args)
        np.testing.assert_allclose(reverse, expected, rtol=RTOL, atol=RTOL)
        np.testing.assert_allclose(forward, reverse, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(
    "f", [area, to_infinity, at_the_end, by_times_too, with_odeint, from_and_until]
)
def test_second_order(f: Any) -> None:
    args = next(args for one, args, _ in CASES if one is f)
    expected = differences(rg.grad(f), args, 0, STEP)
    np.testing.assert_allclose(rg.hessian(f)(*args), expected, rtol=1e-4, atol=1e-5)


def test_a_limit_at_infinity_stands_still() -> None:
    assert rg.grad(to_a_limit_that_is_infinite, argnums=1)(1.3, np.inf) == 0.0


@pytest.mark.parametrize("f", [area, at_the_end, of_a_field])
def test_source_without_types(f: Any) -> None:
    """Kinds that are not known leave room for numbers and arrays."""
    args, wrt = next((args, wrt) for one, args, wrt in CASES if one is f)
    text = "import numpy as np\nfrom scipy.integrate import quad, solve_ivp\nfrom typing import Any\n\n"
    text += "\n\n".join(map(inspect.getsource, (bell, decay, f)))
    namespace: dict[str, Any] = {}
    exec(rg.gradient_source(text, f.__name__, argnums=wrt), namespace)
    found = namespace[f"{f.__name__}_grad"](*args)
    for one, expected in zip(found, rg.grad(f, argnums=wrt)(*args), strict=True):
        np.testing.assert_allclose(one, expected, rtol=1e-9)


# ---------------------------------------------------------------- what is refused


def where_it_stopped(c: Any) -> Any:
    return np.sum(solve_ivp(lambda t, y: -c * y, (0.0, 1.0), [c]).y)


def with_events(c: Any) -> Any:
    found = solve_ivp(lambda t, y: -c * y, (0, 1), [c], events=lambda t, y: y[0] - 0.5)
    return found.y[0, -1]


def with_dense_output(c: Any) -> Any:
    return solve_ivp(lambda t, y: -c * y, (0, 1), [c], dense_output=True).sol(0.5)[0]


def with_a_weight(c: Any) -> Any:
    return quad(lambda x: x * c, 0.0, 1.0, weight="cos", wvar=2.0)[0]


def with_full_output(c: Any) -> Any:
    return quad(lambda x: x * c, 0.0, 1.0, full_output=1)[0]


def of_a_dict(d: Any) -> Any:
    return quad(lambda x: x * d["a"], 0.0, 1.0)[0]


def from_a_matrix(c: Any) -> Any:
    return odeint(lambda y, t: -y, np.full((2, 2), c), TIMES)[-1, 0]


def cut_off(c: Any) -> Any:
    return quad(lambda x: 1.0 if x > c else 0.0, 0.0, 1.0)[0]


def rounded(c: Any) -> Any:
    def steps(x: Any) -> Any:
        return np.floor(3.0 * x * c)

    return quad(lambda x: steps(x), 0.0, 1.0)[0]


def switched(c: Any) -> Any:
    return odeint(lambda y, t: np.where(y > 0.5, -c, -2.0 * c), [1.0], TIMES)[-1, 0]


def switched_when(c: Any) -> Any:
    return solve_ivp(lambda t, y: [1.0 if t < c else 2.0], (0, 1), [0.0]).y[0, -1]


def twice_through_a_bend(c: Any) -> Any:
    return rg.grad(bent)(c)


def turned(c: Any) -> Any:
    return quad(lambda x: np.arctan2(0.0, x - c), 0.0, 1.0)[0]


@pytest.mark.parametrize(
    "f", [cut_off, rounded, switched, switched_when, twice_through_a_bend, turned]
)
def test_jumps_that_move_are_refused(f: Any) -> None:
    """The derivative is not what it is where the integrand has one."""
    for derivative in (rg.grad(f), rg.jacobian(f, mode="forward")):
        with pytest.raises(rg.UnsupportedError) as refusal:
            derivative(0.3)
        assert "RG312" in str(refusal.value)


def bent(c: Any) -> Any:
    return quad(lambda x: np.maximum(x - c, 0.0) ** 2 + abs(x - c), 0.0, 1.0, epsabs=1e-12)[0]


def with_a_jump_that_stays(c: Any) -> Any:
    value = quad(lambda x: c * x if x > 0.5 else 0.0, 0.0, 1.0, points=[0.5])[0]
    dose = solve_ivp(
        lambda t, y: -c * y + (1.0 if t < 0.25 else 0.0), (0, 1), [c], max_step=0.01, rtol=1e-9
    )
    return value * dose.y[0, -1]


def decided_beforehand(c: Any) -> Any:
    return quad(lambda x: x * c if c > 0.1 else 0.0, 0.0, 1.0)[0]


def that_is_none(c: Any) -> Any:
    return quad(lambda x: (x - c) ** 2 if x > rg.stop_gradient(c) else 0.0, 0.0, 1.0)[0]


@pytest.mark.parametrize("f", [bent, with_a_jump_that_stays, decided_beforehand, that_is_none])
def test_jumps_that_stay_and_bends_do_no_harm(f: Any) -> None:
    expected = differences(f, (0.3,), 0, STEP)
    np.testing.assert_allclose(rg.grad(f)(0.3), expected, rtol=1e-5)
    np.testing.assert_allclose(rg.jacobian(f, mode="forward")(0.3), expected, rtol=1e-5)


@pytest.mark.parametrize(
    "f",
    [
        *(where_it_stopped, with_events, with_dense_output, with_a_weight, with_full_output),
        *(of_a_dict, from_a_matrix),
    ],
)
def test_refused(f: Any) -> None:
    with pytest.raises(rg.UnsupportedError) as refusal:
        rg.grad(f)({"a": 0.7} if f is of_a_dict else 0.7)
    assert "RG311" in str(refusal.value)
