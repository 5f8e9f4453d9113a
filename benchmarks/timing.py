"""Who is faster? CPU times of contestants that take turns."""

import math
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np


def in_turn(
    contestants: list[Callable[..., Any]],
    args: tuple[Any, ...],
    rounds: int,
    seconds: float = math.inf,
) -> list[float]:
    """Median CPU seconds of a call for each contestant, measured turn by turn.

    In each round every contestant runs for about a millisecond. One that has used up its `seconds`
    sits out the rounds after the third.
    """
    repeats = [max(1, math.ceil(1e-3 / cost(run, args))) for run in contestants]
    found: list[list[float]] = [[] for _ in contestants]
    spent = [0.0] * len(contestants)
    for turn in range(rounds):
        for k, run in enumerate(contestants):
            if turn >= 3 and spent[k] > seconds:
                continue
            start = time.process_time_ns()
            for _ in range(repeats[k]):
                run(*args)
            took = (time.process_time_ns() - start) * 1e-9
            spent[k] += took
            found[k].append(took / repeats[k])
    return [statistics.median(times) for times in found]


def cost(run: Callable[..., Any], args: tuple[Any, ...]) -> float:
    """A first guess at the seconds of one call."""
    run(*args)
    start = time.perf_counter()
    run(*args)
    return max(time.perf_counter() - start, 1e-7)


def flat(tree: Any) -> np.ndarray:
    """All numbers of a gradient in one vector; entries of dicts by sorted key."""
    if isinstance(tree, dict):
        return np.concatenate([flat(tree[key]) for key in sorted(tree)])
    if isinstance(tree, list | tuple):
        return np.concatenate([flat(item) for item in tree])
    return np.ravel(np.asarray(tree, dtype=float))
