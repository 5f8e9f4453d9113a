"""Records in every place of a program, each against finite differences, both modes and safe answers."""

import copy
import importlib.util
import sys
import textwrap
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from retrograd.api import Derivative, grad
from retrograd.runtime.checking import compare_gradients, directional_difference
from retrograd.runtime.pytrees import flatten
from retrograd.transforms.diagnostics.report import UnsupportedError
from retrograd.transforms.frontend.read import read_text
from retrograd.transforms.frontend.request import Request
from retrograd.transforms.frontend.values import kind_of_value
from retrograd.transforms.ir.kinds import Mapping, Record, Sequence
from retrograd.transforms.pipeline import compile_module

CLASSES = """
import math
from collections import namedtuple
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np


class Point(NamedTuple):
    x: float
    y: float = 1.5


Gas = namedtuple("Gas", "size T shape")
X0 = np.array([0.2, 0.9])


class Turning(NamedTuple):
    x: float
    y: float

    def turned(self, angle):
        c, s = math.cos(angle), math.sin(angle)
        return Turning(c * self.x - s * self.y, s * self.x + c * self.y)

    @property
    def length(self):
        return math.sqrt(self.x**2 + 2.0 * self.y**2)


@dataclass
class Layer:
    W: np.ndarray
    b: float
    name: str = "tanh"
    width: int = 3


@dataclass(frozen=True, slots=True)
class Model:
    first: Layer
    second: Layer
    real: float = 0.5


@dataclass(kw_only=True)
class Options:
    rate: float
    size: float = 2.0
    names: list = field(default_factory=list)


class Plain:
    def __init__(self, w, b):
        self.w = w
        self.b = b
        self.shape = 3.0

    def predict(self, x, scale=2.0):
        return np.tanh(self.w * x) * scale + self.b

    def loss(self, x, y):
        r = self.predict(x) - y
        return np.sum(r * r) + self.penalty

    @property
    def penalty(self):
        return 0.1 * np.sum(self.w * self.w)

    @staticmethod
    def half(x):
        return 0.5 * x

    def sum(self):
        return self.half(np.sum(self.w)) * self.b

    def __call__(self, x):
        return self.predict(x, scale=self.shape)


class Writing:
    RATE = 0.5

    def __init__(self, b):
        self.b = b

    def halve(self, by):
        self.b = self.b / by
        return self.b

    def grow(self, by):
        self.b += by * self.b**2

    @classmethod
    def make(cls, b):
        return cls(b)


class Deeper(Plain):
    def __init__(self, w, b, inner):
        super().__init__(w, b)
        self.inner = inner

    def predict(self, x, scale=1.0):
        return self.inner(x) * scale + self.b
"""

W = np.array([[0.3, -0.2], [0.1, 0.7]])
X = np.array([0.4, -1.1])

#: What is tried; the program; its arguments as text; how many of them to differentiate by.
PROGRAMS = {
    "fields of a namedtuple": (
        "def f(p): return p.x * math.sin(p.y)",
        "Point(0.3, 1.2)",
        1,
    ),
    "items of a namedtuple, from both ends": (
        "def f(p): return p[0] * math.sin(p[-1]) + p.x",
        "Point(0.3, 1.2)",
        1,
    ),
    "a namedtuple unpacked": (
        """
        def f(p):
            x, y = p
            return x * y * p.x
        """,
        "Point(0.3, 1.2)",
        1,
    ),
    "a namedtuple summed up as the tuple that it is": (
        "def f(p): return np.sum(p) * p.x + sum(p)",
        "Point(0.3, 1.2)",
        1,
    ),
    "a namedtuple looped over": (
        """
        def f(p):
            y = 1.0
            for v in p:
                y = y * v + p.x
            return y
        """,
        "Point(0.3, 1.2)",
        1,
    ),
    "a field of a namedtuple by a computed place": (
        """
        def f(p):
            y = 1.0
            for k in range(2):
                y = y * p[k]
            return y
        """,
        "Point(0.3, 1.2)",
        1,
    ),
    "fields with the names of attributes of arrays": (
        "def f(g): return g.size * g.T + math.exp(g.shape)",
        "Gas(0.3, 1.2, 0.7)",
        1,
    ),
    "such fields as arrays": (
        "def f(g): return np.sum(g.T @ g.size) * g.T.size + g.shape * g.size.shape[0]",
        "Gas(W, W, 0.7)",
        1,
    ),
    "a dataclass": (
        """
        def f(p, x):
            h = p.W @ x + p.b
            if p.name == "tanh":
                h = np.tanh(h)
            return np.sum(h) * p.width
        """,
        "Layer(W, 0.3), X",
        2,
    ),
    "records in records": (
        """
        def f(m, x):
            h = np.tanh(m.first.W @ x + m.first.b)
            return np.sum(m.second.W @ h) * m.real + m.first.b
        """,
        "Model(Layer(W, 0.3), Layer(W + 1, 0.4)), X",
        2,
    ),
    "records in lists and dicts": (
        """
        def f(d):
            y = 0.0
            for layer in d["layers"]:
                y = y + np.sum(layer.W) * layer.b
            return y * d["p"].x * d["layers"][1].b
        """,
        '{"layers": [Layer(W, 0.3), Layer(W + 1, 0.4)], "p": Point(1.0)}',
        1,
    ),
    "a record's part under a name": (
        """
        def f(m):
            layer = m.first
            w = layer.W
            b = m.second.b
            return np.sum(w * w) * b + layer.b * b
        """,
        "Model(Layer(W, 0.3), Layer(W + 1, 0.4))",
        1,
    ),
    "a record passed to a helper": (
        """
        def norm(p, s):
            return p.x * p.y * s


        def f(p, s):
            return norm(p, s) * p.x + norm(p, s * s)
        """,
        "Point(0.3, 1.2), 0.7",
        2,
    ),
    "a dataclass passed on through two helpers": (
        """
        def apply(layer, x):
            return np.tanh(layer.W @ x + layer.b)


        def both(m, x):
            return apply(m.second, apply(m.first, x))


        def f(m, x):
            return np.sum(both(m, x)) + np.sum(apply(m.first, x)) * m.real
        """,
        "Model(Layer(W, 0.3), Layer(W + 1, 0.4)), X",
        2,
    ),
    "a plain object": (
        "def f(m, x): return np.sum(m.w * x) * m.b * m.shape",
        "Plain(X, 0.3), X",
        2,
    ),
    "a record in a record, written through another name": (
        """
        def f(p):
            q = p.inner
            q.b = p.b * 2.0
            q.w[0] = q.b * q.w[1]
            return p.inner.b * np.sum(p.inner.w) + p.b
        """,
        "Deeper(X + 1.0, 1.0, Plain(X, 2.0))",
        1,
    ),
    "a list that is a field by default, filled": (
        """
        def f(x):
            o = Options(rate=x[0])
            for v in x:
                o.rate += v * o.size
                o.names.append(o.rate * v)
            return o.rate * sum(o.names)
        """,
        "X",
        1,
    ),
    "namedtuples in a list": (
        """
        def f(x):
            points = [Point(v, v * x[0]) for v in x]
            return sum(p.x * p.y for p in points if p.x > 0.0)
        """,
        "X",
        1,
    ),
    "a field written through another name": (
        """
        def f(m, x):
            w, b = m.w, m.b
            w *= 2.0
            for k in range(1):
                w[k + 1] = w[k] * b + x
            return np.sum(m.w * w) * m.b
        """,
        "Plain(X * 1.5, 0.3), 0.7",
        2,
    ),
    "methods that write to their object": (
        """
        def f(m, x):
            for k in range(3):
                m.grow(x)
                if m.halve(2.0) > 1.0:
                    m.b *= m.halve(x)
            return m.b * x
        """,
        "Writing(1.3), 0.7",
        2,
    ),
    "a namespace": (
        "def f(m): return np.sum(m.w) * m.b",
        "SimpleNamespace(w=X, b=0.3)",
        1,
    ),
    "a field that is never read": (
        "def f(m): return m.first.b",
        "Model(Layer(W, 0.3), Layer(W + 1, 0.4))",
        1,
    ),
    "a choice between records": (
        """
        def f(p, q, n):
            r = p if n > 2 else q
            return r.x * r.y + p.x
        """,
        "Point(0.3, 1.2), Point(0.7, 1.1), 3",
        2,
    ),
    "records made": (
        """
        def f(x, y):
            p = Point(x * y, y)
            q = Point(p.y)
            return p.x * q.x * q.y
        """,
        "0.3, 0.7",
        2,
    ),
    "records made by keyword": (
        """
        def f(x):
            p = Options(size=x, rate=x * x)
            q = Options(rate=2.0)
            return p.rate * p.size * q.rate
        """,
        "0.3",
        1,
    ),
    "a record of arrays made": (
        """
        def f(w, x):
            m = Model(Layer(w, 0.3), Layer(w * 2, np.sum(x)), real=x[0])
            return np.sum(m.first.W @ x) * m.second.b * m.real + np.sum(m.second.W)
        """,
        "W, X",
        2,
    ),
    "a state carried by a loop": (
        """
        def f(x, v, h):
            s = Point(x, v)
            total = 0.0
            for _ in range(5):
                s = Point(s.x + h * s.y, s.y - h * math.sin(s.x))
                total += s.x * s.x
            return total
        """,
        "0.3, 0.7, 0.1",
        3,
    ),
    "a state of arrays, kept whole": (
        """
        def f(w, h):
            s = Layer(w, 0.5)
            for k in range(4):
                if k == 2:
                    s = Layer(s.W, s.b * h)
                s = Layer(s.W - h * np.tanh(s.W), s.b + np.sum(s.W))
            return np.sum(s.W) * s.b
        """,
        "W, 0.1",
        2,
    ),
    "a state returned by a helper": (
        """
        def step(s, h):
            return Point(s.x + h * s.y, s.y - h * s.x * s.x)


        def f(p, h):
            s = p
            for _ in range(3):
                s = step(s, h)
            return s.x * s.y + p.x
        """,
        "Point(0.3, 0.7), 0.1",
        2,
    ),
    "a dataclass returned by a helper": (
        """
        def scaled(layer, s):
            return Layer(layer.W * s, layer.b)


        def f(layer, s):
            twice = scaled(scaled(layer, s), layer.b)
            return np.sum(twice.W) * twice.b
        """,
        "Layer(W, 0.3), 0.7",
        2,
    ),
    "records in displays": (
        """
        def f(x, y):
            ps = [Point(x, y), Point(y)]
            d = {"p": Point(x * y, 2.0)}
            total = 0.0
            for p in ps:
                total = total + p.x * p.y
            return total * d["p"].x
        """,
        "0.3, 0.7",
        2,
    ),
    "a namedtuple made and unpacked": (
        """
        def f(x, y):
            a, b = Point(x * y, x)
            p = Point(b, a)
            c, d = p
            return a * c * d
        """,
        "0.3, 0.7",
        2,
    ),
    "a record reassigned on one branch": (
        """
        def f(p, x):
            q = p
            if x > 0.0:
                q = Point(p.y * x, p.x)
            return q.x * q.x * q.y
        """,
        "Point(0.3, 0.7), 0.5",
        2,
    ),
    "the parameter itself made anew": (
        """
        def f(p, h):
            for _ in range(3):
                p = Point(p.x + h * p.y, p.y - h * p.x)
            return p.x * p.y
        """,
        "Point(0.3, 0.7), 0.5",
        2,
    ),
    "a method": (
        "def f(m, x): return m.loss(x, X0)",
        "Plain(X, 0.3), X",
        2,
    ),
    "a method with the name of one of arrays, a static one": (
        "def f(m): return m.sum() * m.w.sum() + m.half(m.b)",
        "Plain(X, 0.3)",
        1,
    ),
    "an object called that another holds": (
        "def f(m, x): return np.sum(m.predict(x)) + np.sum(m.inner(x)) * m.penalty",
        "Deeper(X, 0.3, Plain(X + 1, 0.7)), X",
        2,
    ),
    "a method found by its class": (
        "def f(m, x): return Plain.loss(m, x, x * x) + Plain.half(x[0])",
        "Plain(X, 0.3), X",
        2,
    ),
    "a field of what a method gives": (
        "def f(p): return p.turned(0.3).x * p.turned(p.x).y",
        "Turning(0.3, 1.2)",
        1,
    ),
    "methods in a loop": (
        """
        def f(p, h):
            for _ in range(3):
                p = p.turned(h)
            return p.x * p.length
        """,
        "Turning(0.3, 1.2), 0.4",
        2,
    ),
    "dataclasses.replace": (
        """
        def f(layer, s):
            new = replace(layer, b=layer.b * s, width=4)
            return np.sum(new.W) * new.b * new.width + layer.b
        """,
        "Layer(W, 0.3), 0.7",
        2,
    ),
    "replace in a loop": (
        """
        def f(layer, s):
            for _ in range(3):
                layer = replace(layer, W=np.tanh(layer.W * s), b=layer.b + np.sum(layer.W))
            return np.sum(layer.W) * layer.b
        """,
        "Layer(W, 0.3), 0.7",
        2,
    ),
    "_replace and _asdict": (
        """
        def f(p, s):
            q = p._replace(y=p.x * s)
            d = q._asdict()
            return d["x"] * d["y"] * q.y * p.y
        """,
        "Point(0.3, 1.2), 0.7",
        2,
    ),
    "a field assigned": (
        """
        def f(layer, s):
            layer.b = layer.b * s
            layer.b += np.sum(layer.W)
            return layer.b * layer.b * s
        """,
        "Layer(W, 0.3), 0.7",
        2,
    ),
    "an element of an array in a field": (
        """
        def f(layer, s):
            layer.W[0, 1] = layer.W[0, 0] * s
            layer.W[1] *= layer.b
            return np.sum(layer.W * layer.W)
        """,
        "Layer(W, 0.3), 0.7",
        2,
    ),
    "fields assigned in a loop": (
        """
        def f(m, x):
            for k in range(3):
                m.b = m.b * np.sin(m.b) + x[0]
                m.w = m.w * m.b
            return np.sum(m.w * x)
        """,
        "Plain(X + 1, 0.3), X",
        2,
    ),
    "fields of records in a list": (
        """
        def f(ps, s):
            for k in range(2):
                ps[k].b = ps[k].b * s + k
                ps[k].W[0] = ps[1 - k].W[1] * s
            return np.sum(ps[0].W) * ps[1].b * ps[0].b
        """,
        "[Layer(W, 0.3), Layer(W + 1, 0.4)], 0.7",
        2,
    ),
    "fields of a record in a record": (
        """
        def f(m, s):
            m.inner.b = m.b * s
            m.inner.w[1:] = m.w[:1] * m.inner.b
            m.b = m.inner.b * m.inner.b
            return np.sum(m.inner.w * m.w) * m.b
        """,
        "Deeper(X, 0.3, Plain(X + 1, 0.7)), 0.7",
        2,
    ),
    "fields of a local record": (
        """
        def f(w, s):
            layer = Layer(w * s, 0.3)
            layer.b = layer.b * s
            for k in range(2):
                layer.W[k] = layer.W[k] * layer.b
                layer.b *= s
            return np.sum(layer.W) * layer.b
        """,
        "W, 0.7",
        2,
    ),
    "an integer field that is given a float": (
        """
        def f(layer, s):
            layer.width = layer.width * s
            return layer.width * layer.b
        """,
        "Layer(W, 0.3), 0.7",
        2,
    ),
    "an integer that becomes a float on the way": (
        """
        def f(x, n):
            acc = Layer(x * 1.0, 0)
            for k in range(n):
                acc.b = acc.b + x[k] * x[k]
            return acc.b * acc.b
        """,
        "X, 2",
        1,
    ),
    "one array in two fields": (
        """
        def f(w):
            m = Model(Layer(w, 1.0), Layer(w, 2.0))
            return np.sum(m.first.W * m.second.W) * m.second.b
        """,
        "W",
        1,
    ),
}


def _module(path, text):
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def loaded(tmp_path):
    """Loads the text of a program as a module, which is forgotten in the end."""
    names = []

    def load(text):
        names.append(f"records_{tmp_path.name}_{len(names)}")
        return _module(tmp_path / f"{names[-1]}.py", text)

    yield load
    for name in names:
        del sys.modules[name]


@pytest.mark.parametrize("name", PROGRAMS)
def test_live(name, loaded):
    """The function as it is called, in both modes; the caller's records stay as they are."""
    text, written, count = PROGRAMS[name]
    module = loaded(CLASSES + textwrap.dedent(text))
    args = _arguments(written, module)
    before = flatten(list(args))
    derivative = grad(module.f, argnums=tuple(range(count)))
    gradient = derivative(*args)
    gradients = (gradient,) if count == 1 else gradient
    found = compare_gradients(module.f, args, gradients, argnums=range(count))
    assert all(one.agrees for one in found), [*map(str, found), derivative.source]
    np.testing.assert_array_equal(flatten(list(args)), before)
    for place in range(count):
        push = Derivative(module.f, (place,), "jvp", None).specialize(*args)
        along = args[place]

        def moved(argument, place=place):
            others = copy.deepcopy(args)
            return module.f(*others[:place], argument, *others[place + 1 :])

        _, dot = push(*args, along)
        np.testing.assert_allclose(
            dot, directional_difference(moved, (args[place],), (along,)), rtol=1e-6
        )


@pytest.mark.parametrize("safe", [False, True], ids=["exact", "safe"])
@pytest.mark.parametrize("name", [name for name in PROGRAMS if name != "a namespace"])
def test_text(name, safe, loaded):
    """The text of the function, of whose classes the generated text has copies."""
    text, written, count = PROGRAMS[name]
    source = CLASSES + textwrap.dedent(text)
    module = loaded(source)
    args = _arguments(written, module)
    program = read_text(source, "f")
    params = program.definition(program.entry).function.params
    kinds = {p.id: _in_text(kind_of_value(arg)) for p, arg in zip(params, args, strict=True)}
    request = Request(tuple(range(count)), "grad", tuple(kinds.items()), safe=safe)
    generated, (made,), _ = compile_module(program, [(program.entry, request)])
    gradient = getattr(loaded(generated), made)(*args)
    gradients = (gradient,) if count == 1 else gradient
    found = compare_gradients(module.f, args, gradients, argnums=range(count))
    assert all(one.agrees for one in found), [*map(str, found), generated]


@pytest.mark.parametrize(
    "written", ["Model(SAME, SAME)", "[SAME, SAME]", "Model(Layer(W, 1.0), Layer(W, 2.0))"]
)
def test_what_stands_in_two_places_is_not_written(written, loaded):
    text = "def f(m):\n    {}.b = 2.0\n    return {}.b\n"
    first, second = ("m[0]", "m[1]") if written[0] == "[" else ("m.first", "m.second")
    module = loaded(f"{CLASSES}\nSAME = Layer(np.ones(2), 1.0)\n\n\n{text.format(first, second)}")
    with pytest.raises(ValueError, match="share memory"):
        grad(module.f)(*_arguments(written, module))


def test_another_method_of_the_class_is_noticed(loaded):
    module = loaded(f"{CLASSES}\n\ndef f(m, x):\n    return np.sum(m.predict(x))\n")
    m = module.Plain(X, 0.3)
    derivative = grad(module.f)
    derivative(m, X)
    module.Plain.predict = module.Plain.__call__
    module.Plain.__call__ = lambda self, x: x
    with pytest.raises(UnsupportedError):
        derivative(m, X)


def _arguments(written, module):
    scope = {**vars(module), "W": W, "X": X, "SimpleNamespace": SimpleNamespace}
    return eval(f"({written},)", scope)


def _in_text(kind):
    """`kind` with the classes of a module that was loaded as those of its text."""
    match kind:
        case Record(cls=cls, fields=fields):
            inner = tuple((name, _in_text(part)) for name, part in fields)
            return replace(kind, cls=f"text:{cls.rpartition(':')[2]}", fields=inner)
        case Sequence(items=items, item=item):
            inner = None if items is None else tuple(map(_in_text, items))
            return replace(kind, items=inner, item=_in_text(item))
        case Mapping(items=pairs):
            return Mapping(tuple((key, _in_text(part)) for key, part in pairs))
        case _:
            return kind


REFUSED = {
    "an attribute that is no field": ("return p.z", "Point(1.0)", "RG303"),
    "a record that is no tuple, unpacked": (
        "W, b, c, d = p\n    return b",
        "Layer(W, 1.0)",
        "RG303",
    ),
    "such a record, indexed": ("return p[0]", "Layer(W, 1.0)", "RG303"),
    "arithmetic on a record": ("return p * p", "Layer(W, 1.0)", "RG307"),
    "a function of a record": ("return abs(p)", "Layer(W, 1.0)", "RG301"),
    "attributes of what may be a record": (
        "y = 0.0\n    for q in p:\n        y = y + q.size\n    return y",
        "[Gas(1.0, 2.0, 3.0), W]",
        "RG303",
    ),
    "a method that is not there": ("return p.z()", "Point(1.0)", "RG303"),
    "replace of what is no field": ("return replace(p, z=1.0).b", "Layer(W, 1.0)", "RG305"),
    "one record under two keys": (
        "d = {'a': p, 'b': p}\n    d['a'].b = 2.0\n    return d['b'].b",
        "Layer(W, 1.0)",
        "RG402",
    ),
    "one record in two fields": (
        "p.inner = p.inner.inner\n    p.inner.b = p.b * 2.0\n    return p.inner.b",
        "Deeper(W, 1.0, Deeper(X, 2.0, Plain(X, 2.0)))",
        "RG402",
    ),
    "a number that becomes a record": (
        "p.b = Point(p.b, 2.0)\n    return p.b.x",
        "Layer(W, 1.0)",
        "RG401",
    ),
    "a copy that is made behind our back": ("return vars(p)['b'] * 2.0", "Layer(W, 1.0)", "RG222"),
    "an attribute by a computed name": ("return getattr(p, 'b') * 2.0", "Layer(W, 1.0)", "RG301"),
    "a constant of the class, written": ("p.RATE += 1.0\n    return p.b", "Writing(1.0)", "RG401"),
    "a class method": ("return p.make(2.0).b", "Writing(1.0)", "RG303"),
    "a new attribute": ("p.z = 2.0\n    return p.z * p.b", "Layer(W, 1.0)", "RG401"),
    "a property written": ("p.penalty = 2.0\n    return p.b", "Plain(W, 1.0)", "RG401"),
    "an alias read after the write": (
        "q = p.W if p.b > 0.0 else p.W * 1.0\n    p.W[0] = 2.0\n    return np.sum(q)",
        "Layer(W, 1.0)",
        "RG402",
    ),
    "a plain class, called": ("return Plain(p.x, p.y).w", "Point(1.0)", "RG219"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name, loaded):
    text, written, code = REFUSED[name]
    module = loaded(f"{CLASSES}\n\ndef f(p):\n    {text}\n")
    with pytest.raises(UnsupportedError) as caught:
        grad(module.f)(*_arguments(written, module))
    assert caught.value.code == code
