"""The parameters of a fit by name: which are fitted, which are fixed, and which follow others.

A solver sees the vector v of those that are fitted. All of them, the full vector p with the entries
of the start in order, are an affine map of v except where a tied parameter is a function of others.
"""

import copy
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from retrograd.modes import jacobian
from retrograd.runtime.pytrees import flatten, is_active, leaves, map_leaves, unflatten
from retrograd.runtime.solvers.result import Array

Tie = str | Callable[..., Any]


class Parameters:
    """Named parameters in the structure of their start.

    Args:
        p0: the start: a vector, or any nesting of dict, list, tuple and record of numbers and arrays.
            Whole numbers are taken as floats.
        names: of the entries, where `p0` is a vector; x[0], x[1] ... otherwise.
        fixed: names of parameters that keep their start: entries ("a", "w[0]") or all of a part ("w").
        tied: for the name of an entry the name of another, whose value it takes, or a function of
            others, which are the names of its arguments.

    Raises:
        ValueError: `p0` holds no floats, a name is not one of a parameter, or nothing is left to fit.
    """

    def __init__(
        self,
        p0: Any,
        *,
        names: tuple[str, ...] | None = None,
        fixed: Iterable[str] = (),
        tied: Mapping[str, Tie] | None = None,
    ) -> None:
        self.start = map_leaves(_in_float, p0)
        self.full_start = flatten(self.start)
        if not self.full_start.size:
            raise ValueError(f"p0={p0!r} came; floats or arrays of floats were wanted")
        self.names = tuple(_labels(self.start)) if names is None else names
        ties = dict(tied or {})
        self.fixed = np.zeros(len(self.names), dtype=bool)
        for name in (fixed,) if isinstance(fixed, str) else fixed:
            self.fixed[self.places(name, "fixed")] = True
        self._ties = [(self._one(name), *self._read(name, tie)) for name, tie in ties.items()]
        self.tied = np.zeros(len(self.names), dtype=bool)
        self.tied[[place for place, _, _ in self._ties]] = True
        for place, sources, _ in self._ties:
            self._check_tie(place, sources)
        self.free = np.flatnonzero(~self.fixed & ~self.tied)
        if not self.free.size:
            raise ValueError("every parameter is fixed or tied; there is nothing to fit")
        self._jacobians = {
            place: jacobian(tie, argnums=tuple(range(len(sources))))
            for place, sources, tie in self._ties
            if callable(tie)
        }

    @property
    def affine(self) -> bool:
        """Whether p is an affine map of v: no parameter is a function of others."""
        return not self._jacobians

    @property
    def all_free(self) -> bool:
        """Whether p is v: nothing is fixed or tied."""
        return self.free.size == self.full_start.size

    def holding(self, place: int, value: float, start: Array) -> "Parameters":
        """The same with `start`, shape (n,), but entry `place`, which is free, fixed at `value`."""
        held = copy.copy(self)
        held.full_start = start.copy()
        held.full_start[place] = value
        held.free = self.free[self.free != place]
        return held

    def places(self, name: str, option: str) -> list[int]:
        """The entries that `name` stands for.

        Raises:
            ValueError: it is no name; says which there are.
        """
        found = [k for k, own in enumerate(self.names) if own == name or _part_of(own, name)]
        if not found:
            listed = ", ".join(self.names[:20])
            raise ValueError(f"{option} names {name!r}; the parameters are {listed}")
        return found

    def full(self, v: Array) -> Array:
        """p for the fitted entries `v`, shape (k,)."""
        p = self.full_start.copy()
        p[self.free] = v
        for place, sources, tie in self._ties:
            p[place] = p[sources[0]] if not callable(tie) else tie(*(float(p[k]) for k in sources))
        return p

    def spread(self, v: Array) -> Array:
        """The derivative of p by v, shape (n, k)."""
        p = self.full(v)
        found = np.zeros((p.size, self.free.size))
        found[self.free, np.arange(self.free.size)] = 1.0
        for place, sources, tie in self._ties:
            if callable(tie):
                slopes = self._jacobians[place](*(float(p[k]) for k in sources))
            else:
                slopes = (1.0,)
            found[place] = sum(
                float(slope) * found[k] for slope, k in zip(slopes, sources, strict=True)
            )
        return found

    def structured(self, p: Array) -> Any:
        """The parameters in the structure of the start."""
        return unflatten(p, self.start)

    def columns(self, tree: Any) -> Array:
        """The Jacobian by p, shape (m, n), from one in the structure of the start."""
        found = dict(leaves(tree))
        parts = [
            np.reshape(found[path], (len(found[path]), -1))
            for path, leaf in leaves(self.start)
            if is_active(leaf)
        ]
        return np.concatenate(parts, axis=1)

    def bounds(self, given: Any) -> Any:
        """Bounds of v from those of p: None, (lower, upper), or a dict of pairs by name.

        Raises:
            ValueError: a tied parameter has bounds of its own, or they are of another form.
        """
        if given is None:
            return None
        n = self.full_start.size
        sides = np.full(n, -np.inf), np.full(n, np.inf)
        if isinstance(given, Mapping):
            for name, pair in given.items():
                places = self.places(name, "bounds")
                if self.tied[places].any():
                    raise ValueError(f"bounds came for {name!r}, which is tied to others")
                try:
                    for side, limit, none in zip(sides, pair, (-np.inf, np.inf), strict=True):
                        side[places] = none if limit is None else limit
                except (TypeError, ValueError):
                    raise ValueError(
                        f"bounds of {name!r} are {pair!r}; (lower, upper) was wanted"
                    ) from None
            return sides[0][self.free], sides[1][self.free]
        if hasattr(given, "lb") and hasattr(given, "ub"):
            given = given.lb, given.ub
        try:
            lower, upper = given
            for side, limit in zip(sides, (lower, upper), strict=True):
                side[:] = np.asarray(limit, dtype=np.float64)
        except (TypeError, ValueError):
            wanted = f"(lower, upper), each a number or {n} of them, or pairs by name"
            raise ValueError(f"bounds={given!r} came; {wanted} were wanted") from None
        return sides[0][self.free], sides[1][self.free]

    def _one(self, name: str) -> int:
        found = self.places(name, "tied")
        if len(found) > 1:
            raise ValueError(f"tied names {name!r}, which has {len(found)} entries; name one")
        return found[0]

    def _read(self, name: str, tie: Tie) -> tuple[list[int], Tie]:
        if isinstance(tie, str):
            return [self._one(tie)], tie
        if not callable(tie):
            raise ValueError(f"tied={{{name!r}: {tie!r}}} came; a name or a function was wanted")
        return [self._one(source) for source in inspect.signature(tie).parameters], tie

    def _check_tie(self, place: int, sources: list[int]) -> None:
        name = self.names[place]
        if self.fixed[place]:
            raise ValueError(f"{name!r} is both fixed and tied")
        if not sources:
            raise ValueError(f"{name!r} is tied to nothing; fix it with fixed=")
        if any(self.tied[k] for k in sources):
            raise ValueError(f"{name!r} is tied to a parameter that is tied itself")


def _in_float(leaf: Any) -> Any:
    if isinstance(leaf, np.ndarray):
        if leaf.dtype.kind not in "iuf":
            raise ValueError(f"p0 holds an array of dtype {leaf.dtype}; real numbers were wanted")
        return leaf.astype(np.float64)
    if isinstance(leaf, complex | np.complexfloating):
        raise ValueError(f"p0 holds the complex number {leaf}; real numbers were wanted")
    return float(leaf) if _is_number(leaf) else leaf


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def _labels(start: Any) -> list[str]:
    """A name for each entry: a, w[0], w[1, 0], or x[0] where there is no name."""
    found = []
    for path, leaf in leaves(start):
        if not is_active(leaf):
            continue
        name = _name(path)
        if np.ndim(leaf) == 0:
            found.append(name)
        else:
            found += [f"{name}[{', '.join(map(str, k))}]" for k in np.ndindex(np.shape(leaf))]
    return found


def _name(path: str) -> str:
    """How people call the leaf at `path`: a for ['a'] and for .a, x[0] for [0]."""
    if path.startswith(("['", '["')):
        close = path.index("]")
        return path[2 : close - 1] + path[close + 1 :]
    return path[1:] if path.startswith(".") else f"x{path}"


def _part_of(label: str, name: str) -> bool:
    return label.startswith((name + "[", name + "."))
