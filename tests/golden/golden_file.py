"""A golden file: a program and what to ask of it above a line, what the compiler wrote below.

    '''What the program is about.

    wrt: x    mode: grad    at: x=1.5, n=4
    types: x: float, n: int
    '''


    def power(x, n):
        ...


    # ---- gradient ----
    def power_grad(x, n):
        ...

The last function above the line is the one differentiated. `wrt` and `mode` are those of a request;
`at` are arguments, in which np, math and the classes of the program may be used. There may be
several points, each on an `at:` of its own, and `types:` may be left out. Below the line
stands the generated module without the imports that the program has too, so that the whole file is
a module that runs. The diagnostics of a program that is refused stand there as comments, under
``# ---- refused ----``.
"""

import ast
import linecache
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np

from retrograd.api import gradient_source
from retrograd.runtime.linking import pseudo_filename
from retrograd.transforms.diagnostics.report import UnsupportedError
from retrograd.transforms.frontend.annotations import parse_types
from retrograd.transforms.frontend.read import read_text
from retrograd.transforms.frontend.request import Request
from retrograd.transforms.pipeline import compile_module

FOLDER: Final = Path(__file__).parent

#: A function of either sort; coroutines are refused.
FUNCTION: Final = (ast.FunctionDef, ast.AsyncFunctionDef)

_LINE: Final = re.compile(r"\n*^# ---- (gradient|refused) ----\n", re.M)
_FIELD: Final = re.compile(r"(?:^|\s{2,})(wrt|mode|at|types):\s*")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the compiler makes of a program: ``gradient`` or ``refused``, and the text of it."""

    word: str
    text: str


@dataclass(frozen=True, eq=False)
class GoldenFile:
    """One golden file, taken apart.

    Attributes:
        path: where it is.
        program: the text above the line, with the docstring.
        recorded: what stands below the line, None in a file that has none yet.
        fields: what the docstring asks for, in order: pairs of word and text.
    """

    path: Path
    program: str
    recorded: Outcome | None
    fields: tuple[tuple[str, str], ...]

    @property
    def wrt(self) -> tuple[str, ...]:
        """The parameters to differentiate with respect to."""
        return tuple(name.strip() for name in self._field("wrt").split(","))

    @property
    def mode(self) -> Any:
        """The mode of the request."""
        return self._field("mode")

    @property
    def types(self) -> str:
        """What is known of the parameters; "" for nothing."""
        return self._field("types")

    @cached_property
    def name(self) -> str:
        """The function that is differentiated."""
        body = ast.parse(self.program).body
        return [stmt.name for stmt in body if isinstance(stmt, FUNCTION)][-1]

    @property
    def points(self) -> list[dict[str, Any]]:
        """Arguments by name, fresh ones for each call."""
        texts = [text for word, text in self.fields if word == "at"]
        return [eval(f"dict({text})", {**self._scope, "np": np, "math": math}) for text in texts]

    @cached_property
    def _scope(self) -> dict[str, Any]:
        """What the program defines."""
        return run(self.program)

    def outcome(self) -> Outcome:
        """What the compiler makes of the program today."""
        try:
            text = gradient_source(
                self.program, self.name, argnames=self.wrt, mode=self.mode, types=self.types or None
            )
        except UnsupportedError as refusal:
            lines = str(refusal).splitlines()
            return Outcome("refused", "".join(f"# {line}".rstrip() + "\n" for line in lines))
        return Outcome("gradient", without_imports(text, self.program))

    def rewritten(self, outcome: Outcome) -> str:
        """The text of the file with `outcome` below the line."""
        return f"{self.program}\n\n# ---- {outcome.word} ----\n{outcome.text}"

    def compiled(self, mode: Any, *, safe: bool = False) -> Mapping[str, Callable[..., Any]]:
        """The functions that the compiler makes of the program in another way."""
        program = read_text(self.program, self.name)
        kinds = tuple(parse_types(self.types).items()) if self.types else ()
        request = Request(self.wrt, mode, kinds, safe)
        return run(compile_module(program, [(program.entry, request)]).text)

    def _field(self, wanted: str) -> str:
        return next((text for word, text in self.fields if word == wanted), "")


def read(path: Path) -> GoldenFile:
    """The golden file at `path`."""
    text = path.read_text(encoding="utf-8")
    program, *below = _LINE.split(text)
    docstring = ast.get_docstring(ast.parse(program)) or ""
    asked = docstring.partition("\n\n")[2]
    words = [part for line in asked.splitlines() for part in _FIELD.split(line)[1:]]
    fields = tuple(zip(words[::2], map(str.strip, words[1::2]), strict=True))
    return GoldenFile(path, program.rstrip() + "\n", Outcome(*below) if below else None, fields)


def without_imports(text: str, program: str) -> str:
    """The generated module `text` without the imports that stand in `program` too."""
    known = {line for line in program.splitlines() if line.startswith(("import ", "from "))}
    return "".join(line for line in text.splitlines(True) if line.rstrip() not in known).lstrip()


def run(text: str) -> dict[str, Any]:
    """The namespace of the module `text`, whose functions may take derivatives of each other."""
    namespace: dict[str, Any] = {"__name__": "golden"}
    filename = pseudo_filename("golden", text)
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    exec(compile(text, filename, "exec"), namespace)
    return namespace


def golden_files() -> list[Path]:
    """Every golden file, in order."""
    return sorted(path for path in FOLDER.glob("*/*.py") if path.stem != "__init__")
