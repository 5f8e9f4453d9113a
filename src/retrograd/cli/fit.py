"""``retrograd fit model.py:decay data.csv``: fit a model to the columns of a file; runs the user's code."""

import inspect
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import click
import numpy as np

import retrograd as rg
from retrograd.cli.columns_model import fitted_names, on_columns
from retrograd.cli.compile import replace_file
from retrograd.cli.loading import load, told
from retrograd.cli.table import Table
from retrograd.cli.target import Target, did_you_mean, target_argument
from retrograd.runtime.solvers.fit_result import FitResult
from retrograd.runtime.solvers.history_plot import new_figure
from retrograd.runtime.solvers.least_squares import DEFAULTS


def start_of(text: str | None, fitted: dict[str, Any]) -> dict[str, float]:
    """Where the fit starts, by name.

    Args:
        text: ``a=1,b=2``, of which those with a default may be missing, to keep it; ``1,2`` for all
            in order; None for ones.
        fitted: what may be fitted, with its defaults.

    Raises:
        click.UsageError: `text` is neither, or does not fit `fitted`.
    """
    if text is None:
        return dict.fromkeys(fitted, 1.0)
    parts = [part.strip() for part in text.split(",")]
    listed = ", ".join(fitted)
    if not any("=" in part for part in parts):
        if len(parts) != len(fitted):
            raise click.UsageError(
                f"--p0 has {len(parts)} numbers; wanted is one each for {listed}"
            )
        return dict(zip(fitted, map(_number, parts), strict=True))
    given: dict[str, float] = {}
    for part in parts:
        name, _, number = (piece.strip() for piece in part.partition("="))
        if name not in fitted:
            near = did_you_mean(name, list(fitted))
            raise click.UsageError(f"--p0 names {name!r}, which is no parameter{near}")
        if name in given:
            raise click.UsageError(f"--p0 names {name!r} twice")
        given[name] = _number(number)
    missing = [
        name
        for name, default in fitted.items()
        if name not in given and default is inspect.Parameter.empty
    ]
    if missing:
        raise click.UsageError(f"--p0 does not say where {', '.join(missing)} starts")
    return {name: given[name] for name in fitted if name in given}


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise click.UsageError(f"--p0 has {text!r}; a finite number was wanted")
    return value


def data_column(f: Callable[..., Any], table: Table, y: str | None, sigma: str | None) -> str:
    """The column that `f` predicts: `y`, or the only one that is nothing else.

    Raises:
        click.ClickException: there is no such column.
        click.UsageError: it could be several.
    """
    if y is not None:
        return y
    arguments = inspect.signature(f).parameters
    left = [name for name in table.names if name not in arguments and name != sigma]
    if not left:
        raise click.ClickException(f"{table.path} has no column but those that {f.__name__} takes")
    if len(left) > 1:
        raise click.UsageError(f"say what the data are: --y {' or --y '.join(left)}")
    return left[0]


def figures(result: FitResult) -> dict[str, Any]:
    """What is in `result`, as JSON has it: null for what is not finite."""
    assert result.full is not None
    assert result.cov is not None
    rows = zip(result.names, result.full, result.stderr, result.states, strict=True)
    return {
        "success": result.success,
        "status": result.status.name,
        "message": result.message,
        "method": result.method,
        "parameters": {
            name: {"value": _finite(value), "stderr": _finite(error), "state": state}
            for name, value, error, state in rows
        },
        "covariance": [[_finite(entry) for entry in row] for row in result.cov],
        "statistics": {name: _finite(value) for name, value in result.statistics.items()},
        "residuals": result.fun.size,
        "rank": result.rank,
        "nit": result.nit,
        "nfev": result.nfev,
        "njev": result.njev,
    }


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def check_picture(path: Path, inputs: list[Path]) -> None:
    """Refuse a picture that could not be written, before there is one."""
    if path.exists() and any(path.samefile(one) for one in inputs):
        raise click.UsageError(f"--plot {path} is a file to be read")
    try:
        kinds = new_figure().canvas.get_supported_filetypes()
    except ImportError as error:
        raise click.ClickException(str(error)) from error
    if path.suffix[1:].lower() not in kinds:
        listed = ", ".join(f".{kind}" for kind in kinds)
        raise click.UsageError(f"--plot {path}: the name was wanted to end in one of {listed}")


def write_picture(result: FitResult, path: Path) -> None:
    """Draw `result` into the file at `path`, all of it or nothing."""
    picture = BytesIO()
    result.plot().savefig(picture, format=path.suffix[1:].lower())
    try:
        replace_file(path, picture.getvalue())
    except OSError as error:
        raise click.ClickException(f"cannot write {path}: {error.strerror}") from error


@click.command()
@target_argument
@click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--p0",
    metavar="START",
    help="Where the parameters start: a=1,b=2, those left out keeping their defaults; or 1,2.  "
    "[default: ones]",
)
@click.option(
    "--y",
    metavar="COLUMN",
    help="What FILE:NAME predicts.  [default: the only column left]",
)
@click.option("--sigma", metavar="COLUMN", help="Standard deviations of the data.")
@click.option(
    "--absolute-sigma",
    is_flag=True,
    help="Take these in the unit of the data; otherwise only their proportions count.",
)
@click.option(
    "--method", type=click.Choice(list(DEFAULTS)), default="lm", show_default=True, help="The loop."
)
@click.option(
    "--plot",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Draw data, model and residuals; the ending says in which format.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a report.")
def command(
    target: Target,
    data: Path,
    p0: str | None,
    y: str | None,
    sigma: str | None,
    absolute_sigma: bool,
    method: str,
    plot: Path | None,
    as_json: bool,
) -> None:
    """Fit the model FILE:NAME to the CSV file DATA, whose first line names its columns; this runs FILE.

    Columns are the arguments of the same names; the other arguments are the parameters. Exit status
    1 if the fit does not succeed; then there is a report, but no picture.
    """
    if absolute_sigma and sigma is None:
        raise click.UsageError("--absolute-sigma says how to take --sigma, which is missing")
    if plot is not None:
        check_picture(plot, [target.path, data])
    f = load(target)
    table = Table(data)
    roles = [name for name in (y, sigma) if name is not None]
    table.require(roles)
    fitted = fitted_names(f, [name for name in table.names if name not in roles])
    measured = data_column(f, table, y, sigma)
    start = start_of(p0, fitted)
    inputs = {
        name: table.column(name) for name in inspect.signature(f).parameters if name not in fitted
    }
    deviations = None if sigma is None else table.column(sigma)
    values = table.column(measured)
    model, x = on_columns(f, inputs, list(start))
    with told(f"{f.__name__} cannot be called with the columns of {data} and the start"):
        model(x, **start)
    try:
        result = rg.fit(model, x, values, start, deviations, absolute_sigma, method=method)
    except (ValueError, TypeError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(figures(result), indent=2) if as_json else str(result))
    if not result.success:
        raise click.ClickException(f"the fit did not succeed: {result.message}")
    if plot is not None:
        write_picture(result, plot)
