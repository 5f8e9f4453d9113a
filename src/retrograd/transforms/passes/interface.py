"""What a pass is: a function from `Function`, and the facts that it needs, to `Function`."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from retrograd.transforms.ir.nodes import Function
from retrograd.transforms.ir.verify import verify

P = ParamSpec("P")


def compiler_pass(run: Callable[P, Function]) -> Callable[P, Function]:
    """Mark `run` as a pass: what it returns is verified before anybody uses it."""

    @wraps(run)
    def verified(*args: P.args, **kwargs: P.kwargs) -> Function:
        function = run(*args, **kwargs)
        verify(function)
        return function

    return verified


def surface_pass(run: Callable[P, Function]) -> Callable[P, Function]:
    """Mark `run` as a pass whose result is still in the surface language."""

    @wraps(run)
    def verified(*args: P.args, **kwargs: P.kwargs) -> Function:
        function = run(*args, **kwargs)
        verify(function, surface=True)
        return function

    return verified
