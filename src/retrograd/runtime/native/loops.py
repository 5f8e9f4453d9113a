"""Array expressions as loops over elements: one pass over memory, and no array for a part of them.

elementwise("x, y", "np.exp(-x) * y")        gives a function of Numba's that, for arrays, is

for each row of the result:                  operands stretched as NumPy stretches them
    for each piece of the row:               what does not lie in a row is copied into one
        for j in range(length):              the loop that becomes vector instructions
            out[j] = exp(-x[j]) * y[j]
"""

import ast
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numba.core.typing.templates import signature
from numba.extending import intrinsic

from retrograd.runtime.native.elements import NoElements
from retrograd.runtime.native.over_elements import Loops, New, Updated, Written
from retrograd.runtime.native.sums import Mean, Sum, sums_along


def elementwise(params: str, text: str) -> Any:
    """The function of `params` that computes the expression `text`: a new array."""
    return _function(params, text, New, f"return {text}")


def summed(params: str, text: str) -> Any:
    """The function of `params` that gives the sum of the elements of the expression `text`."""
    return _function(params, text, Sum, f"return np.sum({text})")


def summed_along(params: str, text: str, axis: int) -> Any:
    """The function of `params` that gives the sums of `text` along an axis."""
    return _function(params, text, sums_along(axis), f"return np.sum({text}, {axis})")


def averaged(params: str, text: str) -> Any:
    """The function of `params` that gives the mean of the elements of the expression `text`."""
    return _function(params, text, Mean, f"return np.mean({text})")


def written(params: str, text: str) -> Any:
    """The function that writes the expression `text` into the first of `params`, and gives that."""
    first = params.partition(",")[0]
    return _function(params, text, Written, f"{first}[...] = {text}; return {first}")


def updated(params: str, text: str) -> Any:
    """The function for ``x += y``: the `text` is ``x + y``, and `x` the first of `params`."""
    tree = ast.parse(text, mode="eval").body
    assert isinstance(tree, ast.BinOp)
    first = params.partition(",")[0]
    in_place = ast.unparse(ast.AugAssign(ast.Name(first, ast.Store()), tree.op, tree.right))
    return _function(params, text, Updated, f"{in_place}; return {first}")


def _function(params: str, text: str, form: Callable[..., Loops], otherwise: str) -> Any:
    """Loops of a form, and where types are not known to them, what Numba makes of `otherwise`."""
    tree = ast.parse(text, mode="eval").body
    names = params.split(", ")
    scope: dict[str, Any] = {"np": np}
    exec(f"def whole({params}): {otherwise}", scope)
    # Kept here: its type does not keep it.
    whole = numba.njit(error_model="numpy", boundscheck=True)(scope["whole"])

    def chosen(typing: Any, *args: Any) -> Any:
        try:
            loops = form(names, args, tree)
        except NoElements:
            return _called(typing, whole, args)
        return signature(loops.result, *args), loops.write

    # Numba takes a function apart by its parameters.
    numbered = ", ".join(f"p{k}" for k in range(len(names)))
    scope = {"chosen": chosen}
    exec(f"def each(typing, {numbered}): return chosen(typing, {numbered})", scope)
    return intrinsic(scope["each"])


def _called(typing: Any, function: Any, args: tuple[Any, ...]) -> Any:
    """The signature of a compiled function, and what writes a call of it."""
    kind = typing.resolve_value_type(function)
    call = kind.get_call_type(typing, args, {})

    def write(context: Any, builder: Any, _: Any, values: Any) -> Any:
        made = context.get_function(kind, call)
        context.add_linking_libs(getattr(made, "libs", ()))
        return made(builder, values)

    return call, write
