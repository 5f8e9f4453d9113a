"""Programs as text, judged: finite differences, the other mode and the safe answer must agree."""

import io
import textwrap
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

import numpy as np

from retrograd.runtime.checking import compare_gradients
from retrograd.runtime.pytrees import flatten, unflatten
from retrograd.transforms.diagnostics.report import UnsupportedError
from retrograd.transforms.frontend.read import read_text
from retrograd.transforms.frontend.request import Request
from retrograd.transforms.frontend.values import kind_of_value
from retrograd.transforms.pipeline import compile_module

HEADER = "import logging\nimport math\nimport random\nimport time\nimport warnings\n"
HEADER += "import numpy as np\nimport retrograd as rg\n\n\n"

#: Makes the arguments of one call, new ones for every call.
Arguments = Callable[[], tuple[Any, ...]]


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


def judge(program: str, arguments: Arguments, count: int = 1) -> str:
    """Judge the gradient of `program` by its first `count` arguments; return the typed text."""
    wrt = tuple(range(count))
    primal = run(source_of(program))["f"]

    def value(*args: Any) -> Any:
        with redirect_stdout(io.StringIO()):
            return primal(*args, *arguments()[count:])

    texts = []
    for known in (arguments(), None):
        for safe in (False, True):
            text, name = generated(program, wrt=wrt, args=known, safe=safe)
            texts.append(text)
            said = _said(run(text)[name], arguments())
            assert said[1] == _said(primal, arguments())[1], text
            gradients = (said[0],) if count == 1 else said[0]
            args = arguments()[:count]
            found = compare_gradients(value, args, gradients, argnums=wrt)
            assert all(one.agrees for one in found), [*map(str, found), text]
        text, name = generated(program, "jvp", wrt=wrt, args=known)
        _judge_forward(run(text)[name], gradients, arguments, count, text)
    return texts[0]


def _said(function: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, object]:
    """What `function` gives, what it prints, and the state in which it leaves its generators."""
    with redirect_stdout(io.StringIO()) as screen:
        result = function(*args)
    states = [str(arg.bit_generator.state) for arg in args if isinstance(arg, np.random.Generator)]
    return result, (screen.getvalue(), states)


def _judge_forward(
    push: Callable[..., Any], gradients: Any, arguments: Arguments, count: int, text: str
) -> None:
    rng = np.random.default_rng(0)
    args = arguments()
    along = [rng.normal(size=flatten(arg).size) for arg in args[:count]]
    tangents = [unflatten(d, arg) for d, arg in zip(along, args, strict=False)]
    with redirect_stdout(io.StringIO()):
        _, tangent = push(*args, *tangents)
    terms = [flatten(g, like=arg) * d for g, arg, d in zip(gradients, args, along, strict=False)]
    scale = sum(float(np.sum(np.abs(part))) for part in terms)
    assert abs(tangent - sum(float(np.sum(part)) for part in terms)) <= 1e-10 * max(
        scale, 1.0
    ), text
