"""Options by name: what a method takes, and what is not to be had."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np


def check_method(method: str, available: Iterable[str]) -> None:
    """Raises ValueError, with the methods there are, unless `method` is among `available`."""
    if method not in available:
        raise ValueError(f"method={method!r} came; available are {_listed(available)}")


def read_options(
    method: str, given: Mapping[str, Any], defaults: Mapping[str, Any]
) -> dict[str, Any]:
    """`defaults` overridden by `given`.

    Raises:
        TypeError: an option that `defaults` does not have.
        ValueError: an option is not of the kind of its default: a switch, a whole number from 0 (as
            ``maxiter`` and ``maxfev`` are), or a number from 0.
    """
    unknown = [name for name in given if name not in defaults]
    if unknown:
        plural = "s" if len(unknown) > 1 else ""
        came = f"method {method!r} has no option{plural} {_listed(unknown)}"
        raise TypeError(f"{came}; its options are {_listed(defaults)}")
    settings = {**defaults, **given}
    for name, value in settings.items():
        if value is None and defaults[name] is None:
            continue
        if isinstance(defaults[name], bool):
            if not isinstance(value, bool | np.bool_):
                raise ValueError(f"{name}={value!r} came; True or False was wanted")
        elif name in ("maxiter", "maxfev", "maxinner") or isinstance(defaults[name], int):
            if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 0:
                raise ValueError(f"{name}={value!r} came; a whole number from 0 was wanted")
        elif not _from_zero(value) and not (name == "learning_rate" and callable(value)):
            raise ValueError(f"{name}={value!r} came; a finite number from 0 was wanted")
    return settings


def _from_zero(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and bool(np.isfinite(value) and value >= 0)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)
