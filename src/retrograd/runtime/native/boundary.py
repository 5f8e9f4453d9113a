"""How a native function is called with the arguments of the user's, and what is made of its result.

Numbers and arrays go in as they are, and a function of nothing else is called directly.
"""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np

from retrograd.runtime.arrays import restructure
from retrograd.runtime.native.assembling import Values, assemble
from retrograd.runtime.native.compiling import Native, native_module
from retrograd.runtime.native.ranks import rank_of_value
from retrograd.runtime.native.refusing import NotNative
from retrograd.runtime.native.structures import (
    Structure,
    parts_of,
    put_together,
    structure_of_value,
    taken_apart,
)

Function = Callable[..., Any]

#: What a function gives: with tangents it takes them behind its arguments.
Form = Literal["gradient", "value and gradient", "along tangents"]


def native_function(
    text: str,
    entry: str,
    *,
    values: Values,
    below: Callable[[object], object],
    given: inspect.BoundArguments,
    wrt: tuple[int, ...],
    form: Form,
    folder: Path | None,
    version: str,
) -> Function:
    """The function `entry` of the generated `text`, compiled for the arguments `given`.

    Args:
        values: the value of a name that the text leaves open.
        below: the function below the decorators of another.
        given: the arguments by name, with defaults.
        wrt: the positions of the parameters that it is a derivative by.
        form: what the function gives.
        folder: where to keep what is compiled, None to keep it in memory.
        version: of retrograd, part of the module.

    Raises:
        NotNative: Numba cannot compile it.
    """

    def made() -> tuple[Function, tuple[object, ...]]:
        assembly = assemble(text, entry, values, below)
        around = _Around(given, wrt, form, assembly.live)
        args = (*assembly.live, *given.args, *given.kwargs.values(), *around.tangents)
        structures = tuple(map(structure_of_value, args))
        parts = tuple(parts_of(one, arg) for one, arg in zip(structures, args, strict=True))
        ranks = tuple(map(rank_of_value, parts))
        module = native_module(assembly, entry, structures, ranks, version)
        if around.tangents and _holds_a_container(module.result):
            raise NotNative(
                "the result is a container, whose tangent native code does not give", entry
            )
        native = Native(module, entry, folder)
        native.compile(parts)
        if around.is_plain:
            return native.function, ()
        return around.function(native.function, entry), assembly.live

    function, live = made()
    fixed = all(isinstance(value, np.ndarray) for value in live)
    return function if fixed else _Current(made, function, live)


class _Current:
    """A native function that is made again when containers outside of it get other parts."""

    def __init__(
        self,
        make: Callable[[], tuple[Function, tuple[object, ...]]],
        function: Function,
        live: tuple[object, ...],
    ) -> None:
        self._make = make
        self._take(function, live)

    def _take(self, function: Function, live: tuple[object, ...]) -> None:
        self._function = function
        self._live = live
        self._structures = [structure_of_value(value) for value in live]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        for value, structure in zip(self._live, self._structures, strict=True):
            if structure_of_value(value) != structure:
                self._take(*self._make())
                break
        return self._function(*args, **kwargs)


class _Around:
    """The function that the user calls, as text around a call of the native one."""

    def __init__(
        self,
        given: inspect.BoundArguments,
        wrt: tuple[int, ...],
        form: Form,
        live: tuple[object, ...],
    ) -> None:
        self.params = list(given.signature.parameters.values())
        self.args = given.arguments
        self.wrt = [self.params[place].name for place in wrt]
        self.form = form
        self.live = live

    @property
    def tangents(self) -> tuple[Any, ...]:
        """Values like the tangents that come behind the arguments."""
        return tuple(self.args[one] for one in self.wrt) if self.form == "along tangents" else ()

    @property
    def is_plain(self) -> bool:
        """Whether the native function can be called in the place of this one."""
        plain = all(one.default is one.empty and one.kind < 2 for one in self.params)
        flat = all(structure_of_value(arg) is None for arg in self.args.values())
        return plain and flat and not self.live and self._comes_back

    def function(self, native: Function, name: str) -> Function:
        """The function around `native`."""
        scope: dict[str, Any] = {"native_": native, "like_": _like}
        scope |= {f"live_{k}": value for k, value in enumerate(self.live)}
        scope |= {f"default_{one.name}": one.default for one in self.params}
        text = f"def {name}{self._head()}:\n    return {self._result()}\n"
        exec(compile(text, f"<retrograd around {name}>", "exec"), scope)
        made: Function = scope[name]
        return made

    @property
    def _comes_back(self) -> bool:
        """Whether the result is what it should be as it is."""
        return bool(self.tangents) or all(_comes_back(self.args[one]) for one in self.wrt)

    def _head(self) -> str:
        """The parameters as text, their defaults by name; with tangents every argument is given."""
        if self.tangents:
            return f"({', '.join([one.name for one in self.params] + self._dots())})"
        parts = [one.replace(annotation=one.empty) for one in self.params]
        parts = [
            one if one.default is one.empty else one.replace(default=_Text(f"default_{one.name}"))
            for one in parts
        ]
        return str(inspect.Signature(parts))

    def _dots(self) -> list[str]:
        return [f"dot_{k}" for k in range(len(self.tangents))]

    def _result(self) -> str:
        call = f"native_({', '.join([*self._passed()])})"
        if self._comes_back:
            return call
        with_value = self.form == "value and gradient"
        bars = "result_[1]" if with_value else "result_"
        if len(self.wrt) == 1:
            found = self._like(bars, self.wrt[0])
        else:
            found = ", ".join(self._like(f"{bars}[{k}]", one) for k, one in enumerate(self.wrt))
        both = f"(result_[0], ({found}))" if with_value else f"({found})"
        return f"[{both} for result_ in ({call},)][0]"

    def _passed(self) -> Iterator[str]:
        for k, value in enumerate(self.live):
            yield taken_apart(structure_of_value(value), f"live_{k}")
        for one in self.params:
            if one.kind is one.VAR_POSITIONAL:
                yield f"*{one.name}"
            else:
                yield taken_apart(structure_of_value(self.args[one.name]), one.name)
        for dot, value in zip(self._dots(), self.tangents, strict=True):
            yield taken_apart(structure_of_value(value), dot)

    def _like(self, bar: str, name: str) -> str:
        return bar if _comes_back(self.args[name]) else f"like_({bar}, {name})"


class _Text:
    """A default that is shown as the name that has it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _holds_a_container(result: Structure) -> bool:
    """Whether a result, or a part of the tuple that it is, is no number or array."""
    parts = () if result is None else result.parts
    is_tuple = result is None or result.keys == tuple(range(len(parts)))
    return not is_tuple or any(part is not None for part in parts)


def _like(bar: Any, arg: Any) -> Any:
    """The gradient `bar` as native code has it in the form of the argument that it is for."""
    return restructure(put_together(structure_of_value(arg), bar), arg)


def _comes_back(arg: Any) -> bool:
    """Whether native code gives a gradient for `arg` in the type that it should have."""
    return type(arg) in (float, complex) or (
        isinstance(arg, np.ndarray) and arg.dtype in (np.float64, np.complex128)
    )
