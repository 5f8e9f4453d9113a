"""What a pass is: a function from `Function`, and the facts that it needs, to `Function`."""

from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from retrograd.transforms.ir.nodes import Function
from retrograd.transforms.ir.verify import verify
from retrograd.transforms.ir.walk import altered

P = ParamSpec("P")
_FIELDS: Final = tuple(field.name for field in fields(Function))
Pass = Callable[Concatenate[Function, P], Function]


def compiler_pass(run: Pass[P]) -> Pass[P]:
    """Mark `run` as a pass: what it returns is verified before anybody uses it.

    A function that a pass did not change is handed on itself, for those who know it already.
    """
    return _verified(run, surface=False)


def surface_pass(run: Pass[P]) -> Pass[P]:
    """Mark `run` as a pass whose result is still in the surface language."""
    return _verified(run, surface=True)


def _verified(run: Pass[P], *, surface: bool) -> Pass[P]:
    @wraps(run)
    def verified(function: Function, /, *args: P.args, **kwargs: P.kwargs) -> Function:
        made = run(function, *args, **kwargs)
        verify(made, surface=surface)
        return altered(function, **{name: getattr(made, name) for name in _FIELDS})

    return verified
