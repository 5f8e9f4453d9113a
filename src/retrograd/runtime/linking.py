"""Generated text becomes functions that live among the user's own.

The module's body is compiled as the body of a function that returns the functions defined in it:

    import numpy as np                       def factory():
                                                 import numpy as np
    def f_grad(x):               ->              def f_grad(x):
        return K * np.cos(x)                         return K * np.cos(x)
                                                 return {"f_grad": f_grad}

So what the text brings along (`np`, the other functions) are closure variables that touch nothing
of the user's, and all other names (`K`) are the user's globals, read when they are needed.
"""

import __future__

import ast
import hashlib
import linecache
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import CellType, CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import symtable


def pseudo_filename(name: str, text: str) -> str:
    """The name under which tracebacks show `text`: ``<retrograd f_grad 1a2b3c4d>``."""
    return f"<retrograd {name} {hashlib.sha256(text.encode()).hexdigest()[:8]}>"


def link(
    text: str,
    *,
    filename: str,
    scope: dict[str, Any],
    cells: Mapping[str, CellType] | None = None,
) -> dict[str, Callable[..., Any]]:
    """The functions that `text` defines, by name.

    Args:
        text: Python source of a module, of imports, assignments and functions.
        filename: a name that stands for `text` in tracebacks, pdb and `inspect`; see
            `pseudo_filename`.
        scope: the globals of the user's function. They become the globals of the functions, and
            nothing is added to them.
        cells: the closure variables of the user's function, which are closure variables here too.

    Raises:
        SyntaxError: `text` is not Python.
    """
    cells = {} if cells is None else cells
    factory = _factory(ast.parse(text, filename), filename, tuple(cells))
    closure = tuple(cells[name] for name in factory.co_freevars)
    functions: dict[str, FunctionType] = FunctionType(factory, scope, closure=closure)()
    for name, function in functions.items():
        function.__qualname__ = name
        function.__code__ = function.__code__.replace(co_qualname=name)
        _TEXTS.hold(filename, text, function)
    return {**functions}


def _factory(module: ast.Module, filename: str, free: tuple[str, ...]) -> CodeType:
    """The code of a function whose body is `module` and whose free variables are among `free`."""
    body = [statement for statement in module.body if not _is_future_import(statement)]
    names = [statement.name for statement in body if isinstance(statement, ast.FunctionDef)]
    result = ast.Dict(
        keys=[ast.Constant(name) for name in names],
        values=[ast.Name(name, ast.Load()) for name in names],
    )
    factory = _function("factory", (), [*body, ast.Return(result)])
    # A function around the factory binds `free`, so that to the factory they are closure variables.
    around = ast.Module([_function("around", free, [factory])], type_ignores=[])
    code = compile(
        ast.fix_missing_locations(around),
        filename,
        "exec",
        # Annotations stay text: they may name what only the user's file imports.
        flags=__future__.annotations.compiler_flag,
        dont_inherit=True,
    )
    return _inner(_inner(code, "around"), "factory")


def _function(name: str, params: tuple[str, ...], body: list[ast.stmt]) -> ast.FunctionDef:
    arguments = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(param) for param in params],
        kwonlyargs=[],
        kw_defaults=[],
        defaults=[],
    )
    made: dict[str, Any] = {"name": name, "args": arguments, "body": body, "decorator_list": []}
    return ast.FunctionDef(**made)


def _inner(code: CodeType, name: str) -> CodeType:
    return next(
        constant
        for constant in code.co_consts
        if isinstance(constant, CodeType) and constant.co_name == name
    )


def _is_future_import(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


class _Texts:
    """Keeps generated text where `linecache` finds it, while a function made of it lives."""

    def __init__(self) -> None:
        # Reentrant: a garbage collection inside `hold` may let go of other functions.
        self._lock = threading.RLock()
        self._holders: Counter[str] = Counter()

    def hold(self, filename: str, text: str, function: FunctionType) -> None:
        """Show `text` for `filename` until `function`, and others made of it, are gone."""
        with self._lock:
            self._holders[filename] += 1
            # No time of modification: `linecache.checkcache` then leaves the entry alone.
            lines = text.splitlines(keepends=True)
            linecache.cache[filename] = (len(text), None, lines, filename)
        weakref.finalize(function, self._let_go, filename).atexit = False

    def _let_go(self, filename: str) -> None:
        with self._lock:
            self._holders[filename] -= 1
            if not self._holders[filename]:
                del self._holders[filename]
                linecache.cache.pop(filename, None)


_TEXTS: Final = _Texts()


def globals_in(table: "symtable.SymbolTable") -> Iterator[str]:
    """The names that the functions in a symbol table take from outside of them."""
    for symbol in table.get_symbols():
        if symbol.is_global() and symbol.is_referenced():
            yield symbol.get_name()
    for inner in table.get_children():
        yield from globals_in(inner)
