"""Refusals as they are collected and raised: all of a function at once, in the order of its text."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from retrograd.transforms.diagnostics.catalogue import kind_of
from retrograd.transforms.diagnostics.render import render
from retrograd.transforms.diagnostics.span import Span


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One refusal: its code, its place, and the words under the caret."""

    code: str
    span: Span | None
    label: str
    title: str
    why: str
    instead: str


class RetrogradError(Exception):
    """What retrograd raises when it cannot do what was asked of it."""


class SourceUnavailable(RetrogradError):
    """A function has no text that we could read; the message says what to do about it."""


class UnsupportedError(RetrogradError):
    """A program outside the language that we differentiate; the first refusal gives the place."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics

    @property
    def code(self) -> str:
        """The code of the first refusal, such as ``RG204``."""
        return self.diagnostics[0].code

    @property
    def filename(self) -> str | None:
        """The file of the first refusal, None if it has no place."""
        span = self.diagnostics[0].span
        return None if span is None else span.filename

    @property
    def lineno(self) -> int | None:
        """The line of the first refusal, from 1."""
        span = self.diagnostics[0].span
        return None if span is None else span.line

    @property
    def col_offset(self) -> int | None:
        """The column of the first refusal, from 0."""
        span = self.diagnostics[0].span
        return None if span is None else span.column

    @property
    def hint(self) -> str:
        """What to write instead, for the first refusal."""
        return self.diagnostics[0].instead

    def __str__(self) -> str:
        return "\n\n".join(render(diagnostic) for diagnostic in self.diagnostics)


for _public in (RetrogradError, SourceUnavailable, UnsupportedError):
    _public.__module__ = "retrograd"  # as tracebacks name them


P = ParamSpec("P")
R = TypeVar("R")


def brief_refusals(function: Callable[P, R]) -> Callable[P, R]:
    """`function`, raising refusals, which say all there is to say, without our frames above them."""

    @wraps(function)
    def brief(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except RetrogradError as error:
            raise error.with_traceback(None) from None

    return brief


class Diagnostics:
    """Collects the refusals of a function, so that they can be reported together."""

    def __init__(self) -> None:
        self._found: dict[Diagnostic, None] = {}

    def refuse(
        self,
        code: str,
        at: Span | None,
        label: str = "",
        *,
        title: str | None = None,
        why: str | None = None,
        instead: str | None = None,
    ) -> None:
        """Note a refusal; what is not given is said in the words of the catalogue."""
        kind = kind_of(code)
        self._found.setdefault(
            Diagnostic(
                code,
                at,
                label,
                kind.title if title is None else title,
                kind.why if why is None else why,
                kind.instead if instead is None else instead,
            )
        )

    def add(self, other: "Diagnostics") -> None:
        """Note the refusals of `other` as well."""
        self._found = {**self._found, **other._found}

    def __bool__(self) -> bool:
        return bool(self._found)

    def raise_if_any(self) -> None:
        """Raise an `UnsupportedError` with everything noted so far, in the order of the text."""
        if self._found:
            raise UnsupportedError(tuple(sorted(self._found, key=_place)))


def _place(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
    span = diagnostic.span
    if span is None:
        return ("", 0, 0, diagnostic.code)
    return (span.filename, span.line, span.column, diagnostic.code)
