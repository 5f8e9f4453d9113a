"""Methods have the names of functions, variables and other methods; each call must reach its own."""

from typing import Any

import pytest

import retrograd as rg
from retrograd.runtime.checking import compare_gradients
from tests.loading import load
from tests.passes.judge import judge

CLASSES = """
from dataclasses import dataclass


@dataclass
class Spring:
    k: float
    x: float

    def energy(self):
        return 0.5 * self.k * self.x**2

    def scaled(self, n):
        if n > 2:
            return self.k * n
        return self.x * n

    @property
    def size(self):
        return self.k**2 + self.x

    def __call__(self, y):
        return self.k * y * y


@dataclass
class Weight:
    k: float
    x: float

    def energy(self):
        return self.k + 3.0 * self.x

    def scaled(self, n):
        if n > 2:
            return self.x * n
        return 7.0 * self.x * n

    @property
    def size(self):
        return 3.0 * self.k + self.x

    def __call__(self, y):
        return self.x + y * self.k


class Pair:
    def __init__(self, a, b):
        self.a = a
        self.b = b

    def energy(self):
        return self.a.energy() * self.b.energy()

    def __call__(self, y):
        return self.b(self.a(self.b(y)))




def energy(s, w):
    return 2.0 * s.energy() * s.k


def scaled(s, w):
    return s.scaled(3) * s.k


def size(s, w):
    return 2.0 * s.size


def of_two_classes(s, w):
    return s.energy() * w.energy() * s.size * w.size


def of_two_classes_that_branch(s, w):
    return s.scaled(3) * w.scaled(1)


def variables(s, w):
    energy = s.energy()
    size = s.size
    for k in range(2):
        energy += w.energy() * energy
    scaled = s.scaled(2)
    return energy**2 * size * scaled * w.scaled(4)


def called(s, w):
    return s(w(s(w.x)))
"""

NAMES = ["energy", "scaled", "size", "of_two_classes", "of_two_classes_that_branch", "variables"]
NAMES += ["called"]


@pytest.mark.parametrize("name", NAMES)
def test_each_call_reaches_its_own(name, tmp_path):
    module = load(tmp_path / "springs.py", CLASSES)
    function = getattr(module, name)
    args = (module.Spring(0.3, 0.7), module.Weight(0.4, 0.2))
    value, gradients = rg.value_and_grad(function, argnums=(0, 1))(*args)
    assert value == pytest.approx(function(*args), rel=1e-12)
    found = compare_gradients(function, args, gradients, argnums=(0, 1))
    assert all(one.agrees for one in found), [*map(str, found)]
    same, tangent = rg.jvp(function, args, (module.Spring(1.0, -0.5), module.Weight(0.3, 0.8)))
    assert same == pytest.approx(value, rel=1e-12)
    s, w = gradients
    assert tangent == pytest.approx(s.k - 0.5 * s.x + 0.3 * w.k + 0.8 * w.x, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("name", ["energy", "called"])
def test_a_method_of_the_same_name_inside(name, tmp_path):
    module = load(tmp_path / "springs.py", CLASSES)

    def inside(pair: Any, y: float) -> Any:
        return pair.energy() * y if name == "energy" else pair(y)

    pair = module.Pair(module.Spring(0.3, 0.7), module.Weight(0.4, 0.2))
    text = f"def f(pair, y):\n    return {'pair.energy() * y' if name == 'energy' else 'pair(y)'}\n"
    function = load(tmp_path / "outer.py", text).f
    value, slope = rg.value_and_grad(function, argnums=1)(pair, 0.6)
    assert value == pytest.approx(inside(pair, 0.6), rel=1e-12)
    difference = (inside(pair, 0.6 + 1e-6) - inside(pair, 0.6 - 1e-6)) / 2e-6
    assert slope == pytest.approx(difference, rel=1e-7)
    of_pair = rg.grad(function)(pair, 0.6)
    step = 1e-6
    moved = [module.Pair(module.Spring(0.3 + d, 0.7), pair.b) for d in (step, -step)]
    difference = (inside(moved[0], 0.6) - inside(moved[1], 0.6)) / (2.0 * step)
    assert of_pair.a.k == pytest.approx(difference, rel=1e-7)


#: What a copy of the class in the text has to have, for functions that stand there as they were written.
COPIED = {
    "a method calls another one": "t = t * self.twice()",
    "a text calls a method": 'print(f"at {self.twice()}")',
    "a property is read": "t = t * self.square",
    "a static method is called": "t = t * self.three()",
    "the object is a test": "t = t * (2.0 if self else 3.0)",
    "the object is compared": "t = t * (2.0 if self == 3 else 3.0)",
    "the object is printed": "print(self)",
}


@pytest.mark.parametrize("line", COPIED.values(), ids=COPIED)
def test_copies_of_classes_have_their_methods(line):
    program = f"""
        from dataclasses import dataclass


        @dataclass
        class Cell:
            gain: float

            def twice(self):
                return 2.0 * self.gain

            @property
            def square(self):
                return self.gain * self.gain

            @staticmethod
            def three():
                return 3.0

            def __bool__(self):
                return self.gain > 9.0

            def __eq__(self, other):
                return other == 3

            def __repr__(self):
                return "a cell"

            def energy(self, t):
                {line}
                return t

        def f(x, y):
            cell = Cell(x * 0.5)
            return cell.energy(y) * x + cell.gain * x
        """
    judge(program, (1.1, 2.0), 2, needs_types=True)
