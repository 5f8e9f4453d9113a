"""Generated text runs among the user's globals, leaves them alone, and can be seen."""

import contextlib
import gc
import inspect
import io
import linecache
import pdb
import sys
import traceback
import types
from collections.abc import Callable
from typing import Any

import pytest

from retrograd.runtime.linking import link, pseudo_filename

TEXT = '''\
"""A generated module."""

from __future__ import annotations

import math as m

RATE = 3.0


def helper(x):
    return RATE * x


def f_grad(x: Nowhere, k: float = 2.0, *, scale=K):
    """Gradient of `f`."""
    x_bar = helper(x) * k * K
    # a comment
    return x_bar + m.sqrt(scale)
'''


def scope_of(**names: object) -> dict[str, Any]:
    module = types.ModuleType("model")
    module.__dict__.update(names)
    return module.__dict__


def linked(text: str = TEXT, name: str = "f_grad", **names: object) -> Callable[..., Any]:
    return link(text, filename=pseudo_filename(name, text), scope=scope_of(**names))[name]


def test_every_function_of_the_text_is_returned() -> None:
    functions = link(TEXT, filename="<t>", scope=scope_of(K=4.0))
    assert list(functions) == ["helper", "f_grad"]
    assert functions["f_grad"](5.0) == 3.0 * 5.0 * 2.0 * 4.0 + 2.0


def test_nothing_is_left_behind_in_the_users_globals() -> None:
    scope = scope_of(K=4.0)
    before = dict(scope)
    link(TEXT, filename="<t>", scope=scope)["f_grad"](1.0)
    assert scope == before


def test_the_text_sees_the_users_globals_as_they_are_now() -> None:
    scope = scope_of(K=4.0)
    f_grad = link(TEXT, filename="<t>", scope=scope)["f_grad"]
    scope["K"] = 10.0
    assert f_grad(1.0, scale=0.0) == 60.0
    assert f_grad.__globals__ is scope


def test_what_the_text_brings_hides_nothing_and_is_not_hidden() -> None:
    """The user's own `helper`, `m` and `RATE` mean something else."""
    scope = scope_of(K=1.0, helper="text", m="text", RATE="text", locals=None, dict=None)
    assert link(TEXT, filename="<t>", scope=scope)["f_grad"](1.0) == 7.0
    assert scope["helper"] == scope["m"] == scope["RATE"] == "text"


def test_closure_variables_are_the_users_own_cells() -> None:
    def primal_of(rate: float) -> tuple[Callable[[float], float], Callable[[float], None]]:
        def primal(x: float) -> float:
            return rate * x

        def change(new: float) -> None:
            nonlocal rate
            rate = new

        return primal, change

    primal, change = primal_of(2.0)
    cells = dict(zip(primal.__code__.co_freevars, primal.__closure__ or (), strict=True))
    text = "def g(x):\n    return rate\n\n\ndef f(x):\n    return g(x)\n"
    functions = link(text, filename="<t>", scope=scope_of(rate="hidden"), cells=cells)
    assert functions["f"](1.0) == 2.0
    change(5.0)
    assert functions["f"](1.0) == 5.0
    assert inspect.getclosurevars(functions["g"]).nonlocals == {"rate": 5.0}


def test_a_name_of_the_text_hides_a_closure_variable() -> None:
    cells = {"m": types.CellType("text"), "unused": types.CellType()}
    assert link(TEXT, filename="<t>", scope=scope_of(K=1.0), cells=cells)["f_grad"](1.0) == 7.0


def test_functions_say_where_they_come_from() -> None:
    f_grad = linked(K=4.0)
    assert f_grad.__module__ == "model"
    assert f_grad.__name__ == f_grad.__qualname__ == "f_grad"
    assert f_grad.__code__.co_qualname == "f_grad"
    assert f_grad.__doc__ == "Gradient of `f`."
    assert f_grad.__annotations__ == {"x": "Nowhere", "k": "float"}
    assert str(inspect.signature(f_grad)) == "(x: 'Nowhere', k: 'float' = 2.0, *, scale=4.0)"


def test_inspect_shows_exactly_the_text() -> None:
    f_grad = linked(K=4.0)
    start = TEXT.index("def f_grad")
    assert inspect.getsource(f_grad) == TEXT[start:]
    assert inspect.getsourcelines(f_grad)[1] == TEXT[:start].count("\n") + 1
    linecache.checkcache()
    assert inspect.getsource(f_grad) == TEXT[start:]


def test_inspect_shows_the_text_for_a_function_of_a_real_module() -> None:
    text = "def f_grad(x):\n    return x\n"
    f_grad = link(text, filename=pseudo_filename("f_grad", text), scope=globals())["f_grad"]
    assert inspect.getsource(f_grad) == text


def test_a_traceback_shows_the_line() -> None:
    f_grad = linked(K=None)
    with pytest.raises(TypeError) as caught:
        f_grad(1.0, scale=1.0)
    shown = "".join(traceback.format_exception(caught.value))
    assert "<retrograd f_grad " in shown
    assert "line 16, in f_grad" in shown
    assert "x_bar = helper(x) * k * K" in shown


def test_the_debugger_lists_the_text() -> None:
    out = io.StringIO()
    debugger = pdb.Pdb(stdin=io.StringIO("list\ncontinue\n"), stdout=out, nosigint=True)
    debugger.use_rawinput = False
    trace = sys.gettrace()
    with contextlib.suppress(pdb.bdb.BdbQuit):
        debugger.runcall(linked(K=4.0), 1.0)
    sys.settrace(trace)
    assert "x_bar = helper(x) * k * K" in out.getvalue()
    assert "# a comment" in out.getvalue()


def test_the_text_lives_as_long_as_its_functions() -> None:
    text = "def f(x):\n    return x\n\n\ndef g(x):\n    return x\n"
    filename = pseudo_filename("f", text)
    functions = link(text, filename=filename, scope=scope_of())
    again = link(text, filename=filename, scope=scope_of())
    del functions["f"], again
    gc.collect()
    assert inspect.getsource(functions["g"]) == "def g(x):\n    return x\n"
    functions.clear()
    gc.collect()
    assert filename not in linecache.cache


def test_text_that_is_not_python() -> None:
    with pytest.raises(SyntaxError, match="<t>"):
        link("def f(:\n", filename="<t>", scope=scope_of())


def test_a_pseudo_file_name_tells_texts_apart() -> None:
    assert pseudo_filename("f_grad", "a") == "<retrograd f_grad ca978112>"
    assert pseudo_filename("f_grad", "a") != pseudo_filename("f_grad", "b")
