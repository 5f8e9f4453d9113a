"""What is known of the functions that variables hold, while their calls are put in place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from retrograd.transforms.frontend.solvers import Solve
from retrograd.transforms.ir.nodes import Callee, Expr, Function, Known, Name, Param


@dataclass(frozen=True, eq=False)
class Closure:
    """A function inside the function at hand; free names are variables of that."""

    function: Function


@dataclass(frozen=True)
class Partial:
    """``functools.partial(function, *args, **kwargs)``, of arguments that keep their values."""

    function: "FunctionValue"
    args: tuple[Expr, ...]
    kwargs: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True)
class Vectorized:
    """``numpy.vectorize(function, otypes=[dtype])``; the literal None for a dtype that is not told."""

    function: "FunctionValue"
    dtype: Expr


@dataclass(frozen=True)
class Unsure:
    """One of several functions, or none."""


@dataclass(frozen=True)
class Shape:
    """A tuple of so many items, or a dict with these keys, that nothing changes.

    `values` are these items, if each has a name of its own.
    """

    items: int | tuple[str, ...]
    values: tuple[Expr, ...] | None = None


@dataclass(frozen=True)
class Functions:
    """A list, tuple or dict of functions, that nothing changes; of a list the keys are places."""

    items: tuple[tuple[str | int, "FunctionValue"], ...]
    keyed: bool

    def at(self, key: object) -> "FunctionValue | None":
        """The function that stands there, None if there is none."""
        if isinstance(key, int) and not self.keyed and key < 0:
            key += len(self.items)
        return next((function for found, function in self.items if found == key), None)


@dataclass(frozen=True)
class Solution:
    """What a solver returned: the variables that hold its fields."""

    fields: tuple[tuple[str, Name], ...]


FunctionValue: TypeAlias = Closure | Partial | Vectorized | Callee | Known
#: What is known of variables: which function they hold, or how many items.
Scope: TypeAlias = dict[str, FunctionValue | Unsure | Shape | Functions | Solution]


@dataclass(frozen=True)
class Callees:
    """The user functions that may be called.

    `function` gives one, with every `return` at the end of its way; `is_inlined` tells whether no
    call of one can stay, `calls_itself` whether its text cannot take the place of a call. `ended`
    puts every `return` of a function inside at the end of its way. `params` are those of a callee,
    `leaves_alone` tells whether one writes into no argument, as far as is known, and `lift` makes a function without free names one of the program's, `solve` one that calls a solver.
    """

    function: Callable[[Callee], Function]
    is_inlined: Callable[[Callee], bool]
    leaves_alone: Callable[[Callee], bool]
    calls_itself: Callable[[Callee], bool]
    ended: Callable[[Function], Function]
    params: Callable[[Callee], tuple[Param, ...]]
    lift: Callable[[Function], Callee]
    solve: Callable[[Function, Solve], Callee]
