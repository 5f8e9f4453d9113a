"""Where a piece of source text stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one file, as editors count it: lines from 1, columns from 0.

    `text` is the whole first line, so that a caret can be drawn without opening the file again.
    """

    filename: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
