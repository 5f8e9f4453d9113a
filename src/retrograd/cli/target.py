"""What the subcommands that compile are told: a target, and what to derive of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, TypeAlias

import click

from retrograd.compiling import functions_in
from retrograd.transforms.ir.nodes import Checkpoint

Mode: TypeAlias = Literal["grad", "split"]


@dataclass(frozen=True, slots=True)
class Target:
    """A file, and the name of a function in it or None."""

    path: Path
    name: str | None

    def function(self) -> str:
        """The function meant: the one named, else the only public one of the file."""
        names = self.functions()
        if len(names) > 1:
            raise click.UsageError(f"say which function of {self.path}: {', '.join(names)}")
        return names[0]

    def functions(self) -> list[str]:
        """The functions meant: the one named, else all public ones of the file."""
        defined = functions_in(self.path)
        if self.name is None:
            public = [name for name in defined if not name.startswith("_")]
            if not public:
                raise click.UsageError(f"{self.path} defines no public function")
            return public
        if self.name not in defined:
            raise click.UsageError(
                f"{self.path} defines no function {self.name!r}{did_you_mean(self.name, defined)}"
            )
        return [self.name]


def did_you_mean(name: str, names: list[str]) -> str:
    """The end of a message about the unknown `name`: the nearest of `names`, else all of them."""
    near = get_close_matches(name, names, n=3)
    if near:
        return f"; did you mean {' or '.join(near)}?"
    return f"; it has {', '.join(names)}" if names else ""


def told(warning: str) -> None:
    """Say a warning on standard error."""
    click.echo(f"warning: {warning}", err=True)


@contextmanager
def request_errors() -> Iterator[None]:
    """Reports a request that does not fit the function, a `ValueError`, as an error of usage."""
    try:
        yield
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _split(text: str) -> tuple[str, str | None]:
    path, colon, name = text.rpartition(":")
    if colon and path and all(part.isidentifier() for part in name.split(".")):
        return path, name
    return text, None


def parse_target(text: str) -> Target:
    """`text`, FILE or FILE:NAME, as the `Target` it is; `BadParameter` if no such file can be read."""
    file, name = _split(text)
    path = Path(file)
    if path.is_dir():
        raise click.BadParameter(
            f"{file} is a directory; name a file in it, as in {path / 'model.py'}:loss"
        )
    if not path.exists():
        raise click.BadParameter(f"there is no file {file}")
    if not os.access(path, os.R_OK):
        raise click.BadParameter(f"{file} may not be read")
    return Target(path, name)


def parse_checkpoint(text: str) -> Checkpoint:
    """`text` as which states of loops are kept; `BadParameter` if it says nothing of the sort."""
    if text in ("", "sqrt", "recursive"):
        return text  # type: ignore[return-value]
    if text.replace("_", "").isdecimal() and int(text) > 0:
        return int(text)
    raise click.BadParameter(f"{text} is neither sqrt nor recursive nor a number of bytes")


target_argument = click.argument("target", type=parse_target, metavar="FILE:NAME")
wrt_option = click.option(
    "--wrt",
    metavar="NAMES",
    help="Parameters to differentiate with respect to, separated by commas.  [default: the first]",
)
mode_option = click.option(
    "--mode",
    type=click.Choice(["grad", "split"]),
    default="grad",
    show_default=True,
    help="One function for both sweeps, or one for each.",
)
types_option = click.option(
    "--types",
    metavar="KINDS",
    help='What is known of the arguments, as in "w: float[d], X: float[n, d], b: float".',
)
checkpoint_option = click.option(
    "--checkpoint",
    type=parse_checkpoint,
    default="",
    metavar="SCHEME",
    help="Which states of loops to keep, computing the others again: sqrt, recursive, or as many as fit "
    "into a number of bytes.  [default: all]",
)
value_option = click.option("--value", is_flag=True, help="Return the value beside the gradient.")
