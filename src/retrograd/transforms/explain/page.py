"""What there is to say about a function, line by line, and that as plain text.

5 |     y = y * x
  :     active   depends on x, and the result on it
  :     saved    `y` before it, in each iteration, in `y_saved`; the adjoint of line 5 reads it
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Topic: TypeAlias = Literal[
    "active",
    "inactive",
    "declared",
    "kind",
    "added",
    "saved",
    "tape",
    "replayed",
    "reversed",
    "once",
    "alias",
    "kink",
    "helper",
    "left out",
]

_WIDTH: Final = len("left out")


@dataclass(frozen=True, slots=True)
class Note:
    """One fact about a line."""

    topic: Topic
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the user's source, and what there is to say about it."""

    number: int
    text: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One function: its name, its file, what it is differentiated by, and its lines."""

    name: str
    filename: str
    wrt: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def title(self) -> str:
        """The part in one line."""
        return f"{self.name} ({self.filename}), with respect to {', '.join(self.wrt)}"


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """The functions that a derivative is made of, the one asked for first, and its source."""

    parts: tuple[Part, ...]
    source: str

    def __str__(self) -> str:
        return "\n\n".join(map(_part, self.parts)) + "\n"

    def __repr__(self) -> str:
        return str(self).rstrip("\n")


def _part(part: Part) -> str:
    width = len(str(part.lines[-1].number)) if part.lines else 1
    lines = [part.title, ""]
    for line in part.lines:
        lines.append(f"{line.number:>{width}} | {line.text}".rstrip())
        indent = line.text[: len(line.text) - len(line.text.lstrip())]
        for note in line.notes:
            lines.append(f"{'':>{width}} : {indent}  {note.topic:<{_WIDTH}}  {note.text}")
    return "\n".join(lines)
