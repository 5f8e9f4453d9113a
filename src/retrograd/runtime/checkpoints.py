"""Where to leave snapshots of the states of a loop, and how many there is room for."""

from typing import Any

import numpy as np

from retrograd.runtime.arrays import field_names


def digits(count: int) -> int:
    """How many binary digits `count` has, at least 1."""
    found = 1
    while count > 1:
        count //= 2
        found += 1
    return found


def halfway(start: int, stop: int, length: int, free: int) -> int:
    """The iteration before which to leave a snapshot, between that at `start` and `stop`.

    With m segments ahead and s snapshots, that at `start` among them, iterations run again r times at
    most if m is at most ``binomial(s + r, r)``. The place is one where that is so on both sides of it,
    on the left with r - 1 and on the right with s - 1, for the smallest r.

    Args:
        start: the first iteration.
        stop: the one behind the last, more than `length` after `start`.
        length: of a segment, at least 1.
        free: how many further snapshots may be kept at the same time; below 1 none is.

    Returns:
        `start` and a number of whole segments, before `stop`.

    Source: Griewank and Walther, *Algorithm 799: revolve*, ACM TOMS 26 (2000), section 2.
    """
    segments = (stop - start + length - 1) // length
    snapshots = max(free, 0) + 1
    times, reach, left, right = 0, 1, 1, 1
    while reach < segments:
        times += 1
        left = reach  # binomial(snapshots + times - 1, times - 1)
        right = left * snapshots // (snapshots + times - 1)  # the same with a snapshot less
        reach = left * (snapshots + times) // times
    return start + min(left, segments - right) * length


def states_within(room: int, state: Any) -> int:
    """How many copies of `state` fit into `room` bytes, at least 1."""
    return max(1, room // size_of(state))


def steps_within(room: int, steps: int, *tapes: Any) -> int:
    """How many iterations fit into `room` bytes where `steps` of them filled `tapes`; at least 1."""
    return max(1, room * steps // size_of(tapes))


def size_of(x: Any) -> int:
    """About how many bytes Python takes for `x`, in which nothing shares memory."""
    if isinstance(x, np.ndarray):
        return 112 + x.nbytes
    if isinstance(x, dict):
        return 112 + sum([32 + size_of(item) for item in x.values()])
    if isinstance(x, (list, tuple)):
        return 56 + sum([8 + size_of(item) for item in x])
    if (names := field_names(x)) is not None:
        return 56 + sum([8 + size_of(getattr(x, name)) for name in names])
    return 24
