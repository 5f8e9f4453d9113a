"""``retrograd compile model.py:loss -o model_grad.py``: the gradient source, into a file."""

import os
import shutil
from difflib import unified_diff
from pathlib import Path

import click

from retrograd.cli.target import (
    Mode,
    Target,
    checkpoint_option,
    mode_option,
    parse_target,
    request_errors,
    told,
    types_option,
    value_option,
    wrt_option,
)
from retrograd.compiling import compile_file
from retrograd.linked_source import link_file
from retrograd.transforms.diagnostics.report import RetrogradError
from retrograd.transforms.ir.nodes import Checkpoint


@click.command()
@click.argument("target", type=parse_target, metavar="FILE[:NAME]")
@click.argument("more", nargs=-1, metavar="[NAME]...")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where to write.  [default: standard output]",
)
@wrt_option
@mode_option
@types_option
@checkpoint_option
@value_option
@click.option(
    "--link",
    type=click.Choice(["lm"]),
    help="Write a module that fits the model FILE:NAME, with a Levenberg-Marquardt loop around it.",
)
@click.option("--standalone", is_flag=True, help="Copy in what is needed of retrograd's runtime.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if FILE is missing or stale.")
@click.option("--diff", is_flag=True, help="Write nothing; show how FILE would change.")
def command(
    target: Target,
    more: tuple[str, ...],
    output: Path | None,
    wrt: str | None,
    mode: Mode,
    types: str | None,
    checkpoint: Checkpoint,
    value: bool,
    link: str | None,
    standalone: bool,
    check: bool,
    diff: bool,
) -> None:
    """Write the gradient source of FILE[:NAME], and of more functions of that file.

    Without a NAME: of every public function of FILE. Nothing of it is imported or run, and an
    output that exists stays as it is unless the whole of the new one could be made.
    """
    names = _names(target, more)
    if output is None and (check or diff):
        raise click.UsageError("--check and --diff compare with a file: name it with -o")
    if output is not None and output.exists() and output.samefile(target.path):
        raise click.UsageError(f"-o {output} is the file to be read")
    try:
        with request_errors():
            if link is not None:
                plain = wrt is None and mode == "grad" and not value and not checkpoint
                text = _linked(target, names, types, plain)
            else:
                text = compile_file(
                    target.path,
                    names,
                    wrt=wrt,
                    mode=mode,
                    types=types,
                    checkpoint=checkpoint,
                    value=value,
                    standalone=standalone,
                    warn=told,
                )
    except RetrogradError:
        if target.name is None:
            click.echo(
                f"{target.path}: not every function can be differentiated; "
                f"name those that you want, as in {target.path}:{names[0]}",
                err=True,
            )
        raise
    new = text.encode()
    if output is None:
        click.echo(new, nl=False)
    elif check or diff:
        old = output.read_bytes() if output.exists() else None
        if diff:
            click.echo(_difference(output, old or b"", new), nl=False)
        if check and old != new:
            state = "missing" if old is None else "stale"
            click.echo(f"{output} is {state}", err=True)
            raise click.exceptions.Exit(1)
    else:
        try:
            replace_file(output, new)
        except OSError as error:
            raise click.ClickException(f"cannot write {output}: {error.strerror}") from error


def _linked(target: Target, names: list[str], types: str | None, alone: bool) -> str:
    """The module of a fit."""
    if len(names) != 1 or not alone:
        raise ValueError(
            "--link takes one model, and neither --wrt, --mode, --checkpoint nor --value"
        )
    return link_file(target.path, names[0], types)


def _names(target: Target, more: tuple[str, ...]) -> list[str]:
    """The functions to compile, each once, in the order in which they were named."""
    names = target.functions()
    for text in more:
        other = Target(target.path, text) if text.isidentifier() else parse_target(text)
        if not other.path.samefile(target.path):
            raise click.UsageError(
                f"one call compiles functions of one file, not of {target.path} and {other.path}"
            )
        names += other.functions()
    return list(dict.fromkeys(names))


def _difference(output: Path, old: bytes, new: bytes) -> str:
    before, after = (text.decode(errors="replace").splitlines(keepends=True) for text in (old, new))
    return "".join(unified_diff(before, after, str(output), f"{output} (new)"))


def replace_file(path: Path, content: bytes) -> None:
    """Give the file at `path` new content, all of it or none; permissions and links stay.

    What is not a regular file (a terminal, ``/dev/null``) is written to as it is.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        if path.exists():
            shutil.copymode(path, temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
