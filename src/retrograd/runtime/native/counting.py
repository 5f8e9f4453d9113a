"""The native forms of what says how many states of a loop are kept, and where."""

from typing import Any

from numba.core import types
from numba.extending import register_jitable

from retrograd.runtime import checkpoints
from retrograd.runtime.native.words import is_whole, native_form


def register() -> None:
    """Make sure that Numba knows the forms below, which it does once this page is imported."""


_digits = register_jitable(checkpoints.digits)
_halfway = register_jitable(checkpoints.halfway)


@native_form(checkpoints.digits)
def _native_digits(count: Any) -> Any:
    return (lambda count: _digits(count)) if is_whole(count) else None


@native_form(checkpoints.halfway)
def _native_halfway(start: Any, stop: Any, length: Any, free: Any) -> Any:
    return lambda start, stop, length, free: _halfway(start, stop, length, free)


@native_form(checkpoints.states_within)
def _states_within(room: Any, state: Any) -> Any:
    return lambda room, state: max(1, room // checkpoints.size_of(state))


@native_form(checkpoints.steps_within)
def _steps_within(room: Any, steps: Any, *tapes: Any) -> Any:
    return lambda room, steps, *tapes: max(1, room * steps // checkpoints.size_of(tapes))


@native_form(checkpoints.size_of)
def _size_of(x: Any) -> Any:
    if isinstance(x, types.Array):
        return lambda x: 112 + x.size * x.itemsize
    if isinstance(x, types.BaseTuple):
        if len(x) == 0:
            return lambda x: 56
        return lambda x: 8 + checkpoints.size_of(x[0]) + checkpoints.size_of(x[1:])
    if isinstance(x, types.List):

        def in_list(x: Any) -> Any:
            total = 56
            for item in x:
                total += 8 + checkpoints.size_of(item)
            return total

        return in_list
    return lambda x: 24
