"""What generated code asks of lists and dicts where Python has no short word for it.

Each function needs nothing but others of this page, so that its text can be copied into a module
that stands alone.
"""

from typing import Any

import numpy as np

# ---------------------------------------------------------------- lists of anything


def unlisted(g: Any, x: Any) -> Any:
    """The cotangent of `x` when `g` is that of ``list(x)``: of a dict, whose keys these are, zero."""
    if isinstance(x, dict):
        return dict.fromkeys(x)
    return np.array(g) if isinstance(x, np.ndarray) else g


def fold(g: Any, items: Any) -> list[Any]:
    """The cotangent of a list of `items` when `g` is that of the list repeated."""
    length = len(items)
    result = [zeros_of(item) for item in items]
    for k, part in enumerate(g):
        result[k % length] = sum_of(result[k % length], part)
    return result


def zeros_of(x: Any) -> Any:
    """The zero cotangent of a number, an array, or a list, tuple or dict of them."""
    if isinstance(x, dict):
        return {key: zeros_of(item) for key, item in x.items()}
    if isinstance(x, (list, tuple)):
        return [zeros_of(item) for item in x]
    return np.zeros(np.shape(x))[()] if isinstance(x, np.ndarray) else 0.0


def sum_of(a: Any, b: Any) -> Any:
    """The sum of two cotangents of one thing."""
    if isinstance(a, dict):
        return {key: sum_of(item, b[key]) for key, item in a.items()}
    if isinstance(a, (list, tuple)):
        return [sum_of(x, y) for x, y in zip(a, b, strict=True)]
    return a + b


# ---------------------------------------------------------------- order


def sorting_order(keys: Any, reverse: bool = False) -> list[int]:
    """The places of `keys` in the order in which ``sorted`` puts them."""
    return sorted(range(len(keys)), key=lambda k: keys[k], reverse=reverse)


def sortable(xs: Any) -> Any:
    """`xs`, a list or an array of one axis, whose method `sort` orders its items.

    Raises:
        ValueError: `xs` is an array with another number of axes, which sorts along the last.
    """
    if getattr(xs, "ndim", 1) != 1:
        raise ValueError(f"sort of an array with {xs.ndim} axes, where one is wanted")
    return xs


def first_largest(keys: Any) -> int:
    """The place of the first of the largest of `keys`, as ``max(..., key=...)`` takes it."""
    return max(range(len(keys)), key=lambda k: keys[k])


def first_smallest(keys: Any) -> int:
    """The place of the first of the smallest of `keys`."""
    return min(range(len(keys)), key=lambda k: keys[k])


# ---------------------------------------------------------------- items put in and taken out


def pop_inserted(items: list[Any], index: int) -> Any:
    """Take out of `items` what ``items.insert(index, item)`` put in."""
    length = len(items) - 1
    return items.pop(max(index + length, 0) if index < 0 else min(index, length))


def insert_popped(items: list[Any], index: int, item: Any) -> None:
    """Put back into `items` what ``items.pop(index)`` took out."""
    items.insert(index + len(items) + 1 if index < 0 else index, item)


# ---------------------------------------------------------------- dicts


def kept_entry(container: Any, key: Any) -> list[Any]:
    """What stands at ``container[key]``, in a list; an empty one if a dict has no such key.

    It is a copy of an array or list, which ``container[key] += x`` would change itself.
    """
    if isinstance(container, dict) and key not in container:
        return []
    kept = container[key]
    return [kept.copy() if isinstance(kept, (np.ndarray, list)) else kept]


def put_back(container: Any, key: Any, kept: list[Any]) -> None:
    """Make ``container[key]`` again what `kept_entry` found there."""
    if kept:
        container[key] = kept[0]
    else:
        del container[key]


def entries_of(g: Any, part: Any) -> dict[Any, Any]:
    """The cotangent of the dict `part` when `g` is that of ``other | part``."""
    return {key: g[key] for key in part}


def entries_kept(g: Any, part: Any, other: Any) -> dict[Any, Any]:
    """The cotangent of the dict `part` when `g` is that of ``part | other``."""
    return {key: zeros_of(item) if key in other else g[key] for key, item in part.items()}
