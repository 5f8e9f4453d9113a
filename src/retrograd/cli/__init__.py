"""The `retrograd` command: one file per subcommand, loaded when it is called.

Exit status: 0 done; 1 refused, stale or wrong, with the reasons on standard error; 2 usage.
"""

from importlib import import_module
from typing import Any, Final

import click

from retrograd import __version__
from retrograd.transforms.diagnostics.report import RetrogradError

SUBCOMMANDS: Final = (
    "demo",
    "show",
    "compile",
    "check",
    "fit",
    "explain",
    "doctor",
    "rules",
    "stages",
)


class _Subcommands(click.Group):
    """A group that imports the module of a subcommand when it needs it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in SUBCOMMANDS:
            return None
        command: click.Command = import_module(f"retrograd.cli.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except RetrogradError as error:
            click.echo(str(error), err=True)
            ctx.exit(1)


@click.group(cls=_Subcommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="retrograd")
def main() -> None:
    """Read a NumPy function, write its gradient as readable Python source.

    A target is FILE:NAME, as in model.py:loss. `check` and `fit` run your code; the others read it.
    """
