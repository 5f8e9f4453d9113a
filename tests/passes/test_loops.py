"""Loops over everything that Python loops over, each against finite differences."""

import numpy as np
import pytest

from tests.passes.judge import judge, refusal

Z = np.array([0.4, -0.7, 1.1, 0.3])
M = np.arange(6.0).reshape(3, 2) / 4.0 - 0.6
T = np.arange(12.0).reshape(2, 3, 2) / 7.0 - 0.5

#: What the loop runs over; the program; its arguments.
PROGRAMS = {
    "it takes a name in use by steps, and its branches read it": (
        """
        def f(x, k):
            t = x
            for k in reversed(range(0, 3, 2)):
                t = t * x if k else t + np.sin(x)
            return t + k
        """,
        (1.1, 7),
    ),
    "a range that goes down": (
        """
        def f(x, n):
            t = x
            for i in range(n - 1, -1, -1):
                t = t * x + i
            return t
        """,
        (1.1, 4),
    ),
    "a range whose start depends on a value": (
        """
        def f(x, n):
            t = x
            for i in range(int(t * 3), n, 2):
                t = t * x + i
            return t
        """,
        (1.1, 9),
    ),
    "the bound of a range changes in the loop": (
        """
        def f(x, n):
            t = x
            for i in range(n):
                t = t * x + i
                n = n - 1
            return t * n
        """,
        (1.1, 5),
    ),
    "a reversed range": (
        """
        def f(x, n):
            t = x
            for i in reversed(range(n)):
                t = t * x + i
            return t
        """,
        (1.1, 4),
    ),
    "a reversed array": (
        """
        def f(z):
            t = 1.0
            for v in reversed(z):
                t = t * v + v
            return t
        """,
        (Z,),
    ),
    "a reversed list": (
        """
        def f(z):
            t = 1.0
            for v in reversed(z):
                t = t * v + v
            return t
        """,
        ([0.3, 0.5, 0.7],),
    ),
    "a slice that goes down": (
        """
        def f(z):
            t = 1.0
            for v in z[::-1]:
                t = t * v + v
            return t
        """,
        (Z,),
    ),
    "the rows of a matrix": (
        """
        def f(z):
            t = 1.0
            for r in z:
                t = t * np.sum(r * r) + r[0]
            return t
        """,
        (M,),
    ),
    "an array of rank 3, axis by axis": (
        """
        def f(z):
            t = 1.0
            for m in z:
                for r in m:
                    for v in r:
                        t = t * v + v * v
            return t
        """,
        (T,),
    ),
    "a tuple": (
        """
        def f(z):
            t = 1.0
            for v in z:
                t = t * v + v
            return t
        """,
        ((0.3, 0.5),),
    ),
    "a list written out": (
        """
        def f(x):
            t = 1.0
            for v in [x, x * x, 3.0]:
                t = t * v + v
            return t
        """,
        (0.7,),
    ),
    "a tuple written out": (
        """
        def f(x, y):
            t = 1.0
            for v in (x, y):
                t = t * v + v
            return t
        """,
        (0.7, 0.3),
    ),
    "the items of a dict": (
        """
        def f(d):
            t = 1.0
            for k, v in d.items():
                t = t * v + v
            return t
        """,
        ({"a": 0.3, "b": 0.9},),
    ),
    "the values of a dict": (
        """
        def f(d):
            t = 1.0
            for v in d.values():
                t = t * v + v
            return t
        """,
        ({"a": 0.3, "b": 0.9},),
    ),
    "the keys of a dict": (
        """
        def f(d):
            t = 1.0
            for k in d.keys():
                t = t * d[k] + d[k]
            return t
        """,
        ({"a": 0.3, "b": 0.9},),
    ),
    "a dict itself": (
        """
        def f(d):
            t = 1.0
            for k in d:
                t = t * d[k] + d[k]
            return t
        """,
        ({"a": 0.3, "b": 0.9},),
    ),
    "a dict of arrays of several shapes": (
        """
        def f(d, x):
            t = 1.0
            for k, v in d.items():
                t = t * np.sum(v * x) + x
            return t
        """,
        ({"a": Z, "b": Z[:2] * 1.0}, 0.4),
    ),
    "zip of unequal lengths": (
        """
        def f(z, y):
            t = 1.0
            for a, b in zip(z, y):
                t = t * a + b
            return t
        """,
        (Z, Z[:2] * 2),
    ),
    "zip of a range and a zip": (
        """
        def f(z, y):
            t = 1.0
            for i, (a, b) in zip(range(1, 9), zip(z, y)):
                t = t * a + b * i
            return t
        """,
        (Z, Z[:2] * 2),
    ),
    "enumerate from two": (
        """
        def f(z):
            t = 1.0
            for i, a in enumerate(z, 2):
                t = t * a + i
            return t
        """,
        (Z,),
    ),
    "enumerate with its start by name": (
        """
        def f(z):
            t = 1.0
            for i, a in enumerate(z, start=1):
                t = t * a + i
            return t
        """,
        (Z,),
    ),
    "enumerate of zip": (
        """
        def f(z, y):
            t = 1.0
            for i, (a, b) in enumerate(zip(z, y)):
                t = t * a + i * b
            return t
        """,
        (Z, Z * 2),
    ),
    "a nested target": (
        """
        def f(z):
            t = 1.0
            for i, (a, (b, c)) in enumerate(z):
                t = t * a + b * c + i
            return t
        """,
        ([(1.0, (2.0, 0.3)), (0.5, (0.2, 0.4))],),
    ),
    "a list of pairs": (
        """
        def f(z):
            t = 1.0
            for a, b in z:
                t = t * a + b
            return t
        """,
        ([(1.0, 2.0), (0.5, 0.2)],),
    ),
    "rows that are unpacked": (
        """
        def f(z):
            t = 1.0
            for a, b in z:
                t = t * a + b
            return t
        """,
        (M,),
    ),
    "the variables of the loop behind it": (
        """
        def f(z):
            t = 1.0
            for i, v in enumerate(z):
                t = t * v
            return t * i * v
        """,
        (Z,),
    ),
    "the variable of the loop is changed in it": (
        """
        def f(z):
            t = 1.0
            for v in z:
                v = v * v
                t = t * v + v
            return t * v
        """,
        (Z,),
    ),
    "the counter is changed in the loop": (
        """
        def f(x, n):
            t = 1.0
            for i in range(n):
                i = i * x
                t = t * x + i
            return t * i
        """,
        (1.2, 3),
    ),
    "an active expression": (
        """
        def f(z):
            t = 1.0
            for v in z * z + 1:
                t = t * v
            return t
        """,
        (Z,),
    ),
    "an inactive expression": (
        """
        def f(x, n):
            t = 1.0
            for v in np.linspace(0.0, 1.0, n):
                t = t * x + v
            return t
        """,
        (0.3, 4),
    ),
    "a slice": (
        """
        def f(z):
            t = 1.0
            for v in z[1:]:
                t = t * v + v
            return t
        """,
        (Z,),
    ),
    "a slice of a list": (
        """
        def f(z):
            t = 1.0
            for v in z[1:]:
                t = t * v + v
            return t
        """,
        ([0.3, 0.5, 0.7],),
    ),
    "the name of the array is given another in the loop": (
        """
        def f(z):
            t = 1.0
            for v in z:
                t = t * v + v
                z = z * t
            return t + np.sum(z)
        """,
        (Z,),
    ),
    "the columns of a matrix": (
        """
        def f(z):
            t = 1.0
            for v in z.T:
                t = t * np.sum(v * v) + v[0]
            return t
        """,
        (M,),
    ),
    "no iteration at all, and names that would have come from one": (
        """
        def f(x, n):
            t = x
            for i in range(n):
                t = t * x
                q = t * t
            if n > 0:
                t = t * q * i
            return t
        """,
        (1.2, 0),
    ),
    "no iteration of an inner loop at first": (
        """
        def f(x, n):
            t = x
            for k in range(3):
                for i in range(k):
                    q = t * x
                if k > 0:
                    t = t * q + i
            return t
        """,
        (1.2, 0),
    ),
    "numbers of iterations that depend on values": (
        """
        def f(x, n):
            t = x
            for i in range(n):
                for j in range(int(t) % 4):
                    t = t * x + j
                t = t + x
            return t
        """,
        (1.2, 4),
    ),
    "a while over an active value": (
        """
        def f(x, n):
            t = x
            while t < n:
                t = t * x + 0.3
            return t
        """,
        (1.2, 9),
    ),
    "the letters of a text": (
        """
        def f(x):
            t = x
            for c in "abc":
                if c == "b":
                    t = t * x
                t = t + x
            return t
        """,
        (1.2,),
    ),
    "numbers written out": (
        """
        def f(x):
            t = x
            for c in [1, 3, 2]:
                t = t * x + c
            return t
        """,
        (1.2,),
    ),
    "the subscripts of an array, backwards": (
        """
        def f(z):
            t = 1.0
            for i in range(len(z) - 1, 0, -1):
                t = t * z[i] + z[i - 1]
            return t
        """,
        (Z,),
    ),
    "a set of numbers": (
        """
        def f(x):
            t = x
            for c in {1, 2}:
                t = t * x + c
            return t
        """,
        (1.2,),
    ),
    "a starred target": (
        """
        def f(z):
            t = 1.0
            for a, *b in z:
                t = t * a + b[0] * b[1]
            return t
        """,
        ([(1.0, 2.0, 0.3), (0.5, 0.2, 0.4)],),
    ),
    "a call that gives an array": (
        """
        def f(z):
            t = 1.0
            for v in z.ravel():
                t = t * v + v
            return t
        """,
        (M,),
    ),
    "rows of different lengths": (
        """
        def f(z):
            t = 1.0
            for i in range(len(z)):
                for j in range(len(z[i])):
                    t = t * z[i][j] + 1.0
            return t
        """,
        ([[0.3, 0.4], [0.5]],),
    ),
    "pairs of subscripts from NumPy": (
        """
        def f(z):
            t = 1.0
            for i, j in np.ndindex(3, 2):
                t = t * z[i, j] + 1.0
            return t
        """,
        (M,),
    ),
    "pairs of subscripts from itertools": (
        """
        import itertools


        def f(z):
            t = 1.0
            for i, j in itertools.product(range(3), range(2)):
                t = t * z[i, j] + 1.0
            return t
        """,
        (M,),
    ),
    "a dict of pairs": (
        """
        def f(d):
            t = 1.0
            for k, (a, b) in d.items():
                t = t * a + b
            return t
        """,
        ({"b": (0.3, 0.2), "a": (0.9, 0.1)},),
    ),
    "what happens depends on the key": (
        """
        def f(d):
            t = 1.0
            for k, v in d.items():
                if k == "a":
                    t = t * v + v
                else:
                    t = t - v * v
            return t
        """,
        ({"b": 0.3, "a": 0.9},),
    ),
    "enumerate of the items of a dict": (
        """
        def f(d):
            t = 1.0
            for i, (k, v) in enumerate(d.items()):
                t = t * v + i * v
            return t
        """,
        ({"b": 0.3, "a": 0.9},),
    ),
    "a dict made in the function": (
        """
        def f(x):
            d = {"a": x * x, "b": x}
            t = 1.0
            for k, v in d.items():
                t = t * v + v
            return t
        """,
        (0.7,),
    ),
}

#: Where nothing is known of its argument, nobody can tell a dict from a list.
UNCLEAR = "a dict itself"


@pytest.mark.parametrize("name", PROGRAMS)
def test_derivatives(name):
    text, args = PROGRAMS[name]
    judge(text, args, _count(args), needs_types=name == UNCLEAR)


def test_a_dict_that_may_be_a_list():
    assert refusal(PROGRAMS[UNCLEAR][0]) == "RG214"


def _count(args):
    """How many arguments are no integers."""
    return sum(not isinstance(arg, int) for arg in args)
