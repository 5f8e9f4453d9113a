"""Loops and functions that are left early: each against finite differences, in every mode."""

import numpy as np
import pytest

from tests.passes.judge import judge

Z = np.array([0.4, -0.7, 1.1, 0.3])

#: What could go wrong; the program; lists of arguments that take it through its ways.
PROGRAMS = {
    "a value that has no meaning in the other branch": (
        """
        def f(x, k):
            return math.sqrt(x - 1.0) * x**2 if x > 1.0 else math.log(2.0 - x) * x
        """,
        [(0.7, 1), (1.3, 1)],
    ),
    "the else of a loop returns as well": (
        """
        def f(x, n):
            for i in range(n):
                for j in range(1, n):
                    if j >= 2:
                        return x * x * x
                x = 0.7 * x + 0.1 * i
            else:
                y = x * x
                return y * x * 2.0
            return x
        """,
        [(1.3, 0), (1.3, 2), (1.3, 4)],
    ),
    "what stands behind a loop whose else always returns is never reached": (
        """
        def f(x, n):
            for i in range(n):
                for j in range(3):
                    y = x * x
                    continue
                else:
                    return y * x
                t = math.sin(y)
                return t * x
            return x
        """,
        [(1.3, 0), (1.3, 2)],
    ),
    "a continue in an elif, and a rest that both other branches reach": (
        """
        def f(x, n):
            y = x * x
            for i in range(n):
                if i % 3 == 0:
                    y = y * x
                elif i % 3 == 1:
                    y = y + 0.5 * x
                    continue
                x = math.sin(x) + 0.1 * y
                y = 0.5 * y
            return x * y
        """,
        [(0.8, 7)],
    ),
    "a return deep in a branch, behind an inner loop": (
        """
        def f(x, n):
            y = x
            for i in range(n):
                if y > -2.0:
                    y = y * x
                    for j in range(3):
                        if i == 2:
                            x = x * y
                            continue
                        if i == 3:
                            return y * x
                        y = y + 0.1 * x
                    x = x * 0.9
                elif x > 5.0:
                    if y > 3.0:
                        continue
                    else:
                        return y
                y = y * 0.8 + x
            return x * y
        """,
        [(0.8, 2), (0.8, 5)],
    ),
    "two ways to break, one of them behind the place where the other is decided": (
        """
        def f(x, k):
            y = x
            n = 0
            while True:
                n = n + 1
                if k < 0:
                    if n > 2:
                        y = y * y
                        break
                elif k == 1:
                    y = y + x
                    if n == 1:
                        continue
                y = math.tanh(y + n)
                if n > 3:
                    break
            else:
                return n * y
            return y * x
        """,
        [(0.8, -1), (0.8, 1), (0.8, 2)],
    ),
    "the test of a break reads what is overwritten in the branch that stays": (
        """
        def f(x, n):
            t = x
            for i in range(n):
                t = t * x
                if t > 5.0:
                    t = t + x
                    break
                elif t > 2.0:
                    t = t * 1.5
                    if i > 2:
                        break
                t = t + 0.1
            else:
                t = t * t
            return t * x
        """,
        [(1.3, 2), (1.3, 9), (1.05, 9), (1.8, 9)],
    ),
    "the branch that stays is the first": (
        """
        def f(x, n):
            t = x
            while t < 100.0:
                if t < 4.0:
                    t = t * x
                else:
                    break
                t = t + x * 0.1
            return t * x
        """,
        [(1.3, 2)],
    ),
    "both branches break": (
        """
        def f(x, n):
            t = x
            for i in range(n):
                t = t * x
                if t > 2.0:
                    if x > 1.5:
                        t = t * t
                        break
                    else:
                        t = t + x
                        break
            return t
        """,
        [(1.3, 5), (1.7, 5), (1.1, 3)],
    ),
    "an inner loop breaks the outer one": (
        """
        def f(x, n):
            t = x
            for i in range(n):
                for j in range(n):
                    t = t * x
                    if t > 3.0:
                        break
                else:
                    continue
                t = t + x
                break
            return t
        """,
        [(1.2, 2), (1.2, 4), (1.0, 3)],
    ),
    "the loop variable is read behind the loop": (
        """
        def f(x, n):
            t = x
            for i in range(1, n):
                for j in range(5, 0, -2):
                    t = t * x
                    if t > 3.0:
                        break
                t = t + x * j
                if t > 9.0:
                    break
            return t * i + j * x
        """,
        [(1.2, 3), (1.2, 6), (0.3, 5)],
    ),
    "a loop over values is left": (
        """
        def f(z, x):
            t = x
            for i, (a, b) in enumerate(zip(z, z[1:])):
                t = t * a + b
                if t < -0.1:
                    return t * b * i
                if a > 1.0:
                    break
            return t * a * x
        """,
        [(Z, 0.7), (Z, 2.0), (Z, -1.5)],
    ),
    "a while over inactive numbers, a branch, two returns": (
        """
        def f(x, n):
            k = 0
            while k < n:
                if k > 1:
                    x = x * 0.5
                k += 1
            if n > 2:
                return x
            return 0.5
        """,
        [(1.3, 2), (1.3, 5)],
    ),
    "nested loops over inactive numbers, before a choice": (
        """
        def f(x, n):
            k = 0
            while k < 2:
                t = 0.1
                while t < n:
                    t = t + 0.5
                k = k + 1
            if t > 2.0:
                return x * t
            return x * x
        """,
        [(1.3, 1), (1.3, 5)],
    ),
    "a value is made in an endless loop and used behind it": (
        """
        def f(x, n):
            y = x
            for i in range(n):
                k = 0
                while True:
                    z = y * x + k
                    k = k + 1
                    if k > i:
                        break
                y = y * z
            return y
        """,
        [(0.9, 3)],
    ),
    "a branch that raises comes before the rest": (
        """
        def f(x, n):
            for i in range(n):
                y = x * x
                if y < 0.0:
                    y = y * x
                    raise ValueError(y)
                elif i > 2:
                    x = x * y
                    break
                x = x + y
            return x
        """,
        [(0.5, 2), (0.5, 6)],
    ),
    "with around and inside a loop that is left": (
        """
        def f(x, n):
            with np.errstate(all="ignore"):
                y = x
                for i in range(n):
                    with np.errstate(over="raise"):
                        y = y * x
                        if y > 3.0:
                            y = y + x
                            continue
                        y = y * y
                        if i > 3:
                            return y * x
                    y = y + 0.3
                z = y * x
            y = z * y
            return y
        """,
        [(1.2, 3), (0.8, 8)],
    ),
    "stores into an array up to a break": (
        """
        def f(z, x):
            y = np.zeros(len(z))
            for i in range(len(z)):
                y[i] = z[i] * x
                if y[i] > 0.9:
                    y[i] = y[i] * y[i]
                    break
                y[i] = y[i] + z[i - 1]
                if y[i] < -5.0:
                    continue
                x = x + y[i]
            return np.sum(y * y) * x
        """,
        [(Z, 0.9), (Z, 0.1), (Z, 3.0)],
    ),
    "a helper returns from its loops": (
        """
        def g(x, n):
            y = x
            for i in range(n):
                for j in range(i):
                    y = y * x
                    if y > 4.0:
                        return y * x
                    if y > 2.0:
                        break
                else:
                    y = y + 0.2
            return y


        def f(x, n):
            t = 0.0
            for k in range(n):
                t = t + g(x + 0.1 * t, k)
                if t > 30.0:
                    break
            return t
        """,
        [(1.2, 3), (1.4, 7)],
    ),
}

CASES = [(name, k) for name, (_, points) in PROGRAMS.items() for k in range(len(points))]


@pytest.mark.parametrize(("name", "k"), CASES)
def test_derivatives(name, k):
    text, points = PROGRAMS[name]
    judge(text, points[k], _count(points[k]))


def _count(args):
    """How many arguments are no integers."""
    return sum(not isinstance(arg, int) for arg in args)
