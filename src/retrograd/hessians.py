"""Derivatives of second order: Hessians, and products with them.

They run forward mode over the gradient's own text; where that is refused, for the tapes in it are
outside the language that we differentiate, reverse mode over the text of forward mode.
"""

import inspect
from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Any

from retrograd.api import (
    Argnums,
    Derivative,
    Function,
    at_arguments,
    check_options,
    is_read,
    places_asked,
    places_in,
)
from retrograd.modes import Jacobian, as_asked, bound, derivative_of, is_read_whole
from retrograd.runtime.pulling import check_alike, in_numbers_of
from retrograd.runtime.pushing import columns
from retrograd.runtime.signature import signature
from retrograd.transforms.diagnostics.report import UnsupportedError, brief_refusals


class Curvature:
    """The derivative of a function's gradient along tangents, in whichever order of modes there is.

    Attributes:
        source: that of what ran last.
    """

    def __init__(self, gradient: Derivative, jit: bool = False) -> None:
        self.gradient = gradient
        self._jit = jit
        self._last: Derivative | None = None
        #: The arguments, by their signature, for which forward mode over the gradient is refused.
        self._refused: set[Hashable] = set()

    def at(self, along: tuple[int, ...], args: tuple[Any, ...]) -> tuple[Function, tuple[Any, ...]]:
        """What takes arguments like `args` and tangents of those `along`, and `args` as it takes them.

        Raises:
            UnsupportedError: both orders are refused; it speaks of forward mode over the gradient.
        """
        key = along, *map(signature, args)
        if key in self._refused:
            return self._reverse(along, args)
        self._last = derivative_of(self.gradient, along, "pushforward", self._jit)
        try:
            return self._last.at(args)
        except UnsupportedError as refusal:
            first = refusal
        try:
            found, args = self._reverse(along, args)
            found.specialize(*args, *(args[place] for place in along))
        except UnsupportedError:
            raise first from None
        self._refused.add(key)
        return found, args

    def _reverse(
        self, along: tuple[int, ...], args: tuple[Any, ...]
    ) -> tuple[Derivative, tuple[Any, ...]]:
        """Reverse mode over forward mode: the gradient of the derivative along the tangents."""
        push, args = derivative_of(self.gradient.primal, along, "pushforward").at(args)
        self._last = derivative_of(push, self.gradient.places, "grad", self._jit)
        return self._last, args

    @property
    def source(self) -> str:
        last = self._last or derivative_of(self.gradient, self.gradient.places, "pushforward")
        return last.source


class Hessian(Jacobian):
    """The Jacobian of a gradient."""

    def __init__(self, primal: Function, argnums: Argnums, jit: bool) -> None:
        gradient = derivative_of(primal, places_asked(argnums, None), "grad")
        super().__init__(gradient, argnums, "forward", jit)
        self._curvatures: dict[Function, Curvature] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The Hessian at the arguments, which are those of the primal.

        Returns:
            for several arguments, the tuple of tuples of the blocks ``H[i][j]``, whose shape is that
            of the one argument followed by that of the other.
        """
        found = super().__call__(*args, **kwargs)
        if self._single or len(self._wrt) == 1:
            return found
        return tuple(zip(*found, strict=True))  # of each column came all that is above one another

    def _found(self, f: Function, place: int, args: tuple[Any, ...]) -> Any:
        assert isinstance(f, Derivative)
        curvature = self._curvatures.setdefault(f, Curvature(f, self._jit))
        push, args = curvature.at((place,), args)
        alike = tuple(args[one] for one in f.places)  # as the gradient has their structure
        like = alike[0] if len(alike) == 1 else alike
        return columns(lambda *given: (like, push(*given)), args, place)


def hessian(f: Function, argnums: Argnums = 0, *, jit: bool = False) -> Jacobian:
    """The Hessian of `f`, whose value is a number: the Jacobian of its gradient, in forward mode.

    Args:
        f: as for `grad`.
        argnums: the arguments to differentiate with respect to, by position. For several the
            Hessian has a tuple of blocks for each of them: ``H[i][j]`` is the derivative of the
            gradient by the one along the other.
        jit: whether Numba compiles it to native code.

    Returns:
        the function that gives it at the arguments of `f`: an array of shape s + s for an array of
        shape s; nested like the argument, twice, for a list or tuple.
    """
    check_options(jit)
    return Hessian(f, argnums, jit)


class HessianProduct:
    """Products of a function's Hessian with vectors, which is never formed.

    Attributes:
        primal: the function.
    """

    def __init__(self, primal: Function, argnums: Argnums, jit: bool) -> None:
        self.primal = primal
        self._jit = jit
        self._single = isinstance(argnums, int)
        self._wrt = places_asked(argnums, None)
        #: What this is, to the compiler: the way that it is called, by which parameters, of what.
        self.asked = as_asked("hvp", argnums, primal)
        #: Of the function that was differentiated last.
        self._curvature = Curvature(derivative_of(primal, self._wrt, "grad"), jit)

    @brief_refusals
    def __call__(self, *args: Any) -> Any:
        """``H @ v`` at the arguments of the primal, the last argument being `v`.

        Args:
            args: those of the primal, and a vector of the structure of the argument that is
                differentiated by; a tuple of them for several.

        Raises:
            TypeError: there is no vector behind the arguments.
            ValueError: the vector does not fit.
        """
        f = self.primal
        if not args:
            raise TypeError("a product with the Hessian takes the arguments and then a vector")
        given, vector = args[:-1], args[-1]
        if is_read(f):
            try:
                given = bound(f, given, {})
            except TypeError:
                self._check_vector(args)
                raise
            places = self._places
        else:
            function, given, _, places = at_arguments(f, given, {}, self._wrt)
            self._curvature = Curvature(derivative_of(function, places, "grad"), self._jit)
        push, point = self._curvature.at(places, given)
        vectors = (vector,) if self._single else tuple(vector)
        for place, one in zip(places, vectors, strict=True):
            check_alike(one, point[place], "vector", f"argument {place}")
        fitted = (
            in_numbers_of(one, point[place]) for place, one in zip(places, vectors, strict=True)
        )
        return push(*point, *fitted)

    @cached_property
    def _places(self) -> tuple[int, ...]:
        return places_in(self.primal, self._wrt)

    def _check_vector(self, args: tuple[Any, ...]) -> None:
        """Say what comes behind the arguments, if it is not among `args`."""
        params = inspect.signature(self.primal).parameters.values()
        needed = [one.name for one in params if one.default is one.empty and one.kind < 2]
        if len(args) <= len(needed):
            listed = ", ".join([*needed, "v"])
            raise TypeError(
                f"a product with the Hessian takes ({listed}), the vector last"
            ) from None

    @property
    def source(self) -> str:
        """The source that runs, once there was a call."""
        return self._curvature.source


def hvp(f: Function, argnums: Argnums = 0, *, jit: bool = False) -> HessianProduct:
    """Products with the Hessian of `f` that never form it: ``hvp(f)(*args, v)`` is ``H @ v``.

    Args:
        f: as for `grad`.
        argnums: the arguments to differentiate with respect to, by position.
        jit: whether Numba compiles it to native code.
    """
    check_options(jit)
    return HessianProduct(f, argnums, jit)


class SecondDerivative:
    """Second derivatives of a function along two vectors: forward mode over forward mode.

    Args:
        primal: a function of any value.
        argnums: the arguments to differentiate with respect to, by position.
    """

    def __init__(self, primal: Function, argnums: tuple[int, ...]) -> None:
        self._primal = primal
        self._wrt: tuple[int | str, ...] = argnums

    @brief_refusals
    def __call__(self, args: tuple[Any, ...], u: tuple[Any, ...], v: tuple[Any, ...]) -> Any:
        """The derivative along `v` of that along `u`, of the structure of the value.

        Args:
            args: those of the primal.
            u, v: a vector for each argument that is differentiated by.

        Raises:
            UnsupportedError: the primal or its derivative is outside the language.
        """
        f = self._primal
        if is_read_whole(f):
            args, places = bound(f, args, {}), places_in(f, self._wrt)
        else:
            f, args, _, places = at_arguments(f, args, {}, self._wrt)
        push, args = derivative_of(f, places, "pushforward").at(args)
        second, taken = derivative_of(push, places, "pushforward").at((*args, *u))
        return second(*taken, *v)


class PullbackProduct:
    """Derivatives of a function's pullback along a vector: reverse mode over forward mode.

    Args:
        primal: a function of one argument, and of any value.
    """

    def __init__(self, primal: Function) -> None:
        self._primal = primal

    @brief_refusals
    def __call__(self, x: Any, v: Any) -> tuple[Any, Callable[[Any], Any]]:
        """The derivative of the value along `v`, and its pullback to `x`.

        The pullback of weights w is the Hessian of w · f(x) times `v`, of the structure of `x`.

        Raises:
            UnsupportedError: the primal or its derivative is outside the language.
        """
        f, args = self._primal, (x,)
        if is_read_whole(f):
            args, places = bound(f, args, {}), places_in(f, (0,))
        else:
            f, args, _, places = at_arguments(f, args, {}, (0,))
        push, args = derivative_of(f, places, "pushforward").at(args)
        halves, taken = derivative_of(push, places, "split").at((*args, v))
        tangent, pull = halves(*taken)
        return tangent, pull
