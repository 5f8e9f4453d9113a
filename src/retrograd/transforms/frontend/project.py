"""Which files of a project belong to a file: those that it can import, found by where they are."""

import sys
from copy import copy
from pathlib import Path

from retrograd.transforms.frontend.modules import ModuleFile, read_module
from retrograd.transforms.frontend.names import is_library


class Project:
    """The files that a file can import from its own project: beside it and from its root."""

    def __init__(self, entry: ModuleFile) -> None:
        self.entry = entry
        #: The classes that are being read, outermost first: one may be a field of itself.
        self.open_classes: list[tuple[str, str]] = []
        self._by_path: dict[Path, ModuleFile] = {}
        self._by_name: dict[str, ModuleFile] = {entry.name: entry}
        if entry.path is not None:
            self._by_path[entry.path.resolve()] = entry

    @classmethod
    def of(cls, path: Path) -> "Project":
        """The project around the file `path`."""
        return cls(read_module(module_name(path.resolve()), path))

    def beside(self, path: Path) -> "Project":
        """The project around one more file; what either has read serves both."""
        other = copy(self)
        other.entry = self._by_path.get(path.resolve()) or self._add(path)
        return other

    def module(self, name: str) -> ModuleFile:
        """A module by the name that its functions have in their keys."""
        return self._by_name[name]

    def find(self, module: str, level: int, importer: ModuleFile) -> ModuleFile | None:
        """The file that `importer` imports as `module`, None if it is not of this project."""
        if importer.path is None:
            return None
        here = importer.path.resolve()
        parts = module.split(".") if module else []
        if level:
            folder = here.parents[min(level, len(here.parents)) - 1]
            return self._load(_locate(folder, parts))
        top = parts[0]
        if top == "retrograd" or top in sys.builtin_module_names:
            return None
        path = _locate(_root_of(here), parts)
        if path is None and not is_library(module):
            path = _locate(here.parent, parts)
        return self._load(path)

    def _load(self, path: Path | None) -> ModuleFile | None:
        if path is None:
            return None
        return self._by_path.get(path) or self._add(path)

    def _add(self, path: Path) -> ModuleFile:
        resolved = path.resolve()
        name = module_name(resolved)
        if name in self._by_name:
            name = str(resolved)
        self._by_path[resolved] = self._by_name[name] = module = read_module(name, path)
        return module


def module_name(path: Path) -> str:
    """The dotted name of the file `path` within its packages."""
    parts = path.with_suffix("").relative_to(_root_of(path)).parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def _root_of(path: Path) -> Path:
    """The nearest folder above `path` that is no package."""
    folder = path.parent
    while (folder / "__init__.py").is_file() and folder != folder.parent:
        folder = folder.parent
    return folder


def _locate(folder: Path, parts: list[str]) -> Path | None:
    base = folder.joinpath(*parts)
    candidates = [base / "__init__.py"]
    if parts:
        candidates.append(base.with_name(base.name + ".py"))
    return next((path.resolve() for path in candidates if path.is_file()), None)
