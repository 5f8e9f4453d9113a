"""The same random numbers for every run of a function: each column of a Jacobian is of one function."""

import copy
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any

import numpy as np

from retrograd.runtime.pytrees import leaves

#: Takes the state of a generator, and gives back what puts it there again.
Restore = Callable[[], None]

_GENERATORS = (np.random.Generator, np.random.RandomState, random.Random)


class Draws:
    """The generators that a function draws from, in the states in which it first found them."""

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
        found = {id(one): one for one in _generators(function, args)}
        self._generators = tuple(found.values())
        self._start = self._kept()

    def restart(self) -> None:
        """Have the next run draw what the first one drew."""
        for restore in self._start:
            restore()

    @contextmanager
    def as_at_first(self) -> Iterator[None]:
        """A run that draws what the first one drew, and leaves the generators as they are."""
        now = self._kept()
        self.restart()
        try:
            yield
        finally:
            for restore in now:
                restore()

    def _kept(self) -> tuple[Restore, ...]:
        return tuple(map(_kept, self._generators))


def _kept(generator: Any) -> Restore:
    if isinstance(generator, np.random.Generator):
        bits = generator.bit_generator
        state = copy.deepcopy(bits.state)
        return lambda: setattr(bits, "state", state)
    if generator is np.random or isinstance(generator, np.random.RandomState):
        old = generator.get_state(legacy=False)
        return lambda: generator.set_state(old)
    drawn = generator.getstate()
    return lambda: generator.setstate(drawn)


def _generators(function: Callable[..., Any], args: tuple[Any, ...]) -> Iterator[Any]:
    """The generators among the arguments and those that the text of `function` names."""
    yield from (leaf for arg in args for _, leaf in leaves(arg) if isinstance(leaf, _GENERATORS))
    todo, seen = [function], set()
    while todo:
        one = todo.pop()
        if not isinstance(one, FunctionType) or one.__code__ in seen or _is_of_library(one):
            continue
        seen.add(one.__code__)
        names = one.__code__.co_names
        if "random" in names:
            yield from (np.random, random)
        cells = [cell.cell_contents for cell in one.__closure__ or () if _is_filled(cell)]
        for value in (*(one.__globals__.get(name) for name in names), *cells):
            if isinstance(value, _GENERATORS):
                yield value
            elif isinstance(getattr(value, "__self__", None), _GENERATORS):
                yield value.__self__
            else:
                todo.append(value)


def _is_of_library(function: FunctionType) -> bool:
    """Whether `function` draws nothing that it is not given, by our knowledge of where it is from."""
    return (function.__module__ or "").startswith(("numpy.", "scipy.", "retrograd.runtime."))


def _is_filled(cell: Any) -> bool:
    try:
        _ = cell.cell_contents
    except ValueError:
        return False
    return True
