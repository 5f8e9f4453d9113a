"""Jacobians of functions that draw random numbers: all columns of one function, that of one run."""

import random
from typing import Any

import numpy as np
import pytest

import retrograd as rg

X = np.array([0.7, 1.3, 0.4])
OUTSIDE = np.random.default_rng(3)


def of_numpy(x: Any, rng: Any) -> Any:
    return np.sum(np.random.normal(size=3) * x) ** 3 * x


def of_an_argument(x: Any, rng: Any) -> Any:
    return np.sum(rng.normal(size=3) * x) ** 3 * x


def of_the_module(x: Any, rng: Any) -> Any:
    return np.sum(OUTSIDE.normal(size=3) * x) ** 3 * x


def of_python(x: Any, rng: Any) -> Any:
    return random.random() * x * x[0]


def drawn(x: Any) -> Any:
    return np.sum(np.random.uniform(size=3) * x)


def in_a_helper(x: Any, rng: Any) -> Any:
    return drawn(x) ** 2 * x


FUNCTIONS = [of_numpy, of_an_argument, of_the_module, of_python, in_a_helper]


def begin() -> Any:
    """The same state of all generators, and one of them."""
    random.seed(1)
    np.random.seed(1)
    OUTSIDE.bit_generator.state = np.random.default_rng(3).bit_generator.state
    return np.random.default_rng(5)


def after(rng: Any) -> tuple[float, ...]:
    return rng.random(), random.random(), np.random.rand(), OUTSIDE.random()


@pytest.mark.parametrize("mode", ["forward", "auto"])
@pytest.mark.parametrize("f", FUNCTIONS)
def test_jacobian(f: Any, mode: Any) -> None:
    rng = begin()
    by_columns = rg.jacobian(f, mode=mode)(X, rng)
    then = after(rng)
    rng = begin()
    np.testing.assert_allclose(by_columns, rg.jacobian(f, mode="reverse")(X, rng), rtol=1e-12)
    assert then == after(rng)


@pytest.mark.parametrize("f", FUNCTIONS)
def test_hessian(f: Any) -> None:
    def total(x: Any, rng: Any) -> Any:
        return np.sum(f(x, rng))

    begin()
    gradient = rg.grad(total)
    found = rg.hessian(total)(X, begin())
    rows = [(gradient(X + d, begin()) - gradient(X - d, begin())) / 2e-6 for d in 1e-6 * np.eye(3)]
    np.testing.assert_allclose(found, rows, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("f", FUNCTIONS)
def test_linearize(f: Any) -> None:
    rng = begin()
    value, push = rg.linearize(f, X, rng)
    then = after(rng)
    rng = begin()
    np.testing.assert_allclose(value, f(X, rng), rtol=1e-12)
    assert then == after(rng)
    np.testing.assert_array_equal(push(X, rng), push(X, rng))
    np.testing.assert_allclose(push(X, rng), rg.jacobian(f)(X, begin()) @ X, rtol=1e-12)


def test_a_pullback_inside_that_would_draw_again() -> None:
    def outer(x: Any) -> Any:
        value, pull = rg.vjp(drawn, x)
        return np.sum(pull(value)[0])

    with pytest.raises(rg.UnsupportedError) as refused:
        rg.grad(outer)(X)
    assert refused.value.code == "RG310"
