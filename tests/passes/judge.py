"""Programs as text, judged in every way in which they can be compiled.

The function in them is called `f`. What it prints, and the state in which it leaves its generators,
its gradient must print and leave too.
"""

import copy
import inspect
import io
import textwrap
from collections.abc import Callable
from contextlib import redirect_stdout
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from retrograd.api import grad
from retrograd.runtime.checking import compare_gradients
from retrograd.runtime.pytrees import flatten, unflatten
from retrograd.transforms.diagnostics.report import UnsupportedError
from retrograd.transforms.frontend.read import read_text
from retrograd.transforms.frontend.request import Request
from retrograd.transforms.frontend.values import kind_of_value
from retrograd.transforms.pipeline import compile_module
from tests.loading import load

HEADER = "import functools\nimport logging\nimport math\nimport operator\nimport random\n"
HEADER += "import time\nimport warnings\nimport numpy as np\nimport retrograd as rg\n\n\n"

#: Two ways to the same derivative differ by rounding.
RTOL = 1e4 * np.finfo(np.float64).eps

#: Arguments of one call, or what makes new ones for every call.
Arguments = tuple[Any, ...] | Callable[[], tuple[Any, ...]]


def judge(program: str, arguments: Arguments, count: int = 1, *, needs_types: bool = False) -> str:
    """Judge the derivatives of `program` by its first `count` arguments; return the typed gradient.

    With and without types, with exact and with safe analyses, the gradient must agree with finite
    differences, and forward mode with the gradient; none may change its arguments. What
    `needs_types` is judged with them alone; with neither types nor analyses anything may be refused.
    """
    fresh = arguments if callable(arguments) else lambda: copy.deepcopy(arguments)
    primal = run(source_of(program))["f"]
    wrt = tuple(range(count))

    def value(*args: Any) -> Any:
        return _said(primal, (*copy.deepcopy(args), *fresh()[count:]))[0]

    texts = []
    for known, safe in product((fresh(),) if needs_types else (fresh(), None), (False, True)):
        try:
            text, name = generated(program, wrt=wrt, args=known, safe=safe)
        except UnsupportedError:
            if known is None and safe:
                continue
            raise
        texts.append(text)
        given = fresh()
        gradient, said = _said(run(text)[name], given)
        assert said == _said(primal, fresh())[1], text
        np.testing.assert_equal(_data(given), _data(fresh()), text)
        gradients = (gradient,) if count == 1 else gradient
        found = compare_gradients(value, fresh()[:count], gradients, argnums=wrt)
        assert all(one.agrees for one in found), [*map(str, found), text]
        if not safe:
            text, name = generated(program, "jvp", wrt=wrt, args=known)
            bound = inspect.signature(primal).bind(*fresh())
            bound.apply_defaults()
            _judge_forward(run(text)[name], gradients, tuple(bound.arguments.values()), text)
    return texts[0]


def judge_live(folder: Path, program: str, args: tuple[Any, ...], count: int = 1) -> None:
    """The same for the function of `program` as it stands in a file, beside its text."""
    judge(program, args, count)
    primal = load(folder / "primal.py", source_of(program)).f
    wrt = tuple(range(count))
    gradient = grad(primal, argnums=wrt if count > 1 else 0)(*copy.deepcopy(args))
    gradients = gradient if count > 1 else (gradient,)
    found = compare_gradients(_with_copies(primal), args, gradients, argnums=wrt)
    assert all(one.agrees for one in found), [*map(str, found)]


def source_of(program: str) -> str:
    """The text of a module with the function `f` of `program`."""
    return HEADER + textwrap.dedent(program)


def run(text: str) -> dict[str, Any]:
    """The namespace of the module `text`."""
    scope: dict[str, Any] = {"__name__": "judged"}
    exec(compile(text, "<judged>", "exec"), scope)
    return scope


def generated(
    program: str,
    mode: Any = "grad",
    *,
    wrt: tuple[int, ...] = (0,),
    args: tuple[Any, ...] | None = None,
    safe: bool = False,
) -> tuple[str, str]:
    """The generated module for `program` and its function; typed by `args`, if they are given."""
    read = read_text(source_of(program), "f")
    kinds = ()
    if args is not None:
        params = read.definition(read.entry).function.params
        given = zip(params, args, strict=False)
        kinds = tuple((param.id, kind_of_value(arg)) for param, arg in given)
    made = compile_module(read, [(read.entry, Request(wrt, mode, kinds, safe=safe))])
    return made.text, made.names[-1]


def refusal(program: str, **options: Any) -> str:
    """The code of the first diagnostic for `program`, "" if it is accepted."""
    try:
        generated(program, **options)
    except UnsupportedError as refused:
        return refused.code
    return ""


def _said(function: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, object]:
    """What `function` gives, what it prints, and the state in which it leaves its generators."""
    with redirect_stdout(io.StringIO()) as screen:
        result = function(*args)
    states = [str(arg.bit_generator.state) for arg in args if isinstance(arg, np.random.Generator)]
    return result, (screen.getvalue(), states)


def _data(args: tuple[Any, ...]) -> list[Any]:
    """The arguments that hold numbers."""
    return [arg for arg in args if isinstance(arg, int | float | np.ndarray | list | tuple | dict)]


def _with_copies(primal: Callable[..., Any]) -> Callable[..., Any]:
    """`primal`, called with copies, for it may write into its arguments."""
    return lambda *args: primal(*copy.deepcopy(args))


def _judge_forward(
    push: Callable[..., Any], gradients: Any, args: tuple[Any, ...], text: str
) -> None:
    rng = np.random.default_rng(0)
    wrt = [float(arg) if isinstance(arg, int) else arg for arg in args[: len(gradients)]]
    along = [rng.normal(size=flatten(arg).size) for arg in wrt]
    tangents = [unflatten(d, arg) for d, arg in zip(along, wrt, strict=True)]
    shaped = [
        np.asarray(t) if isinstance(x, np.ndarray) else t
        for t, x in zip(tangents, wrt, strict=True)
    ]
    _, tangent = _said(push, (*wrt, *args[len(wrt) :], *shaped))[0]
    terms = [flatten(g, like=arg) * d for g, arg, d in zip(gradients, wrt, along, strict=True)]
    scale = sum(float(np.sum(np.abs(part))) for part in terms)
    wanted = sum(float(np.sum(part)) for part in terms)
    assert abs(tangent - wanted) <= RTOL * max(scale, 1.0), text
