"""A point to check a gradient at: arguments by name, from a ``.json`` or ``.npz`` file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray


def read_point(path: Path) -> dict[str, Any]:
    """The arguments by name that a ``.json`` or ``.npz`` file holds.

    Lists of numbers in JSON become arrays. In an ``.npz`` file an array of rank 0 is a number, and
    ``params.W1`` is the entry ``W1`` of a dict `params`.
    """
    try:
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as arrays:
                return _nested({name: arrays[name] for name in arrays.files})
        point = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise click.UsageError(f"cannot read {path}: {error}") from error
    if not isinstance(point, dict):
        raise click.UsageError(f'{path}: wanted an object with the arguments by name, {{"x": 1.5}}')
    return {name: _value(value) for name, value in point.items()}


def _nested(arrays: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    point: dict[str, Any] = {}
    for name, array in arrays.items():
        *outer, last = name.split(".")
        inside = point
        for key in outer:
            inside = inside.setdefault(key, {})
        inside[last] = array if array.ndim else array.item()
    return point


def _value(value: Any) -> Any:
    """A JSON value as an argument."""
    if isinstance(value, dict):
        return {key: _value(entry) for key, entry in value.items()}
    if not isinstance(value, list):
        return value
    try:
        array = np.array(value)
    except ValueError:  # lists of different lengths
        return [_value(entry) for entry in value]
    return array if array.dtype.kind in "bif" else [_value(entry) for entry in value]
