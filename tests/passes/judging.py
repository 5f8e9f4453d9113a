"""Judge what the compiler makes of a program: every mode and every degree of knowledge.

The gradient is compared with finite differences, with all analyses exact and at their safe answers,
with kinds told and not; the tangent along a fixed direction with the gradient.
"""

import textwrap
from typing import Any

import numpy as np

from retrograd.runtime.checking import compare_gradients
from retrograd.runtime.pytrees import flatten, map_leaves
from retrograd.transforms.diagnostics.report import UnsupportedError
from retrograd.transforms.frontend.read import read_text
from retrograd.transforms.frontend.request import Request
from retrograd.transforms.frontend.values import kind_of_value
from retrograd.transforms.pipeline import compile_module

HEADER = "import functools\nimport math\nimport operator\nimport numpy as np\n\n\n"


def judge(text: str, args: tuple[Any, ...], count: int) -> str:
    """Check all derivatives of `f` in `text` by its first `count` arguments; the typed gradient's text.

    Raises:
        AssertionError: one of them is wrong.
        UnsupportedError: `f` is refused.
    """
    source = HEADER + textwrap.dedent(text)
    primal = _run(source)["f"]
    program = read_text(source, "f")
    params = program.definition(program.entry).function.params
    kinds = tuple((p.id, kind_of_value(arg)) for p, arg in zip(params, args, strict=False))
    wrt = tuple(range(count))
    shown = ""
    for told in (kinds, ()):
        for safe in (False, True):
            try:
                generated, (made,), _ = compile_module(
                    program, [(program.entry, Request(wrt, "grad", told, safe=safe))]
                )
            except UnsupportedError:
                if told:
                    raise
                continue  # what is not known of the arguments may be a reason to refuse
            shown = shown or generated
            gradient = _run(generated)[made](*_fresh(args))
            gradients = (gradient,) if count == 1 else gradient
            found = compare_gradients(primal, args, gradients, argnums=wrt)
            assert all(one.agrees for one in found), "\n".join([*map(str, found), generated])
            if told:
                _check_tangent(program, told, safe, args, gradients)
    return shown


def _check_tangent(
    program: Any, told: Any, safe: bool, args: tuple[Any, ...], gradients: tuple[Any, ...]
) -> None:
    wrt = tuple(range(len(gradients)))
    generated, (made,), _ = compile_module(
        program, [(program.entry, Request(wrt, "jvp", told, safe=safe))]
    )
    rng = np.random.default_rng(1)
    dots = tuple(map_leaves(lambda leaf: rng.normal(size=np.shape(leaf))[()], args[k]) for k in wrt)
    _, tangent = _run(generated)[made](*_fresh(args), *dots)
    along = sum(
        float(flatten(gradient, like=arg) @ flatten(dot, like=arg))
        for gradient, dot, arg in zip(gradients, dots, args, strict=False)
    )
    size = sum(
        float(np.sum(np.abs(flatten(g, like=a)))) for g, a in zip(gradients, args, strict=False)
    )
    assert abs(tangent - along) <= 1e-9 * (1.0 + size), f"{tangent} is not {along}\n{generated}"


def _fresh(args: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(map_leaves(lambda leaf: np.copy(leaf) if np.ndim(leaf) else leaf, a) for a in args)


def _run(text: str) -> dict[str, Any]:
    scope: dict[str, Any] = {"__name__": "judged"}
    exec(compile(text, "<judged>", "exec"), scope)
    return scope
