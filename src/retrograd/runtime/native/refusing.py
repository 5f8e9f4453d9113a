"""What Numba cannot compile, as an error that says where it stands and why."""

import re
from typing import Final


class NotNative(Exception):
    """Code that native mode does not take.

    Attributes:
        reason: what is wrong with it, in a line.
        function: the function of the native module that it stands in, None if that is unknown.
        line: its line in the text that the function came from, 0 if that is unknown.
    """

    def __init__(self, reason: str, function: str | None = None, line: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.function = function
        self.line = line


#: What Numba says around its reason; the first line that is none of these says what is wrong.
_FRAME: Final = re.compile(
    r"^(Failed in |- Resolution failure|During: |File \"|The signature|There are \d|Overload |"
    r"With argument|Enable logger|This error may|To find out|Known signatures|\*|\s*$|.*\^+$|"
    r"- Of which|Details|<source|Unknown attribute rejected)"
)


def reason_of(error: BaseException) -> str:
    """The heart of an error of Numba's, in a line."""
    lines = [line.strip() for line in _plain(str(error)).splitlines()]
    told = [line for line in lines if not _FRAME.match(line)]
    for k, line in enumerate(lines):
        if line.startswith("No implementation of function") and ">>>" in "".join(lines[k : k + 4]):
            call = next(part for part in lines[k : k + 4] if part.startswith(">>>"))
            return f"Numba has no `{_brief(call.removeprefix('>>>').strip())}`"
    first = told[0] if told else type(error).__name__
    return f"Numba says: {_brief(first)}"


def line_of(error: BaseException, filename: str) -> int:
    """The line of the file `filename` that an error of Numba's speaks of; 0 if it names none."""
    text = _plain(str(error))
    name = re.escape(filename)
    places = re.findall(rf"{name}[\"\s]*(?:\((\d+)\)|, line (\d+))", text)
    if places:
        return int(places[0][0] or places[0][1])
    at = getattr(error, "loc", None)
    return int(at.line) if at is not None and at.filename == filename else 0


def _plain(text: str) -> str:
    """`text` without the colours of terminals."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _brief(text: str) -> str:
    """`text` with the names that Numba has for its types made short."""
    text = re.sub(r"<iv=[^>]*>", "", text)
    text = re.sub(
        r"Function\(<(?:function|built-in function|ufunc) '?([\w.]+)'?[^>]*>\)", r"\1", text
    )
    return text if len(text) <= 160 else f"{text[:157]}..."
