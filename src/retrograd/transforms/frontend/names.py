"""What a dotted name stands for that is not a variable of the function: ``np.sin`` is numpy.sin."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from retrograd.transforms.diagnostics.span import Span
from retrograd.transforms.ir.kinds import Kind
from retrograd.transforms.ir.nodes import Callee, Class, Expr, Known, Outer

#: Beside the standard library: packages whose functions are known by name, and never read.
LIBRARIES: Final = frozenset({"numpy", "scipy", "numba", "retrograd"})

#: Modules of which generated code calls functions.
NEEDED: Final = frozenset({"math", "numpy", "scipy"})

#: Decorators that leave alone what the function returns.
TRANSPARENT: Final = frozenset(
    {"functools.cache", "functools.lru_cache", "functools.wraps", "numba.jit", "numba.njit"}
)

#: What says that a loop or a call is to be computed again.
CHECKPOINT: Final = frozenset({"retrograd.checkpoint", "retrograd.api.checkpoint"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """A name that means something we cannot use: the code, and the words under the caret.

    The caret stands `at` the cause, if that is not where the name is used. `instead` is what to
    write, if the catalogue cannot know.
    """

    code: str
    label: str
    at: Span | None = None
    instead: str | None = None


def refused_class(label: str) -> Refusal:
    """A class of which we do not know what its objects hold, or that is used as a value."""
    instead = (
        "make it a dataclass or a namedtuple, or make the object outside and pass it as an argument"
    )
    return Refusal("RG219", label, instead=instead)


@dataclass(frozen=True, slots=True)
class Namespace:
    """A module: no value, and good only for what stands behind its dot."""

    label: str


#: Makes a function of arrays of a function of numbers.
VECTORIZE: Final = "numpy.vectorize"

#: None: nothing of that name, so it may be an attribute of the value before its last dot.
Resolution: TypeAlias = Known | Callee | Class | Outer | Namespace | Refusal | None


@dataclass(frozen=True, slots=True)
class OuterValue:
    """What is known of a value from outside the function.

    `source` is an assignment that makes it again, as text, None if it cannot be copied; `value` is
    the right side of that assignment.
    """

    kind: Kind
    source: str | None
    value: Expr | None = None


class Names(Protocol):
    """The names that a function sees around it."""

    def resolve(self, dotted: str) -> Resolution:
        """What `dotted` stands for, where the name before its first dot is no local variable."""
        ...

    def bring_in(self, text: str) -> None:
        """Let the names that the import statement `text` binds mean what they do behind it."""
        ...

    def needed_module(self, name: str) -> str | None:
        """The module that this file calls `name`, if a gradient may call functions of it."""
        ...


def is_library(module: str) -> bool:
    """Is `module` part of Python or of a package whose functions are known by name?"""
    top = module.partition(".")[0]
    return top in LIBRARIES or top in sys.stdlib_module_names


def spellings(modules: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The shortest name for each module, from pairs of module and name."""
    found: dict[str, str] = {}
    for module, name in sorted(modules, key=lambda pair: (len(pair[1]), pair[1])):
        found.setdefault(module, name)
    return found
