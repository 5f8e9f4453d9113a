"""A model as `retrograd.fit` takes it: one argument for the data, then what is to be fitted."""

import linecache
from collections.abc import Callable
from inspect import Parameter, signature
from typing import Any

import click
from numpy.typing import NDArray


def fitted_names(f: Callable[..., Any], columns: list[str]) -> dict[str, Any]:
    """The arguments of `f` that are none of `columns`, in order, with their defaults.

    Raises:
        click.ClickException: `f` takes any number of arguments, none from a column, or only columns.
    """
    found = signature(f).parameters
    for name, one in found.items():
        if one.kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD):
            raise click.ClickException(
                f"{f.__name__} takes any number of {name}; name each of them"
            )
    rest = {name: one.default for name, one in found.items() if name not in columns}
    if len(rest) == len(found):
        listed = f"{', '.join(found)}; the columns are {', '.join(columns)}"
        raise click.ClickException(f"no argument of {f.__name__} is a column: it takes {listed}")
    if not rest:
        raise click.ClickException(f"every argument of {f.__name__} is a column; nothing is to fit")
    return rest


def on_columns(
    f: Callable[..., Any], data: dict[str, NDArray[Any]], fitted: list[str]
) -> tuple[Callable[..., Any], Any]:
    """A function of the data and of `fitted`, which calls `f`; and what it takes for the data.

    That is `f` itself where it takes one column and takes it first. Otherwise it is written: derivatives
    are made from source.
    """
    arguments = signature(f).parameters
    plain = all(one.kind is Parameter.POSITIONAL_OR_KEYWORD for one in arguments.values())
    if plain and len(data) == 1 and next(iter(arguments)) in data:
        return f, next(iter(data.values()))
    single = len(data) == 1
    given = next(iter(data)) if single else _unused("columns", {*arguments})
    called = _unused(f.__name__, {*arguments, given})
    own = _unused("model", {*arguments, given, called})
    cells = {name: name if single else f"{given}[{name!r}]" for name in data}
    namespace: dict[str, Any] = {called: f}
    passed = []
    for name, one in arguments.items():
        if one.kind is Parameter.POSITIONAL_ONLY:
            passed.append(cells.get(name, name))
            namespace[name] = one.default  # read if it is neither a column nor fitted
        elif name in cells or name in fitted:
            passed.append(f"{name}={cells.get(name, name)}")
    text = f"def {own}({', '.join([given, *fitted])}):\n    return {called}({', '.join(passed)})\n"
    file = f"<{f.__name__} on columns>"
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    exec(compile(text, file, "exec"), namespace)
    model: Callable[..., Any] = namespace[own]
    return model, next(iter(data.values())) if single else data


def _unused(name: str, taken: set[str]) -> str:
    """`name`, longer if it is `taken`."""
    while name in taken:
        name += "_"
    return name
