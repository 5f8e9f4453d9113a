"""Derivatives at a point, and Jacobians: vjp, jvp, linearize, jacobian.

All of them run generated source: `vjp` the two halves of split mode, `jvp` forward mode.
"""

import inspect
import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from types import FunctionType
from typing import Any, Literal

from retrograd.api import (
    Argnums,
    Derivative,
    Function,
    Mode,
    at_arguments,
    check_options,
    is_read,
    places_asked,
    places_in,
)
from retrograd.runtime.draws import Draws
from retrograd.runtime.pulling import check_alike, in_numbers_of, snapshot
from retrograd.runtime.pushing import columns, rows
from retrograd.runtime.pytrees import is_active, is_complex, leaves, map_leaves
from retrograd.runtime.signature import signature
from retrograd.transforms.diagnostics.report import UnsupportedError, brief_refusals
from retrograd.transforms.frontend.derivatives import AskedOf, Way

JacobianMode = Literal["auto", "forward", "reverse"]


def derivative_of(
    f: Function, wrt: tuple[int | str, ...], mode: Mode, jit: bool = False
) -> Derivative:
    """The derivative of `f`: the same object for the same question, so that it compiles once."""
    try:
        return _made(f, wrt, mode, jit)
    except TypeError:  # it cannot be hashed
        return Derivative(f, wrt, mode, None, jit=jit)


@lru_cache(maxsize=256)
def _made(f: Function, wrt: tuple[int | str, ...], mode: Mode, jit: bool) -> Derivative:
    return Derivative(f, wrt, mode, None, jit=jit)


def bound(f: Function, args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """All arguments of `f` by position, defaults included."""
    if not kwargs and _takes(f, len(args)):
        return tuple(args)
    given = inspect.signature(f).bind(*args, **kwargs)
    given.apply_defaults()
    return tuple(given.arguments.values())


def is_read_whole(f: Function) -> bool:
    """Whether `f` is read as the function that it is, each argument being for a parameter."""
    if not is_read(f):
        return False
    code = getattr(f, "__code__", None)
    return code is None or not code.co_flags & inspect.CO_VARARGS


def _takes(f: Function, count: int) -> bool:
    """Whether `f` is a plain function of just `count` arguments, which needs no look at its signature."""
    if type(f) is not FunctionType or f.__dict__:  # a decorator may have left another signature
        return False
    code = f.__code__
    others = code.co_kwonlyargcount or code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS)
    return code.co_argcount == count and not others


def active(args: Sequence[Any]) -> tuple[int, ...]:
    """The places of the arguments that hold floats.

    Raises:
        TypeError: none does.
    """
    found = tuple(k for k, arg in enumerate(args) if _has_floats(arg))
    if not found:
        raise TypeError("no argument holds a float or an array of floats")
    return found


def _has_floats(tree: Any) -> bool:
    return any(is_active(leaf) for _, leaf in leaves(tree))


def _spread(given: Any, places: tuple[int, ...], args: Sequence[Any]) -> tuple[Any, ...]:
    """One derivative for each of `args`: those `given` for `places`, zeros for the rest."""
    found = dict(zip(places, given if len(places) > 1 else (given,), strict=True))
    return tuple(found[k] if k in found else map_leaves(_none, arg) for k, arg in enumerate(args))


def _none(leaf: Any) -> Any:
    """The derivative by a constant: zero by a number, None by anything else."""
    return leaf * 0.0 if hasattr(leaf, "dtype") or isinstance(leaf, int) else None


# ---------------------------------------------------------------- at a point


@brief_refusals
def vjp(f: Function, *args: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """The value of `f` at `args`, and the pullback there: products of cotangents with the Jacobian.

    Args:
        f: a function of numbers, arrays and containers of them, with such a value.
        args: where.

    Returns:
        value: ``f(*args)``.
        pullback: takes a cotangent of the structure and shapes of the value to a tuple, one
            cotangent for each of `args`; that of an integer is zero, that of text None. It may be called
            any number of times, also after the arrays in `args` were changed. A cotangent of complex
            numbers is a gradient by them: the derivative by the real part plus i times that by the
            imaginary part.

    Raises:
        UnsupportedError: `f` is outside the language that we differentiate.
        TypeError: no argument holds a float.
    """
    if not is_read_whole(f):
        return _vjp_of_what_varies(f, args)
    given = len(args)
    places = active(args)
    halves, args = derivative_of(f, places, "split").at(bound(f, args, {}))
    value, pull = halves(*args)

    def pullback(cotangent: Any) -> tuple[Any, ...]:
        return _spread(pull(cotangent), places, args[:given])

    return value, pullback


def _vjp_of_what_varies(
    f: Function, args: tuple[Any, ...]
) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """`vjp` of a function without a text of its own, or of one that takes any number of arguments."""
    function, varying, kept, _ = at_arguments(f, args, {}, ())
    value, pull = vjp(function, *varying)

    def pullback(cotangent: Any) -> tuple[Any, ...]:
        found = dict(zip(kept, pull(cotangent), strict=True))
        return tuple(found.get(k, map_leaves(_none, arg)) for k, arg in enumerate(args))

    return value, pullback


@brief_refusals
def jvp(f: Function, args: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """The value of `f` at `args`, and its derivative along `tangents`.

    Args:
        f: a function of numbers, arrays and containers of them, with such a value.
        args: where.
        tangents: one for each of `args`, of the same structure and shapes; what stands there for a
            constant is not read.

    Returns:
        value: ``f(*args)``.
        tangent: of the structure of the value.

    Raises:
        UnsupportedError: `f` is outside the language that we differentiate.
        ValueError: `tangents` do not fit `args`.
        TypeError: no argument holds a float.
    """
    if len(args) != len(tangents):
        raise ValueError(f"{len(tangents)} tangents came for {len(args)} arguments")
    if not is_read_whole(f):
        f, args, kept, _ = at_arguments(f, args, {}, ())
        tangents = [tangents[place] for place in kept if place is not None]
    places = active(args)
    for place in places:
        check_alike(tangents[place], args[place], "tangent", f"argument {place}")
    push, args = derivative_of(f, places, "jvp").at(bound(f, args, {}))
    value, tangent = push(*args, *(in_numbers_of(tangents[place], args[place]) for place in places))
    return value, tangent


@brief_refusals
def linearize(f: Function, *args: Any) -> tuple[Any, Callable[..., Any]]:
    """The value of `f` at `args`, and the pushforward there: the linear map from tangents to tangents.

    Returns:
        value: ``f(*args)``.
        pushforward: takes one tangent for each of `args` to that of the value. Each call runs
            forward mode once, on the random numbers of `value`; later changes of the arrays in
            `args` do not reach it.

    Raises:
        UnsupportedError: `f` is outside the language that we differentiate.
        TypeError: no argument holds a float.
    """
    point = snapshot(tuple(args))
    draws = Draws(f, point)
    value, _ = jvp(f, point, tuple(map_leaves(_zero, arg) for arg in point))

    def pushforward(*tangents: Any) -> Any:
        with draws.as_at_first():
            return jvp(f, point, tangents)[1]

    return value, pushforward


def _zero(leaf: Any) -> Any:
    return leaf * 0.0 if is_active(leaf) else leaf


def products(
    f: Function, place: int, args: tuple[Any, ...]
) -> tuple[Any, Callable[[Any], Any], Callable[[Any], Any]]:
    """The value of `f` at `args`, and the products with its Jacobian by argument number `place`.

    Returns:
        value: ``f(*args)``.
        push: takes a tangent of that argument to that of the value.
        pull: takes a cotangent of the value to that of the argument.

    Raises:
        UnsupportedError: `f` is outside the language that we differentiate.
    """
    places: tuple[int, ...] = (place,)
    if is_read_whole(f):
        args = bound(f, args, {})
    else:
        f, args, _, places = at_arguments(f, args, {}, places)
    pushed, taken = derivative_of(f, places, "jvp").at(args)
    halves, args = derivative_of(f, places, "split").at(args)
    value, pull = halves(*args)
    return value, lambda tangent: pushed(*taken, tangent)[1], pull


# ---------------------------------------------------------------- Jacobians and Hessians


def as_asked(way: Way, argnums: Argnums, primal: Function) -> AskedOf | None:
    """What a derivative is to the compiler, which knows no sequence of one argument."""
    wrt = places_asked(argnums, None)
    return None if not isinstance(argnums, int) and len(wrt) == 1 else (way, wrt, primal)


class Jacobian:
    """The Jacobian of a function, by columns in forward mode or by rows from its pullback.

    Attributes:
        primal: the function.
    """

    def __init__(
        self, primal: Function, argnums: Argnums, mode: JacobianMode, jit: bool = False
    ) -> None:
        self.primal = primal
        self._jit = jit
        self._single = isinstance(argnums, int)
        self._mode = mode
        self._wrt = places_asked(argnums, None)
        #: What this is, to the compiler: the way that it is computed, by which parameters, of what.
        self.asked = as_asked("rows" if mode == "reverse" else "columns", argnums, primal)
        #: Whether the value has so few numbers that rows are cheaper, by the arguments' signature.
        self._by_rows: dict[Any, bool] = {}

    @brief_refusals
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The Jacobian at the arguments, which are those of the primal.

        Returns:
            for each argument asked for: of the structure of the value, and in each place of that of
            the argument, an array of the shape of the number or array there in the value, followed
            by that in the argument; so (m, n) for vectors, (m,) by a number. A tuple of them if
            `argnums` was a sequence.
        """
        f = self.primal
        if is_read_whole(f):
            args, places = bound(f, args, kwargs), places_in(f, self._wrt)
        else:
            f, args, _, places = at_arguments(f, args, kwargs, self._wrt)
        found = [self._by(f, place, args) for place in places]
        return found[0] if self._single else tuple(found)

    def _by(self, f: Function, place: int, args: tuple[Any, ...]) -> Any:
        if any(is_complex(leaf) for _, leaf in leaves(args[place])):
            raise ValueError(
                f"argument {place} is complex, and a Jacobian has one number for each pair of real "
                "ones: take vjp or jvp, or make the real and the imaginary part two arguments"
            )
        return self._found(f, place, args)

    def _found(self, f: Function, place: int, args: tuple[Any, ...]) -> Any:
        """The Jacobian of `f` by a real argument."""
        if self._jit:
            push, args = derivative_of(f, (place,), "jvp", jit=True).at(args)
            return columns(push, args, place)
        if self._mode == "reverse":
            return self._rows(f, place, args)
        try:
            push, args = derivative_of(f, (place,), "jvp").at(args)
        except UnsupportedError:
            if self._mode == "forward":
                raise
            return self._rows(f, place, args)
        if self._mode == "forward" or isinstance(args[place], float):  # which is one column
            return columns(push, args, place)
        key = f, place, *map(signature, args)
        if not self._by_rows.get(key):
            found = columns(push, args, place, enough=1.0 if key not in self._by_rows else math.inf)
            self._by_rows[key] = found is None
            if found is not None:
                return found
        try:
            return self._rows(f, place, args)
        except UnsupportedError:
            self._by_rows[key] = False
            return columns(push, args, place)

    def _rows(self, f: Function, place: int, args: tuple[Any, ...]) -> Any:
        halves, args = derivative_of(f, (place,), "split").at(args)
        value, pull = halves(*args)
        return rows(pull, value, args[place])


def jacobian(
    f: Function, argnums: Argnums = 0, *, mode: JacobianMode = "auto", jit: bool = False
) -> Jacobian:
    """The Jacobian of `f`, whose value is a number, an array or a container of them.

    Args:
        f: a function of numbers, arrays and containers of them.
        argnums: the arguments to differentiate with respect to, by position.
        mode: ``"forward"`` computes a column for each number in the argument, ``"reverse"`` a row for
            each in the value, and ``"auto"`` whichever are fewer.
        jit: whether Numba compiles forward mode to native code, for a value of numbers and arrays.

    Raises:
        ImportError: `jit` is asked for, and Numba is not installed.
        ValueError: `mode` is not part of this version, or is ``"reverse"`` with `jit`.
    """
    check_options(jit)
    if jit and mode == "reverse":
        raise ValueError("native code (jit=True) has forward mode only; take mode='auto'")
    if mode not in ("auto", "forward", "reverse"):
        raise ValueError(
            f"mode={mode!r} is not part of this version; there are 'auto', 'forward' and 'reverse'"
        )
    return Jacobian(f, argnums, mode, jit)
