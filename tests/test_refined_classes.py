"""Containers and records of classes that change what reading and writing mean: never taken for plain ones."""

from collections import ChainMap, Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
import pytest

import retrograd as rg

X = np.array([0.7, 1.3, 0.4])


class Doubling(list):
    def append(self, value):
        super().append(2.0 * value)


class Tripled(dict):
    def __getitem__(self, key):
        return 3.0 * super().__getitem__(key)


class Stubborn(dict):
    def get(self, key, default=None):
        return 42.0


class Vector(tuple):
    def __add__(self, other):
        return Vector(a + b for a, b in zip(self, other, strict=True))


class Metres(float):
    def __mul__(self, other):
        return 1000.0 * float(self) * other


class Shown(dict):
    """A dict that looks otherwise, and does what dicts do."""

    def __repr__(self):
        return "shown"


class Size(IntEnum):
    SMALL = 2


class Reversed(namedtuple("Reversed", "a b")):
    def __getitem__(self, place):
        return super().__getitem__(1 - place)


class Pair(NamedTuple):
    a: float
    b: float

    def total(self):
        return self.a + self.b


def appended(x, c):
    c.append(x[0])
    return c[0] * x[1]


def got(x, c):
    return c.get("a") * x[0]


def looked_up(x, c):
    return c["a"] * x[0]


def added(x, c):
    return (c + c)[0] * x[0]


def multiplied(x, c):
    return c * x[0]


def first(x, c):
    return c[0] * x[0]


def counted(x):
    counts = Counter()
    counts.update({"a": x[0]})
    counts.update({"a": x[1]})
    return counts["a"] * x[2]


def queued(x):
    last = deque(maxlen=2)
    for value in x:
        last.append(value * value)
    return sum(last)


COUNTS = Stubborn(a=1.0)


def around(x):
    return COUNTS.get("a") * x[0]


REFUSED = [
    (appended, Doubling(), "RG227"),
    (got, Stubborn(a=1.0), "RG227"),
    (looked_up, Tripled(a=1.0), "RG227"),
    (looked_up, Counter(a=2), "RG227"),
    (looked_up, ChainMap({"a": 2.0}), "RG227"),
    (looked_up, defaultdict(lambda: 2.0), "RG227"),
    (added, Vector([1.0, 2.0]), "RG227"),
    (first, deque([1.0, 2.0]), "RG227"),
    (first, Reversed(1.0, 2.0), ""),
    (multiplied, Metres(2.0), "RG307"),
]


@pytest.mark.parametrize(("function", "argument", "code"), REFUSED)
def test_an_argument_of_its_own_kind(function, argument, code):
    if not code:  # of an object that we know nothing of, Python finds out what it gives
        assert np.allclose(rg.grad(function)(X, argument), [argument[0], 0.0, 0.0])
        return
    with pytest.raises(rg.UnsupportedError) as refused:
        rg.grad(function)(X, argument)
    assert refused.value.code == code


@pytest.mark.parametrize("function", [counted, queued, around])
def test_made_or_met_in_the_function(function):
    with pytest.raises(rg.UnsupportedError) as refused:
        rg.grad(function)(X)
    assert refused.value.code == "RG227"


@pytest.mark.parametrize("argument", [Shown(a=2.0), OrderedDict(a=2.0), {"a": Size.SMALL}])
def test_classes_that_change_nothing(argument):
    assert np.allclose(rg.grad(looked_up)(X, argument), [2.0, 0.0, 0.0])


class Gauge:
    """A field that gives more than it was given."""

    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, instance, owner=None):
        return 3.0 if instance is None else 2.0 * getattr(instance, self.name)

    def __set__(self, instance, value):
        setattr(instance, self.name, 5.0 * value)


@dataclass
class Measured:
    a: float = Gauge()  # type: ignore[assignment]


@dataclass
class Eager:
    a: float

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, 2.0 * value)


@dataclass
class Managed:
    _a: float

    @property
    def a(self):
        return 2.0 * self._a

    @a.setter
    def a(self, value):
        self._a = value * value


def squared(p):
    return p.a * p.a


def given_back(p):
    p.a = p.a
    return p.a


def changed(p):
    p.a = p.a * p.a
    return p.a


@pytest.mark.parametrize("function", [squared, changed, given_back])
@pytest.mark.parametrize("record", [Measured(0.7), Eager(0.7), Managed(0.7)])
def test_records_that_do_more_than_hold(function, record):
    if function is squared and isinstance(record, Managed):
        assert rg.grad(squared)(record)._a == pytest.approx(8.0 * 0.7)  # a property is read
        return
    with pytest.raises(rg.UnsupportedError):
        rg.grad(function)(record)


@pytest.mark.parametrize("mode", ["grad", "jvp"])
def test_methods_of_namedtuples_stay(mode):
    def total(x, p):
        return p.total() * x * p[1]

    if mode == "grad":
        assert rg.grad(total)(0.5, Pair(1.0, 2.0)) == pytest.approx(6.0)
    else:
        still = Pair(0.0, 0.0)
        _, tangent = rg.jvp(total, (0.5, Pair(1.0, 2.0)), (1.0, still))
        assert tangent == pytest.approx(6.0)
