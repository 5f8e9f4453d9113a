"""Source that is kept computes, in an empty namespace, what it computes beside the primal."""

import math
import sys

import numpy as np
import pytest

import retrograd as rg
from retrograd.written_out import written_out

RATE = 0.25
NAME = "it's"
TABLE = {"rows": [1.0, math.inf], "pair": (2, True), "one": (None,)}
WEIGHTS = np.array([[1.0, -2.0]], dtype=np.float32)
HALF = np.float32(0.5)
LARGE = np.ones(1000)


def damped(x, rate=RATE):
    return x * rate * TABLE["pair"][0]


def loss(x):
    return np.sum(np.sin(x) * WEIGHTS) * damped(RATE) * HALF + math.exp(RATE) * np.sum(x)


def scaled_by(factor):
    def inner(x):
        return factor * x * RATE

    return inner


def alone(gradient, x, name):
    """The gradient by the source that is kept, where nothing else is."""
    namespace = {}
    exec(compile(gradient.source, "<kept>", "exec"), namespace)
    return namespace[name](x)


def test_constants_come_along():
    gradient = rg.grad(loss)
    x = np.array([0.5, 1.5])
    expected = gradient(x)
    assert "RATE = 0.25\n" in gradient.source
    np.testing.assert_array_equal(alone(gradient, x, "loss_grad"), expected)


def test_closure_variables_come_along():
    gradient = rg.grad(scaled_by(3.0))
    assert gradient(2.0) == alone(gradient, 2.0, "inner_grad") == 0.75
    assert "factor = 3.0\n" in gradient.source


def test_the_file_holds_the_same(tmp_path):
    gradient = rg.grad(scaled_by(3.0))
    gradient.save(tmp_path / "kept.py")
    assert (tmp_path / "kept.py").read_text() == gradient.source


def test_what_is_too_large_is_named():
    def f(x):
        return np.sum(x * LARGE)

    gradient = rg.grad(f)
    gradient(np.ones(1000))
    assert "# To be defined before use: LARGE, an array of shape (1000,).\n" in gradient.source
    assert "LARGE = " not in gradient.source


def test_a_constant_that_changes_is_written_as_it_is_now(monkeypatch):
    gradient = rg.grad(scaled_by(1.0))
    gradient(1.0)
    monkeypatch.setitem(globals(), "RATE", 0.75)
    assert gradient(1.0) == 0.75
    assert "RATE = 0.75\n" in gradient.source


@pytest.mark.parametrize(
    "value", [NAME, TABLE, WEIGHTS, HALF, 'a "b"', -0.0, math.nan, [], (), {}, 10**30]
)
def test_values_come_back_as_they_were(value):
    text = "def f():\n    return VALUE\n"
    namespace = {}
    exec(written_out(text, {"VALUE": value}.__getitem__), namespace)
    found = namespace["f"]()
    assert repr(found) == repr(value)
    assert type(found) is type(value)


def test_modules_and_functions_are_imported():
    text = "def f(x):\n    return system.maxsize + damped(x)\n"
    found = written_out(text, {"system": sys, "damped": damped}.__getitem__)
    assert found.startswith(f"from {__name__} import damped\nimport sys as system\n\n\ndef f(x)")


def test_text_that_is_complete_stays():
    text = "import math\n\n\ndef f(x):\n    y = math.sin(x)\n    return len([y])\n"
    assert written_out(text, {}.__getitem__) == text
