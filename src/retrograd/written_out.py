"""Generated text made complete: with the values that it reads from the user's module written out.

    def f_grad(x):                          SCALE = 0.5
        return SCALE * x        ->
                                            def f_grad(x):
                                                return SCALE * x

What runs reads `SCALE` where the user's function does. Text that is kept has to bring it along.
"""

import ast
import builtins
import math
import symtable
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

from retrograd.runtime.linking import globals_in

#: An array with more elements is not written out.
_MAX_SIZE: Final = 100


def written_out(text: str, value_of: Callable[[str], object]) -> str:
    """`text` behind assignments, imports, or comments, for the names that it leaves open.

    Args:
        text: a module of imports and functions.
        value_of: the value of a name.
    """
    lines = [_line(name, value_of(name)) for name in _open_names(text)]
    if not lines:
        return text
    imports = [line for line in lines if line.startswith(("import ", "from "))]
    if any("np.array(" in line for line in lines) and "import numpy as np" not in text:
        imports.append("import numpy as np")
    rest = [line for line in lines if line not in imports]
    body = ast.parse(text).body
    heads = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    end = 0 if not heads else heads[-1].end_lineno or 0
    above, below = text.splitlines()[:end], "\n".join(text.splitlines()[end:]).lstrip("\n")
    top = "\n".join([*above, *imports])
    return "\n\n".join(filter(None, [top, "\n".join(rest)])) + f"\n\n\n{below}\n"


def _open_names(text: str) -> list[str]:
    """The names that the functions in `text` take from outside of it, in order."""
    table = symtable.symtable(text, "<text>", "exec")
    symbols = table.get_symbols()
    defined = {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}
    found = {s.get_name() for s in symbols if s.is_referenced()}
    found |= {name for inner in table.get_children() for name in globals_in(inner)}
    return sorted(name for name in found - defined if not hasattr(builtins, name))


def _line(name: str, value: object) -> str:
    """What gives `name` its value, or says that nothing here does."""
    if isinstance(value, ModuleType):
        return f"import {value.__name__}" + (f" as {name}" if value.__name__ != name else "")
    text = _text(value)
    if text is not None:
        return f"{name} = {text}"
    home, qualname = getattr(value, "__module__", None), getattr(value, "__qualname__", "")
    if isinstance(home, str) and home != "__main__" and qualname.isidentifier():
        return f"from {home} import {qualname}" + (f" as {name}" if qualname != name else "")
    shape = getattr(value, "shape", None)
    kind = type(value).__name__
    what = f"a value of type {kind}" if shape is None else f"an array of shape {shape}"
    return f"# To be defined before use: {name}, {what}."


def _text(value: Any) -> str | None:
    """Python text for `value`, None if there is none that is short and exact."""
    kind = type(value)
    if kind is str and '"' not in value and "'" not in repr(value)[1:-1]:
        return f'"{repr(value)[1:-1]}"'
    if value is None or kind in (bool, int, str):
        return repr(value)
    if kind is float:
        return repr(value) if math.isfinite(value) else f'float("{value}")'
    if kind in (tuple, list):
        items = [_text(item) for item in value]
        if None in items:
            return None
        inner = ", ".join(map(str, items))
        comma = "," if kind is tuple and len(items) == 1 else ""
        return f"[{inner}]" if kind is list else f"({inner}{comma})"
    if kind is dict:
        pairs = [(_text(key), _text(item)) for key, item in value.items()]
        if any(None in pair for pair in pairs):
            return None
        return "{" + ", ".join(f"{key}: {item}" for key, item in pairs) + "}"
    if kind.__module__ == "numpy" and hasattr(value, "dtype"):
        return _array_text(value)
    return None


def _array_text(array: Any) -> str | None:
    """Python text for a small NumPy array or scalar of real numbers."""
    if array.dtype.kind not in "fiub" or array.size > _MAX_SIZE or 0 in array.shape:
        return None
    items = _text(array.tolist())
    text = f'np.array({items}, dtype="{array.dtype}")'
    return text if array.shape else f"{text}[()]"
