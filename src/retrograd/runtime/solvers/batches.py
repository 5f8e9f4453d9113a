"""Which part of the data each step sees.

Batches are numbered through all epochs, from 0, and what batch k holds depends on k and the seed
alone: so a run goes on where another stopped by knowing how many steps that took.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from retrograd.runtime.pytrees import leaves, map_leaves


class Batches(Protocol):
    """Data in pieces."""

    @property
    def whole(self) -> tuple[Any, ...] | None:
        """All the data as arguments of the function; None where they come piece by piece."""

    def has(self, number: int) -> bool:
        """Whether there is a batch `number`."""

    def at(self, number: int) -> tuple[Any, ...]:
        """Batch `number` as arguments of the function; the last one there is, beyond the end."""


class CutBatches:
    """Arrays that are cut along their first axis, in another order in each epoch.

    Args:
        whole: the arguments of the function for all rows: pytrees of arrays.
        size: rows in a batch; the last of an epoch has what is left.
        seed: of the order of the rows; None to keep them as they are.
        epochs: how often all rows are seen; None for without end.

    Raises:
        ValueError: not all leaves are arrays of the same length, or there are no rows.
    """

    def __init__(
        self,
        whole: tuple[Any, ...],
        *,
        size: int,
        seed: int | None,
        epochs: int | None = None,
    ) -> None:
        self.whole: tuple[Any, ...] | None = whole
        self._count = _length(whole)
        self.in_epoch = -(-self._count // size)
        self._size = size
        self._seed = seed
        self._epochs = epochs
        self._order: tuple[int, NDArray[np.intp]] = (-1, np.arange(0))

    def has(self, number: int) -> bool:
        return self._epochs is None or number < self._epochs * self.in_epoch

    def at(self, number: int) -> tuple[Any, ...]:
        epoch, k = divmod(number, self.in_epoch)
        if epoch != self._order[0]:
            self._order = (epoch, self._rows(epoch))
        rows = self._order[1][k * self._size : (k + 1) * self._size]
        return tuple(map_leaves(lambda leaf: leaf[rows], part) for part in self.whole or ())

    def _rows(self, epoch: int) -> NDArray[np.intp]:
        rows = np.arange(self._count)
        if self._seed is None:
            return rows
        return np.random.default_rng((self._seed, epoch)).permutation(rows)


class GivenBatches:
    """Batches as an iterable gives them, one after the other.

    Args:
        source: iterated anew in each epoch; an iterator has one epoch, and begins where it stands.
        as_arguments: from one of its items to arguments of the function.
        begin: the number of its first batch, if `source` is an iterator.
        epochs: how often `source` is iterated; None for without end.
    """

    whole: tuple[Any, ...] | None = None

    def __init__(
        self,
        source: Iterable[Any],
        as_arguments: Callable[[Any], tuple[Any, ...]],
        *,
        begin: int = 0,
        epochs: int | None = None,
    ) -> None:
        once = isinstance(source, Iterator)
        self._items = self._through(source, 1 if once else epochs)
        self._as_arguments = as_arguments
        self._number = begin - 1 if once else -1
        self._item: tuple[Any] | None = None

    @staticmethod
    def _through(source: Iterable[Any], epochs: int | None) -> Iterator[tuple[Any]]:
        epoch = 0
        while epochs is None or epoch < epochs:
            empty = True
            for item in source:
                empty = False
                yield (item,)
            if empty:
                return
            epoch += 1

    def has(self, number: int) -> bool:
        self._advance(number)
        return self._number >= number

    def at(self, number: int) -> tuple[Any, ...]:
        self._advance(number)
        if self._item is None:
            raise ValueError("data holds no batch")
        return self._as_arguments(self._item[0])

    def _advance(self, number: int) -> None:
        while self._number < number:
            item = next(self._items, None)
            if item is None:
                return
            self._item = item
            self._number += 1


def _length(data: tuple[Any, ...]) -> int:
    """The length that all arrays in `data` have along their first axis."""
    lengths = {}
    for path, leaf in leaves(data, "data"):
        if not isinstance(leaf, np.ndarray) or leaf.ndim == 0:
            raise ValueError(f"{path} is a {type(leaf).__name__}; batches are cut from arrays")
        lengths[path] = len(leaf)
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{path} has {length}" for path, length in lengths.items())
        raise ValueError(f"the arrays of data have different lengths: {shown}")
    length = next(iter(lengths.values()), 0)
    if length == 0:
        raise ValueError("data holds no rows")
    return length
