"""Derivatives that users give to functions themselves.

    @rg.rule(heat)                                  # heat(u, k): a function of a C library, say
    def heat_vjp(k, out, g):
        return solve_transposed(k, g), ...

The body gives the cotangents of the operands from the operands, the value `out` and its cotangent
`g`. What it names is kept for it, and nothing else; generated code calls it by its name.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import update_wrapper
from inspect import Parameter
from types import FunctionType
from typing import Any, Literal

import numpy as np

from retrograd.runtime.pulling import check_alike
from retrograd.runtime.pytrees import flatten, is_active, map_leaves
from retrograd.transforms.frontend.annotations import told_kind
from retrograd.transforms.frontend.own_functions import (
    OwnFunction,
    OwnParam,
    free_path,
    literal,
    tell,
)
from retrograd.transforms.ir.kinds import UNKNOWN

Function = Callable[..., Any]


class OwnRule:
    """What computes the cotangents, or the tangent, of a function: callable as it was written.

    Attributes:
        primal: the function whose derivative it is.
        function: the function that was written.
    """

    def __init__(self, own: OwnFunction, function: FunctionType, part: Literal["vjp", "jvp"]):
        update_wrapper(self, function)
        self.primal: Function = own.objects[own.path]
        self.function = function
        self._own = own
        self._part = part

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the function gives, once its structure and shapes are seen to fit.

        Raises:
            ValueError: they are not those of the operands, or of the value.
        """
        found = self.function(*args, **kwargs)
        given = inspect.signature(self.function).bind(*args, **kwargs).arguments
        wrt, name = self._own.wrt, self.function.__name__
        if self._part == "jvp":
            if "out" in given:
                self._check(found, given["out"], "tangent", "value")
        elif len(wrt) == 1:
            self._check_operand(found, wrt[0], given)
        elif not isinstance(found, tuple) or len(found) != len(wrt):
            came = f"{len(found)} of them" if isinstance(found, tuple) else type(found).__name__
            raise ValueError(
                f"{name} is to give a tuple of {len(wrt)} cotangents, for {', '.join(wrt)}; {came} "
                "came"
            )
        else:
            for cotangent, operand in zip(found, wrt, strict=True):
                self._check_operand(cotangent, operand, given)
        return found

    def _check_operand(self, cotangent: Any, operand: str, given: dict[str, Any]) -> None:
        if cotangent is None:
            raise ValueError(
                f"{self.function.__name__} gave no cotangent for `{operand}`: name the operands that "
                "have one with wrt="
            )
        if operand in given:
            self._check(cotangent, given[operand], "cotangent", f"operand `{operand}`")

    def _check(self, found: Any, like: Any, what: str, of: str) -> None:
        try:
            check_alike(found, like, what, of)
        except ValueError as error:
            raise ValueError(f"{self.function.__name__}: {error}") from None

    def jvp(self, function: Function) -> "OwnRule":
        """A decorator: `function` gives the tangent of the value.

        Its parameters are operands, `out`, and their tangents: `x_dot` for the operand `x`, zero where
        that stands still.

        Raises:
            TypeError: it is not a function that is written with named parameters.
            ValueError: it has a parameter that is none of these.
        """
        own = self._own
        dots = [f"{name}_dot" for name in own.wrt]
        names = _names(function, [param.name for param in own.params], ["out", *dots], own.name)
        assert isinstance(function, FunctionType)
        told = replace(own, jvp=names, objects=dict(own.objects), texts=(*own.texts[:1], function))
        self._own = told
        made = OwnRule(told, function, "jvp")
        assert isinstance(told.objects, dict)
        told.objects[f"{own.path}@jvp"] = made
        tell(told)
        return made

    def check(self, *args: Any, order: Literal[1, 2] = 1, rtol: float | None = None) -> None:
        """Hold the rule at `args` against central differences, and its two modes against each other.

        Args:
            args: those of the primal.
            order: 2 also checks the derivatives of the first ones, which takes a `jvp`.
            rtol: as for `check_grads`.

        Raises:
            AssertionError: a derivative is wrong: the text names the mode, the operand, its worst
                entry and both numbers.
        """
        from retrograd.gradient_checks import check_grads, drawn
        from retrograd.modes import jvp, vjp

        names = [param.name for param in self._own.params]
        places = [k for k, arg in enumerate(args) if names[k] in self._own.wrt and _moves(arg)]
        modes: Sequence[Literal["reverse", "forward"]] = ("reverse",)
        if self._own.jvp is not None:
            modes = ("reverse", "forward")
        check_grads(self.primal, args, argnums=places, modes=modes, order=order, rtol=rtol)
        if self._own.jvp is None:
            return
        rng = np.random.default_rng(1)
        value, pullback = vjp(self.primal, *args)
        cotangent = drawn(value, rng)
        tangents = tuple(
            drawn(arg, rng) if k in places else map_leaves(_zero, arg) for k, arg in enumerate(args)
        )
        tangent = jvp(self.primal, args, tangents)[1]
        back = sum(
            float(flatten(part, like=arg) @ flatten(along, like=arg))
            for part, along, arg in zip(pullback(cotangent), tangents, args, strict=True)
            if _moves(arg)
        )
        ahead = float(flatten(cotangent, like=value) @ flatten(tangent, like=value))
        if not abs(ahead - back) <= 1e-8 * max(abs(ahead), abs(back), 1.0):
            raise AssertionError(
                f"{self._own.name}: the vjp and the jvp do not fit: along one tangent and cotangent "
                f"they give {back:.10g} and {ahead:.10g}"
            )

    def __repr__(self) -> str:
        return f"<retrograd {self._part} of {self._own.name}>"


def rule(
    f: Function, *, wrt: str | Sequence[str] | None = None, result: type | str | None = None
) -> Callable[[Function], OwnRule]:
    """Give `f` a derivative: a decorator for the function that computes the cotangents.

    Args:
        f: any function: of a C library, or in Python with a derivative to be replaced. It must leave
            its arguments as they are.
        wrt: the operands with a derivative, by name; None for all. Others must not depend on what is
            differentiated by.
        result: what the value is, as an annotation (``float``, ``np.ndarray``) or as in ``types=``
            of `grad` (``"float[n, m]"``); None for what the return annotation of `f` says. Where
            nothing is known, generated code finds out when it runs, and in-place writes near the
            call may be refused.

    Returns:
        the decorator. The function that it is put on has parameters named like those of `f`, in any
        selection, and `out` for the value and `g` for its cotangent. It returns the cotangent of the
        operand, or a tuple of one for each. Its `jvp` is a decorator for forward mode.

    Raises:
        TypeError: `f` cannot be given a rule, or what is decorated is not a function.
        ValueError: a name is not that of a parameter, or `result` is no kind.
    """
    if not callable(f):
        raise TypeError(f"expected a function, got {f!r}")
    qualname: str = getattr(f, "__qualname__", "") or getattr(f, "__name__", type(f).__name__)
    if isinstance(f, FunctionType) and "." in qualname.rpartition("<locals>.")[2]:
        raise TypeError(f"`{qualname}` is a method: give a rule to a function that it calls")

    told = _annotation(f) if result is None else _as_text(result)
    if result is not None and told_kind(told) == UNKNOWN:
        raise ValueError(f"`{told}` is no kind: for instance float, np.ndarray or 'float[n, m]'")

    def decorate(function: Function) -> OwnRule:
        params = _params(f, function)
        operands = [param.name for param in params]
        names = _names(function, operands, ["out", "g"], qualname)
        assert isinstance(function, FunctionType)
        asked = operands if wrt is None else [wrt] if isinstance(wrt, str) else list(wrt)
        for name in asked:
            if name not in operands:
                raise ValueError(_not_known(name, qualname, operands, []))
        path = free_path(f, getattr(f, "__module__", None) or "", qualname)
        objects: dict[str, Any] = {path: f}
        own = OwnFunction(
            path,
            params,
            tuple(asked),
            names,
            None,
            told,
            objects,
            (function,),
        )
        made = OwnRule(own, function, "vjp")
        objects[f"{path}@vjp"] = made
        tell(own)
        return made

    return decorate


def _params(f: Function, function: Function) -> tuple[OwnParam, ...]:
    """The parameters of `f`; where it does not tell them, those that its rule has."""
    try:
        params = list(inspect.signature(f).parameters.values())
    except (ValueError, TypeError):
        names = [name for name in inspect.signature(function).parameters if name not in _OURS]
        return tuple(map(OwnParam, names))
    for param in params:
        if param.kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD):
            raise TypeError(
                f"`{param.name}` takes any number of arguments: a rule needs their names"
            )
        if param.name in _OURS:
            raise ValueError(
                f"a parameter called `{param.name}` cannot be told from the rule's own"
            )
    return tuple(
        OwnParam(
            param.name,
            None if param.default is param.empty else literal(param.default),
            param.kind is Parameter.KEYWORD_ONLY,
        )
        for param in params
    )


_OURS = ("out", "g")


def _names(function: Function, operands: list[str], ours: list[str], of: str) -> tuple[str, ...]:
    """The parameters of a function of a rule, each of which must mean something."""
    if not isinstance(function, FunctionType):
        raise TypeError(f"a rule is a function that is written with `def`, got {function!r}")
    params = inspect.signature(function).parameters
    for param in params.values():
        if param.kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD, Parameter.KEYWORD_ONLY):
            raise TypeError(f"{function.__name__} is to name its parameters, without `*`")
        if param.name not in (*operands, *ours):
            raise ValueError(_not_known(param.name, of, operands, ours))
    return tuple(params)


def _not_known(name: str, of: str, operands: list[str], ours: list[str]) -> str:
    others = f", and beside them there are {', '.join(ours)}" if ours else ""
    return f"`{name}` is no parameter of `{of}`, which has {', '.join(operands)}{others}"


def _annotation(function: Function) -> str:
    """What the return annotation of a function says, as text."""
    return _as_text(getattr(function, "__annotations__", {}).get("return", ""))


def _as_text(hint: type | str) -> str:
    return hint if isinstance(hint, str) else getattr(hint, "__qualname__", repr(hint))


def _moves(arg: Any) -> bool:
    return flatten(arg).size > 0


def _zero(leaf: Any) -> Any:
    return leaf * 0.0 if is_active(leaf) else leaf
