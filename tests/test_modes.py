"""vjp, jvp, linearize, Jacobians, Hessians and their products, and derivatives of derivatives."""

import math
from collections import namedtuple

import numpy as np
import pytest
from scipy.optimize import rosen_der, rosen_hess

import retrograd as rg

X = np.array([0.3, -0.7, 1.1])
V = np.array([1.0, 2.0, -0.5])
Pair = namedtuple("Pair", "u k")


def rosen(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def waves(x, k):
    return {"wave": np.sin(x * k), "power": (x @ x) * k}


def waves_jacobians(x, k):
    by_x = {"wave": np.diag(k * np.cos(x * k)), "power": 2.0 * x * k}
    return by_x, {"wave": x * np.cos(x * k), "power": x @ x}


def scaled(p, n):
    return p.u * p.k**n


def filled(x, n):
    u = np.zeros(len(x))
    for _ in range(n):
        for i in range(len(x)):
            u[i] = np.tanh(u[i - 1] + x[i])
    return u


def assert_same(found, wanted, rtol=1e-12):
    if isinstance(wanted, dict):
        assert list(found) == list(wanted)
        for key in wanted:
            assert_same(found[key], wanted[key], rtol)
    elif isinstance(wanted, (tuple, list)):
        assert len(found) == len(wanted)
        for one, other in zip(found, wanted, strict=True):
            assert_same(one, other, rtol)
    else:
        assert np.shape(found) == np.shape(wanted)
        np.testing.assert_allclose(found, wanted, rtol=rtol, atol=1e-14)


# ---------------------------------------------------------------- vjp


def test_vjp():
    value, pullback = rg.vjp(waves, X, 2.0)
    assert_same(value, waves(X, 2.0))
    by_x, by_k = waves_jacobians(X, 2.0)
    found = pullback({"wave": V, "power": 0.5})
    assert_same(
        found, (V @ by_x["wave"] + 0.5 * by_x["power"], V @ by_k["wave"] + 0.5 * by_k["power"])
    )


def test_a_pullback_may_be_called_again_in_any_order():
    _, pullback = rg.vjp(filled, X, 4)
    units = np.eye(3)
    first = [pullback(unit)[0] for unit in units]
    again = [pullback(unit)[0] for unit in reversed(units)][::-1]
    np.testing.assert_array_equal(first, again)
    np.testing.assert_allclose(np.array(first), rg.jacobian(filled, mode="forward")(X, 4))


def test_a_pullback_does_not_see_later_changes():
    x = X.copy()
    value, pullback = rg.vjp(waves, x, 2.0)
    before = pullback({"wave": V, "power": 0.5})
    x[:] = 5.0
    value["wave"][:] = 7.0
    assert_same(pullback({"wave": V, "power": 0.5}), before)


def test_a_pullback_leaves_its_cotangent_alone():
    cotangent = {"wave": V.copy(), "power": 0.5}
    _, pullback = rg.vjp(waves, X, 2.0)
    by_x, _ = pullback(cotangent)
    by_x[:] = 9.0
    np.testing.assert_array_equal(cotangent["wave"], V)
    assert_same(pullback(cotangent)[0], pullback({"wave": V, "power": 0.5})[0])


def halved(x):
    y = x.copy()
    y[0] = y[1] * 0.5
    y[1] *= 0.25
    return y


def test_whole_numbers_as_cotangents_and_tangents():
    """What is computed with them is no whole number."""
    x, whole = np.array([0.3, -0.5, 0.8]), np.array([1, 2, 3])
    np.testing.assert_array_equal(rg.vjp(halved, x)[1](whole)[0], [0.0, 1.0, 3.0])
    np.testing.assert_array_equal(rg.jvp(halved, (x,), (whole,))[1], [1.0, 0.5, 3.0])

    def energy(x):
        return np.sum(halved(x) ** 2)

    expected = rg.hvp(energy)(x, whole.astype(float))
    np.testing.assert_array_equal(rg.hvp(energy)(x, whole), expected)


def test_cotangents_and_tangents_come_in_the_floats_of_the_point():
    def scaled(x, k):
        return np.sin(x) * k + np.sum(x)

    x, k = np.array([0.3, -0.5], np.float32), np.float32(2.0)
    wide = np.array([1.0, 2.0])
    assert [bar.dtype for bar in rg.vjp(scaled, x, k)[1](wide)] == [np.float32, np.float32]
    assert rg.jvp(scaled, (x, k), (wide, 1.0))[1].dtype == np.float32


def neighbours(*xs, k=2.0):
    return k * sum([xs[i] * xs[i + 1] for i in range(len(xs) - 1)])


def test_any_number_of_arguments():
    assert rg.vjp(neighbours, 1.0, 2.0, 3.0)[1](1.0) == (4.0, 8.0, 4.0)
    assert rg.jvp(neighbours, (1.0, 2.0, 3.0), (1.0, 0.0, 0.0)) == (16.0, 4.0)
    assert rg.linearize(neighbours, 1.0, 2.0, 3.0)[1](0.0, 1.0, 0.0) == 8.0
    assert rg.jacobian(neighbours, 1)(1.0, 2.0, 3.0) == 8.0


def test_a_call_of_what_takes_any_number_of_arguments():
    def through(a, b):
        return neighbours(a, b)

    value, pull = rg.vjp(through, 2.0, 3.0)
    assert (value, *pull(1.0)) == (12.0, 6.0, 4.0)


def test_constants_get_zero():
    _, pullback = rg.vjp(scaled, Pair(X, 1.5), 2)
    by_p, by_n = pullback(V)
    assert isinstance(by_p, Pair)
    assert_same(tuple(by_p), (V * 1.5**2, 2 * 1.5 * (V @ X)))
    assert by_n == 0.0


@pytest.mark.parametrize(
    ("cotangent", "message"),
    [
        ({"wave": np.ones(2), "power": 1.0}, r"shape \(2,\) came at \['wave'\]"),
        ({"wave": np.ones(3)}, r"nothing in the place \['power'\]"),
        ({"wave": np.ones(3), "power": 1.0, "more": 1.0}, r"more than the value: \['more'\]"),
    ],
)
def test_a_cotangent_that_does_not_fit(cotangent, message):
    _, pullback = rg.vjp(waves, X, 2.0)
    with pytest.raises(ValueError, match=message):
        pullback(cotangent)


def test_nothing_to_differentiate_by():
    with pytest.raises(TypeError, match="no argument holds a float"):
        rg.vjp(np.sum, 3)


# ---------------------------------------------------------------- jvp


def test_jvp():
    by_x, by_k = waves_jacobians(X, 2.0)
    value, tangent = rg.jvp(waves, (X, 2.0), (V, 0.5))
    assert_same(value, waves(X, 2.0))
    wanted = {key: by_x[key] @ V + 0.5 * by_k[key] for key in by_x}
    assert_same(tangent, wanted)


def test_jvp_of_a_record():
    _, tangent = rg.jvp(scaled, (Pair(X, 1.5), 2), (Pair(V, 0.5), None))
    assert_same(tangent, V * 1.5**2 + X * 2 * 1.5 * 0.5)


def test_linearize():
    x = X.copy()
    value, push = rg.linearize(waves, x, 2.0)
    x[:] = 5.0
    assert_same(value, waves(X, 2.0))
    assert_same(push(V, 0.5), rg.jvp(waves, (X, 2.0), (V, 0.5))[1])
    assert_same(push(2.0 * V, 1.0), rg.jvp(waves, (X, 2.0), (2.0 * V, 1.0))[1])


def test_tangents_that_do_not_fit():
    with pytest.raises(ValueError, match="1 tangents came for 2 arguments"):
        rg.jvp(waves, (X, 2.0), (V,))
    with pytest.raises(
        ValueError, match=r"shape \(2,\) came where the argument 0 has shape \(3,\)"
    ):
        rg.jvp(waves, (X, 2.0), (V[:2], 0.5))


# ---------------------------------------------------------------- Jacobians


@pytest.mark.parametrize("mode", ["auto", "forward", "reverse"])
def test_jacobian(mode):
    found = rg.jacobian(waves, (0, 1), mode=mode)(X, 2.0)
    by_x, by_k = waves_jacobians(X, 2.0)
    wanted = ({key: by_x[key] for key in by_x}, {key: by_k[key] for key in by_k})
    assert_same(found, wanted)


@pytest.mark.parametrize("mode", ["auto", "forward", "reverse"])
def test_jacobian_of_containers(mode):
    def f(p):
        return [p["w"] @ p["v"], p["v"] * p["s"]]

    W = np.array([[1.0, 2.0, 0.5], [0.3, -1.0, 2.0]])
    found = rg.jacobian(f, mode=mode)({"w": W, "v": V, "s": 1.5, "n": 3})
    first = np.zeros((2, 2, 3))
    first[0, 0], first[1, 1] = V, V
    assert_same(found[0]["w"], first)
    assert_same(found[0]["v"], W)
    assert_same(found[0]["s"], np.zeros(2))
    assert_same(found[1]["w"], np.zeros((3, 2, 3)))
    assert_same(found[1]["v"], 1.5 * np.eye(3))
    assert_same(found[1]["s"], V)


def test_auto_takes_rows_where_they_are_fewer():
    derivative = rg.jacobian(rosen)
    long = np.linspace(0.1, 0.9, 40)
    np.testing.assert_allclose(derivative(long), rosen_der(long))
    assert list(derivative._by_rows.values()) == [True]
    np.testing.assert_allclose(derivative(long + 1.0), rosen_der(long + 1.0))
    square = rg.jacobian(filled)
    np.testing.assert_allclose(square(X, 2), rg.jacobian(filled, mode="reverse")(X, 2))
    assert list(square._by_rows.values()) == [False]


def test_jacobian_by_keyword_only_parameters():
    def f(x, *, power=3):
        return x**power

    np.testing.assert_allclose(rg.jacobian(f)(X, power=2), np.diag(2.0 * X))
    np.testing.assert_allclose(rg.jacobian(f)(X), np.diag(3.0 * X**2))


# ---------------------------------------------------------------- second order


def test_hessian():
    np.testing.assert_allclose(rg.hessian(rosen)(X), rosen_hess(X))


def test_hessian_by_several():
    def f(x, k):
        return np.sum(x**2) * k**3

    blocks = rg.hessian(f, (0, 1))(X, 2.0)
    wanted = (
        (16.0 * np.eye(3), 24.0 * X),
        (24.0 * X, 12.0 * (X @ X)),
    )
    for row, expected in zip(blocks, wanted, strict=True):
        assert_same(tuple(row), expected)


def test_blocks_of_a_hessian_are_of_the_one_and_then_of_the_other():
    def f(x, y):
        return np.sum(x**2) * np.sum(y**3)

    y = np.array([0.5, -1.5])
    blocks = rg.hessian(f, (0, 1))(X, y)
    assert_same(blocks[0][1], np.multiply.outer(2.0 * X, 3.0 * y**2))
    assert_same(blocks[1][0], np.multiply.outer(3.0 * y**2, 2.0 * X))

    def inside(x, y):
        return np.sum(rg.hessian(f, (0, 1))(x, y)[0][1][0])

    assert inside(X, y) == pytest.approx(2.0 * X[0] * np.sum(3.0 * y**2))
    assert_same(rg.grad(inside)(X, y), [2.0 * np.sum(3.0 * y**2), 0.0, 0.0])


def layers(p, x, y):
    h = np.tanh(x @ p["W"] + p["b"])
    r = h @ p["v"] - y
    return np.mean(r * r)


def written_to(p):
    p["v"][0] *= p["b"][1]
    if p["b"][0] > 0.0:
        p["W"] = p["W"] * 2.0
    return np.sum(p["W"] ** 3) * p["v"][0] ** 2


@pytest.mark.parametrize(
    ("f", "rest"), [(layers, (np.eye(4, 2) - 0.3, np.arange(4.0))), (written_to, ())]
)
def test_hessian_by_a_dict(f, rest):
    p = {
        "W": 0.3 * np.arange(6.0).reshape(2, 3) - 0.5,
        "b": np.array([0.1, -0.2, 0.3]),
        "v": np.array([0.7, -0.4, 0.2]),
    }
    blocks, gradient = rg.hessian(f)(p, *rest), rg.grad(f)
    along = {key: np.cos(np.arange(value.size)).reshape(value.shape) for key, value in p.items()}
    ahead, behind = (
        gradient({key: p[key] + step * along[key] for key in p}, *rest) for step in (1e-6, -1e-6)
    )
    product = rg.hvp(f)(p, *rest, along)
    for row in p:
        found = sum(np.tensordot(blocks[row][key], along[key], along[key].ndim) for key in p)
        np.testing.assert_allclose(found, (ahead[row] - behind[row]) / 2e-6, atol=1e-7)
        np.testing.assert_allclose(product[row], found, atol=1e-12)


def test_hvp():
    product = rg.hvp(rosen)
    np.testing.assert_allclose(product(X, V), rosen_hess(X) @ V)
    assert "def rosen_grad_pushforward(x, x_dot):" in product.source
    with pytest.raises(ValueError, match=r"shape \(2,\)"):
        product(X, V[:2])
    with pytest.raises(TypeError, match=r"takes \(x, v\), the vector last"):
        product(X)


def test_second_derivatives_compile_once(monkeypatch):
    def cubes(x):
        return np.sum(x * x * x)

    hessian, product = rg.hessian(cubes), rg.hvp(cubes)
    hessian(X), product(X, V)
    monkeypatch.setattr("retrograd.compiling.compile_live", None)
    np.testing.assert_allclose(hessian(2.0 * X), np.diag(12.0 * X))
    np.testing.assert_allclose(product(2.0 * X, V), 12.0 * X * V)


def test_hvp_through_writes_and_loops():
    def f(x):
        return np.sum(filled(x, 4) ** 2)

    wanted = rg.hessian(f)(X) @ V
    np.testing.assert_allclose(rg.hvp(f)(X, V), wanted)
    step = 1e-5
    gradient = rg.grad(f)
    difference = (gradient(X + step * V) - gradient(X - step * V)) / (2 * step)
    np.testing.assert_allclose(wanted, difference, rtol=1e-6)


def test_second_derivative_of_the_gamma_function():
    def f(x):
        return math.lgamma(x * x) * math.gamma(x)

    step, slope = 1e-5, rg.grad(f)
    wanted = (slope(1.3 + step) - slope(1.3 - step)) / (2 * step)
    np.testing.assert_allclose(rg.hessian(f)(1.3), wanted, rtol=1e-8)


def test_second_derivative_of_second_differences():
    def roughness(x):
        rows = np.diff(x, n=2, axis=0, prepend=0.5)
        return np.sum(np.diff(rows, n=2, append=x[:2, :1] ** 2) ** 4)

    rg.check_grads(roughness, (np.linspace(-1.0, 1.5, 9).reshape(3, 3) ** 2,), order=2)


def test_third_derivative():
    def cube(x):
        return x * x * x

    second = rg.grad(rg.grad(cube))
    assert second(2.0) == 12.0
    assert rg.grad(second)(2.0) == 6.0
    assert second.source.count("\n") < 10


def test_gradient_of_a_gradient_of_a_loop():
    def horner(x):
        y = 0.0
        for _ in range(10):
            y = y * x + 1.0
        return y

    second = rg.grad(rg.grad(horner))
    wanted = sum(n * (n - 1) * 0.5 ** (n - 2) for n in range(2, 10))
    np.testing.assert_allclose(second(0.5), wanted)


def test_jvp_of_a_gradient():
    value, tangent = rg.jvp(rg.grad(rosen), (X,), (V,))
    np.testing.assert_allclose(value, rosen_der(X))
    np.testing.assert_allclose(tangent, rosen_hess(X) @ V)


def test_a_gradient_of_a_gradient_needs_a_number():
    with pytest.raises(ValueError, match="one number"):
        rg.grad(rg.grad(rosen))(X)


# ---------------------------------------------------------------- checking


def test_check_grads_passes():
    rg.check_grads(waves, (X, 2.0), order=2)
    rg.check_grads(rosen, (X,), order=2)
    rg.check_grads(scaled, (Pair(X, 1.5), 2))


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_check_grads_finds_what_is_wrong(mode):
    def half(x, k):
        return {"s": np.sum(rg.stop_gradient(x) * x), "k": k}

    with pytest.raises(AssertionError, match=f"{mode}: x.*: gradient .*, difference .* apart"):
        rg.check_grads(half, (X, 2.0), modes=[mode])
    rg.check_grads(half, (X, 2.0), argnums=1, modes=[mode])


def test_check_grads_finds_a_wrong_second_derivative():
    def f(x):
        return x**2 * rg.stop_gradient(x)

    with pytest.raises(AssertionError, match="second order: x"):
        rg.check_grads(f, (1.5,), modes=(), order=2)


def test_check_grads_refuses_unknown_modes():
    with pytest.raises(ValueError, match="no mode 'both'"):
        rg.check_grads(rosen, (X,), modes=["both"])
    with pytest.raises(ValueError, match="no order 3"):
        rg.check_grads(rosen, (X,), order=3)
