"""The table of constructs: what becomes of each, and which test shows it.

    python -m tests.constructs.table            judges every entry and prints the table
    python -m tests.constructs.table loop       only entries with "loop" in their id

Exits 1 if an outcome is not the one that its entry declares.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Final

from tests.constructs.entries import DIFFERENTIATED, SECTIONS, Entry, all_entries, entries
from tests.constructs.judging import outcome

INTRODUCTION: Final = """\
# The language

What becomes of each construct of Python: its gradient is right, or it is refused with a code that
[the catalogue](diagnostics.md) explains. Each row is a program of `tests/constructs/` under the name in the third
column; the tests hold its gradient against central differences and forward mode. The last column tells of
programs that make it harder. This page is printed from those programs.
"""


def language_page() -> str:
    """The page of the language as Markdown: every entry with the outcome that it declares."""
    return f"{INTRODUCTION}\n{tables({entry.id: entry.declared for entry in all_entries()})}"


def tables(outcomes: Mapping[str, str]) -> str:
    """The tables of all sections as Markdown, of the entries in `outcomes`."""
    parts = []
    for section, title in SECTIONS.items():
        chosen = [entry for entry in entries(section) if entry.id in outcomes]
        if chosen:
            parts.append(f"## {title}\n\n" + "\n".join(_table(chosen, outcomes)))
    return "\n\n".join(parts) + "\n"


def _table(entries: Iterable[Entry], outcomes: Mapping[str, str]) -> list[str]:
    """One row for each construct, its harder cases in the last column."""
    lines = ["| construct | outcome | test | harder cases |", "|---|---|---|---|"]
    for construct, group in groupby(entries, key=attrgetter("construct")):
        first, *harder = group
        more = "; ".join(_harder(one, outcomes[one.id]) for one in harder)
        cells = (construct, outcomes[first.id], first.id, more)
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return lines


def _harder(entry: Entry, outcome: str) -> str:
    """A harder case; its outcome is told if it is not the usual one."""
    return entry.harder if outcome == DIFFERENTIATED else f"{entry.harder} ({outcome})"


def main(arguments: list[str]) -> int:
    """Judge the entries that are asked for and print their table; the exit status."""
    chosen = [entry for entry in all_entries() if all(part in entry.id for part in arguments)]
    outcomes, surprises = {}, []
    for entry in chosen:
        try:
            outcomes[entry.id] = outcome(entry)
        except Exception as problem:
            outcomes[entry.id] = "wrong"
            surprises.append(f"{entry.id}: {problem}")
        else:
            if outcomes[entry.id] != entry.declared:
                surprises.append(f"{entry.id}: {outcomes[entry.id]}, and not {entry.declared}")
    print(tables(outcomes))
    print(", ".join(f"{count} {word}" for word, count in Counter(outcomes.values()).most_common()))
    print("\n".join(surprises), file=sys.stderr)
    return 1 if surprises else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
