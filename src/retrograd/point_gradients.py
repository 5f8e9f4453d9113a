"""A model of a curve at one data point: its value, and its gradient by the parameters.

That is a row of the Jacobian of the fit, for a price of a few values, if the model treats its data
points one by one. The text says so of numbers, and is run for arrays of them.
"""

import inspect
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from retrograd.api import Derivative, Written, is_read
from retrograd.runtime.broadcasting import over_arrays
from retrograd.runtime.solvers.result import Array
from retrograd.transforms.diagnostics.report import RetrogradError

Function = Callable[..., Any]

#: So far may two ways to compute a model differ, as a part of its largest value.
SAME = 1e-10


class PointGradient:
    """Value and gradient of a model at one data point.

    Args:
        model: takes x and `count` parameters.
        coordinates: how many arrays x consists of; 0 where it is one array rather than several.
    """

    def __init__(self, model: Function, count: int, coordinates: int) -> None:
        wrt = tuple(range(1, count + 1))
        self._derivative = Derivative(model, wrt, "value_and_grad", None)
        point = (0.5,) * coordinates if coordinates else 0.5
        self._like = (point, *[0.5] * count)
        self._count = count
        self._at_point: Function | None = None
        self._over_arrays: Function | None = None
        #: Loops in native code, by `number_form` and whether they are parallel.
        self.linked: dict[tuple[Function, bool], Function] = {}

    def written(self) -> Written:
        """The text, of the model as it is now.

        Raises:
            UnsupportedError: the model is outside the language that we differentiate.
        """
        at_point, _ = self._derivative.at(self._like)
        if at_point is not self._at_point:
            self._at_point = at_point
            self._over_arrays = None
            self.linked = {}
        return self._derivative.written

    @property
    def number_form(self) -> Function:
        """The function that `at_point` calls: another one once the model has changed."""
        self.written()
        assert self._at_point is not None
        return self._at_point

    def at_point(self, x: Any, p: Array) -> list[Any]:
        """The value and the derivatives at NumPy's numbers, x or a tuple of them and p (n,)."""
        return self._listed(self.number_form(x, *p))

    def over_arrays(self, x: Any, p: Array) -> list[Array]:
        """The same for k fits: at x (m,) or (k, m), or a tuple of such, and p (k, n), each (k, m).

        What does not depend on x may be of shape (k, 1) or ().
        """
        written = self.written()
        if self._over_arrays is None:
            self._over_arrays = written.link(over_arrays(written.text))
        return self._listed(self._over_arrays(x, *p.T[:, :, np.newaxis]))

    def _listed(self, found: tuple[Any, Any]) -> list[Any]:
        value, bars = found
        return [value, *bars] if self._count > 1 else [value, bars]


@lru_cache(maxsize=64)
def _made(model: Function, count: int, coordinates: int) -> PointGradient | None:
    if not is_read(model) or isinstance(model, Derivative):
        return None
    kinds = [one.kind for one in inspect.signature(model).parameters.values()]
    ordinary = kinds == [inspect.Parameter.POSITIONAL_OR_KEYWORD] * (count + 1)
    return PointGradient(model, count, coordinates) if ordinary else None


def point_gradient(model: Function, count: int, coordinates: int) -> PointGradient | None:
    """The gradient of `model` at a data point; None if it has none, seen by itself."""
    try:
        found = _made(model, count, coordinates)
        if found is not None:
            found.written()
    except (RetrogradError, TypeError):  # a TypeError where the model cannot be hashed
        return None
    return found


def is_same(one: Any, other: Any) -> bool:
    """Whether two arrays of numbers are the same but for rounding; nan is like nan."""
    one, other = np.asarray(one), np.asarray(other)
    with np.errstate(all="ignore"):
        largest = np.max(np.abs(other[np.isfinite(other)]), initial=0.0)
        return one.shape == other.shape and np.allclose(
            one, other, rtol=SAME, atol=SAME * largest, equal_nan=True
        )
