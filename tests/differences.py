"""Central differences of whole functions, for what is as exact as a solver only."""

from typing import Any

import numpy as np


def differences(f: Any, args: Any, place: int, step: float) -> Any:
    """Central differences of `f` by the argument at `place`, the last axis being its entries."""
    x = np.asarray(args[place], dtype=float)
    columns = []
    for k in range(x.size):
        at = np.zeros(x.size)
        at[k] = step
        at = at.reshape(x.shape)
        ends = [f(*args[:place], (x + s * at)[()], *args[place + 1 :]) for s in (1.0, -1.0)]
        columns.append((np.asarray(ends[0]) - np.asarray(ends[1])) / (2.0 * step))
    return np.stack(columns, axis=-1).reshape(np.shape(ends[0]) + x.shape)
