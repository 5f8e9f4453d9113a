"""A vectorized function is a loop over the elements, which goes back from the last to the first.

wrt: x    mode: joint    at: x=np.array([0.3, -0.7, 0.9])
"""

import numpy as np


def bent(x):
    @np.vectorize
    def g(t):
        return t * t if t > 0.0 else np.sin(t)

    return np.sum(g(x) * x)


# ---- gradient ----
from retrograd.runtime import (
    accumulate,
    gathered,
    owned,
    require_scalar,
    restructure,
    spread,
    unbroadcast,
    zeros_like,
)


def bent_grad(x):
    """Gradient of `bent` with respect to x."""
    chosen = None
    chosen_saved = []

    items = []
    items2 = np.ravel(x)
    for k in range(len(items2)):
        element = items2[k]
        chosen_saved.append(chosen)
        if element > 0.0:
            chosen = element * element
        else:
            chosen = np.sin(element)
        items.append(chosen)
    gathered_value = gathered(items)
    reshape_gathered_value = np.reshape(gathered_value, np.shape(x))
    value = np.sum(reshape_gathered_value * x)
    require_scalar(value)

    # return np.sum(g(x) * x)
    gathered_value_bar = np.reshape(
        unbroadcast(
            x * spread(1.0, np.shape(reshape_gathered_value * x)),
            reshape_gathered_value,
        ),
        gathered_value.shape,
    )
    x_bar = unbroadcast(
        reshape_gathered_value * spread(1.0, np.shape(reshape_gathered_value * x)), x
    )
    items_bar = restructure(gathered_value_bar, items)
    items2_bar = zeros_like(items2)
    for k in reversed(range(len(items2))):
        element = items2[k]
        # return np.sum(g(x) * x)
        items_bar = owned(items_bar)
        chosen_bar = unbroadcast(items_bar.pop(), chosen)
        if element > 0.0:
            element_bar = unbroadcast(2.0 * element * chosen_bar, element)
        else:
            element_bar = unbroadcast(np.cos(element) * chosen_bar, element)
        chosen = chosen_saved[k]
        items2_bar[k] = accumulate(items2_bar[k], element_bar)
    x_bar = accumulate(x_bar, np.reshape(items2_bar, np.shape(x)))
    return x_bar
