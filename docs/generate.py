"""Write what is printed from tables or by the compiler: three pages of docs/, the gradients in Markdown.

    python docs/generate.py            brings the files up to date
    python docs/generate.py --check    exits 1 if one of them is not

A gradient in a page stands under a comment ``<!-- gradient: NAME wrt A,B -->``, at whose end may stand
``types KINDS``, and belongs to the nearest Python block above that defines NAME. So does what
`retrograd explain` says, under ``<!-- explanation: NAME wrt A,B -->``.
"""

import re
import sys
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Final

import retrograd as rg
from retrograd.cli.rules import rows
from retrograd.transforms.diagnostics.catalogue import CATALOGUE
from retrograd.transforms.diagnostics.kind import DiagnosticKind
from retrograd.transforms.explain.explain import explain
from retrograd.transforms.frontend.read import read_text
from retrograd.transforms.frontend.request import Request
from retrograd.transforms.rules.arithmetic import CHOSEN
from retrograd.transforms.rules.table import all_rules

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # for the table of constructs, which the tests hold

from tests.constructs.table import language_page  # noqa: E402

PYTHON_BLOCK: Final = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
GRADIENT: Final = re.compile(
    r"(^<!-- gradient: (\w+) wrt (\S+)(?: types ([^\n]+))? -->\n```python\n)(.*?)(?=^```$)",
    re.MULTILINE | re.DOTALL,
)

EXPLANATION: Final = re.compile(
    r"(^<!-- explanation: (\w+) wrt (\S+) -->\n```text\n)(.*?)(?=^```$)", re.MULTILINE | re.DOTALL
)

FAMILIES: Final = {
    "RG1": "Reading",
    "RG2": "The language",
    "RG3": "Derivatives",
    "RG4": "Memory and aliasing",
    "RG5": "Native code",
    "RG9": "Errors of our own",
}


def current() -> dict[Path, str]:
    """What each of the files that we write should hold."""
    files = {
        ROOT / "docs" / "diagnostics.md": diagnostics_page(),
        ROOT / "docs" / "language.md": language_page(),
        ROOT / "docs" / "rules.md": rules_page(),
    }
    for page in (ROOT / "README.md", ROOT / "docs" / "tour.md"):
        files[page] = with_explanations(with_gradients(page.read_text(encoding="utf-8")))
    return files


# ---------------------------------------------------------------- diagnostics


def diagnostics_page() -> str:
    """The catalogue of refusals as Markdown."""
    parts = [
        "# Diagnostics",
        "What retrograd refuses, why, and what to write instead. In the snippets the function is `f`, "
        "differentiated\nwith respect to its first argument. This page is printed from the catalogue.",
    ]
    family = ""
    for kind in CATALOGUE:
        if not kind.code.startswith(family) or not family:
            family = kind.code[:3]
            parts.append(f"## {FAMILIES[family]}")
        parts += _diagnostic(kind)
    return "\n\n".join(parts) + "\n"


def _diagnostic(kind: DiagnosticKind) -> list[str]:
    parts = [
        f"### {kind.code}: {kind.title}",
        f"Why: {kind.why}.\n\nInstead: {kind.instead}.",
    ]
    for label, snippet in (("Refused", kind.refused), ("Accepted", kind.accepted)):
        if snippet:
            parts.append(f"{label}:\n\n```python\n{snippet.strip()}\n```")
    return parts


# ---------------------------------------------------------------- rules


def rules_page() -> str:
    """The tables of derivative rules as Markdown."""
    parts = [
        "# Rules",
        "The functions and operators that retrograd differentiates, and the operands in which it does. "
        "*zero* says that the\nderivative is zero by definition; *none that we know*, that an argument "
        "that we differentiate by is refused there.\nA keyword that is not listed is refused by name. "
        "This page is printed from the tables.",
    ]
    for group, members in groupby(rows(), key=attrgetter("group")):
        parts.append(f"## {group}")
        lines = ["| function | derivative in | remark |", "|---|---|---|"]
        for row in members:
            signature = row.signature.replace("|", "\\|")
            remark = "; ".join(filter(None, [row.reach, row.remark]))
            lines.append(f"| `{signature}` | {row.derivative} | {remark} |")
        parts.append("\n".join(lines))
    return "\n\n".join([*parts, *kinks()]) + "\n"


def kinks() -> list[str]:
    """What derivatives are where functions bend, jump or end, as a table."""
    functions: dict[str, list[str]] = {}
    for rule in all_rules():
        if rule.kink and not rule.path.startswith("retrograd."):
            functions.setdefault(rule.kink, []).append(f"`{rule.path}`")
    lines = ["| the derivative is | of |", "|---|---|"]
    lines += [
        f"| {kink} | {', '.join(sorted(set(members)))} |" for kink, members in functions.items()
    ]
    lines.append("| that of the way taken, also where the condition changes | `if`, `while` |")
    lines.append(f"| {CHOSEN} | `a if c else b` |")
    return [
        "## Kinks",
        "Where a function bends, jumps or ends it has no derivative, and what retrograd gives there is "
        "a convention, the same\nin both modes. Where a value is chosen, what is not chosen has the "
        "derivative 0, even if its own is infinite or nan:\n`np.where(x > 0, np.log(x), 0.0)` has a "
        "finite gradient. `explain` names the kinks that a function can meet.",
        "\n".join(lines),
    ]


# ---------------------------------------------------------------- gradients in pages


def with_gradients(page: str) -> str:
    """`page` with every gradient in it as the compiler writes it."""

    def written(match: re.Match[str]) -> str:
        opening, name, wrt, types, _ = match.groups()
        source = primal(page[: match.start()], name)
        return opening + rg.gradient_source(
            source, name, argnames=tuple(wrt.split(",")), types=types
        )

    return GRADIENT.sub(written, page)


def with_explanations(page: str) -> str:
    """`page` with every explanation in it as the compiler gives it."""

    def written(match: re.Match[str]) -> str:
        opening, name, wrt, _ = match.groups()
        program = read_text(primal(page[: match.start()], name), name, "model.py")
        return opening + str(explain(program, Request(tuple(wrt.split(",")))))

    return EXPLANATION.sub(written, page)


def primal(above: str, name: str) -> str:
    """The last Python block of the text `above` that defines `name`."""
    for block in reversed(PYTHON_BLOCK.findall(above)):
        if re.search(rf"^def {name}\(", block, re.MULTILINE):
            return str(block)
    raise ValueError(f"no Python block above the gradient of {name} defines it")


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` say which are stale; the exit status."""
    stale = [
        (path, text)
        for path, text in current().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path, text in stale:
        print(f"{path.relative_to(ROOT)} {'is stale' if arguments else 'written'}")
        if not arguments:
            path.write_text(text, encoding="utf-8")
    return 1 if arguments and stale else 0


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
