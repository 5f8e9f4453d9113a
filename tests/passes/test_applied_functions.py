"""``np.vectorize``, ``np.apply_along_axis``, ``np.apply_over_axes`` and ``np.piecewise``."""

import numpy as np
import pytest

import retrograd as rg
from tests.loading import load
from tests.passes.judge import judge, refusal

X = np.array([0.3, -0.7, 1.1])
M = np.arange(6.0).reshape(2, 3) / 7.0 - 0.4
T = np.arange(24.0).reshape(2, 3, 4) / 11.0 - 0.9

#: What happens; the program; arguments; how many of them to differentiate by.
PROGRAMS = {
    "a lambda of each element": (
        """
        def f(x):
            bent = np.vectorize(lambda t: t * t if t > 0 else np.sin(t))
            return np.sum(bent(x) * x)
        """,
        (M,),
    ),
    "a helper of elements that are broadcast together": (
        """
        def bent(t, k=2.0):
            if t > 0.0:
                return t**k
            return -t * k

        def f(x, v):
            g = np.vectorize(bent, otypes=[float])
            return np.sum(g(x, v[0]) * g(x, k=v[:2, None])) + np.sum(np.vectorize(bent)(v))
        """,
        (M, X + 2.0),
        2,
    ),
    "a number, and a closure over a variable that changes later": (
        """
        def f(x, v):
            c = v[0]

            @np.vectorize
            def scaled(t):
                return t * c

            c = c * c
            total = scaled(x)
            for k in range(3):
                total = total + np.sum(scaled(v * k))
                c = c + total
            return total
        """,
        (0.7, X),
        2,
    ),
    "functions of a library": (
        """
        from functools import partial

        def f(x):
            def power(t, k):
                return t**k

            return np.sum(np.vectorize(np.tanh)(x)) + np.sum(np.vectorize(partial(power, k=3))(x))
        """,
        (M,),
    ),
    "rows made numbers, rows, matrices": (
        """
        def f(x):
            lengths = np.apply_along_axis(np.linalg.norm, 1, x)
            shares = np.apply_along_axis(lambda row: row / np.sum(row**2), 0, x)
            products = np.apply_along_axis(lambda row, k: np.outer(row, row[:2]) * k, -2, x, x[0, 0, 0])
            return np.sum(lengths**3) + np.sum(shares**2) + np.sum(products**2 * np.arange(4.0))
        """,
        (T,),
    ),
    "the only row, with keywords": (
        """
        def size(row, p=2.0, *, w=1.0):
            return np.sum(np.abs(row) ** p) * w

        def f(x, v):
            return np.apply_along_axis(size, axis=0, arr=v, p=3.0, w=x) ** 2 + np.sum(
                np.apply_along_axis(size, 0, v) ** 2
            )
        """,
        (0.7, X),
        2,
    ),
    "one axis after the other": (
        """
        def f(x):
            a = np.apply_over_axes(np.sum, x, [0, -1])
            b = np.apply_over_axes(lambda y, k: np.max(y, axis=k), x, 1)
            return np.sum(a**2) + np.sum(b**3) + np.sum(np.apply_over_axes(np.cumsum, x, (0, 1)) ** 2)
        """,
        (T,),
    ),
    "pieces, later ones on top": (
        """
        def f(x, v):
            a = np.piecewise(x, [x < 0.0, x < 0.5, x > 9.0], [lambda t: t**2, np.sin, 3.0, v[0]])
            b = np.piecewise(x, [x < 0.4, x > -0.2], [lambda t, k: t / np.sum(t * k), v[1]], v[2])
            return np.sum(a * b * x)
        """,
        (M, X),
        2,
    ),
    "pieces of a number, in a loop": (
        """
        def f(x, v):
            y = x
            for k in range(3):
                y = y + np.piecewise(y, [y < v[0], y >= v[0]], [lambda t: t**2, lambda t: np.cos(t)])
            return y + np.sum(np.piecewise(v, v < 0.0, [np.exp, np.sin]))
        """,
        (0.7, X),
        2,
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_derivatives(name):
    judge(*PROGRAMS[name])


@pytest.mark.parametrize(
    "value",
    [
        "np.vectorize(lambda t: t**3)(x)",
        "np.apply_along_axis(lambda row: row / np.sum(row**2), 0, x)",
        "np.piecewise(x, [x < 0.0], [np.sin, np.cos])",
        "x[x > 0.0]",
    ],
)
def test_twice(value, tmp_path):
    text = f"import numpy as np\n\n\ndef f(x):\n    return np.sum(({value})**2)\n"
    f = load(tmp_path / "twice.py", text).f
    gradient, step = rg.grad(f), 1e-5
    rows = [(gradient(X + d) - gradient(X - d)) / (2.0 * step) for d in step * np.eye(3)]
    np.testing.assert_allclose(rg.hessian(f)(X), rows, rtol=1e-6, atol=1e-6)


#: What is not known, or not differentiated, with the code of the refusal.
REFUSED = {
    "np.vectorize(lambda t: t, signature='(n)->(n)')(x)": "RG302",
    "np.vectorize(lambda t, k: t * k, excluded=[1])(x, 2.0)": "RG302",
    "np.vectorize(lambda t: (t, t), otypes=[float, float])(x)": "RG302",
    "np.vectorize(table[0])(x)": "RG219",
    "np.apply_along_axis(lambda row: row, 0)": "RG305",
    "np.apply_over_axes(np.sum, x, table)": "RG302",
    "np.piecewise(x, masks, [np.sin, np.cos])": "RG302",
    "np.piecewise(x, [x < 0.0], [np.sin, np.cos, np.exp])": "RG305",
}


@pytest.mark.parametrize("value", REFUSED)
def test_refused(value):
    program = f"def f(x, table, masks): return np.sum({value})"
    assert refusal(program) == REFUSED[value]


def test_whole_numbers_that_cut_others_off_are_an_error(tmp_path):
    text = """import numpy as np


def f(x):
    return np.sum(np.vectorize(lambda t: t * t if t > 0 else 0)(x))


def g(x, w):
    return np.sum(np.piecewise(x, [x < 0], [w, 2.0 * w]))
"""
    module = load(tmp_path / "cut.py", text)
    np.testing.assert_allclose(rg.grad(module.f)(X), np.where(X > 0, 2.0 * X, 0.0))
    with pytest.raises(ValueError, match=r"0\.0 instead of 0"):
        rg.grad(module.f)(-X)
    with pytest.raises(ValueError, match="pass floats"):
        rg.value_and_grad(module.g, argnums=1)(np.array([1, -1]), 0.3)
