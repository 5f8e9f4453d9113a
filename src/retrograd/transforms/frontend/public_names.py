"""What comes from libraries, and the names by which everybody knows it."""

import builtins
import os
import re
import sys
import sysconfig
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, Final

from retrograd.transforms.frontend.names import LIBRARIES

RUNTIME: Final = "retrograd.runtime"

#: Helpers of generated code that are written in the language which the compiler reads.
_PAGES: Final = (
    *("densities", "equations", "interpolants", "kernels", "matrices", "norms", "polynomials"),
    *("running_products", "sampling", "series", "statistics"),
)
_READABLE: Final = frozenset(f"{RUNTIME}.{page}" for page in _PAGES)


def page_of_helper(key: str) -> Path | None:
    """The file of the function `key`, if it is a helper that the compiler reads."""
    module = key.partition(":")[0]
    if module not in _READABLE:
        return None
    return _runtime_folder() / f"{module.rpartition('.')[2]}.py"


@cache
def helper_key(path: str) -> str | None:
    """The key of the helper with the public name `path`, None if it is not one that is read."""
    home, _, name = path.rpartition(".")
    for page in _PAGES if home == RUNTIME or home in _READABLE else ():
        text = (_runtime_folder() / f"{page}.py").read_text(encoding="utf-8")
        if re.search(rf"^def {name}\(", text, re.MULTILINE):
            return f"{RUNTIME}.{page}:{name}"
    return None


def _runtime_folder() -> Path:
    return Path(__file__).parents[2] / "runtime"


def is_library_function(function: FunctionType) -> bool:
    """Whether a function comes with Python or with an installed package, and is not to be read."""
    module = function.__module__ or ""
    return module not in _READABLE and _is_library(module, function.__code__.co_filename)


def is_library_module(module: ModuleType) -> bool:
    """Whether a module does."""
    return _is_library(module.__name__, getattr(module, "__file__", None))


def _is_library(module: str, filename: str | None) -> bool:
    """Does code come with Python or with an installed package?

    The file decides: a file of the user's may have the name of a module of Python's.
    """
    top = module.partition(".")[0]
    if filename is None:
        return top in LIBRARIES or top in sys.stdlib_module_names
    return top in LIBRARIES or filename.startswith(("<frozen ", *_library_folders()))


@cache
def _library_folders() -> tuple[str, ...]:
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = {sysconfig.get_path(name) for name in names}
    folders |= {
        entry for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")
    }
    return tuple(os.path.join(folder, "") for folder in sorted(filter(None, folders)))


def public_name(value: Any) -> str | None:
    """The shortest public name of a function or class of a library, None for other objects."""
    if type(value).__module__.startswith("scipy.stats."):
        return _distribution(value)
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    if not callable(value) or not isinstance(name, str):
        return None
    module = getattr(value, "__module__", None)
    homes = [module] if isinstance(module, str) else ["numpy", "scipy.special"]
    if homes == ["builtins"]:
        return name if getattr(builtins, name, None) is value else None
    for home in (*(home.removeprefix("_") for home in homes), *homes):  # `_functools` is private
        parts = home.split(".")
        for length in range(1, len(parts) + 1):
            path = ".".join(parts[:length])
            place = sys.modules.get(path)
            if getattr(place, name, None) is value and place and is_library_module(place):
                return f"{path}.{name}"
    return None


def _distribution(value: object) -> str | None:
    """The name of one of the distributions that `scipy.stats` offers as objects."""
    offered = vars(sys.modules["scipy.stats"])
    return next((f"scipy.stats.{name}" for name, one in offered.items() if one is value), None)
