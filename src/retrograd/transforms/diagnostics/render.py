"""A refusal as text with a caret under the place it speaks of."""

from typing import TYPE_CHECKING

from retrograd.transforms.diagnostics.span import Span

if TYPE_CHECKING:
    from retrograd.transforms.diagnostics.report import Diagnostic


def render(diagnostic: "Diagnostic") -> str:
    """The text of `diagnostic`; what has no place in a file has its label as a ``note``."""
    lines = [f"error[{diagnostic.code}]: {diagnostic.title}"]
    gutter = " "
    if diagnostic.span is not None:
        gutter = " " * len(str(diagnostic.span.line))
        lines += _excerpt(diagnostic.span, diagnostic.label, gutter)
    elif diagnostic.label:
        lines.append(f"{gutter} = note: {diagnostic.label}")
    lines.append(f"{gutter} = why: {diagnostic.why}")
    lines.append(f"{gutter} = instead: {diagnostic.instead}")
    return "\n".join(lines)


def _excerpt(span: Span, label: str, gutter: str) -> list[str]:
    """The line of `span`, carets under the part of it that `span` covers, and `label` after them."""
    text = span.text.rstrip()
    end = span.end_column if span.end_line == span.line else len(text)
    indent = "".join("\t" if char == "\t" else " " for char in text[: span.column])
    carets = "^" * max(1, min(end, len(text)) - span.column)
    return [
        f"{gutter}--> {span.filename}:{span.line}:{span.column + 1}",
        f"{gutter} |",
        f"{span.line} | {text}",
        f"{gutter} | {indent}{carets} {label}".rstrip(),
        f"{gutter} |",
    ]
