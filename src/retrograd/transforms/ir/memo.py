"""What was found of a node, kept for those who ask again: most passes hand nodes on as they are."""

from collections.abc import Callable
from functools import wraps
from typing import Final, TypeVar

N = TypeVar("N")
T = TypeVar("T")

#: Of how many nodes what was found is kept, before it is forgotten at once.
_MANY: Final = 50_000


def by_identity(find: Callable[[N], T]) -> Callable[[N], T]:
    """`find`, asked once about each node: by its identity, for equal ones may stand elsewhere.

    What is found must follow from the node alone.
    """
    #: Each with its node, whose id nothing else has as long as it is kept.
    found: dict[int, tuple[N, T]] = {}

    @wraps(find)
    def once(node: N) -> T:
        known = found.get(id(node))
        if known is None:
            answer = find(node)
            if len(found) >= _MANY:
                found.clear()
            found[id(node)] = node, answer
            return answer
        return known[1]

    return once
