"""``retrograd show model.py:loss``: the gradient source, highlighted."""

import click

from retrograd.cli.screen import print_source
from retrograd.cli.target import (
    Mode,
    Target,
    checkpoint_option,
    mode_option,
    request_errors,
    target_argument,
    told,
    types_option,
    value_option,
    wrt_option,
)
from retrograd.compiling import compile_file
from retrograd.transforms.ir.nodes import Checkpoint


@click.command()
@target_argument
@wrt_option
@mode_option
@types_option
@checkpoint_option
@value_option
def command(
    target: Target,
    wrt: str | None,
    mode: Mode,
    types: str | None,
    checkpoint: Checkpoint,
    value: bool,
) -> None:
    """Show the gradient source of FILE:NAME; nothing of it is imported or run."""
    name = target.function()
    with request_errors():
        text = compile_file(
            target.path,
            [name],
            wrt=wrt,
            mode=mode,
            types=types,
            checkpoint=checkpoint,
            value=value,
            warn=told,
        )
    print_source(text)
