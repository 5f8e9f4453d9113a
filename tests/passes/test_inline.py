"""Functions put where they are called, and arguments that go to the right parameters."""

import textwrap

import numpy as np
import pytest

from retrograd.api import gradient_source
from retrograd.transforms.diagnostics.report import UnsupportedError
from tests.passes.judge import judge_live

#: What is special; the program; arguments; how many of them to differentiate by.
PROGRAMS = {
    "a name bound in a test, and one like it around the call": (
        """
        def scale(a, x):
            if (s := x * x) > 0.1:
                a *= s
            kept = [s for s in a if s > 0.0]
            a[0] += len(kept) * x

        def f(x, n):
            s = 1.2 * x
            kept = s * s
            a = np.array([n, x, 1.0])
            scale(a, n)
            return np.sum(a) * s * kept
        """,
        (1.1, 0.7),
        2,
    ),
    "an argument that is called like a variable of the helper": (
        """
        def fill(target, x):
            target[1] = target[0] = x
            row = (2, 3)
            return row[0]

        def f(x, y):
            row, count = np.full(3, y), 0
            for k in range(2):
                count += fill(row, x * k)
            return np.sum(row * row) * count
        """,
        (1.1, 0.7),
        2,
    ),
    "a procedure that fills an array, and a slice of one": (
        """
        def fill(a, x, k=1):
            for i in range(len(a)):
                a[i] = x * i + k
        def f(x, n):
            a = np.zeros(3)
            fill(a, x * n)
            fill(a[1:], x, k=x)
            return np.sum(a * a)
        """,
        (1.1, 0.7),
        2,
    ),
    "a closure that writes into an array around it": (
        """
        def f(x, y):
            out = np.zeros(3)
            def put(i, v):
                out[i] = v * y
            for i in range(3):
                put(i, x * i)
            put(0, y)
            return np.sum(out * out)
        """,
        (1.1, 0.7),
        2,
    ),
    "a helper that relaxes in place": (
        """
        def relax(u, k):
            for i in range(1, len(u) - 1):
                u[i] = u[i] + k * math.sin(u[i - 1] - u[i]) * u[i + 1]
        def f(u, k):
            for t in range(3):
                relax(u, k)
            return np.sum(u * u)
        """,
        (np.array([1.0, 0.3, -0.5, 2.0]), 0.7),
        2,
    ),
    "a closure over a variable that changes": (
        """
        def f(x, k):
            def scaled(t):
                return k * t
            y = scaled(x)
            k = k + 1.0
            return scaled(y) * y
        """,
        (1.1, 0.7),
        2,
    ),
    "a lambda called in its own argument": (
        """
        def f(x, k):
            g = lambda t: np.sin(t) * k
            return g(x) + g(g(2.0 * x))
        """,
        (1.1, 0.7),
        2,
    ),
    "functions of every sort passed on": (
        """
        def apply(g, v):
            y = g(v)
            return y * g(y)
        def h(t):
            return t * t
        def f(x):
            return apply(h, x) + apply(np.sin, x) + apply(lambda t: t * x, 2.0 * x) + apply(math.exp, x)
        """,
        (0.6,),
        1,
    ),
    "a function passed on and called in a loop": (
        """
        def integrate(g, a, b, n):
            h = (b - a) / n
            total = 0.5 * (g(a) + g(b))
            for i in range(1, n):
                total = total + g(a + i * h)  # inner points
            return total * h
        def f(x, k):
            def gauss(t):
                u = t - x
                return np.exp(-k * u * u)
            return integrate(gauss, 0.0, x, 5)
        """,
        (1.1, 0.7),
        2,
    ),
    "functions that are returned": (
        """
        def make(a):
            b = a * a
            def inner(t):
                return t * b + a
            return inner
        def f(x):
            g = make(x)
            x = x * 3.0
            h = make(2.0)
            return g(x) * h(x) + make(x)(x)
        """,
        (1.1,),
        1,
    ),
    "a partial of a partial": (
        """
        def p(a, b, c=2.0):
            return a * b + c * math.sin(a)
        def f(x, y):
            g = functools.partial(p, x, c=y)
            x = x + 1.0
            h = functools.partial(g, c=3.0)
            return g(y) * h(x)
        """,
        (1.1, 0.4),
        2,
    ),
    "several returns": (
        """
        def f(x, y):
            def g(t):
                if t > 1.0:
                    return t * y
                u = t + y
                if u > 1.0:
                    v = u * u
                    return v
                return 0.5 * u
            return g(x) + g(0.3 * x) * g(-x)
        """,
        (1.1, 0.4),
        2,
    ),
    "calls in tests of every sort": (
        """
        def f(x, y):
            g = lambda t: t * t + y
            n = 0
            while g(x) < 20.0 and n < 10:
                x = x * 1.5
                n += 1
            z = g(x) if g(y) > 0.1 else g(-x)
            return z * x if x > 0 and g(z) > 0 else y
        """,
        (1.1, 0.4),
        2,
    ),
    "a closure over a loop variable": (
        """
        def f(xs, y):
            total = 0.0
            def g(t):
                return t * xs[i] + y
            for i in range(len(xs)):
                total = total + g(total)
                h = lambda t: t * t * i
                total = total + h(xs[i])
            return total
        """,
        (np.array([0.3, -0.2, 0.7]), 0.4),
        2,
    ),
    "functions of functions": (
        """
        def compose(f, g):
            return lambda t: f(g(t))
        def f(x, k):
            h = compose(np.sin, lambda t: k * t)
            return h(x) * compose(h, h)(x)
        """,
        (1.1, 0.4),
        2,
    ),
    "defaults are computed when the function is made": (
        """
        def f(x, k):
            g = lambda t, k=k, s=2.0: k * t * s
            k = k * 5.0
            return g(x) * k + g(x, s=x)
        """,
        (1.1, 0.4),
        2,
    ),
    "arguments passed on": (
        """
        def wrapper(fn):
            def inner(*args, **kwargs):
                return 2.0 * fn(*args, **kwargs)
            return inner
        def p(a, b, c=2.0):
            return a * b + c * math.sin(a)
        def f(x, y):
            q = wrapper(p)
            return q(x, y) + q(x, b=y, c=x) + q(*(x, y), c=y)
        """,
        (1.1, 0.4),
        2,
    ),
    "a helper that takes any number": (
        """
        def total(first, *rest, scale=1.0, **more):
            s = first
            for r in rest:
                s = s * r + scale
            return s * more["k"] if "k" in more else s
        def f(x, y):
            return total(x, y, 2.0) + total(x, y, x, scale=y) * total(y, k=x)
        """,
        (1.1, 0.4),
        2,
    ),
    "a function in a function in a function": (
        """
        def f(x, y):
            def outer(a):
                def inner(b):
                    return a * b + y
                return inner(a * a) + inner(x)
            a = 3.0
            return outer(x) * a + outer(y)
        """,
        (1.1, 0.4),
        2,
    ),
    "names that collide": (
        """
        def g(h, t):
            y = h(t)
            z = y * y
            for y in range(2):
                z = z + h(z) * y
            return z
        def f(x, y):
            z = x * y
            w = g(lambda t: t * z, y)
            return w * z * y
        """,
        (1.1, 0.4),
        2,
    ),
    "a lambda called at once": (
        """
        def f(x, k):
            return (lambda a, b=k: a * b + k)(x) * (lambda: x * x)()
        """,
        (1.1, 0.4),
        2,
    ),
    "Newton's method": (
        """
        def newton(f, df, x0, n):
            x = x0
            for _ in range(n):
                x = x - f(x) / df(x)
            return x
        def f(a, b):
            def g(x):
                return x ** 3 - a * x - b
            def dg(x):
                return 3 * x ** 2 - a
            return newton(g, dg, 2.0 + 0.0 * a, 6)
        """,
        (1.1, 0.4),
        2,
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_gradient(name, tmp_path):
    judge_live(tmp_path, *PROGRAMS[name])


REFUSED = {
    "a function that calls itself": (
        """
        def f(x, n):
            def g(k):
                return 1.0 if k == 0 else x * g(k - 1)
            return g(n)
        """,
        "RG209",
    ),
    "a function that is given one and calls itself": (
        """
        def g(h, k):
            return 1.0 if k == 0 else h(k) * g(h, k - 1)
        def f(x, n):
            return g(lambda t: t * x, n)
        """,
        "RG209",
    ),
    "one of two functions": (
        """
        import math
        def f(x, n):
            g = math.sin
            if n > 2:
                g = math.cos
            return g(x)
        """,
        "RG219",
    ),
    "one that only some iteration makes": (
        """
        def f(x, n):
            for i in range(n):
                g = lambda t: t * i
            return g(x)
        """,
        "RG219",
    ),
    "one of the iteration before": (
        """
        def f(x, n):
            g = lambda t: t
            for i in range(n):
                x = g(x)
                g = lambda t: t * i
            return x
        """,
        "RG219",
    ),
    "functions in a list": (
        """
        import math
        def f(x, n):
            return [math.sin, math.cos][n](x)
        """,
        "RG219",
    ),
    "a function as result": (
        """
        def f(x, n):
            return lambda t: t * x
        """,
        "RG219",
    ),
    "a parameter": ("def f(x, g): return g(x)", "RG219"),
    "a helper used as a value": (
        """
        def g(t): return t
        def f(x, n):
            return x + g
        """,
        "RG219",
    ),
    "a star before what nobody knows": (
        """
        def g(a, b): return a * b
        def f(x, y): return g(*y) * x
        """,
        "RG211",
    ),
    "a parameter that is missing": (
        """
        def f(x, y):
            def g(a, b): return a * b
            return g(x)
        """,
        "RG305",
    ),
    "a parameter by position that has only a name": (
        """
        def g(a, *, b): return a * b
        def f(x, y): return g(x, y)
        """,
        "RG305",
    ),
    "a parameter by name that has only a position": (
        """
        def g(a, b, /): return a * b
        def f(x, y): return g(x, b=y)
        """,
        "RG305",
    ),
    "a variable that hides what an inlined helper reads": (
        """
        SCALE = 2.0
        def g(h, t): return h(t) * SCALE
        def f(x, y):
            scale = x
            SCALE = y
            return g(lambda t: t * scale, x) * SCALE
        """,
        "RG216",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    text, code = REFUSED[name]
    with pytest.raises(UnsupportedError) as refused:
        gradient_source(textwrap.dedent(text), "f", types={"x": "float"})
    assert refused.value.code == code
