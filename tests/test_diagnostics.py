"""Every refusal is reachable, says what to do, and looks as the house style shows it."""

import re
import textwrap

import pytest

from retrograd.api import gradient_source
from retrograd.transforms.diagnostics.catalogue import CATALOGUE, kind_of
from retrograd.transforms.diagnostics.kind import DiagnosticKind
from retrograd.transforms.diagnostics.render import render
from retrograd.transforms.diagnostics.report import Diagnostics, UnsupportedError
from retrograd.transforms.diagnostics.span import Span

#: Those that a program can bring about; RG9 are our own bugs, and RG5 is for native code (tests/native).
OF_PROGRAMS = [kind for kind in CATALOGUE if not kind.code.startswith(("RG5", "RG9"))]


@pytest.mark.parametrize("kind", OF_PROGRAMS, ids=lambda kind: kind.code)
def test_the_refused_program_is_refused(kind: DiagnosticKind) -> None:
    with pytest.raises(UnsupportedError) as raised:
        gradient_source(kind.refused, "f")
    assert kind.code in [diagnostic.code for diagnostic in raised.value.diagnostics]


@pytest.mark.parametrize("kind", OF_PROGRAMS, ids=lambda kind: kind.code)
def test_the_accepted_program_compiles(kind: DiagnosticKind) -> None:
    assert "def f_grad(" in gradient_source(kind.accepted, "f")


def test_codes_are_unique_and_in_order() -> None:
    codes = [kind.code for kind in CATALOGUE]
    assert codes == sorted(set(codes))
    assert all(re.fullmatch(r"RG[123459]\d\d", code) for code in codes)
    assert kind_of("RG204").title == "a `try` statement cannot be reversed"


@pytest.mark.parametrize("kind", CATALOGUE, ids=lambda kind: kind.code)
def test_every_entry_says_all(kind: DiagnosticKind) -> None:
    for text in (kind.title, kind.why, kind.instead):
        assert text
        assert "\n" not in text
        assert not text.endswith(".")
    assert not kind.title[0].isupper()


def refused(*places: tuple[str, Span | None]) -> UnsupportedError:
    diagnostics = Diagnostics()
    for code, span in places:
        diagnostics.refuse(code, span, "here")
    with pytest.raises(UnsupportedError) as raised:
        diagnostics.raise_if_any()
    return raised.value


def test_the_text_is_that_of_the_house_style() -> None:
    diagnostics = Diagnostics()
    span = Span("model.py", 14, 4, 14, 7, "    try:")
    diagnostics.refuse("RG204", span, "an exception can leave this block after any line")
    with pytest.raises(UnsupportedError) as raised:
        diagnostics.raise_if_any()
    error = raised.value
    assert str(error) == textwrap.dedent("""\
        error[RG204]: a `try` statement cannot be reversed
          --> model.py:14:5
           |
        14 |     try:
           |     ^^^ an exception can leave this block after any line
           |
           = why: the reverse sweep replays exactly the statements that ran
           = instead: test the condition first, and branch with `if`""")
    assert (error.code, error.filename, error.lineno, error.col_offset) == (
        "RG204",
        "model.py",
        14,
        4,
    )
    assert error.hint == "test the condition first, and branch with `if`"


def test_carets_keep_to_their_line() -> None:
    over_lines = Span("model.py", 7, 2, 9, 1, "\t\tx = (1,  ")
    (diagnostic,) = refused(("RG202", over_lines)).diagnostics
    assert render(diagnostic).split("\n")[1:6] == [
        " --> model.py:7:3",
        "  |",
        "7 | \t\tx = (1,",
        "  | \t\t^^^^^^^ here",
        "  |",
    ]


def test_a_refusal_without_a_place() -> None:
    error = refused(("RG103", None))
    assert str(error).split("\n")[:2] == [
        "error[RG103]: there is no such function in the file",
        "  = note: here",
    ]
    assert (error.filename, error.lineno, error.col_offset) == (None, None, None)


def test_refusals_are_in_the_order_of_the_text_and_said_once() -> None:
    later = Span("model.py", 20, 0, 20, 1, "x")
    earlier = Span("model.py", 3, 0, 3, 1, "x")
    error = refused(("RG202", later), ("RG204", earlier), ("RG202", later))
    assert [diagnostic.span for diagnostic in error.diagnostics] == [earlier, later]
    assert str(error).count("\n\n") == 1


def test_words_of_the_site_replace_those_of_the_catalogue() -> None:
    diagnostics = Diagnostics()
    assert not diagnostics
    diagnostics.refuse("RG301", None, title="t", why="w", instead="i")
    assert diagnostics
    with pytest.raises(UnsupportedError, match=r"^error\[RG301\]: t\n  = why: w\n  = instead: i$"):
        diagnostics.raise_if_any()
