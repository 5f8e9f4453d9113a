"""Gradients come in the floats of the arguments, whatever they met on the way."""

import numpy as np
import pytest

import retrograd as rg


def alone(w, x):
    return np.sum(w**2) * np.float32(2.0)


def beside_float64(w, x):
    return np.sum(w * x)


def converted(w, x):
    return np.sum(w.astype(np.float64) * x) + np.sum(w.astype(float) ** 2)


def not_read(w, x):
    return np.sum(x)


def passed_on(w, x):
    return np.sum(w)


def by_a_constant(w, x):
    return np.sum(np.sin(w) * np.float64(2.0))


def rebound(w, x):
    w = w * x
    return np.sum(w * w)


PROGRAMS = [alone, beside_float64, converted, not_read, passed_on, by_a_constant, rebound]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize("program", PROGRAMS)
def test_arrays(program, dtype):
    w, x = np.array([0.5, -1.25, 0.75], dtype=dtype), np.array([0.25, 2.0, -0.5])
    gradient = rg.grad(program, argnums=(0, 1))
    w_bar, x_bar = gradient(w, x)
    assert w_bar.dtype == w.dtype
    assert x_bar.dtype == np.float64
    reference, _ = gradient(w.astype(np.float64), x)
    assert np.allclose(w_bar, reference, rtol=16 * float(np.finfo(dtype).eps))


def loss(p, x):
    return np.sum(p["W"] * x) + p["b"] ** 2 * np.sum(p["c"][0])


def numbers(a, x):
    return a * a * x


def rows(a, b):
    return np.sum(a * b) + a.size


def test_containers_and_numbers():
    p = {"W": np.ones(2, np.float32), "b": np.float32(0.5), "c": [np.ones((), np.float32)]}
    bar = rg.grad(loss)(p, np.arange(2.0))
    assert bar["W"].dtype == np.float32
    assert type(bar["b"]) is np.float32
    assert bar["c"][0].dtype == np.float32
    assert type(rg.grad(numbers)(np.float32(0.5), 2.0)) is np.float32
    assert rg.grad(numbers)(np.array(0.5, np.float32), np.float64(2.0)).dtype == np.float32


def test_integers_that_are_asked_for():
    assert rg.grad(numbers)(3, 2) == 12.0
    bar = rg.grad(rows, argnums=(0, 1))(np.array([1, 2]), np.array([[0.5], [1.5]]))
    assert bar[0].dtype == np.float64
    assert bar[0].tolist() == [2.0, 2.0]
    assert bar[1].tolist() == [[3.0], [3.0]]
    assert rg.grad(rows)(np.zeros((0, 2), int), np.zeros((1, 2))).shape == (0, 2)
    assert np.shape(rg.grad(rows)(np.array(2), 3.0)) == ()
    assert rg.grad(rows)(np.array([[True]]), np.array([2.0])).tolist() == [[2.0]]
