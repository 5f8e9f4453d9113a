"""``retrograd stages model.py:f --after adjoint``: the function as the compiler has it."""

import click

from retrograd.cli.screen import print_source
from retrograd.cli.target import (
    Mode,
    Target,
    did_you_mean,
    mode_option,
    request_errors,
    target_argument,
    types_option,
    wrt_option,
)
from retrograd.compiling import file_stages
from retrograd.transforms.diagnostics.report import RetrogradError


@click.command()
@target_argument
@click.option("--after", metavar="STAGE", help="Show this stage alone.  [default: all, in order]")
@wrt_option
@mode_option
@types_option
def command(
    target: Target, after: str | None, wrt: str | None, mode: Mode, types: str | None
) -> None:
    """Show FILE:NAME after a stage of the compiler; ``python -m retrograd`` does the same.

    Of a function that is refused, the stages up to there are shown, and exit status is 1.
    """
    name = target.function()
    stages: list[tuple[str, str]] = []
    try:
        with request_errors():
            file_stages(target.path, name, wrt, mode, types, stages)
    except RetrogradError:
        _show(stages, after)
        raise
    names = [name for name, _ in stages]
    if after is not None and after not in names:
        raise click.UsageError(f"there is no stage {after!r}{did_you_mean(after, names)}")
    _show(stages, after)


def _show(stages: list[tuple[str, str]], after: str | None) -> None:
    for name, text in stages:
        if after is None:
            print_source(f"# ---- {name} ----\n")
        if after in (None, name):
            print_source(f"{text.rstrip()}\n")
