"""``retrograd check model.py:loss --at point.json``: the gradient against finite differences.

This imports and runs the user's code.
"""

import copy
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy as np

import retrograd as rg
from retrograd.cli.loading import load, told
from retrograd.cli.point import read_point
from retrograd.cli.target import Target, did_you_mean, target_argument
from retrograd.runtime.arrays import require_scalar
from retrograd.runtime.checking import Comparison, compare_gradients
from retrograd.runtime.pytrees import is_active, leaves


def arguments_at(f: Callable[..., Any], point: dict[str, Any], path: Path) -> dict[str, Any]:
    """The arguments of `f` by name, in order: those of `point`, else defaults."""
    params = inspect.signature(f).parameters
    for name in point:
        if name not in params:
            raise click.UsageError(
                f"{path}: {f.__name__} has no parameter {name!r}{did_you_mean(name, list(params))}"
            )
    empty = inspect.Parameter.empty
    missing = [name for name, p in params.items() if name not in point and p.default is empty]
    if missing:
        raise click.UsageError(f"{path} does not say what {', '.join(missing)} is")
    return {name: point.get(name, p.default) for name, p in params.items()}


def chosen(wrt: str | None, arguments: dict[str, Any]) -> tuple[str, ...]:
    """The names that ``--wrt`` lists, else every argument with a float in it."""
    if wrt is None:
        floating = tuple(
            name
            for name, argument in arguments.items()
            if any(is_active(leaf) for _, leaf in leaves(argument))
        )
        if not floating:
            raise click.UsageError("no argument holds a float; --wrt takes an integer for one")
        return floating
    names = tuple(name.strip() for name in wrt.split(","))
    for name in names:
        if name not in arguments:
            raise click.UsageError(
                f"there is no parameter {name!r}{did_you_mean(name, list(arguments))}"
            )
    return names


def check_is_number(f: Callable[..., Any], value: Any) -> None:
    """Refuse to compare the gradient of a function whose `value` has none."""
    try:
        require_scalar(value)
    except ValueError as error:
        raise click.ClickException(
            f"{f.__name__} cannot be checked: {error}; retrograd.check_grads(f, args) checks that"
        ) from None


def _verdict(comparison: Comparison) -> str:
    if comparison.agrees:
        return ""
    if comparison.settles:
        return "  do not agree"
    return "  do not agree; nor do differences with another step: it jumps or bends there"


def _is_whole(argument: Any) -> bool:
    """Whether `argument` holds numbers and none of them is a float."""
    found = [np.asarray(leaf) for _, leaf in leaves(argument)]
    return bool(found) and all(np.issubdtype(leaf.dtype, np.integer) for leaf in found)


@click.command()
@target_argument
@click.option(
    "--at",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    required=True,
    help="The arguments by name, as a JSON object or an .npz file.",
)
@click.option(
    "--wrt",
    metavar="NAMES",
    help="Parameters to check, separated by commas.  [default: all that hold floats]",
)
def command(target: Target, at: Path, wrt: str | None) -> None:
    """Compare the gradient of FILE:NAME with finite differences; this imports and runs FILE.

    For each argument the entry that is worst is shown: how far the two are apart, and how far they
    may be, which follows from the step and from how rough FILE:NAME is (docs/tour.md has the
    formula). Exit status 1 if one does not agree.
    """
    f = load(target)
    arguments = arguments_at(f, read_point(at), at)
    names = chosen(wrt, arguments)
    with told(f"{f.__name__} cannot be checked at {at}"):
        value = f(**copy.deepcopy(arguments))
    check_is_number(f, value)
    with told(f"{f.__name__} cannot be checked at {at}"):
        gradient = rg.grad(f, argnames=names)(**arguments)
        comparisons = compare_gradients(
            lambda *values: f(**dict(zip(arguments, values, strict=True))),
            tuple(arguments.values()),
            gradient if len(names) > 1 else (gradient,),
            argnums=[list(arguments).index(name) for name in names],
            names=list(arguments),
        )
    width = max(map(len, ["worst entry", *(c.where for c in comparisons)]))
    click.echo(
        f"{'worst entry':<{width}} {'gradient':>20} {'difference':>20} {'apart':>8} {'allowed':>8}"
    )
    for c in comparisons:
        click.echo(
            f"{c.where:<{width}} {c.found:20.12g} {c.expected:20.12g} {c.apart:8.1e}"
            f" {c.allowed:8.1e}{_verdict(c)}"
        )
    whole = [name for name, argument in arguments.items() if _is_whole(argument)]
    if wrt is None and whole:
        click.echo(f"not checked, for they hold whole numbers: {', '.join(whole)} (see --wrt)")
    if not all(c.agrees for c in comparisons):
        raise click.exceptions.Exit(1)
