"""Tests of what a value is, which the kinds of the arguments answer."""

from typing import NamedTuple

import numpy as np
import pytest

import retrograd as rg
from retrograd.runtime.checking import compare_gradients
from retrograd.transforms.analyses.tests_of_kinds import answer
from retrograd.transforms.frontend.build import expression
from retrograd.transforms.ir.kinds import (
    FLOAT,
    NONE,
    TEXT,
    UNKNOWN,
    Array,
    Mapping,
    Record,
    Sequence,
)
from retrograd.transforms.ir.nodes import Known, Name
from retrograd.transforms.ir.walk import rewrite

X = np.array([0.3, -0.7, 1.1])


class Pair(NamedTuple):
    u: float
    v: float


KINDS = {
    "number": FLOAT,
    "array": Array("float", ("n",)),
    "items": Sequence("list", None, FLOAT),
    "table": Mapping(None, FLOAT),
    "pair": Record("m:Pair", "namedtuple", (("u", FLOAT), ("v", FLOAT))),
    "nothing": NONE,
    "text": TEXT,
    "anything": UNKNOWN,
}


@pytest.mark.parametrize(
    ("test", "wanted"),
    [
        ("nothing is None", True),
        ("nothing is not None", False),
        ("number is None", False),
        ("anything is None", None),
        ("isinstance(array, numpy.ndarray)", True),
        ("isinstance(number, numpy.ndarray)", False),
        ("isinstance(number, float)", None),
        ("isinstance(items, (list, tuple))", True),
        ("isinstance(pair, tuple)", True),
        ("isinstance(pair, (list, dict))", False),
        ("isinstance(table, dict)", True),
        ("isinstance(text, str)", True),
        ("isinstance(anything, dict)", None),
        ("not isinstance(table, dict)", False),
        ("nothing is None or anything is None", True),
        ("number is None and anything is None", False),
        ("number is None or anything is None", None),
        ("number is not None and isinstance(items, list)", True),
        ("number > 0.0", None),
    ],
)
def test_answer(test, wanted):
    def known(part):
        unbound = isinstance(part, Name) and part.id not in KINDS
        return Known(part.id, part.id) if unbound else part

    written = expression(test, lambda name: Known(name, name) if "." in name else None)
    read = rewrite(written, known)
    assert answer(read, lambda part: KINDS[part.id]) is wanted


def scaled(x, k=None):
    # without a factor, twice
    if k is None:
        k = 2.0
    return np.sum(x * k)


def of_any(x):
    if isinstance(x, dict):
        return sum(of_any(v) for v in x.values())
    if isinstance(x, np.ndarray) and x is not None:
        return np.sum(x * x)
    y = x.u * x.v if isinstance(x, tuple) else x
    return y * 3.0


@pytest.mark.parametrize(
    ("f", "args"),
    [
        (scaled, (X,)),
        (scaled, (X, 3.0)),
        (of_any, (X,)),
        (of_any, (1.5,)),
        (of_any, (Pair(1.5, 0.7),)),
        (of_any, ({"a": X, "b": X + 1.0},)),
    ],
)
def test_gradients(f, args):
    found = compare_gradients(f, args, (rg.grad(f)(*args),), argnums=[0])
    assert all(one.agrees for one in found), [*map(str, found)]


def test_a_branch_that_is_never_taken_is_left_out():
    derivative = rg.grad(scaled)
    derivative(X)
    assert "if " not in derivative.source
    assert "# without a factor, twice" in derivative.source
    derivative(X, 3.0)
    assert "k = 2.0" not in derivative.source


def test_what_is_not_known_is_asked_when_it_runs():
    text = "def f(x, k=None):\n    if k is None:\n        k = 2.0\n    return x * k\n"
    source = rg.gradient_source(text, "f", types="x: float")
    scope = {}
    exec(source, scope)
    assert scope["f_grad"](1.5) == 2.0
    assert scope["f_grad"](1.5, 3.0) == 3.0
