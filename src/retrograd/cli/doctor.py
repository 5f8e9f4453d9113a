"""``retrograd doctor model.py``: which functions differentiate, and what stands in the way of others."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import click

from retrograd.cli.target import request_errors, types_option
from retrograd.examining import Examined, examine
from retrograd.transforms.diagnostics.report import Diagnostic


@click.command()
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="FILE|FOLDER...",
)
@types_option
def command(paths: tuple[Path, ...], types: str | None) -> None:
    """Say of every function in the files which differentiate, and why the others do not.

    Each is differentiated with respect to all parameters that may hold floats. Nothing is imported
    or run. Exit status 1 if a function is refused.
    """
    files = list(dict.fromkeys(file for path in paths for file in python_files(path)))
    if not files:
        raise click.UsageError(f"there is no Python file in {', '.join(map(str, paths))}")
    with request_errors():
        found = list(examine(files, types))
    for filename, members in groupby(found, key=attrgetter("filename")):
        click.echo(filename)
        for line in _listing(list(members)):
            click.echo(line)
    click.echo(_summary(found))
    if any(one.diagnostics for one in found):
        raise click.exceptions.Exit(1)


def python_files(path: Path) -> Iterator[Path]:
    """The file `path`, or those in the folder; not what is hidden, nor environments."""
    if not path.is_dir():
        yield path
        return
    for child in sorted(path.iterdir()):
        hidden = child.name.startswith(".") or child.name == "__pycache__"
        if child.is_dir() and not hidden and not (child / "pyvenv.cfg").exists():
            yield from python_files(child)
        elif child.suffix == ".py":
            yield child


def _listing(members: Sequence[Examined]) -> Iterator[str]:
    first = max(len(str(one.line)) for one in members)
    second = max(len(one.name) for one in members)
    for one in members:
        if one.name:
            yield f"  {one.line:>{first}}  {one.name:<{second}}  {_verdict(one)}"
        for diagnostic in one.diagnostics:
            yield f"  {'':>{first}}    {_place(diagnostic)}{diagnostic.code}: {diagnostic.title}"
            if diagnostic.label:
                yield f"  {'':>{first}}      {diagnostic.label}"
            yield f"  {'':>{first}}      instead: {diagnostic.instead}"


def _verdict(one: Examined) -> str:
    if one.diagnostics:
        return "does not differentiate"
    if not one.wrt:
        return "takes no floats"
    return f"differentiates by {', '.join(one.wrt)}"


def _place(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    return "" if span is None else f"{span.filename}:{span.line}:{span.column + 1}: "


def _summary(found: Sequence[Examined]) -> str:
    functions = [one for one in found if one.name]
    refused = sum(bool(one.diagnostics) for one in functions)
    idle = sum(not one.diagnostics and not one.wrt for one in functions)
    parts = [f"{len(functions) - refused - idle} differentiate", f"{refused} do not"]
    parts += [f"{idle} take no floats"] if idle else []
    unread = len(found) - len(functions)
    parts += [f"{unread} files cannot be read"] if unread else []
    count = "1 function" if len(functions) == 1 else f"{len(functions)} functions"
    return f"{count}: {', '.join(parts)}"
