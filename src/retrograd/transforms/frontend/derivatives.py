"""Derivatives as functions of the program: ``rg.grad(g)`` inside a function, by a key of its own.

    "model:g'grad(x)"             the gradient of ``model:g`` with respect to x
    "model:g'grad(x)'grad(x)"     the gradient of that
    "model:g'push(x)"             the derivative of ``model:g`` along a tangent of x
    "model:g'columns(x)"          the Jacobian of ``model:g`` with respect to x

What such a function is made of shows only with the kinds of its arguments.
"""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from retrograd.transforms.frontend.request import wrt_names
from retrograd.transforms.ir.nodes import Param

#: How a derivative is called, and what it gives: the gradient, value and gradient, value and
#: tangent, the tangent alone, a product with the Hessian, cotangents for one of the value, the
#: Jacobian by columns or by rows, or the Hessian.
Way: TypeAlias = Literal[
    "grad", "value_and_grad", "jvp", "push", "hvp", "vjp", "columns", "rows", "hessian"
]

#: What is made by giving a function, and is then called.
MAKERS: Final[dict[str, Way]] = {
    "retrograd.grad": "grad",
    "retrograd.value_and_grad": "value_and_grad",
    "retrograd.hvp": "hvp",
    "retrograd.jacobian": "columns",
    "retrograd.hessian": "hessian",
}

#: The ways of which one argument in a sequence is not the same as one alone.
NESTED: Final[frozenset[Way]] = frozenset({"hvp", "columns", "rows", "hessian"})

#: How a Jacobian is computed, by its `mode`.
_JACOBIANS: Final[dict[object, Way]] = {"auto": "columns", "forward": "columns", "reverse": "rows"}

#: What takes a function and its arguments at once.
AT_A_POINT: Final[dict[str, Way]] = {
    "retrograd.jvp": "jvp",
    "retrograd.linearize": "push",
    "retrograd.vjp": "vjp",
}

#: Options that say how a derivative is made, not which, and the values that they may have here.
WITHOUT_EFFECT: Final[dict[str, bool | None]] = {"jit": False, "checkpoint": None}

#: The modules of what makes derivatives.
_HOMES: Final = ("retrograd.api", "retrograd.modes", "retrograd.hessians")

#: Derivatives by keys that functions have once they are written.
WRITTEN: Final = "derived here:"


@dataclass(frozen=True, slots=True)
class Asked:
    """The derivative of the function `of`, in which way and by which parameters."""

    of: str
    way: Way
    wrt: tuple[int | str, ...]

    @property
    def key(self) -> str:
        """What names the derivative in a program."""
        return f"{self.of}'{self.way}({','.join(map(str, self.wrt))})"


def asked_for(key: str) -> Asked | None:
    """Which derivative the function `key` is, None if it is one of the user's or is written."""
    found = re.fullmatch(r"(.*)'(\w+)\(([^'()]*)\)", key, re.DOTALL)
    if found is None:
        return None
    wrt = tuple(int(one) if one.lstrip("-").isdigit() else one for one in found[3].split(","))
    return Asked(found[1], found[2], wrt)  # type: ignore[arg-type]


def computed(way: Way, mode: object) -> Way | None:
    """How a derivative is computed that is asked for with the option ``mode=``; None if it has none."""
    return _JACOBIANS.get(mode) if way == "columns" and isinstance(mode, str) else None


def taken_beside(asked: Asked, params: Sequence[Param]) -> tuple[str, ...]:
    """The parameters that a derivative has beside those of the function, which has `params`."""
    taken = {param.id for param in params}
    match asked.way:
        case "grad" | "value_and_grad" | "columns" | "rows" | "hessian":
            return ()
        case "vjp":
            return (_free("out_bar", taken),)
        case "jvp" | "push" | "hvp":
            return tuple(_free(f"{name}_dot", taken) for name in wrt_names(params, asked.wrt))


def plain_path(path: str) -> str:
    """The public name of one of our functions, which may have been imported from its home."""
    home, _, name = path.rpartition(".")
    return f"retrograd.{name}" if home in _HOMES else path


def text_asked(call: ast.Call, path: str, places: int) -> tuple[Way, tuple[int | str, ...]] | None:
    """Which derivative ``rg.grad(...)`` in a file makes, where `path` is what is called.

    `places` is how many arguments come before the options. None if it does not show.
    """
    way = MAKERS.get(plain_path(path))
    options = {option.arg: option.value for option in call.keywords}
    if len(call.args) == places + 1 and way in NESTED:
        options["argnums"] = call.args[places]
    elif len(call.args) != places:
        return None
    asked = options.get("argnames") or options.get("argnums") or ast.Constant(0)
    try:
        wrt = ast.literal_eval(asked)
        rest = {
            name: ast.literal_eval(value)
            for name, value in options.items()
            if name in WITHOUT_EFFECT or name == "mode"
        }
    except ValueError:
        return None
    told = {"argnums", "argnames", "types", "mode", *WITHOUT_EFFECT}
    if way is not None and "mode" in rest:
        way = computed(way, rest.pop("mode"))
    single = not isinstance(wrt, tuple | list)
    wrt = (wrt,) if single else tuple(wrt)
    plain = all(type(one) in (int, str) for one in wrt) and bool(wrt)
    if way is None or not plain or options.keys() - told:
        return None
    if way in NESTED and not single and len(wrt) == 1:
        return None
    return None if any(rest[name] is not WITHOUT_EFFECT[str(name)] for name in rest) else (way, wrt)


#: What a derivative that exists as an object is: its way, by which parameters, of what.
AskedOf: TypeAlias = tuple[Way, tuple[int | str, ...], Any]


def object_asked(value: Any) -> AskedOf | None:
    """What a derivative that exists as an object is: its way, by which parameters, of what."""
    if type(value).__module__ not in _HOMES:
        return None
    found: AskedOf | None = getattr(value, "asked", None)
    return found


def _free(root: str, taken: set[str]) -> str:
    while root in taken:
        root += "_"
    return root
