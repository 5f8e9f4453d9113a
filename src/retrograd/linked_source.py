"""A module that fits one model and needs no retrograd: text for `retrograd compile --link lm`."""

import ast
from pathlib import Path
from typing import Final

from retrograd.compiling import compile_file
from retrograd.runtime.solvers.linked_text import linked_loop
from retrograd.transforms.frontend.annotations import parse_types
from retrograd.transforms.frontend.read import read_file
from retrograd.transforms.ir.kinds import Sequence

#: What a linked module may import.
_IMPORTS: Final = ("numpy", "math")

_NUMBA: Final = """try:
    from numba import njit, prange
except ImportError:  # the same in plain Python, a thousand times slower
    prange = range

    def njit(**options):
        return lambda function: function
"""


def link_file(path: Path, name: str, types: str | None = None) -> str:
    """The module that fits the function `name` of a file, which is not executed.

    Args:
        path: the file.
        name: a model, of x and its parameters.
        types: the kind of x where it consists of several coordinates, as ``"xy: (float, float)"``.

    Raises:
        UnsupportedError: the model is outside the language that we differentiate.
        ValueError: it is not computed from numbers, or its gradient needs more than straight lines.
    """
    program = read_file(path, name)
    params = [param.id for param in program.definition(program.entry).function.params]
    told = {} if types is None else parse_types(types)
    if len(params) < 2 or set(told) - {params[0]}:
        raise ValueError(
            f"--link takes a model of x and parameters, and --types for x: {name}{(*params,)}"
        )
    x = told.get(params[0])
    kinds = [f"{one}: float" for one in params[1:]] + [types or f"{params[0]}: float"]
    model = compile_file(path, [name], wrt=",".join(params[1:]), types=", ".join(kinds), value=True)
    _check_plain(model, name)
    coordinates = len(x.items or ()) if isinstance(x, Sequence) else 0
    top, functions = _split(model)
    loop, _ = linked_loop(
        model,
        f"{name}_value_and_grad",
        len(params) - 1,
        coordinates,
        cache="True",
        parallel=False,
        run=f"{name}_fit",
    )
    return "\n".join([top, "import math", "", _NUMBA, "", functions, "", "", loop])


def _check_plain(model: str, name: str) -> None:
    """Refuse a gradient that Numba would not compile by itself, or that needs the runtime."""
    for node in ast.walk(ast.parse(model)):
        match node:
            case ast.ImportFrom(module=home):
                if home not in _IMPORTS:
                    raise ValueError(f"--link takes models of numbers: that of {name} needs {home}")
            case ast.For() | ast.While() | ast.List():
                raise ValueError(f"--link takes models without loops and lists, which {name} has")
            case _:
                pass


def _split(model: str) -> tuple[str, str]:
    """The lines before the first function, and the functions, each compiled by Numba."""
    lines = model.splitlines()
    heads = {node.lineno - 1 for node in ast.parse(model).body if isinstance(node, ast.FunctionDef)}
    text = [
        f'@njit(error_model="numpy")\n{line}' if k in heads else line
        for k, line in enumerate(lines)
    ]
    return "\n".join(text[: min(heads)]).rstrip(), "\n".join(text[min(heads) :])
