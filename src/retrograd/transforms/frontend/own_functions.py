"""Functions that the user has given a derivative of their own, as they were told to us.

They are kept as objects: which rule they have is looked up when a function that calls them is
compiled. `path` is the name by which the rules know such a function, and its cotangents and tangent
those that are computed by calls of ``path@vjp`` and ``path@jvp``.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

#: Begins the paths of these functions.
OWN: Final = "own:"


@dataclass(frozen=True, slots=True)
class OwnParam:
    """A parameter; `default` is its default as text, None if a call has to tell it."""

    name: str
    default: str | None = None
    keyword_only: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class OwnFunction:
    """A function with a derivative of its own.

    `vjp` and `jvp` are the parameters of what gives the cotangents and the tangent, None for a `jvp`
    that there is not; `wrt` are the operands with a derivative. `result` is an annotation of the
    value. `objects` has the function and the two others by path, and `texts` what these two
    are written in.
    """

    path: str
    params: tuple[OwnParam, ...]
    wrt: tuple[str, ...]
    vjp: tuple[str, ...]
    jvp: tuple[str, ...] | None
    result: str
    objects: Mapping[str, Any]
    texts: tuple[Any, ...]

    @property
    def name(self) -> str:
        """What the function is called."""
        return self.path.rpartition(".")[2].partition("#")[0]

    def described(self) -> str:
        """All that the derivative depends on beside the texts."""
        return repr((self.path, self.params, self.wrt, self.vjp, self.jvp, self.result))


#: By the function's identity, and by path. What has a rule is kept alive.
_BY_OBJECT: Final[dict[int, OwnFunction]] = {}
_BY_PATH: Final[dict[str, OwnFunction]] = {}

#: How many rules were told: a number that changes with each.
_TOLD: Final[list[str]] = []


def tell(own: OwnFunction) -> None:
    """Have calls of a function differentiated by its own rule from now on."""
    _BY_OBJECT[id(own.objects[own.path])] = own
    _BY_PATH[own.path] = own
    _TOLD.append(own.path)


def count_told() -> int:
    """A number that changes when a function is given a rule."""
    return len(_TOLD)


def free_path(function: object, module: str, qualname: str) -> str:
    """The path for `function`: functions of the same name are told apart by a number."""
    if id(function) in _BY_OBJECT:
        return _BY_OBJECT[id(function)].path
    base = path = f"{OWN}{module}.{qualname}"
    number = 1
    while path in _BY_PATH and "<locals>" in qualname:  # others were defined anew
        number += 1
        path = f"{base}#{number}"
    return path


def own_function(value: object) -> OwnFunction | None:
    """The rule of `value`, if the user gave it one."""
    found = _BY_OBJECT.get(id(value))
    return found if found is not None and found.objects[found.path] is value else None


def own_at(path: str) -> OwnFunction | None:
    """The function with this path, or with a part that has it."""
    return _BY_PATH.get(path.partition("@")[0])


def own_object(path: str) -> object:
    """The function, or the one that computes its cotangents or tangent, of this path."""
    own = own_at(path)
    assert own is not None
    return own.objects[path]


def literal(value: object) -> str | None:
    """A default as text, None if there is none that gives it back."""
    text = repr(value)
    try:
        return text if ast.literal_eval(text) == value else None
    except (ValueError, SyntaxError):
        return None
