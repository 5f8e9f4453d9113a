"""Native modules as text, and as functions.

A module is a file in the folder of caches, so that Numba keeps beside it what it compiled: a second
process only loads that. Without a folder it lives in memory.
"""

import ast
import hashlib
import linecache
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numba
from numba.core import types
from numba.core.errors import NumbaWarning

from retrograd.runtime.native import counting, overloads
from retrograd.runtime.native.assembling import Assembly
from retrograd.runtime.native.fusing import LOOPS, Loops
from retrograd.runtime.native.lowering import WORDS, lower
from retrograd.runtime.native.ranks import Rank, Ranks
from retrograd.runtime.native.refusing import NotNative, line_of, reason_of
from retrograd.runtime.native.structures import Inference, Structure
from retrograd.runtime.native.taking_apart import take_apart

#: Floating point as NumPy has it, a division by zero is infinite; and no reading beside an array.
_OPTIONS: Final = 'error_model="numpy", boundscheck=True'


_IMPORTS: Final = (
    "import numba",
    f"from retrograd.runtime.native import loops as {LOOPS}, words as {WORDS}",
)


@dataclass(frozen=True)
class NativeModule:
    """The text of a native module, and where each of its lines comes from.

    Attributes:
        text: the module.
        lines: by line of `text`, a function and the line in the text that the function came from.
        result: the structure of what the entry returns.
    """

    text: str
    lines: Mapping[int, tuple[str, int]]
    result: Structure


def native_module(
    assembly: Assembly,
    entry: str,
    args: tuple[Structure, ...],
    ranks: tuple[Rank, ...],
    version: str,
) -> NativeModule:
    """The module of `assembly`, every function of it compiled by Numba.

    `args` and `ranks` are the structures of what the function `entry` is given, and the ranks of
    their parts.
    """
    inference = Inference(
        {name: unit.tree for name, unit in assembly.units.items()},
        assembly.records,
        assembly.helpers,
    )
    result = inference.infer(entry, args).result
    units = assembly.units
    recursive = {name for name, unit in units.items() if name in _reached(assembly, unit.calls)}
    for name, unit in units.items():
        if name in inference.done:
            take_apart(unit.tree, inference.done[name], inference)
        lower(unit.tree, recursive, units)
    loops = Loops()
    trees = {name: unit.tree for name, unit in units.items()}
    known = Ranks(trees, assembly.helpers, assembly.head, entry, ranks)
    for tree in trees.values():
        loops.fuse(tree, known)
    lines = [f"# Native code of retrograd {version}.", *_IMPORTS, *assembly.head]
    lines += loops.definitions()
    places: dict[int, tuple[str, int]] = {}
    for name in _callees_first(assembly, entry):
        tree = units[name].tree
        options = _OPTIONS
        if name == entry:
            options += ", cache=CACHE"
        elif name not in recursive and _fills_a_list(tree):
            options += ', inline="always"'  # so that Numba sees of what the lists are
        lines += ["", "", f"@numba.njit({options})"]
        text = ast.unparse(tree)
        for written, node in zip(_statements(ast.parse(text)), _statements(tree), strict=True):
            places.setdefault(len(lines) + written.lineno, (name, node.lineno))
        lines += text.split("\n")
    return NativeModule("\n".join(lines) + "\n", places, result)


def _statements(tree: ast.AST) -> list[ast.stmt]:
    """The function `tree`, or the one in it, and all statements in that."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]


def _callees_first(assembly: Assembly, entry: str) -> list[str]:
    done: dict[str, None] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        for called in assembly.units[name].calls:
            if called not in done and called not in above:
                visit(called, (*above, name))
        done[name] = None

    visit(entry, ())
    return list(done)


def _reached(assembly: Assembly, names: set[str]) -> set[str]:
    """The functions that are called when `names` are."""
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += assembly.units[name].calls
    return found


def _fills_a_list(tree: ast.FunctionDef) -> bool:
    """Whether a function appends to one of its parameters, or passes one on that may be a list."""
    params = {arg.arg for arg in ast.walk(tree.args) if isinstance(arg, ast.arg)}
    return any(
        isinstance(node, ast.Name) and node.id in params and node.id.endswith("saved")
        for node in ast.walk(tree)
    )


# ---------------------------------------------------------------- text becomes functions


class Native:
    """A compiled function, and the module that it is in."""

    def __init__(self, module: NativeModule, entry: str, folder: Path | None) -> None:
        """Load `module`, kept in `folder` if there is one; nothing is compiled yet."""
        for page in (overloads, counting):
            page.register()
        self.module = module
        path = None if folder is None else _written(module.text, folder)
        self.filename = str(path) if path is not None else _shown(module.text, entry)
        # Numba links a recursion only in a module that Python knows.
        home = ModuleType(f"retrograd_native_{_digest(module.text)}")
        sys.modules[home.__name__] = home
        vars(home)["CACHE"] = path is not None
        exec(compile(module.text, self.filename, "exec"), vars(home))
        self.function: Callable[..., Any] = vars(home)[entry]

    def compile(self, args: tuple[Any, ...]) -> None:
        """Compile for arguments like `args`, or load what was compiled for such.

        Raises:
            NotNative: Numba cannot type it.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NumbaWarning)
            try:
                dispatcher: Any = self.function
                dispatcher.compile(tuple(map(numba.typeof, args)))
            except Exception as error:  # Numba has errors of every kind
                raise self.refusal(error) from None
        for signature in dispatcher.nopython_signatures:
            if not _comes_back(signature.return_type):
                kind = signature.return_type
                raise NotNative(f"a result of Numba's type {kind}", dispatcher.__name__)

    def refusal(self, error: BaseException) -> NotNative:
        """What Numba says, about the place that it says it of."""
        name, line = self.module.lines.get(line_of(error, self.filename), (None, 0))
        return NotNative(reason_of(error), name, line)


def _comes_back(kind: Any) -> bool:
    """Whether Python gets what it is from a value of this type of Numba's."""
    parts = getattr(kind, "types", None)  # of a tuple
    if parts is not None:
        return all(map(_comes_back, parts))
    if isinstance(kind, types.Optional):
        return _comes_back(kind.type)
    if isinstance(kind, types.List):
        return _comes_back(kind.dtype)
    return isinstance(kind, types.Number | types.Boolean | types.Array | types.NoneType)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _written(text: str, folder: Path) -> Path | None:
    """The file in `folder` with `text`, None if it cannot be written."""
    path = folder / f"{_digest(text)}.py"
    try:
        if path.read_text(encoding="utf-8") == text:
            return path
    except OSError:
        pass
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder, suffix=".tmp")
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except OSError:
        return None
    return path


def _shown(text: str, entry: str) -> str:
    """A name under which tracebacks show `text`."""
    filename = f"<retrograd native {entry} {_digest(text)[:8]}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    return filename
