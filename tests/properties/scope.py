"""What a statement of a random program may read and change."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tests.properties.grammar import NUMBER, Shape


def root_of(place: str) -> str:
    """The variable that an entry, ``p["a"]`` or ``cell.gain``, is an entry of."""
    return re.split(r"[.\[]", place, maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class Helper:
    """A function that may be called: shapes of its parameters, the last of which may be left out.

    `result` is the shape of its value or a pair of shapes; None if it returns nothing. It changes
    its first parameter if `changes` is true.
    """

    name: str
    params: tuple[tuple[str, Shape], ...]
    default: bool
    result: Shape | tuple[Shape, Shape] | None
    changes: bool = False

    @property
    def gives_two(self) -> bool:
        """Whether it returns a pair."""
        return bool(self.result) and isinstance(self.result[0], tuple)  # type: ignore[index]


@dataclass
class Scope:
    """The variables at one place of a function.

    Attributes:
        shapes: the shape of every number and array by its name.
        places: entries of containers, as expressions, and their shapes.
        shared: arrays that other names may hold too; nobody writes to them.
        fixed: what must not be given another value: items of loops, counters.
        lists: lists of numbers, and how many items each surely has.
        dicts: dicts of numbers, and keys that each surely has.
        indices: integers below 3.
        counts: small integers.
        helpers: functions that may be called.
        changing: objects, and the method of each that changes it.
        generator: the name of a random generator, "" if there is none.
    """

    shapes: dict[str, Shape] = field(default_factory=dict)
    places: dict[str, Shape] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    fixed: set[str] = field(default_factory=set)
    lists: dict[str, int] = field(default_factory=dict)
    dicts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    indices: list[str] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)
    helpers: list[Helper] = field(default_factory=list)
    changing: dict[str, Helper] = field(default_factory=dict)
    generator: str = ""

    def copy(self) -> "Scope":
        """Another scope with the same in it."""
        return replace(
            self,
            shapes=dict(self.shapes),
            places=dict(self.places),
            shared=set(self.shared),
            fixed=set(self.fixed),
            lists=dict(self.lists),
            dicts=dict(self.dicts),
            indices=list(self.indices),
            counts=list(self.counts),
            helpers=list(self.helpers),
            changing=dict(self.changing),
        )

    def after(self, block: "Scope") -> "Scope":
        """This scope once a block that began with it, and ended as `block`, has run or not."""
        found = self.copy()
        found.shared |= block.shared
        found.lists = {name: min(n, block.lists.get(name, n)) for name, n in self.lists.items()}
        return found

    def names(self, shape: Shape) -> list[str]:
        """The variables of `shape`."""
        return [name for name, found in self.shapes.items() if found == shape]

    def leaves(self, shape: Shape) -> list[str]:
        """The variables and entries of `shape`."""
        return self.names(shape) + [place for place, found in self.places.items() if found == shape]

    def own(self, shapes: Iterable[Shape]) -> list[str]:
        """Arrays of one of `shapes` that may be written."""
        allowed = set(shapes)
        return [
            name
            for name, shape in {**self.shapes, **self.places}.items()
            if shape in allowed and shape != NUMBER and name not in self.shared
        ]

    def assignable(self) -> list[str]:
        """The variables and entries that may be given a new value."""
        entries = [place for place in self.places if place not in self.shared]
        return [name for name in (*self.shapes, *entries) if name not in self.fixed]

    def beside(self, name: str) -> set[str]:
        """The variable `name`; of an entry all entries of its container, which holds them."""
        root = root_of(name)
        known = (*self.shapes, *self.places)
        return {name} if root == name else {one for one in known if root_of(one) == root}

    def shape_of(self, name: str) -> Shape:
        """The shape of a variable or an entry."""
        return self.places[name] if name in self.places else self.shapes[name]
