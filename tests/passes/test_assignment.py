"""Assignments that bind many names or bind inside expressions: order, truth and short circuit."""

import numpy as np
import pytest

from tests.passes.judge import judge

X = np.array([0.3, -0.7, 1.1, 0.4])

PROGRAMS = {
    "chained, and read by a later target": (
        """
        def f(x):
            a = b = x * x
            (c, d) = e = (a * 2.0, b)
            return c * d * e[0]
        """,
        (1.3,),
        1,
    ),
    "a walrus is read by what follows, not by what came before": (
        """
        def f(x):
            y = x
            z = y + (y := y * y) + y
            return z * y
        """,
        (1.3,),
        1,
    ),
    "a walrus behind a false `and` binds nothing": (
        """
        def f(x, n):
            y = x
            if n > 3 and (y := x * x) > 0.0:
                y = 2.0 * y
            return y * x
        """,
        (1.3, 2),
        1,
    ),
    "nor behind a true `or`": (
        """
        def f(x):
            y = x
            if x > 0.0 or not (y := x * x) > 9.0:
                y = 3.0 * y
            return y * x
        """,
        (1.3,),
        1,
    ),
    "a walrus in the condition of a loop runs once more than the body": (
        """
        def f(x):
            total = 0.0
            while (x := x * 0.5) > 0.1:
                total = total + x * x
            return total * x
        """,
        (1.3,),
        1,
    ),
    "a walrus in one branch of a ternary": (
        """
        def f(x, n):
            y = 1.0
            z = (y := x * x) + 1.0 if n else x
            return z * y
        """,
        (1.3, 0),
        1,
    ),
    "a walrus at the end of a chain of comparisons": (
        """
        def f(x):
            y = 2.0
            z = 3.0 if 0.0 < x < (y := x * x) else x
            return z * y
        """,
        (1.3,),
        1,
    ),
    "starred in the middle of a tuple": (
        """
        def f(x, y):
            first, *rest, last = (x, y, x * y, x)
            return first * rest[0] * rest[1] * last
        """,
        (1.3, 0.7),
        2,
    ),
    "starred from an array": (
        """
        def f(x):
            first, *rest, last = x
            return first * rest[0] * rest[1] * last
        """,
        (X,),
        1,
    ),
    "starred from an array of rows": (
        """
        def f(x):
            first, *rest = x
            (a, *b), *c = x
            return np.sum(first * rest[0]) * a + b[0] * np.sum(c[-1])
        """,
        (X.reshape(2, 2) + 1.0,),
        1,
    ),
    "starred that takes nothing": (
        """
        def f(x):
            a, *none, b = (x, x * x)
            return a * b + len(none)
        """,
        (1.3,),
        1,
    ),
    "a starred list of lists": (
        """
        def f(p):
            (a, *b), *c = p
            return a * b[0] * c[0] * c[1]
        """,
        ([[1.3, 0.4], 0.7, 1.1],),
        1,
    ),
    "a swap of three": (
        """
        def f(x, y, z):
            for _ in range(4):
                x, y, z = y * z, z, x
            return x * y + z
        """,
        (1.3, 0.7, 0.9),
        3,
    ),
    "sums over generators": (
        """
        def f(x, y):
            total = sum(a * b for a, b in zip(x, y) if a > 0.0)
            return total * sum((v * v for v in x), total)
        """,
        (X, X[::-1].copy()),
        2,
    ),
    "a variable of a comprehension shadows one of the function": (
        """
        def f(x, v):
            w = v * v
            total = sum(v * w for v in x) + v
            return total * v
        """,
        (X, 1.3),
        2,
    ),
    "nested clauses, the inner one depending on the outer": (
        """
        def f(a):
            return sum(v * (k + 1) for k, row in enumerate(a) for v in row[k:] if v < 1.0)
        """,
        (X.reshape(2, 2),),
        1,
    ),
    "a walrus in the test of a comprehension": (
        """
        def f(x):
            return sum(y for v in x if (y := v * v) > 0.1) * y
        """,
        (X,),
        1,
    ),
    "any and all stop asking": (
        """
        def f(x):
            if any((last := v) > 0.2 for v in x):
                y = last * 2.0
            else:
                y = x[0]
            if all(v < 0.2 for v in x):
                y = y * 3.0
            return y * y
        """,
        (X,),
        1,
    ),
    "a running product": (
        """
        def f(x):
            return functools.reduce(operator.mul, x) + functools.reduce(operator.add, x, 2.0)
        """,
        (X,),
        1,
    ),
    "powers and divisions by builtins": (
        """
        def f(x, y):
            q, r = divmod(x * 5.0, y)
            return pow(x, 3) + pow(x, y) + r * q
        """,
        (1.3, 0.7),
        2,
    ),
    "a negative base under a whole exponent": (
        """
        def f(x):
            return (x - 3.0) ** 3 + (x - 3.0) ** -2 + sum((x - 3.0) ** n for n in range(4))
        """,
        (1.3,),
        1,
    ),
    "ternaries in ternaries": (
        """
        def f(x, y):
            z = x if x > y else y if y > 2.0 else x * y
            return z * (x if 0.0 < x <= y else y)
        """,
        (0.7, 1.3),
        2,
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_derivatives(name: str) -> None:
    # sums of anything may be sums of lists
    judge(*PROGRAMS[name], needs_types=name == "sums over generators")
