"""Derivatives of functions that take derivatives: gradient descent, dynamics, penalties, curvature."""

from functools import partial
from typing import Any

import numpy as np
import pytest

import retrograd as rg
from tests.differences import differences

POINT = np.array([0.3, -0.5])


pytestmark = pytest.mark.usefixtures("compiled_once")


def ridge(w: Any, lam: Any) -> Any:
    return np.sum((w - 1.0) ** 2) + lam * np.sum(w**4)


def quartic(x: Any, y: Any) -> Any:
    return x**4 * y**2 + np.sin(x * y)


def vector(w: Any) -> Any:
    return np.sin(w) * w[0]


def energy(q: Any, p: Any) -> Any:
    return 0.5 * np.sum(p**2) + np.sum(1.0 - np.cos(q)) + 0.1 * np.sum(q * p)


d_ridge = rg.grad(ridge)
d_both = rg.grad(ridge, argnums=(0, 1))
d_named = rg.grad(ridge, argnames="lam")
with_value = rg.value_and_grad(ridge)
product = rg.hvp(ridge)


@rg.grad
def d_cube(x: Any) -> Any:
    return x * x * x


@rg.value_and_grad(argnums=(0, 1))
def d_wave(x: Any, y: Any) -> Any:
    return x * np.sin(y)


# ---------------------------------------------------------------- whole problems


def hyperparameter(lam: Any, w: Any, steps: int) -> Any:
    """Ridge regression by gradient descent, judged by how far it is from a target."""
    for _ in range(steps):
        w = w - 0.1 * rg.grad(ridge)(w, lam)
    return np.sum((w - 0.5) ** 2)


def descended(loss: Any, w: Any, lam: Any) -> Any:
    slope = rg.grad(loss)
    for _ in range(3):
        w = w - 0.1 * slope(w, lam)
    return w


def inner_solver(lam: Any, w: Any) -> Any:
    """The loss is an argument of the solver."""
    return np.sum((descended(ridge, w, lam) - 0.5) ** 2)


def parameters_in_a_dict(lam: Any, w: Any) -> Any:
    """One step of learning to learn, for parameters in a dict."""

    def loss(params: Any) -> Any:
        return np.sum((params["w"] * lam) ** 2) + params["b"] ** 2 * np.sum(params["w"])

    params = {"w": w, "b": 2.0}
    for _ in range(2):
        slope = rg.grad(loss)(params)
        params = {"w": params["w"] - 0.1 * slope["w"], "b": params["b"] - 0.1 * slope["b"]}
    return np.sum(params["w"]) * params["b"]


def leapfrog(q: Any, p: Any, steps: int) -> Any:
    """Hamilton's equations."""
    for _ in range(steps):
        p = p - 0.05 * rg.grad(energy)(q, p)
        q = q + 0.1 * rg.grad(energy, argnums=1)(q, p)
        p = p - 0.05 * rg.grad(energy)(q, p)
    return energy(q, p) * np.sum(q)


def gradient_penalty(w: Any, x: Any) -> Any:
    def critic(z: Any) -> Any:
        return np.sum(np.tanh(z * w))

    slope = rg.grad(critic)(x)
    return critic(x) + 10.0 * (np.sqrt(np.sum(slope**2)) - 1.0) ** 2


def residual_of_an_equation(theta: Any, t: Any) -> Any:
    """y'' + y for a function with parameters."""

    def y(s: Any) -> Any:
        return theta[0] * np.tanh(theta[1] * s)

    return (rg.grad(rg.grad(y))(t) + y(t)) ** 2


# ---------------------------------------------------------------- each way


def by_name(w: Any, lam: Any) -> Any:
    return np.sum(d_ridge(w, lam) ** 3)


def by_several(w: Any, lam: Any) -> Any:
    gw, gl = d_both(w, lam)
    return np.sum(gw**2) * gl


def by_argname(w: Any, lam: Any) -> Any:
    return d_named(w, lam=lam) ** 2


def value_too(w: Any, lam: Any) -> Any:
    value, slope = with_value(w, lam=lam)
    return value * np.sum(slope)


def decorated(x: Any) -> Any:
    value, (gx, gy) = d_wave(x, 2 * x)
    return value * gx * gy * d_cube(x)


def decorated_inside(x: Any) -> Any:
    @rg.grad
    def inner(z: Any) -> Any:
        return z**3 * x

    return inner(x)


def third(x: Any) -> Any:
    return rg.grad(rg.grad(d_cube))(x) * rg.grad(d_cube)(x) * x**3


def nested(x: Any) -> Any:
    def outer(y: Any) -> Any:
        def inner(z: Any) -> Any:
            return z**3 * y**2 * x

        return rg.grad(inner)(y) * y

    return rg.grad(outer)(x)


def tangent(w: Any, lam: Any) -> Any:
    value, dot = rg.jvp(ridge, (w, lam), (np.cos(w), lam * lam))
    return value * dot


def tangent_of_a_vector(w: Any) -> Any:
    return np.sum(rg.jvp(vector, (w,), (w * w,))[1] ** 2)


def tangent_past_an_integer(x: Any) -> Any:
    def power(y: Any, n: int) -> Any:
        for _ in range(n):
            y = y * x
        return y

    return rg.jvp(power, (x, 3), (x * x, 0))[1]


def pullback(w: Any, lam: Any) -> Any:
    value, pull = rg.vjp(ridge, w, lam)
    a, b = pull(2.0)
    c, d = pull(value)
    return np.sum(a * c) * b * d


def pullback_later(x: Any) -> Any:
    """The point is that of the call of `vjp`, whatever the variable holds then."""
    values = np.zeros(2)
    values[0] = x
    value, pull = rg.vjp(vector, values)
    values[0] = 7.0
    x = x + 1.0
    return np.sum(pull(value)[0]) * x


def pushforward(w: Any) -> Any:
    value, push = rg.linearize(vector, w)
    return np.sum(push(w) * push(value))


def curvature(w: Any, lam: Any) -> Any:
    return np.sum(rg.hvp(ridge)(w, lam, np.sin(w) * w) * product(w, lam, w))


def mixed_curvature(x: Any, y: Any) -> Any:
    a, b = rg.hvp(quartic, argnums=(0, 1))(x, y, (x, y * y))
    return a * b


def called_in_turn(x: Any) -> Any:
    slopes = [rg.grad(quartic), rg.grad(quartic, argnums=1)]
    total = 0.0
    for slope in slopes:
        total += slope(x, x) * slopes[0](x, 2.0)
    return total


def on_two_ways(x: Any) -> Any:
    if x > 0:
        y = rg.grad(quartic)(x, x)
    else:
        x = x * x
        y = rg.grad(quartic, argnums=1)(x, x)
    return y * x


def while_steep(x: Any) -> Any:
    while abs(d_cube(x)) > 0.2:
        x = x - 0.3 * d_cube(x)
    return x**2


def by_an_integer(lam: Any) -> Any:
    def inner(n: Any) -> Any:
        return n**3 * lam

    return rg.grad(inner)(2)


def of_a_function_that_writes(w: Any) -> Any:
    def inner(v: Any) -> Any:
        a = np.zeros(3)
        for i in range(3):
            a[i] = v[i % 2] ** (i + 1)
        a *= v[0]
        return np.sum(a**2)

    return np.sum(rg.grad(inner)(w) ** 2)


def through_helpers(x: Any) -> Any:
    """The gradient calls helpers of the runtime, which are differentiated by their own text."""

    def inner(v: Any) -> Any:
        return (
            np.prod(v)
            + np.linalg.norm(v, ord=3)
            + np.std(v) * np.linalg.det(np.outer(v, v) + np.eye(2))
        )

    return np.sum(rg.grad(inner)(x) ** 2)


def of_a_function_with_a_loop(x: Any) -> Any:
    def inner(v: Any) -> Any:
        for _ in range(2):
            v = v * v
        return np.sum(v)

    return np.sum(rg.grad(inner)(x))


CASES = [
    (hyperparameter, (0.3, POINT, 3), (0, 1)),
    (inner_solver, (0.3, POINT), (0, 1)),
    (parameters_in_a_dict, (0.3, POINT), (0, 1)),
    (leapfrog, (POINT, POINT + 1.0, 3), (0, 1)),
    (gradient_penalty, (POINT, POINT + 1.0), (0, 1)),
    (residual_of_an_equation, (POINT, 0.4), (0, 1)),
    (by_name, (POINT, 0.7), (0, 1)),
    (by_several, (POINT, 0.7), (0, 1)),
    (by_argname, (POINT, 0.7), (0,)),
    (value_too, (POINT, 0.7), (0, 1)),
    (decorated, (0.7,), (0,)),
    (third, (0.7,), (0,)),
    (tangent, (POINT, 0.7), (0, 1)),
    (tangent_of_a_vector, (POINT,), (0,)),
    (tangent_past_an_integer, (0.7,), (0,)),
    (pullback, (POINT, 0.7), (0, 1)),
    (pullback_later, (0.7,), (0,)),
    (pushforward, (POINT,), (0,)),
    (curvature, (POINT, 0.7), (0, 1)),
    (mixed_curvature, (0.7, 0.4), (0, 1)),
    (called_in_turn, (0.7,), (0,)),
    (on_two_ways, (0.7,), (0,)),
    (on_two_ways, (-0.7,), (0,)),
    (while_steep, (0.7,), (0,)),
    (by_an_integer, (0.7,), (0,)),
    (of_a_function_that_writes, (POINT,), (0,)),
    (of_a_function_with_a_loop, (POINT,), (0,)),
    (through_helpers, (POINT,), (0,)),
    (decorated_inside, (0.7,), (0,)),
    (nested, (0.7,), (0,)),
]


@pytest.mark.parametrize(("f", "args", "wrt"), CASES, ids=[case[0].__name__ for case in CASES])
def test_gradient_of_what_takes_derivatives(f: Any, args: Any, wrt: Any) -> None:
    rg.check_grads(f, args, argnums=wrt)


@pytest.mark.parametrize(
    ("f", "args", "wrt"),
    [
        (hyperparameter, (0.3, POINT, 2), (0,)),
        (gradient_penalty, (POINT, POINT + 1.0), (0,)),
        (decorated, (0.7,), (0,)),
        (tangent, (POINT, 0.7), (0,)),
        (pullback, (POINT, 0.7), (1,)),
        (curvature, (POINT, 0.7), (0,)),
        (nested, (0.7,), (0,)),
    ],
)
def test_second_order(f: Any, args: Any, wrt: Any) -> None:
    (place,) = wrt
    twice = rg.hessian(f, argnums=place)(*args)
    slope = rg.grad(f, argnums=place)
    compared = compare_jacobian(slope, args, place, twice)
    assert compared < 1e-6


def compare_jacobian(slope: Any, args: Any, place: int, found: Any) -> float:
    """The largest difference between `found` and central differences of `slope`, relative to 1."""
    step = 1e-6
    columns = []
    for k in range(np.size(args[place])):
        at = np.zeros(np.size(args[place]))
        at[k] = step
        moved = [
            slope(
                *args[:place],
                args[place] + sign * np.reshape(at, np.shape(args[place]))[()],
                *args[place + 1 :],
            )
            for sign in (1.0, -1.0)
        ]
        columns.append((moved[0] - moved[1]) / (2 * step))
    expected = np.stack(columns, axis=-1).reshape(np.shape(found))
    return float(np.max(np.abs(found - expected) / (1.0 + np.abs(expected))))


def test_third_derivative_of_a_polynomial() -> None:
    assert rg.grad(third)(0.7) == pytest.approx(6 * 6 * 4 * 0.7**3)


def test_single_precision_stays() -> None:
    w = POINT.astype(np.float32)
    found = rg.grad(by_name)(w, np.float32(0.7))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, rg.grad(by_name)(POINT, 0.7), rtol=1e-5)


def test_arguments_stay_as_they_are() -> None:
    w = POINT.copy()
    rg.grad(of_a_function_that_writes)(w)
    np.testing.assert_array_equal(w, POINT)


def test_a_derivative_is_looked_up_again_when_its_name_means_another() -> None:
    scope: dict[str, Any] = by_name.__globals__
    before = rg.grad(by_name)
    first = before(POINT, 0.7)
    old = scope["d_ridge"]
    try:
        scope["d_ridge"] = rg.grad(energy)
        assert not np.allclose(before(POINT, 0.7), first)
    finally:
        scope["d_ridge"] = old
    np.testing.assert_allclose(before(POINT, 0.7), first)


# ---------------------------------------------------------------- what is refused


def of_an_unknown(x: Any, f: Any) -> Any:
    return rg.grad(f)(x)


def in_native_code(x: Any) -> Any:
    return rg.grad(quartic, jit=True)(x, x)  # type: ignore[call-overload]


def with_a_variable(x: Any, n: int) -> Any:
    return rg.grad(quartic, argnums=n)(x, x)


def beyond_the_parameters(x: Any) -> Any:
    return rg.grad(quartic, argnums=7)(x, x)


def of_a_library_function(x: Any) -> Any:
    return rg.grad(np.sin)(x)


def pullback_in_one(x: Any) -> Any:
    return rg.vjp(quartic, x, x)[1](1.0)[0]


def of_itself(x: Any) -> Any:
    return x if x < 0 else rg.grad(of_itself)(x - 1.0)


def with_a_function(x: Any) -> Any:
    def applied(f: Any, y: Any) -> Any:
        return f(y) * y

    return rg.grad(applied, argnums=1)(np.sin, x)


def as_a_value(x: Any) -> Any:
    return rg.grad(quartic)


def of_one_that_writes_around_it(x: Any) -> Any:
    values = np.zeros(2)

    def inner(y: Any) -> Any:
        values[0] = y
        return np.sum(values**2) * x

    return rg.grad(inner)(x)


def tangents_of_unknown_number(x: Any, tangents: Any) -> Any:
    points = [x, x]
    points.append(x)
    return rg.jvp(quartic, points, tangents)[1]  # type: ignore[arg-type]


REFUSED = [
    (in_native_code, (0.7,), "RG310"),
    (with_a_variable, (0.7, 1), "RG310"),
    (beyond_the_parameters, (0.7,), "RG310"),
    (of_a_library_function, (0.7,), "RG310"),
    (of_an_unknown, (0.7, np.sin), "RG310"),
    (of_an_unknown, (0.7, partial(quartic, 1.0)), "RG310"),
    (pullback_in_one, (0.7,), "RG310"),
    (of_itself, (0.7,), "RG306"),
    (with_a_function, (0.7,), "RG310"),
    (as_a_value, (0.7,), "RG219"),
    (of_one_that_writes_around_it, (0.7,), "RG310"),
    (tangents_of_unknown_number, (0.7, [1.0, 1.0]), "RG310"),
]


@pytest.mark.parametrize(("f", "args", "code"), REFUSED)
def test_refused(f: Any, args: Any, code: str) -> None:
    with pytest.raises(rg.UnsupportedError) as refusal:
        rg.grad(f)(*args)
    assert code in str(refusal.value)


def squares_first(x):
    x[0] = x[0] ** 2
    return x * 2.0


def pulled_back(x):
    y, back = rg.vjp(squares_first, x)
    (a,) = back(np.ones(2))
    (b,) = back(y)
    return np.sum(a * b) + y[0] * x[1]


def pulled_back_inside(x):
    def g(z):
        z[0] *= z[1]
        z += 1.0
        return squares_first(z) * x[0]

    y, back = rg.vjp(g, x)
    return np.sum(back(y)[0] * y) + np.sum(x)


def pushed_along(x):
    y, push = rg.linearize(squares_first, x)
    return np.sum(push(y) * push(x))


@pytest.mark.parametrize("f", [pulled_back, pulled_back_inside, pushed_along])
def test_what_writes_into_its_argument_leaves_alone_what_its_derivative_is_at(f):
    x = np.array([1.5, 2.0])
    assert rg.grad(f)(x) == pytest.approx(differences(f, (x,), 0, 1e-6), rel=1e-6)
    assert x.tolist() == [1.5, 2.0]
