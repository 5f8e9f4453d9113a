"""Lambdas that exist: which of those in a file one is, by the places that its code remembers.

pair = (lambda x: x**2), (lambda x: x**3)
                  ^^^^              ^^^^    each instruction knows the line and columns it is from
"""

import ast
import linecache
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Final, TypeAlias

from retrograd.transforms.diagnostics.report import SourceUnavailable

#: What a lambda is called that no assignment gives a name.
_NAMELESS: Final = "function"

#: A line and a column, in bytes.
_Place: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FoundLambda:
    """A lambda in a text: where it stands, in characters, and the name that an assignment gives it."""

    name: str
    lines: tuple[str, ...]
    line: int
    column: int
    end_column: int

    @property
    def text(self) -> str:
        """Its text, as it stands there."""
        *before, last = self.lines
        return "".join((*before, last[: self.end_column]))[self.column :]


def is_lambda(function: FunctionType) -> bool:
    """Whether `function` was made by a lambda."""
    return function.__code__.co_name == "<lambda>"


def find_lambda(function: FunctionType) -> FoundLambda:
    """The text of a lambda.

    Raises:
        SourceUnavailable: there is none, or it cannot be told from another one of the same line.
    """
    code = function.__code__
    linecache.checkcache(code.co_filename)
    lines = tuple(linecache.getlines(code.co_filename, function.__globals__))
    here = [one for one in _lambdas(lines) if one.start[0] == code.co_firstlineno]
    places = list(_places(code))
    if places:
        here = [one for one in here if all(one.holds(*place) for place in places)][-1:]
    if len(here) != 1:
        known = "cannot be told from others of this line" if here else "has no source text"
        raise SourceUnavailable(
            f"the lambda at {code.co_filename}:{code.co_firstlineno} {known}; write it with `def`"
        )
    return _found(here[0], lines)


def name_of(function: FunctionType) -> str:
    """The name of a function as generated code may use it: of a lambda, that of its variable."""
    if not is_lambda(function):
        return function.__name__
    try:
        return find_lambda(function).name
    except SourceUnavailable:
        return _NAMELESS


def key_of_function(function: FunctionType) -> str:
    """What names a function in a program, but for closures that one `def` or lambda makes."""
    if not is_lambda(function):
        return f"{function.__module__}:{function.__qualname__}"
    columns = [start[1] for start, _ in _places(function.__code__)]
    place = f"{function.__code__.co_firstlineno}.{min(columns, default=0)}"
    return f"{function.__module__}:{name_of(function)}#{place}"


@dataclass(frozen=True, slots=True)
class _Lambda:
    """A lambda of a text, in bytes: where it begins, where its body does, and where both end."""

    name: str
    start: _Place
    body: _Place
    end: _Place

    def holds(self, start: _Place, end: _Place) -> bool:
        return self.body <= start and end <= self.end


@lru_cache(maxsize=8)
def _lambdas(lines: tuple[str, ...]) -> tuple[_Lambda, ...]:
    """The lambdas of a text, each behind those that it is inside of."""
    try:
        tree = ast.parse("".join(lines))
    except (SyntaxError, ValueError):
        return ()
    return tuple(_in_tree(tree))


def _in_tree(tree: ast.AST, name: str = _NAMELESS) -> Iterator[_Lambda]:
    if isinstance(tree, ast.Lambda):
        body = tree.body
        assert tree.end_lineno is not None
        assert tree.end_col_offset is not None
        end = tree.end_lineno, tree.end_col_offset
        yield _Lambda(name, (tree.lineno, tree.col_offset), (body.lineno, body.col_offset), end)
    for child in ast.iter_child_nodes(tree):
        match tree:
            case ast.Assign(targets=[ast.Name(id=id)], value=value) if value is child:
                yield from _in_tree(child, id)
            case _:
                yield from _in_tree(child)


def _places(code: CodeType) -> Iterator[tuple[_Place, _Place]]:
    """From where to where the text of each instruction goes; none if Python was told to forget."""
    for line, end_line, column, end_column in code.co_positions():
        if line is None or end_line is None or column is None or end_column is None:
            continue
        if (line, column) != (end_line, end_column):  # what only begins a function has no text
            yield (line, column), (end_line, end_column)


def _found(one: _Lambda, lines: tuple[str, ...]) -> FoundLambda:
    first, last = one.start[0], one.end[0]
    return FoundLambda(
        one.name,
        lines[first - 1 : last],
        first,
        _characters(lines[first - 1], one.start[1]),
        _characters(lines[last - 1], one.end[1]),
    )


def _characters(line: str, offset: int) -> int:
    """The place in characters of one in bytes."""
    return len(line.encode()[:offset].decode())
