"""What has no text of its own, differentiated directly: rules, partials, methods, instances."""

import math
from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest
import scipy.special
import scipy.stats

import retrograd as rg

X = np.array([3.0, 1.0, 2.0])
A = np.array([[1.0, 2.0, 3.0], [3.0, 4.0, 6.0]])
V = np.array([1.0, -2.0, 0.5])
SQUARE = np.array([[2.0, 0.3, 0.1], [0.2, 3.0, 0.4], [0.5, 0.1, 4.0]])


def loss(w, data, *, scale=1.0, power=2):
    return scale * np.sum((data @ w) ** power)


class Spring:
    """A class whose instances can be called."""

    def __init__(self, stiffness, weights):
        self.stiffness = stiffness
        self.weights = weights

    def energy(self, x):
        return self.stiffness * np.sum(self.weights * x**2)

    def __call__(self, x, power=1):
        return self.energy(x) ** power

    @staticmethod
    def doubled(x):
        return 2.0 * np.sum(x)


SPRING = Spring(3.0, np.array([1.0, 2.0, 4.0]))


@pytest.mark.parametrize(
    ("f", "args"),
    [
        (np.linalg.norm, (X,)),
        (np.linalg.det, (SQUARE,)),
        (np.linalg.solve, (SQUARE, X)),
        (partial(np.linalg.solve, SQUARE), (X,)),
        (np.exp, (X,)),
        (np.power, (X, 3)),
        (np.power, (X, 1.5)),
        (np.sort, (X,)),
        (np.cumsum, (A, 1)),
        (np.matmul, (A, X)),
        (partial(np.sum, axis=None), (A,)),
        (partial(np.sum, axis=0, keepdims=True), (A,)),
        (partial(np.einsum, "ij,j->i"), (A, X)),
        (A.dot, (X,)),
        (SQUARE.trace, ()),
        (math.hypot, (3.0, 4.0, 5.0)),
        (math.log, (3.0, 2.0)),
        (abs, (-2.0,)),
        (scipy.special.erf, (X,)),
        (scipy.stats.norm.logpdf, (0.3, 0.1, 2.0)),
        (partial(loss, data=A, scale=2.0), (X,)),
        (partial(loss, X, power=3), (A,)),
        (partial(partial(loss, scale=2.0), X), (A,)),
        (SPRING.energy, (X,)),
        (SPRING, (X,)),
        (SPRING, (X, 2.0)),
        (partial(SPRING, power=3), (X,)),
    ],
)
def test_agrees_with_differences(f, args):
    if not args:
        with pytest.raises(TypeError, match="no argument holds a float"):
            rg.check_grads(f, args)
        return
    rg.check_grads(f, args, order=2)


def test_modes():
    value, pullback = rg.vjp(np.sort, X)
    np.testing.assert_array_equal(value, [1.0, 2.0, 3.0])
    (ct,) = pullback(V)
    np.testing.assert_array_equal(ct, [0.5, 1.0, -2.0])
    value, tangent = rg.jvp(np.exp, (X,), (V,))
    np.testing.assert_allclose(tangent, np.exp(X) * V)
    np.testing.assert_array_equal(rg.jacobian(np.cumsum)(X), np.tri(3))
    np.testing.assert_array_equal(rg.jacobian(A.dot, mode="reverse")(X), A)
    np.testing.assert_allclose(rg.hessian(SPRING.energy)(X), np.diag(6.0 * SPRING.weights))
    np.testing.assert_allclose(rg.hvp(SPRING)(X, V), 6.0 * SPRING.weights * V)
    np.testing.assert_allclose(rg.linearize(np.sqrt, X)[1](V), 0.5 * V / np.sqrt(X))
    assert rg.grad(rg.grad(math.sin))(0.3) == pytest.approx(-math.sin(0.3))


def test_keywords_and_places():
    np.testing.assert_array_equal(rg.grad(np.sum)(A, axis=None), np.ones_like(A))
    by = rg.grad(scipy.stats.norm.logpdf, argnames=("loc", "scale"))
    assert by(0.3, scale=2.0) == pytest.approx((0.075, -0.48875))
    assert rg.grad(np.power, argnums=1)(2.0, 3) == pytest.approx(8.0 * math.log(2.0))
    held = rg.grad(partial(loss, data=A, scale=2.0), argnames="scale")
    assert held(X) == pytest.approx(np.sum((A @ X) ** 2))
    _, pullback = rg.vjp(np.roll, X, 1)
    assert pullback(V)[1] == 0.0


def test_source():
    source = rg.grad(np.linalg.norm).source
    assert "def norm_grad(x):" in source
    assert "np.linalg.norm(x)" in source
    derivative = rg.grad(partial(np.sum, axis=0))
    assert derivative(X).tolist() == [1.0, 1.0, 1.0]
    assert "# return np.sum(a, axis=0)" in derivative.source
    assert "Gradient of `spring_energy`" in rg.grad(SPRING.energy).source


def test_what_an_instance_holds_is_read_at_each_call():
    spring = Spring(1.0, np.ones(3))
    derivative = rg.grad(spring)
    np.testing.assert_allclose(derivative(X), 2.0 * X)
    spring.stiffness = 2.0
    np.testing.assert_allclose(derivative(X), 4.0 * X)


@dataclass
class Cubes:
    """Compares by its fields, so that it cannot be hashed."""

    k: float

    def __call__(self, x):
        return self.k * np.sum(x**3)


def test_what_cannot_be_hashed_has_a_product_with_its_hessian():
    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(rg.hvp(Cubes(2.0))(x, x), 12.0 * x * x)


def test_an_instance_is_called_inside_a_function():
    def f(x):
        return SPRING(2.0 * x) + Spring.doubled(x)

    np.testing.assert_allclose(rg.grad(f)(X), 24.0 * SPRING.weights * X + 2.0)


def test_what_is_called_must_be_known():
    part = partial(loss, X)

    def f(data):
        return part(data)

    with pytest.raises(rg.UnsupportedError, match="which function this is") as refusal:
        rg.grad(f)(A)
    assert refusal.value.code == "RG219"


def test_the_cotangents_are_those_of_the_arguments_given():
    def f(x, scale=2.0):
        return scale * x

    value, pullback = rg.vjp(f, 3.0)
    assert (value, pullback(1.0)) == (6.0, (2.0,))


def test_without_rule_or_text():
    with pytest.raises(rg.SourceUnavailable, match="has no rule"):
        rg.grad(np.frombuffer)(X)
    with pytest.raises(ValueError, match="no parameter 'y'"):
        rg.grad(np.sin, argnames="y")(0.3)
    with pytest.raises(TypeError):
        rg.grad(np.sin)()
