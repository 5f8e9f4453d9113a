"""Judge what is made of a program by what the program computes."""

import copy
import inspect
import textwrap
from pathlib import Path
from typing import Any

import numpy as np

from retrograd.api import grad
from retrograd.runtime.checking import compare_gradients
from retrograd.runtime.pytrees import flatten, unflatten
from retrograd.transforms.frontend.read import read_text
from retrograd.transforms.frontend.request import Request
from retrograd.transforms.frontend.values import kind_of_value
from retrograd.transforms.pipeline import compile_module
from tests.loading import load

#: Two ways to the same derivative differ by rounding.
RTOL = 1e4 * np.finfo(np.float64).eps


def judge(folder: Path, text: str, args: tuple[Any, ...], count: int = 1) -> None:
    """The derivatives of `f` in `text` by its first `count` arguments, in every way we make them.

    The gradient of the text, with and without types, exact and with safe analyses, and that of the
    live function must agree with finite differences; forward mode must agree with the gradient.
    """
    source = "import functools\nimport math\nimport numpy as np\n\n\n" + textwrap.dedent(text)
    primal = load(folder / "primal.py", source).f
    wrt = tuple(range(count))
    found = grad(primal, argnums=wrt if count > 1 else 0)(*args)
    gradients = list(found) if count > 1 else [found]
    compared = compare_gradients(primal, args, gradients, argnums=wrt)
    assert all(one.agrees for one in compared), [*map(str, compared)]
    for typed in (True, False):
        for safe in (True, False):
            (made,), text_of = _made(source, primal, args, wrt, "grad", typed, safe)
            again = getattr(load(folder / "gradient.py", text_of), made)(*args)
            close = _terms_agree(gradients, list(again) if count > 1 else [again])
            assert close, text_of
        (made,), text_of = _made(source, primal, args, wrt, "jvp", typed, False)
        _judge_forward(getattr(load(folder / "forward.py", text_of), made), primal, args, gradients)


def _made(
    source: str, primal: Any, args: tuple[Any, ...], wrt: Any, mode: Any, typed: bool, safe: bool
) -> tuple[tuple[str, ...], str]:
    names = list(inspect.signature(primal).parameters)
    kinds = tuple((name, kind_of_value(arg)) for name, arg in zip(names, args, strict=False))
    program = read_text(source, "f")
    request = Request(wrt, mode, kinds if typed else (), safe)
    made = compile_module(program, [(program.entry, request)])
    return made.names, made.text


def _terms_agree(left: list[Any], right: list[Any]) -> bool:
    pairs = [(flatten(a), flatten(b)) for a, b in zip(left, right, strict=True)]
    return all(np.allclose(a, b, rtol=RTOL, atol=RTOL) for a, b in pairs)


def _judge_forward(forward: Any, primal: Any, args: tuple[Any, ...], gradients: list[Any]) -> None:
    rng = np.random.default_rng(0)
    wrt = [float(x) if isinstance(x, int) else x for x in args[: len(gradients)]]
    along = [rng.normal(size=flatten(x).size) for x in wrt]
    tangents = [unflatten(d, x) for d, x in zip(along, wrt, strict=True)]
    bound = inspect.signature(primal).bind(*wrt, *args[len(gradients) :])
    bound.apply_defaults()
    value, tangent = forward(*bound.arguments.values(), *tangents)
    assert np.isclose(value, primal(*copy.deepcopy(args)), rtol=RTOL)
    triples = zip(gradients, wrt, along, strict=True)
    terms = [flatten(g, like=x) * d for g, x, d in triples]
    scale = sum(float(np.sum(np.abs(part))) for part in terms)
    assert abs(tangent - sum(float(np.sum(part)) for part in terms)) <= RTOL * max(scale, 1.0)
