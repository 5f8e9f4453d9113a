"""Recursive functions: one stack for all calls, taken back in exact reverse order."""

import numpy as np
import pytest

from retrograd.api import gradient_source
from retrograd.transforms.diagnostics.report import UnsupportedError
from tests.passes.judge import judge_live

#: What is special; the program; arguments; how many of them to differentiate by.
PROGRAMS = {
    "nothing is kept by a linear recursion": (
        """
        def f(x, n):
            if n == 0:
                return x
            return f(2.0 * x, n - 1)
        """,
        (1.1, 5),
        1,
    ),
    "an array handed down, two calls on one way": (
        """
        def g(a, n):
            if n == 0:
                return np.sin(a)
            b = g(a * 0.9, n - 1)
            return b * a + g(b, n - 2) if n > 1 else b * b
        def f(a, n):
            return np.sum(g(a, n))
        """,
        (np.array([0.3, 0.5]), 4),
        1,
    ),
    "each call gets a slice": (
        """
        def f(a):
            if len(a) == 0:
                return 0.0
            return np.sin(a[0]) * np.exp(f(a[1:]))
        """,
        (np.array([0.3, 0.5, 0.1]),),
        1,
    ),
    "an index into a list": (
        """
        def f(xs, i):
            if i == len(xs):
                return 1.0
            rest = f(xs, i + 1)
            return xs[i] * rest + math.sin(rest)
        """,
        ([0.3, 0.5, 0.1], 0),
        1,
    ),
    "a pair comes back": (
        """
        def g(x, n):
            if n == 0:
                return x, 1.0
            a, b = g(x, n - 1)
            return a * b, a + b * x
        def f(x, n):
            a, b = g(x, n)
            return a * math.sin(b)
        """,
        (0.7, 4),
        1,
    ),
    "how often depends on the argument": (
        """
        def f(x, y):
            if x > 100.0:
                return x * y
            m = x * x + 1.0
            if m > 50.0:
                return m * f(m, y)
            return f(m * y, y) + x
        """,
        (1.1, 1.3),
        2,
    ),
    "calls in a loop": (
        """
        def g(x, n):
            s = x
            k = 0
            while k < n:
                s = s * math.cos(g(s, k)) + x
                k += 1
            return s
        def f(x, n):
            return g(x, n) * g(0.5, n)
        """,
        (0.7, 4),
        1,
    ),
    "a parameter is overwritten before and after the calls": (
        """
        def f(x, n):
            x = x * x
            if n == 0:
                return x
            y = f(x - 1.0, n - 1)
            x = y * x
            return x * f(x, n - 2) if n > 1 else x
        """,
        (0.7, 4),
        1,
    ),
    "a helper with a tape of its own": (
        """
        def h(x):
            for i in range(2):
                x = x * math.sin(x)
            return x
        def f(x, n):
            if n == 0:
                return h(x)
            y = f(h(x) + 1.0, n - 1)
            z = f(y * x, n - 1)
            return h(y * z)
        """,
        (0.7, 3),
        1,
    ),
    "a result that counts for nothing still has to be taken back": (
        """
        def f(x, n):
            if n == 0:
                return x * x
            y = f(x * 1.1, n - 1)
            z = f(y, n - 1)
            return y * y + z * 0.0
        """,
        (0.7, 3),
        1,
    ),
    "an accumulator that begins as an integer": (
        """
        def g(x, n, acc=0):
            if n == 0:
                return acc
            return g(x, n - 1, acc + x ** n)
        def f(x, n):
            return g(x, n)
        """,
        (0.7, 3),
        1,
    ),
    "a dict handed down": (
        """
        def g(p, n):
            if n == 0:
                return p["b"]
            return np.tanh(p["W"] * g(p, n - 1) + p["b"])
        def f(p, n):
            return g(p, n)
        """,
        ({"W": 0.7, "b": 0.2}, 3),
        1,
    ),
    "a call in a test": (
        """
        def g(x, n):
            if n == 0 or g(x, n - 1) > 2.0:
                return x
            if g(x, n - 1) < 0.1:
                return x * x
            return x * g(x, n - 1)
        def f(x, n):
            return g(x, n)
        """,
        (0.7, 3),
        1,
    ),
    "defaults and keywords": (
        """
        def f(x, *, n=3, k=2.0):
            if n == 0:
                return x * k
            return x * f(x + k, n=n - 1)
        """,
        (0.7,),
        1,
    ),
    "arguments change places": (
        """
        def f(x, y, n):
            if n == 0:
                return x - 2.0 * y
            return f(y, x * y, n - 1)
        """,
        (0.7, 1.3, 3),
        1,
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_gradient(name, tmp_path):
    judge_live(tmp_path, *PROGRAMS[name])


ENDLESS = {
    "no way out": "def f(x, n): return x * f(x, n - 1)",
    "nor together": "def g(x): return f(x)\ndef f(x): return x * g(x)",
    "ever more items": "def f(x, t): return x if len(t) > 5 else f(x, (t, x))",
}


@pytest.mark.parametrize("name", ENDLESS)
def test_recursion_without_end_is_refused(name):
    with pytest.raises(UnsupportedError) as refused:
        gradient_source(ENDLESS[name], "f", types={"x": "float"})
    assert refused.value.code == "RG306"
