"""How our own names are spelled: the one place that knows ``_bar``, ``_dot`` and ``_saved``."""

from collections.abc import Collection
from typing import Final

from retrograd.transforms.ir.nodes import Name, Role

_SUFFIX: Final[dict[Role, str]] = {
    "": "",
    "made": "",
    "bar": "_bar",
    "dot": "_dot",
    "saved": "_saved",
}


def numbered(root: str, number: int) -> str:
    """The `number`-th choice for a name: ``x_bar``, ``x_bar2``, ``x_bar3``."""
    return root if number == 1 else f"{root}{number}"


class Naming:
    """The names of one function. The user's keep their spelling; ours give way to them.

    A name is given its spelling when it is first asked for, and keeps it.
    """

    def __init__(self, taken: Collection[str]) -> None:
        self._taken = set(taken)
        self._spelled: dict[tuple[str, Role], str] = {}

    def spell(self, name: Name) -> str:
        """`name` as it is written in this function."""
        if not name.role:
            return name.id
        key = (name.id, name.role)
        if key not in self._spelled:
            suffix = _SUFFIX[name.role]
            self._spelled[key] = self._free(name.id + suffix if name.id else suffix[1:])
        return self._spelled[key]

    def _free(self, root: str) -> str:
        number = 1
        while (spelling := numbered(root, number)) in self._taken:
            number += 1
        self._taken.add(spelling)
        return spelling
