"""The user's function itself, for the subcommands that run it: `check` and `fit`."""

import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import click

import retrograd as rg
from retrograd.cli.target import Target


def load(target: Target) -> Callable[..., Any]:
    """The function meant by `target`, of a module that has run; its primal if it is a gradient."""
    name = target.function()
    with told(f"{target.path} cannot be imported"):
        found = getattr(import_file(target.path), name)
    primal: Callable[..., Any] = found.primal if isinstance(found, rg.Derivative) else found
    return primal


@contextmanager
def told(what: str) -> Iterator[None]:
    """Reports what the user's code raises as `what` and a traceback; a refusal passes through."""
    try:
        yield
    except rg.RetrogradError:
        raise
    except Exception as error:
        details = "".join(traceback.format_exception(error))
        raise click.ClickException(f"{what}\n\n{details}") from error


def import_file(path: Path) -> ModuleType:
    """Run the file at `path` as the module that it is, in its package if it lies in one."""
    path = path.resolve()
    folder, parts = path.parent, [path.stem]
    while (folder / "__init__.py").exists():
        parts.insert(0, folder.name)
        folder = folder.parent
    sys.path.insert(0, str(folder))
    if len(parts) > 1:
        return import_module(".".join(parts))
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules.setdefault(path.stem, module)
    spec.loader.exec_module(module)
    return module
