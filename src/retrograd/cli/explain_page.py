"""An explanation as one HTML file: source and facts on the left, the gradient on the right."""

from html import escape
from typing import Final

from retrograd.transforms.explain.page import Explanation, Line, Part

_STYLE: Final = """\
body { font: 14px/1.45 system-ui, sans-serif; margin: 1.5em; color: #222; background: #fff; }
main { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 2em; }
h1 { font-size: 1.3em; } h2 { font-size: 1em; margin: 1.2em 0 .4em; }
pre, code { font: 13px/1.45 ui-monospace, monospace; margin: 0; white-space: pre-wrap; }
.line { display: flex; gap: 1em; } .number { color: #999; min-width: 2.5em; text-align: right; }
.active { background: #eaf6ea; }
ul { margin: 0 0 .3em 4.5em; padding: 0; list-style: none; font-size: 12px; color: #555; }
.topic { display: inline-block; min-width: 5.5em; font-weight: 600; }
.topic.active { color: #176d17; } .topic.saved { color: #8a5a00; } .topic.helper { color: #8a1f5a; }
"""


def page(explanation: Explanation) -> str:
    """The page; it needs nothing from anywhere else."""
    name = escape(explanation.parts[0].name)
    left = "\n".join(map(_part, explanation.parts))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{name}</title>\n'
        f"<style>\n{_STYLE}</style>\n</head>\n<body>\n<h1>{name} and its gradient</h1>\n<main>\n"
        f"<section>\n{left}\n</section>\n"
        f"<section>\n<h2>What was written</h2>\n<pre>{escape(explanation.source)}</pre>\n</section>\n"
        "</main>\n</body>\n</html>\n"
    )


def _part(part: Part) -> str:
    return "\n".join([f"<h2>{escape(part.title)}</h2>", *map(_line, part.lines)])


def _line(line: Line) -> str:
    active = " active" if any(note.topic == "active" for note in line.notes) else ""
    shown = (
        f'<div class="line{active}"><span class="number">{line.number}</span>'
        f"<pre>{escape(line.text)}</pre></div>"
    )
    notes = "".join(
        f'<li><span class="topic {note.topic.replace(" ", "-")}">{note.topic}</span> '
        f"{escape(note.text)}</li>"
        for note in line.notes
    )
    return f"{shown}\n<ul>{notes}</ul>" if notes else shown
