"""Lay out generated text: what is shown, what runs and what tracebacks point at is this text."""

from typing import Final

LINE_LENGTH: Final = 88


def layout(text: str, line_length: int = LINE_LENGTH) -> str:
    """`text` as black lays it out.

    Raises:
        ValueError: black cannot read `text`.
    """
    # A quarter of a second, which a program with a warm cache need not spend.
    from black import format_str
    from black.mode import Mode, TargetVersion
    from black.parsing import InvalidInput

    mode = Mode(target_versions={TargetVersion.PY311}, line_length=line_length)
    try:
        return format_str(text, mode=mode)
    except InvalidInput as problem:
        raise ValueError(str(problem)) from problem
