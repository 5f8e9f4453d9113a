"""Derivatives held against central differences, in both modes and to second order."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any, Final, Literal

import numpy as np

from retrograd.api import (
    Argnums,
    Derivative,
    Function,
    at_arguments,
    is_read,
    places_asked,
    places_in,
)
from retrograd.modes import active, bound, derivative_of
from retrograd.runtime.checking import Comparison, compare_gradients
from retrograd.runtime.pytrees import flatten, is_active, is_complex, map_leaves, unflatten
from retrograd.transforms.diagnostics.report import brief_refusals


@brief_refusals
def check_grads(
    f: Function,
    args: Sequence[Any],
    *,
    argnums: Argnums | None = None,
    modes: Sequence[Literal["reverse", "forward"]] = ("reverse", "forward"),
    order: int = 1,
    rtol: float | None = None,
) -> None:
    """Hold the derivatives of `f` at `args` against central differences.

    The value of `f` is multiplied with a cotangent drawn once, of seed 0, so that it may be of any
    structure. Reverse mode must give the derivative of that by each entry of each argument, forward
    mode the derivative of the value along a tangent drawn likewise.

    Args:
        f: a function of numbers, arrays and containers of them.
        args: where.
        argnums: the arguments to differentiate by; None for all that hold floats.
        modes: which modes to check.
        order: 2 also checks the derivatives of the first ones.
        rtol: how far entries may be from differences, relative to the larger of the two, beside
            what the differences' own errors allow; None for what these allow alone.

    Raises:
        AssertionError: a derivative is wrong: the text names the mode, the argument, its worst entry
            and both numbers, and says so where the function seems to jump or bend.
        ValueError: a mode or an order is not one of those above.
    """
    unknown = set(modes) - {"reverse", "forward"}
    if unknown or order not in (1, 2):
        raise ValueError(f"no mode {unknown.pop()!r}" if unknown else f"no order {order!r}: 1 or 2")
    asked = () if argnums is None else places_asked(argnums, None)
    if is_read(f):
        args, places = bound(f, args, {}), places_in(f, asked)
    else:
        f, args, _, places = at_arguments(f, args, {}, asked)
    places = places or active(args)
    rng = np.random.default_rng(0)
    if "reverse" in modes:
        _check_reverse(f, args, places, rng, rtol)
    names = list(inspect.signature(f).parameters)
    for place in places:
        name, tangent = names[place], drawn(args[place], rng)
        if "forward" in modes:
            push, point = derivative_of(f, (place,), "jvp").at(args)
            found = push(*point, tangent)[1]
            _check_along(f, args, place, tangent, found, f"forward: {name}", rtol)
        if order == 2:
            _check_twice(f, args, place, tangent, modes, name, rtol)


def _check_twice(
    f: Function,
    args: tuple[Any, ...],
    place: int,
    tangent: Any,
    modes: Sequence[str],
    name: str,
    rtol: float | None,
) -> None:
    """Hold derivatives of the first derivatives by one argument against differences of these."""
    value = f(*args)
    if "reverse" in modes and isinstance(value, float | np.ndarray) and np.ndim(value) == 0:
        gradient = derivative_of(f, (place,), "grad")
        push, point = derivative_of(gradient, (place,), "jvp").at(args)
        found = push(*point, tangent)[1]
        _check_along(gradient, args, place, tangent, found, f"second order, reverse: {name}", rtol)
        if "forward" not in modes:
            return
    along, _ = derivative_of(f, (place,), "jvp").at(args)
    push, point = Derivative(along, (place,), "jvp", None).at((*args, tangent))
    found = push(*point, tangent)[1][1]
    _check_along(
        lambda *args: along(*args, tangent)[1],
        args,
        place,
        tangent,
        found,
        f"second order: {name}",
        rtol,
    )


def _check_reverse(
    f: Function,
    args: tuple[Any, ...],
    places: tuple[int, ...],
    rng: np.random.Generator,
    rtol: float | None,
) -> None:
    """Hold the pullback of one cotangent against differences, entry by entry."""
    halves, point = derivative_of(f, places, "split").at(args)
    value, pull = halves(*point)
    cotangent = drawn(value, rng)
    weights = flatten(cotangent, like=value)
    found = pull(cotangent)

    def weighed(*args: Any) -> float:
        return float(weights @ flatten(f(*args), like=value))

    names = [f"reverse: {name}" for name in inspect.signature(f).parameters]
    gradients = found if len(places) > 1 else (found,)
    for one in compare_gradients(weighed, args, gradients, argnums=places, names=names):
        _require(one, rtol)


def _check_along(
    f: Callable[..., Any],
    args: tuple[Any, ...],
    place: int,
    tangent: Any,
    found: Any,
    name: str,
    rtol: float | None,
) -> None:
    """Hold the derivative of `f` along one tangent against differences, entry by entry."""
    start, along = flatten(args[place]), flatten(tangent, like=args[place])
    entries = flatten(found)
    worst: list[Comparison] = []
    for k, entry in enumerate(entries):

        def moved(step: float, k: int = k) -> float:
            there = unflatten(start + step * along, args[place])
            return float(flatten(f(*args[:place], there, *args[place + 1 :]))[k])

        label = f"{name}, entry {k} of the value" if entries.size > 1 else name
        worst += compare_gradients(moved, (0.0,), (float(entry),), argnums=(0,), names=(label,))
    for one in sorted(worst, key=lambda one: -one.apart):
        _require(one, rtol)


def _require(one: Comparison, rtol: float | None) -> None:
    looser = (rtol or 0.0) * max(abs(one.found), abs(one.expected))
    if not (one.agrees or one.apart <= looser):
        hint = "" if one.settles else _JUMPS
        raise AssertionError(f"{one}{hint}")


_JUMPS: Final = (
    "; the function jumps or bends here, for its slopes on both sides are not the same, or it has none:"
    " what a derivative gives at such a point is a convention (docs/rules.md), so check another point"
)


def drawn(tree: Any, rng: np.random.Generator) -> Any:
    """A structure like `tree` of numbers between -1 and 1, with such parts if they are complex."""

    def number(leaf: Any) -> Any:
        if not is_active(leaf):
            return leaf
        real = rng.uniform(-1.0, 1.0, np.shape(leaf))[()]
        return real + 1j * rng.uniform(-1.0, 1.0, np.shape(leaf)) if is_complex(leaf) else real

    return map_leaves(number, tree)
