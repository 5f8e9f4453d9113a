"""L-BFGS: what BFGS has learnt, from the last few steps alone.

Source: Nocedal and Wright, *Numerical Optimization*, 2nd ed., algorithms 7.4 and 7.5.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from retrograd.runtime.solvers.objective import Objective, Place, Stall, Step
from retrograd.runtime.solvers.result import Array
from retrograd.runtime.solvers.stepping import downhill, relative_size, search
from retrograd.runtime.solvers.stopping import EPS

#: A step and the change of the gradient over it, both of shape (n,).
Pair: TypeAlias = tuple[Array, Array]


def lbfgs(*, history_size: int) -> Step:
    """The method that remembers its last `history_size` steps, at least one."""
    if history_size < 1:
        raise ValueError(f"history_size={history_size} came; at least 1 was wanted")

    def step(problem: Objective, place: Place) -> Place | Stall:
        free = problem.free(place)
        pairs: tuple[Pair, ...] = ()
        if np.array_equal(free, place.memory.get("free", free)):  # else of another subspace
            pairs = place.memory.get("pairs", ())
        found, ahead = None, np.inf
        if pairs:
            direction = -free * inverse_times(pairs, free * place.gradient)
            found, ahead = search(problem, place, direction, 1.0), relative_size(direction, place)
        if found is None:
            pairs = ()
            found = downhill(problem, place)
        if found is None:
            return Stall(ahead)
        moved, change = found.x - place.x, free * (found.gradient - place.gradient)
        if moved @ change > EPS * float(np.linalg.norm(moved) * np.linalg.norm(change)):
            pairs = (*pairs, (moved, change))[-history_size:]
        return replace(found, memory={"pairs": pairs, "free": free})

    return step


def inverse_times(pairs: Sequence[Pair], vector: Array) -> Array:
    """The inverse Hessian that `pairs`, oldest first, teach, times `vector` (n,)."""
    weights = []
    for step, change in reversed(pairs):
        weight = float(step @ vector) / float(step @ change)
        vector = vector - weight * change
        weights.append(weight)
    step, change = pairs[-1]
    vector = vector * (float(step @ change) / float(change @ change))
    for (step, change), weight in zip(pairs, reversed(weights), strict=True):
        vector = vector + step * (weight - float(change @ vector) / float(step @ change))
    return vector
