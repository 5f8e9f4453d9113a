"""Programs in which one wrong step of the sweeps shows: each against finite differences."""

import numpy as np
import pytest

from retrograd.compiling import compile_text
from tests.passes.judge import judge

X = np.array([0.3, -0.7, 1.1, 0.4])

#: What goes wrong if it goes wrong; the program; arguments; how many of them to differentiate by.
PROGRAMS = {
    "a loop variable takes the name of an active one": (
        """
        def f(x, n):
            y = x * x
            for x in range(n):
                y = y * (x + 1)
            return y * x
        """,
        (1.3, 3),
        1,
    ),
    "the shape of a slice is not that of its array": (
        "def f(s, x): return np.sum(x[1:] + s)",
        (1.3, X),
        2,
    ),
    "nor that of a transpose": (
        "def f(x, y): return np.mean(np.outer(x, y)) + np.sum(np.exp(x[1:]))",
        (X, X[:3]),
        2,
    ),
    "a partial reads the new value, the restore brings the old one": (
        """
        def f(x):
            y = x ** 2
            x = np.tanh(y)
            e = x
            return e
        """,
        (-1.138,),
        1,
    ),
    "the same for two targets at once": (
        """
        def f(s):
            a = 1.3
            b = 1.0
            a, b = b * s, np.tanh(s * a)
            return a * b
        """,
        (0.8,),
        1,
    ),
    "a power of itself": (
        """
        def f(x, y):
            x = x ** y
            return x * y
        """,
        (1.7, 2.2),
        2,
    ),
    "a slice of itself": (
        """
        def f(x, v):
            v = v[::1]
            x = x * v[1]
            v = v[1:]
            q = x * v[0]
            return q
        """,
        (1.2, X),
        2,
    ),
    "a cotangent that only the branch not taken leaves": (
        """
        def f(x, y, n):
            c = 1.0
            if n % 2:
                x = x + y
            else:
                c = x
            return c
        """,
        (1.2, 0.7, 2),
        2,
    ),
    "a dict taken apart and put together": (
        """
        def f(p):
            p = {"a": p["b"] * 2, "s": p["s"]}
            return np.sum(p["a"]) * p["s"]
        """,
        ({"W": 1.5, "b": X, "s": 0.4},),
        1,
    ),
    "a list of dicts": (
        """
        def f(p):
            y = 0.0
            for layer in p:
                y = y + np.sum(layer["w"]) * layer["b"]
            return y
        """,
        ([{"w": X, "b": 0.3}, {"w": X[:2], "b": 1.3}],),
        1,
    ),
    "an item reassigned in its loop": (
        """
        def f(x):
            y = 1.0
            for e in x:
                e = e * e + 1.0
                y = y * e
            return y
        """,
        (X,),
        1,
    ),
    "a loop over an expression": (
        """
        def f(x):
            y = 1.0
            for e in x * x:
                y = y * (e + 1.0)
            return y
        """,
        (X,),
        1,
    ),
    "a loop variable used by an inner loop": (
        """
        def f(x, n):
            y = x
            for i in range(n):
                for i in range(2):
                    y = y * x + i
                y = y * (i + 1) * x
            return y
        """,
        (0.7, 3),
        1,
    ),
    "a constant overwrites in a branch": (
        """
        def f(x, n):
            if n > 1:
                x = 1.0
            return x * x
        """,
        (1.3, 2),
        1,
    ),
    "the branch is not taken": (
        """
        def f(x, n):
            if n > 1:
                x = 1.0
            return x * x
        """,
        (1.3, 0),
        1,
    ),
    "a constant overwrites in a loop": (
        """
        def f(x, n):
            y = x * x
            for _ in range(n):
                x = 1.0
            return x * y
        """,
        (1.3, 2),
        1,
    ),
    "no iteration overwrites": (
        """
        def f(x, n):
            y = x * x
            while n > 0:
                x = 1.0
                n = n - 1
            return x * y
        """,
        (1.3, 0),
        1,
    ),
    "loops take the name of an active variable, and give it back": (
        """
        def f(x, n):
            y = x * x
            for x in range(n):
                y = y * (x + 1)
                x = 0.5 * y
            for x in (2.0, 3.0):
                y = y * x + x
            return y * x
        """,
        (1.3, 3),
        1,
    ),
    "an empty loop leaves its variable": (
        """
        def f(x, n):
            y = x
            for x in range(n):
                pass
            return x * x + y
        """,
        (1.3, 2),
        1,
    ),
    "a helper with keyword-only parameters": (
        """
        def h(a, b=2.0, *, c=3.0):
            return a * b * c

        def f(x, y):
            return h(x, c=y) + h(y)
        """,
        (1.3, 0.4),
        2,
    ),
    "helpers whose names are those of generated functions": (
        """
        def h_bwd(a):
            return 3.0 * a

        def h(a):
            b = a
            for _ in range(2):
                b = b * a
            return b

        def f_grad(a):
            return a * a

        def f(x):
            return h(h_bwd(x)) * f_grad(x)
        """,
        (0.6,),
        1,
    ),
    "a return inside a branch of a branch": (
        """
        def f(x, y):
            if x > 0:
                if y > 0:
                    return x * y
                y = y * x
            z = y * y + x
            return z * x
        """,
        (0.6, -0.4),
        2,
    ),
    "a while loop in a helper": (
        """
        def advance(u, p, duration):
            t = 0.0
            while t < duration:
                u = u + 0.1 * u * p[0]
                t = t + 0.1
            return u

        def f(p):
            return advance(1.0, p, 1.0)
        """,
        (X,),
        1,
    ),
    "an inner loop restores what the outer one reads": (
        """
        def f(x, p):
            for i in range(2):
                x = np.sin(x - p)
                for j in range(2):
                    x *= p
            return x
        """,
        (0.6, 1.3),
        2,
    ),
    "a mean along an axis of a spread number": (
        "def f(a, b): return np.sum(np.mean(a - b, axis=0) * np.array([1.0, 2.0]))",
        (0.6, np.arange(6.0).reshape(3, 2)),
        2,
    ),
    "an item picked twice": (
        "def f(x): return np.sum(x[[0, 1, 1]] * np.array([1.0, 2.0, 3.0]))",
        (X,),
        1,
    ),
    "a slice of what an array of indices picks": (
        "def f(x, i): return np.sum(x[i][1:] ** 2) + np.sum(x[1:][i - 1])",
        (X, np.array([2, 1, 2])),
        1,
    ),
    "a choice that guards an index": (
        """
        def f(v, i):
            return (v[i] if i < len(v) else 0.0) * v[0]
        """,
        (X, 7),
        1,
    ),
    "a choice that guards a division": (
        """
        def f(x, y):
            return x + (math.sin(1.0 / y) * x if y else x * x)
        """,
        (0.4, 0),
        1,
    ),
    "a choice that guards a maximum": (
        "def f(x, y): return (np.max(x) if np.size(x) else 0.0) + y * y",
        (np.array([]), 1.3),
        2,
    ),
    "a masked logarithm": (
        "def f(p): return np.sum(np.where(p > 0, p * np.log(p), 0.0))",
        (np.array([0.3, 1.2, 2.0]),),
        1,
    ),
    "a condition reads what its branch overwrites": (
        """
        def f(y, v):
            for c in range(2):
                if c >= 0:
                    if y > 0.3:
                        y = np.sum(v) * y
            return y
        """,
        (0.46, np.array([0.589, -0.51, 0.716])),
        2,
    ),
    "zeros are shaped after the right value": (
        """
        def f(s, c, k):
            for j in range(3):
                t = s * c
                if j > 0:
                    s = s + np.sum(t * c)
                t = k
            return s
        """,
        (0.5, np.array([1.0, 2.0]), np.ones((3, 2))),
        2,
    ),
    "a branch and its loop restore the same names": (
        """
        def f(x, y, n):
            if n:
                x = x * y
                y = 0.5
                for i in range(2):
                    x = x * y
                    y = y * y + x
                y = 1.0
            return x
        """,
        (0.7, 0.8, 2),
        2,
    ),
    "a swap in a loop": (
        """
        def f(a, b):
            for _ in range(7):
                a, b = b, a + 0.1 * b * b
            return a * b
        """,
        (0.3, 0.5),
        2,
    ),
    "the greater of a number and a reduction that loses": (
        """
        def f(x):
            return np.minimum(np.sum(x**2), 0.7)
        """,
        (np.array([1.0, 2.0]),),
        1,
    ),
    "the lesser of a number and a reduction of a list": (
        """
        def f(x):
            items = [x[0], 2.0 * x[1]]
            items.append(x[0])
            return np.minimum(np.sum(np.array(items) ** 2), 0.7) + np.minimum(x @ x, 9.0)
        """,
        (np.array([1.0, 2.0]),),
        1,
    ),
    "an exchange of two arrays where one takes an element of itself": (
        """
        def f(u, c):
            s = 0.75 * u
            s, u = u, s + np.minimum(s[0], 0.7)
            return np.sum(s * s) + c * u[-1]
        """,
        (np.array([0.4, 0.6, -0.9]), 0.3),
        2,
    ),
    "an element replaced by a reduction of what it is spread over": (
        """
        def f(u):
            u = 1.0 * u
            u[1] = u[0] * np.var(np.linspace(0.1, 0.9, 4) * u[1])
            return np.sum(u * u)
        """,
        (np.array([0.4, 0.6, -0.9]),),
        1,
    ),
    "a list made anew in some iterations, and written before": (
        """
        def f(x, v):
            items = [x, x]
            for w in v:
                if w > 0.4:
                    continue
                items = [x]
                for k in range(2):
                    items.append(items[-1] * items[-1] * w * k)
            return sum(items)
        """,
        (0.538, np.array([-0.808, 0.57, -0.982])),
        1,
    ),
    "a parameter replaced by one of another shape, if at all": (
        """
        def f(x, u):
            if x > 0.5:
                u = np.array([x, x * x])
            return np.sum(u)
        """,
        (0.7, np.array([0.3, -0.7, 1.1])),
        2,
    ),
    "an array of the same rank but another extent, in a branch": (
        """
        def f(x, u):
            a = u[:2] * x
            if x > 0.5:
                a = u * x
            return np.sum(a * a)
        """,
        (0.7, np.array([0.3, -0.7, 1.1])),
        2,
    ),
    "an array of the same rank but another extent, in a loop": (
        """
        def f(x, u, n):
            a = u[:2]
            for i in range(n):
                if i % 2:
                    a = u * x
                else:
                    b = a * 2
            return np.sum(a) + np.sum(b)
        """,
        (0.7, np.array([0.3, -0.7, 1.1]), 3),
        2,
    ),
    "a comprehension that does not read its variable": (
        """
        def f(x, v):
            for i, w in enumerate(v, 1):
                items = [x * x for k in range(3)]
                x = x * sum(items)
            return x
        """,
        (0.4, np.array([0.3, -0.7])),
        1,
    ),
    "a product with what nothing has reached": (
        """
        def f(x, u):
            items = [x, 0.4]
            for _ in range(2):
                s, v = 0.5 * (np.array([0.4, 0.1]) @ np.array([1.3, items[1]])), x + u[0]
            return v * items[0]
        """,
        (0.6, np.array([0.3, 0.2])),
        2,
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_derivatives(name):
    judge(*PROGRAMS[name])


def test_masked_logarithm_at_zero():
    source = "import numpy as np\ndef f(p): return np.sum(np.where(p > 0, p * np.log(p), 0.0))\n"
    scope = {}
    exec(compile_text(source, "f", (0,), "grad", {"p": "float[n]"}, False), scope)
    with np.errstate(all="ignore"):
        gradient = scope["f_grad"](np.array([0.0, 1.0]))
    assert gradient.tolist() == [0.0, 1.0]


def test_gradient_of_a_dict_keeps_the_order_of_its_keys():
    source = "def f(p):\n    return p['s'] * p['b'] + p['W']\n"
    types = {"p": "{W: float, b: float, s: float, idle: float}"}
    scope = {}
    exec(compile_text(source, "f", (0,), "grad", types, False), scope)
    gradient = scope["f_grad"]({"W": 1.0, "b": 2.0, "s": 3.0, "idle": 4.0})
    assert list(gradient.items()) == [("W", 1.0), ("b", 3.0), ("s", 2.0), ("idle", 0.0)]
