"""Functions that put values into an array at places they are told: ``np.put``, ``np.fill_diagonal``."""

import numpy as np
import pytest

import retrograd as rg
from tests.loading import load
from tests.passes.judge import judge

X = np.array([0.3, -0.7, 1.1])
M = np.arange(6.0).reshape(2, 3) / 7.0 - 0.4
S = np.arange(9.0).reshape(3, 3) / 7.0 - 0.6

#: What happens; the program; arguments; how many of them to differentiate by.
PROGRAMS = {
    "numbers of elements, counted from either end": (
        """
        def f(x, v):
            a = x * 2.0
            np.put(a, [1, -2, 1], v)
            a.put([[0]], v[2] * a[0, 1])
            return np.sum(a**3)
        """,
        (M, X),
        2,
    ),
    "numbers that wrap around or are cut off": (
        """
        def f(x, v):
            a = x * 2.0
            np.put(a, [7, 8, -2], v, mode="wrap")
            np.put(a, ind=[-3, 20], v=v[:1], mode="clip")
            return np.sum(a**3)
        """,
        (M, X),
        2,
    ),
    "fewer values than places, and more": (
        """
        def f(x, v):
            a = x * 2.0
            np.put(a, [0, 1, 2, 3], v[:2])
            np.put(a, [4], v)
            return np.sum(a**3)
        """,
        (M, X),
        2,
    ),
    "along an axis, in a loop that changes the order": (
        """
        def f(x, v):
            for k in range(3):
                first = np.argsort(x, axis=0)[:1]
                np.put_along_axis(x, first, v[k] * x[0, 0], 0)
            np.put_along_axis(x, np.array([1, 3]), v[:2], None)
            np.put_along_axis(x[0], indices=np.array([2]), values=v[0] ** 2, axis=-1)
            return np.sum(x**3)
        """,
        (S, X),
        2,
    ),
    "diagonals of square, tall and deep arrays": (
        """
        def f(x, v):
            a = x * 2.0
            np.fill_diagonal(a, v)
            tall = np.ones((7, 2)) * v[0]
            np.fill_diagonal(tall, v, wrap=True)
            short = np.ones((7, 2)) * v[0]
            np.fill_diagonal(short, v[:2])
            deep = np.ones((3, 3, 3)) * v[1]
            np.fill_diagonal(deep, v[2])
            np.fill_diagonal(deep[1], v[0] * a)
            return np.sum(a**3) + np.sum(tall**2 * np.arange(14.0).reshape(7, 2)) + np.sum(
                short**2
            ) * np.sum(deep**3)
        """,
        (S, X),
        2,
    ),
    "where a mask says": (
        """
        def f(x, v):
            a = x * 2.0
            np.putmask(a, x > 0.2, v)
            np.place(a, x < 0.0, v[:2] ** 2)
            np.copyto(a, x * x, where=x > 0.4)
            np.putmask(a, x > 0.5, v[0])
            return np.sum(a**3)
        """,
        (M + 0.013, X),
        2,
    ),
    "in a helper, into its argument": (
        """
        def pinned(a, v):
            np.put(a, [0], v * a[1])

        def f(x, v):
            for k in range(3):
                pinned(x, v[k])
            return np.sum(x**2)
        """,
        (X, 2.0 * X),
        2,
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_derivatives(name):
    judge(*PROGRAMS[name])


def test_twice(tmp_path):
    text = """import numpy as np


def f(x):
    a = np.zeros((2, 3))
    np.put(a, [1, 1, -1], x * x[0])
    np.fill_diagonal(a, x[1] ** 2)
    return np.sum(a**3)
"""
    f = load(tmp_path / "twice.py", text).f
    hessian = rg.hessian(f)(X)
    gradient = rg.grad(f)
    step = 1e-5
    rows = [(gradient(X + d) - gradient(X - d)) / (2.0 * step) for d in step * np.eye(3)]
    np.testing.assert_allclose(hessian, rows, atol=1e-7)


def test_a_place_that_there_is_not_is_an_error(tmp_path):
    text = "import numpy as np\n\n\ndef f(x):\n    np.put(x, [3], 0.0)\n    return x @ x\n"
    with pytest.raises(IndexError, match="3 elements"):
        rg.grad(load(tmp_path / "outside.py", text).f)(X)
