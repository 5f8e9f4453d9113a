"""What is explained is what happens: exact texts, and for every golden file the tapes and helpers."""

import ast
import inspect
import re
import textwrap
import tracemalloc
from typing import Any

import numpy as np
import pytest

import retrograd as rg
from retrograd.transforms.explain.explain import explain
from retrograd.transforms.explain.page import Explanation
from retrograd.transforms.frontend.annotations import parse_types
from retrograd.transforms.frontend.read import read_text
from retrograd.transforms.frontend.request import Request
from tests.golden.golden_file import FOLDER, golden_files, read


def explained(source: str, name: str, wrt: tuple[str, ...], types: str = "") -> Explanation:
    program = read_text(textwrap.dedent(source).lstrip(), name)
    kinds = tuple(parse_types(types).items()) if types else ()
    return explain(program, Request(wrt, "grad", kinds))


def notes(explanation: Explanation, number: int) -> list[tuple[str, str]]:
    """The notes on a line of the first function."""
    (line,) = (line for line in explanation.parts[0].lines if line.number == number)
    return [(note.topic, note.text) for note in line.notes]


POWER = """
    def power(x: float, n: int):
        y = 1.0
        for i in range(n):
            t = x * i
            y = y * t  # grows
        return y
"""

POWER_EXPLAINED = """\
power (<text>), with respect to x

1 | def power(x: float, n: int):
  :   kind      `x`: float, asked for
  :   kind      `n`: int
2 |     y = 1.0
  :       inactive  the result depends on it, but it carries no derivative of x
  :       kind      `y`: float
3 |     for i in range(n):
  :       reversed  its iterations run again, the last one first
  :       saved     `y` on entering the block, in each iteration, in `y_saved`; \
the adjoint of line 5 reads it
  :       tape      `y_saved`: n × 32 bytes
4 |         t = x * i
  :           active    depends on x, and the result on it
  :           kind      `t`: float
  :           replayed  computed again where the reverse sweep reads it
5 |         y = y * t  # grows
  :           active    depends on x, and the result on it
  :           kind      `y`: float
6 |     return y
  :       active    depends on x, and the result on it
  :       kind      the result: float
"""


def test_the_text() -> None:
    assert str(explained(POWER, "power", ("x",))) == POWER_EXPLAINED


def test_same_input_same_text() -> None:
    first, second = (explained(POWER, "power", ("x",)) for _ in range(2))
    assert first == second
    assert repr(first) + "\n" == str(first)


def test_why_a_statement_is_not_active() -> None:
    source = """
        import math


        def f(x: float, n: int):
            used = 2.0
            lost = x * 3.0
            idle = n + 1
            below = math.floor(x)
            return x * used * below
    """
    found = explained(source, "f", ("x",))
    assert notes(found, 5)[0] == (
        "inactive",
        "the result depends on it, but it carries no derivative of x",
    )
    assert notes(found, 6)[0] == (
        "inactive",
        "depends on x, but no derivative of the result goes through it",
    )
    assert notes(found, 7)[0] == (
        "inactive",
        "carries no derivative of x, and the result needs none of it",
    )
    assert ("declared", "`math.floor(x)` has the derivative 0 wherever it has one") in notes(
        found, 8
    )
    assert ("left out", "no line of the gradient reads its value") in notes(found, 6)
    assert ("left out", "no line of the gradient reads its value") not in notes(found, 8)


def test_comparisons_and_indices_are_inactive_by_declaration() -> None:
    source = """
        import numpy as np


        def f(x, k):
            y = x[np.argmax(x)]
            if y > k:
                y = abs(y)
            return y
    """
    found = explained(source, "f", ("x",), "x: float[n], k: float")
    assert ("declared", "`np.argmax(x)` is an index") in notes(found, 5)
    assert ("declared", "`y > k` is a comparison") in notes(found, 6)
    assert ("kink", "derivative of `abs(y)`: 0 at 0") in notes(found, 7)


def test_helpers_remain_where_kinds_are_not_known() -> None:
    source = """
        import numpy as np


        def f(x, w):
            return np.sum(x * w)
    """
    assert any(
        topic == "helper" and text.endswith("kind of `w` and `x`")
        for topic, text in notes(explained(source, "f", ("x",)), 5)
    )
    known = explained(source, "f", ("x",), "x: float[n], w: float[n]")
    assert "helper" not in {topic for topic, _ in notes(known, 5)}


def test_aliases_and_writes() -> None:
    source = """
        import numpy as np


        def f(u, k):
            w = u
            a = np.zeros((2, 3))
            for i in range(2):
                row = a[i]
                row[0] = u[i] * k
                a[i, 1] = row[0] ** 2
            u[0] = 2.0
            return np.sum(a * a) + np.sum(u)
    """
    found = explained(source, "f", ("u",), "u: float[n], k: float")
    copied = "`u` is copied first, for it is written to: the caller's stays as it is"
    assert ("alias", copied) in notes(found, 4)
    assert ("alias", "`w` may share memory with `u`") in notes(found, 5)
    assert ("alias", "`row` may share memory with `a`") in notes(found, 8)
    assert any(topic == "active" for topic, _ in notes(found, 9))


def test_functions_that_are_called_are_explained_too() -> None:
    source = """
        def square(t):
            return t * t


        def f(x: float):
            return square(x) + square(2.0 * x)
    """
    found = explained(source, "f", ("x",))
    assert [part.name for part in found.parts] == ["f", "square"]
    assert found.parts[1].lines[0].number == 1


def test_a_function_that_is_called_as_it_is_leaves_nothing_out() -> None:
    source = """
        def affine(t):
            twice = 2.0 * t
            return twice + 1.0


        def f(x: float):
            return affine(x)
    """
    assert "left out" not in str(explained(source, "f", ("x",)))


def test_a_live_derivative() -> None:
    gradient = rg.grad(live)
    before = gradient.explain()
    assert "`x`: not known, asked for" in str(before)
    gradient(2.0)
    after = gradient.explain()
    assert "`x`: float, asked for" in str(after)
    first = after.parts[0].lines[0]
    assert first.number == live.__code__.co_firstlineno
    assert first.text == "def live(x):"
    assert after.source == gradient.source


def live(x):
    return x * x


ACCEPTED = [path for path in golden_files() if path.parent.name != "refused"]


@pytest.mark.parametrize("path", ACCEPTED, ids=lambda path: str(path.relative_to(FOLDER))[:-3])
def test_every_golden_file(path) -> None:
    golden = read(path)
    kinds = tuple(parse_types(golden.types).items()) if golden.types else ()
    program = read_text(golden.program, golden.name)
    found = explain(program, Request(golden.wrt, golden.mode, kinds))
    text = str(found)
    code = "\n".join(line.partition("  # ")[0] for line in found.source.splitlines())
    told = set(re.findall(r": +saved .* in `(\w+)`", text))
    kept = set(re.findall(r"^ *(\w+_saved)\.append", code, re.M))
    assert kept <= told
    for part in found.parts:
        written_out = part.filename == f"<{part.name}>"  # a derivative that the function calls
        assert any(line.text and line.text in golden.program for line in part.lines) or written_out
    assert found.parts[0].name == golden.name
    imported = {
        alias.name
        for node in ast.walk(ast.parse(found.source))
        if isinstance(node, ast.ImportFrom) and node.module == "retrograd.runtime"
        for alias in node.names
    }
    assert set(re.findall(r": +helper +`(\w+)`", text)) == imported - {"copied"}
    assert ("is copied first" in text) >= ("copied" in imported)


def test_the_kinks_that_a_function_can_meet() -> None:
    text = (
        "import numpy as np\n"
        "def f(x, y):\n"
        "    z = np.sum(np.abs(np.sin(x))) + np.floor(y) * y\n"
        "    if z > 2.0:\n"
        "        z = z * 2.0\n"
        "    w = z if z > y else -z\n"
        "    return w + np.max(np.where(x > 0, x, 0.0))\n"
    )
    explanation = explained(text, "f", ("x", "y"), "x: float[n], y: float")
    found = [text for k in range(3, 8) for topic, text in notes(explanation, k) if topic == "kink"]
    assert found == [
        "derivative of `np.abs(np.sin(x))`: 0 at 0",
        "derivative of `np.floor(y)`: 0 everywhere, though it jumps",
        "where `z > 2.0` changes: the derivative is that of the way taken",
        "derivative of `z if z > y else -z`: that of the value which is chosen, also where the "
        "choice changes",
        "derivative of `np.max(np.where(x > 0, x, 0.0))`: ties share equally",
        "derivative of `np.where(x > 0, x, 0.0)`: that of the value which is chosen, also where "
        "the choice changes",
    ]


# ---------------------------------------------------------------- what tapes take


def euler(x, k, n):
    for _ in range(n):
        x = x + k * np.sin(x)
    return np.sum(x * x)


def until(x, k, n):
    t = 0.0
    while t < n:
        x = x + k * np.sin(x * t)
        t = t + 1.0
    return np.sum(x * x)


def layered(x, k, n):
    for _ in range(n):
        for _ in range(3):
            x = x + k * np.sin(x)
        x = x * x * 0.5
    return np.sum(x)


@pytest.mark.parametrize("scheme", ["", "sqrt"])
@pytest.mark.parametrize("function", [euler, until, layered], ids=lambda one: one.__name__)
def test_formulas_of_tapes_are_what_is_allocated(function, scheme) -> None:
    n, m = 900, 400
    program = read_text("import numpy as np\n" + inspect.getsource(function), function.__name__)
    kinds = tuple(parse_types("x: float[m], k: float, n: int").items())
    found = explain(program, Request(("x",), "grad", kinds, checkpoint=scheme))
    formulas = re.findall(r": +tape +`\w+`: (.*) bytes", str(found))
    assert formulas
    expected = 0.0
    for formula in formulas:
        text = formula.replace("√(2·iterations)", f"{(2 * n) ** 0.5}").replace("√n", f"{n**0.5}")
        text = text.replace("×", "*").replace("·", "*").replace("iterations", "n")
        expected += eval(text, {"n": n, "m": m})
    module: dict[str, Any] = {}
    exec(found.source, module)
    gradient = module[f"{function.__name__}_grad"]
    x = np.linspace(0.0, 1.0, m)
    gradient(x, 1e-4, 2)
    tracemalloc.start()
    try:
        gradient(x, 1e-4, n)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    others = 12 * (8 * m + 112)  # the state, its cotangent, and what expressions make on the way
    assert 0.98 * expected - others <= peak <= 1.02 * expected + others
