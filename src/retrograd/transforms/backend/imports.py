"""The import lines of a generated module, from the functions and constants it uses.

    Known("numpy.sin", "np.sin")            ->      import numpy as np
    Known("numpy.linalg.norm", "la.norm")   ->      import numpy.linalg as la
    Known("math.exp", "e")                  ->      from math import exp as e

A name that already means something else gets a number: ``np2.sin``.
"""

import ast
import builtins
import re
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from retrograd.transforms.backend.naming import numbered
from retrograd.transforms.frontend.own_functions import OWN
from retrograd.transforms.ir.nodes import Known

#: Where the functions live that generated code may call beside numpy's.
RUNTIME: Final = "retrograd.runtime"


@dataclass(frozen=True, slots=True)
class Import:
    """What a module-level name stands for: a module, or with `name` something out of one."""

    module: str
    name: str | None = None


#: What stands behind a name of the module itself or of the user's, which no import may bind.
_RESERVED: Final = Import("")


class Imports:
    """The names that a generated module binds by import, and what each of them stands for."""

    def __init__(self, reserved: Collection[str]) -> None:
        self._bound = dict.fromkeys(reserved, _RESERVED)
        self._asked_for: set[str] = set()

    @property
    def names(self) -> Collection[str]:
        """Every name that is bound or reserved."""
        return self._bound.keys()

    def bind(self, root: str, wanted: Import, local: Collection[str] = ()) -> str:
        """A name that stands for `wanted`: `root`, or with a number if that means something else.

        Args:
            local: names of the function at hand, which would hide one of the module.
        """
        number = 1
        while True:
            name = numbered(root, number)
            if name not in local and self._bound.setdefault(name, wanted) == wanted:
                return name
            number += 1

    def spell(self, known: Known, local: Collection[str] = ()) -> str:
        """How `known` is written where the names in `local` are variables."""
        root, *attributes = known.spelling.split(".")
        if known.path.startswith(OWN):
            return self.bind((root, *attributes)[-1], Import(known.path), local)
        name = self.bind(root, _behind(known), local)
        return ".".join((name, *attributes))

    def own(self) -> Mapping[str, str]:
        """The names that stand for functions with a rule of the user's, and their paths."""
        return {
            name: wanted.module
            for name, wanted in self._bound.items()
            if wanted.module.startswith(OWN)
        }

    def ask(self, line: str) -> None:
        """Have the import statement `line`, as it is, among the lines, whether or not it is used."""
        bound = _read(line)
        self._bound.update(bound)
        self._asked_for.update(bound)

    def lines(self, used: Collection[str], without: str | None = None) -> str:
        """The import statements for the names in `used` and for those that were asked for.

        They are grouped and ordered as isort does it.

        Args:
            without: a module from which nothing is imported.
        """
        bound = [
            (root, wanted)
            for root, wanted in self._bound.items()
            if (root in used or root in self._asked_for)
            and wanted.module not in ("", without)
            and not wanted.module.startswith(OWN)
            and not (wanted.module == "builtins" and wanted.name == root)
        ]
        groups = (
            [(root, wanted) for root, wanted in bound if _group(wanted.module) == group]
            for group in range(3)
        )
        return "\n\n".join("\n".join(_statements(group)) for group in groups if group)


def _behind(known: Known) -> Import:
    """What the first name in the spelling of `known` stands for.

    The names after the first are attributes, so each takes one name off the end of the path. Where
    that leaves nothing (``config.np.sin``), it is something of the user's.
    """
    path = known.path.split(".") if "." in known.path else ["builtins", known.path]
    attributes = known.spelling.count(".")
    if not attributes:
        return Import(".".join(path[:-1]), path[-1])
    module = ".".join(path[:-attributes])
    if hasattr(builtins, module):  # ``dict.fromkeys``
        return Import("builtins", module)
    if module.startswith("scipy.stats."):  # a distribution is an object, and no module
        return Import("scipy.stats", module.removeprefix("scipy.stats."))
    return Import(module)


def _read(line: str) -> dict[str, Import]:
    """The names that the import statement `line` binds."""
    bound: dict[str, Import] = {}
    for statement in ast.parse(line).body:
        match statement:
            case ast.Import(names=names):
                for alias in names:
                    bound[alias.asname or alias.name] = Import(alias.name)
            case ast.ImportFrom(module=str(module), names=names):
                for alias in names:
                    bound[alias.asname or alias.name] = Import(module, alias.name)
    return bound


def _group(module: str) -> int:
    """0 for `__future__`, 1 for the standard library, 2 for everything else."""
    package = module.partition(".")[0]
    return 0 if package == "__future__" else 1 if package in sys.stdlib_module_names else 2


def _statements(bound: Iterable[tuple[str, Import]]) -> list[str]:
    """The statements of one group in isort's order: modules, then names out of modules."""
    modules: list[tuple[object, str]] = []
    together: dict[str, list[str]] = {}
    renamed: list[tuple[object, str]] = []
    for root, wanted in bound:
        module, name = wanted.module, wanted.name
        if name is None:
            package, _, last = module.rpartition(".")
            if root == module:
                modules.append(((_natural(module), ""), f"import {module}"))
            elif root == last:
                together.setdefault(package, []).append(last)
            else:
                modules.append(((_natural(module), root), f"import {module} as {root}"))
        elif name == root:
            together.setdefault(module, []).append(name)
        else:
            place = (_natural(module), 1, _member(name), root)
            renamed.append((place, f"from {module} import {name} as {root}"))
    names = [
        ((_natural(module), 0), f"from {module} import {', '.join(sorted(members, key=_member))}")
        for module, members in together.items()
    ]
    return [text for _, text in [*sorted(modules), *sorted([*names, *renamed])]]


def _member(name: str) -> tuple[object, ...]:
    """Where a name stands in an import: constants, then classes, then the rest."""
    if len(name) > 1 and name.isupper():
        return (0, _natural(name))
    return (1 if name[0].isupper() else 2, _natural(name))


def _natural(name: str) -> tuple[object, ...]:
    """A key that sorts without regard to case, and ``log2`` before ``log10``."""
    parts = re.findall(r"\d+|\D+", name.lower())
    return (*((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts),), name
