"""How generated source gets out: highlighted on a terminal, byte for byte anywhere else."""

import sys

import click


def print_source(text: str) -> None:
    """Print Python source to standard output."""
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.syntax import Syntax

        highlighted = Syntax("", "python", background_color="default").highlight(text)
        Console().print(highlighted, soft_wrap=True, end="")
    else:
        click.echo(text.encode(), nl=False)
