"""What goes into native code and comes out of it: constants, precision, containers, errors."""

import copy
import linecache
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import retrograd as rg
import retrograd.native
from retrograd.runtime.linking import pseudo_filename
from retrograd.transforms.diagnostics.catalogue import kind_of
from retrograd.transforms.diagnostics.report import UnsupportedError

pytest.importorskip("numba")

GAIN = 2.0
WEIGHTS = np.array([1.0, 2.0, 3.0])
SETTINGS = {"offset": 0.5, "names": ("a", "b")}


def weighed(x, y=0.5, *, power=2):
    total = SETTINGS["offset"] * x[0]
    for k in range(len(x)):
        total += GAIN * part(x[k], k) ** power * y
    return total


def part(x, k):
    return WEIGHTS[k] * x


def test_constants_are_those_of_the_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers that are exchanged, arrays and dicts that are written to."""
    native, x = rg.grad(weighed, jit=True), np.array([0.3, -0.2, 0.7])

    def check() -> None:
        np.testing.assert_allclose(native(x), rg.grad(weighed)(x), rtol=1e-12)

    check()
    monkeypatch.setitem(globals(), "GAIN", 5.0)
    check()
    monkeypatch.setitem(SETTINGS, "offset", -4.0)
    check()
    WEIGHTS[1] += 1.0
    check()
    np.testing.assert_allclose(native(x, power=3, y=2.0), rg.grad(weighed)(x, 2.0, power=3))


RATES = {"all": [0.5, 1.5]}


def at_rates(x):
    total = 0.0
    for k in range(len(RATES["all"])):
        total += x * x * RATES["all"][k]
    return total


def test_containers_of_the_module_may_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    native = rg.grad(at_rates, jit=True)
    assert native(2.0) == 8.0
    monkeypatch.setitem(RATES, "all", [0.5, 1.5, 1.0])
    assert native(2.0) == 12.0
    monkeypatch.setitem(RATES, "other", 1.0)
    assert native(2.0) == 12.0


def test_values_of_scalars_and_their_types() -> None:
    value, gradient = rg.value_and_grad(cubed, jit=True)(np.float32(1.5))
    assert value == pytest.approx(1.5**3, rel=1e-6)
    assert type(gradient) is np.float32
    assert gradient == pytest.approx(3 * 1.5**2, rel=1e-6)
    assert rg.grad(cubed, jit=True)(2) == 12.0


def cubed(x):
    return x**3


def test_float32_stays_float32() -> None:
    x = np.array([0.5, 1.5], dtype=np.float32)
    found = rg.grad(decay, jit=True)(x, 0.5)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, rg.grad(decay)(x, 0.5), rtol=1e-6)


def decay(x, rate):
    total = 0.0
    for k in range(len(x)):
        total += math.exp(-rate * x[k])
    return total


def overlapping(a, b):
    a = a.copy()
    for _ in range(2):
        a[1:] += a[:-1]
        a[:-1] *= b
        row = a[1:]
        row -= a[:-1]
    return np.sum(a * a)


def test_writes_to_what_is_yet_to_be_read() -> None:
    x = np.linspace(0.2, 0.9, 5)
    found = rg.grad(overlapping, argnums=(0, 1), jit=True)(x, 1.3)
    expected = rg.grad(overlapping, argnums=(0, 1))(x, 1.3)
    np.testing.assert_allclose(found[0], expected[0], rtol=1e-12)
    assert found[1] == pytest.approx(expected[1], rel=1e-12)


def whole(x, n, k):
    return x * n**k + x * (n // k) + x * (n % k)


@pytest.mark.parametrize(
    ("n", "k", "error"),
    [
        (2, 3, None),
        (-7, 2, None),
        (2, -1, ValueError),
        (7, 0, ZeroDivisionError),
        (10, 30, OverflowError),
    ],
)
def test_whole_numbers_are_right_or_an_error(n: int, k: int, error: Any) -> None:
    native = rg.grad(whole, jit=True)
    if error is None:
        assert native(2.0, n, k) == rg.grad(whole)(2.0, n, k)
        return
    with pytest.raises(error):
        native(2.0, n, k)


def test_an_index_beside_an_array_is_an_error() -> None:
    with pytest.raises(IndexError):
        rg.grad(beside, jit=True)(np.ones(3), 3)


def beside(x, k):
    return x[k] * x[0]


class Model:
    def __init__(self, w: Any, scale: float) -> None:
        self.w = w
        self.scale = scale


def of_records(model, layers, kind):
    total = 0.0
    total += model.scale * np.sum(layers[0]["W"]) ** 2
    total += model.scale * np.sum(layers[1]["W"]) ** 3
    if kind == "square":
        total = total * total
    return total + np.sum(model.w)


def test_containers_come_back_as_they_are() -> None:
    layers = [{"W": np.array([0.3, 0.1]), "name": "first"}, {"W": np.ones(3), "name": "second"}]
    args = (Model(np.array([1.0, 2.0]), 0.5), layers, "square")
    before = copy.deepcopy(layers)
    found = rg.grad(of_records, argnums=(0, 1), jit=True)(*args)
    expected = rg.grad(of_records, argnums=(0, 1))(*args)
    assert type(found[0]) is Model
    assert found[0].scale == pytest.approx(expected[0].scale, rel=1e-12)
    assert [layer["name"] for layer in found[1]] == [None, None]
    for one, other in zip(found[1], expected[1], strict=True):
        np.testing.assert_allclose(one["W"], other["W"], rtol=1e-12)
    np.testing.assert_array_equal(layers[0]["W"], before[0]["W"])


# ---------------------------------------------------------------- other derivatives


def steps(x, a=2.0):
    y = np.zeros(len(x) + 1)
    for i in range(len(x)):
        y[i + 1] = y[i] * x[i] + a * x[i] ** 2
    return y


def coupled(x, a=2.0):
    total = 0.0
    for i in range(len(x)):
        total += math.sin(x[i]) * x[i - 1] * a
    return total


def test_jacobians_and_hessians() -> None:
    x = np.array([0.3, 0.7, -0.2])
    pairs = (
        (rg.jacobian(steps, jit=True)(x), rg.jacobian(steps)(x)),
        (rg.hessian(coupled, jit=True)(x, 3.0), rg.hessian(coupled)(x, 3.0)),
        (rg.hvp(coupled, jit=True)(x, 2.0 * x), rg.hvp(coupled)(x, 2.0 * x)),
    )
    for found, expected in pairs:
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    by_parts = rg.hessian(of_parts, jit=True)({"x": 1.5, "y": 2.0})
    assert by_parts == rg.hessian(of_parts)({"x": 1.5, "y": 2.0})
    with pytest.raises(ValueError, match="forward mode only"):
        rg.jacobian(steps, mode="reverse", jit=True)


def of_parts(p):
    return p["x"] ** 2 * p["y"]


def in_a_dict(p):
    return {"a": p["x"] * 2.0}


def test_a_result_that_numba_boxes_otherwise_is_refused() -> None:
    with pytest.raises(UnsupportedError) as raised:
        rg.jacobian(in_a_dict, jit=True)({"x": 1.0})
    assert raised.value.code == "RG501"


# ---------------------------------------------------------------- refusals


def shifted(x, weights):
    total = 0.0
    # Numba has no axis there
    turned = np.roll(weights, 1, axis=0)
    for weight in turned:
        total += x * x * weight
    return total


def test_a_refusal_names_the_line_and_the_way_out() -> None:
    with pytest.raises(UnsupportedError) as raised:
        rg.grad(shifted, jit=True)(1.0, np.ones(3))
    error = raised.value
    assert error.code == "RG501"
    assert error.filename == __file__
    assert error.lineno == shifted.__code__.co_firstlineno + 3
    assert "roll" in str(error)
    assert "jit=True out" in error.hint
    assert "Traceback" not in str(error)


def drawn(x):
    return x * np.random.normal()


def test_draws_would_be_others() -> None:
    with pytest.raises(UnsupportedError, match="draws from a state of its own"):
        rg.grad(drawn, jit=True)(1.0)


def test_a_later_call_with_other_types_is_refused_too() -> None:
    """Numba reshapes contiguous arrays only."""
    native, weights = rg.grad(in_a_row, jit=True), np.arange(6.0).reshape(2, 3)
    assert native(2.0, weights) == 15.0
    with pytest.raises(UnsupportedError) as raised:
        native(2.0, np.arange(12.0).reshape(2, 6)[:, ::2])
    assert raised.value.code == "RG501"


def in_a_row(x, weights):
    total = 0.0
    for weight in np.reshape(weights, (-1,)):
        total += x * weight
    return total


def test_without_numba_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrograd.native, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r'pip install "retrograd\[jit\]"'):
        rg.grad(cubed, jit=True)


def entered(text: str) -> Any:
    """The function ``f`` of a text that Python can show."""
    filename = pseudo_filename("snippet", text)
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    namespace: dict[str, Any] = {"__name__": "snippet"}
    exec(compile(text, filename, "exec"), namespace)
    return namespace["f"]


def test_the_snippets_of_the_catalogue() -> None:
    kind = kind_of("RG501")
    assert isinstance(rg.grad(entered(kind.refused))(2.0), float)
    with pytest.raises(UnsupportedError) as raised:
        rg.grad(entered(kind.refused), jit=True)(2.0)
    assert raised.value.code == "RG501"
    assert rg.grad(entered(kind.accepted), jit=True)(2.0) == rg.grad(entered(kind.accepted))(2.0)


def test_numba_is_loaded_only_when_it_is_asked_for() -> None:
    code = "import sys, retrograd as rg; rg.grad(len); print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# ---------------------------------------------------------------- on disk

MODEL = """
import retrograd as rg

GAIN = {gain}


@rg.grad(jit=True)
def model(x):
    return GAIN * x * x


print(model(3.0), {count})
"""

#: How often the gradient was loaded from disk in this process.
COUNT = "sum(next(iter(model._variants.values())).stats.cache_hits.values())"


def run_in_process(tmp_path: Path, cache: str, gain: float) -> tuple[float, int]:
    """The gradient, and how often it was loaded rather than compiled."""
    file = tmp_path / "model.py"
    file.write_text(MODEL.format(gain=gain, count=COUNT))
    environment = {**os.environ, "RETROGRAD_CACHE_DIR": cache}
    done = subprocess.run(
        [sys.executable, str(file)], capture_output=True, text=True, check=True, env=environment
    )
    value, loaded = done.stdout.split()
    return float(value), int(loaded)


def test_a_second_process_loads_what_the_first_compiled(tmp_path: Path) -> None:
    cache = str(tmp_path / "cache")
    assert run_in_process(tmp_path, cache, 2.0) == (12.0, 0)
    assert run_in_process(tmp_path, cache, 2.0) == (12.0, 1)
    assert run_in_process(tmp_path, cache, 5.0) == (30.0, 0)
    assert run_in_process(tmp_path, "0", 2.0) == (12.0, 0)
