"""Columns of numbers by name, from a CSV file with a header."""

import csv
from collections.abc import Iterable
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from retrograd.cli.target import did_you_mean


class Table:
    """The rows of a CSV file, whose cells are read as numbers when their column is asked for.

    Args:
        path: a file in UTF-8, commas between the cells; empty lines do not count.

    Raises:
        click.ClickException: it cannot be read, or a row has more or fewer cells than the header.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.reader(file, skipinitialspace=True, strict=True)
                rows = [(reader.line_num, row) for row in reader if any(map(str.strip, row))]
        except (OSError, UnicodeError, csv.Error) as error:
            raise click.ClickException(f"cannot read {path}: {error}") from error
        if len(rows) < 2:
            raise click.ClickException(
                f"{path} has no rows; a header and a line for each were wanted"
            )
        self.names = [name.strip() for name in rows[0][1]]
        twice = [name for name in self.names if self.names.count(name) > 1]
        if twice:
            raise click.ClickException(f"{path} has two columns called {twice[0]!r}")
        self._rows = rows[1:]
        for line, row in self._rows:
            if len(row) != len(self.names):
                raise click.ClickException(
                    f"{path}, line {line}: {len(row)} cells for {len(self.names)} columns"
                )

    def column(self, name: str) -> NDArray[np.float64]:
        """The numbers under `name`, float64, shape (rows,).

        Raises:
            click.ClickException: there is no such column, or a cell of it is no finite number.
        """
        self.require([name])
        place = self.names.index(name)
        return np.array([self._number(line, name, row[place]) for line, row in self._rows])

    def require(self, names: Iterable[str]) -> None:
        """Raises `click.ClickException` if one of `names` is not that of a column."""
        for name in names:
            if name not in self.names:
                near = did_you_mean(name, self.names)
                raise click.ClickException(f"{self.path} has no column {name!r}{near}")

    def _number(self, line: int, name: str, cell: str) -> float:
        try:
            value = float(cell)
        except ValueError:
            value = np.nan
        if not np.isfinite(value):
            raise click.ClickException(
                f"{self.path}, line {line}: column {name!r} has {cell!r}; a finite number was wanted"
            )
        return value
