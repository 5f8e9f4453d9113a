"""``retrograd explain model.py:loss``: what the compiler found out, beside the source."""

import sys
from pathlib import Path

import click

from retrograd.cli.compile import replace_file
from retrograd.cli.explain_page import page
from retrograd.cli.target import (
    Mode,
    Target,
    checkpoint_option,
    mode_option,
    request_errors,
    target_argument,
    types_option,
    wrt_option,
)
from retrograd.compiling import explain_file
from retrograd.transforms.explain.page import Explanation
from retrograd.transforms.ir.nodes import Checkpoint


@click.command()
@target_argument
@wrt_option
@mode_option
@types_option
@checkpoint_option
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write a page with source, facts and gradient side by side.",
)
def command(
    target: Target,
    wrt: str | None,
    mode: Mode,
    types: str | None,
    checkpoint: Checkpoint,
    html: Path | None,
) -> None:
    """Say line by line what is active in FILE:NAME and why, what is saved, and what remains open.

    Nothing of it is imported or run.
    """
    name = target.function()
    with request_errors():
        explanation = explain_file(target.path, name, wrt, mode, types, checkpoint)
    if html is None:
        _print(explanation)
        return
    try:
        replace_file(html, page(explanation).encode())
    except OSError as error:
        raise click.ClickException(f"cannot write {html}: {error.strerror}") from error


def _print(explanation: Explanation) -> None:
    """The text of `explanation`: coloured on a terminal, byte for byte anywhere else."""
    if not sys.stdout.isatty():
        click.echo(str(explanation).encode(), nl=False)
        return
    from rich.console import Console
    from rich.text import Text

    text = Text(str(explanation))
    text.highlight_regex(r"(?m)^ *\d+ \|", "dim")
    text.highlight_regex(r"(?m)^ +: .*$", "cyan")
    text.highlight_regex(r"(?m)^ +: +active .*$", "green")
    text.highlight_regex(r"(?m)^ +: +saved .*$", "yellow")
    Console().print(text, soft_wrap=True, end="")
