"""Containers that do not do what lists, tuples and dicts do: `Counter`, a dict with a `get` of its own."""

from collections.abc import Mapping
from typing import Final

from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.ir.kinds import Kind, is_refined
from retrograd.transforms.ir.nodes import Call, Function, Known, Name, Outer
from retrograd.transforms.ir.walk import own_expressions, statements, subexpressions

#: Classes of Python's own whose methods mean something else, or whose items cannot be anything.
_MAKERS: Final = frozenset(
    {"array.array", "memoryview", "bytearray"}
    | {f"collections.{name}" for name in ("Counter", "ChainMap", "deque", "UserDict", "UserList")}
    | {f"queue.{name}" for name in ("Queue", "LifoQueue", "PriorityQueue", "SimpleQueue")}
)


def check_containers(function: Function, known: Mapping[str, Kind], report: Diagnostics) -> None:
    """Refuse such containers in `function`; `known` are the kinds of its parameters and constants."""
    for stmt in statements(function.body):
        for expr in own_expressions(stmt):
            for part in subexpressions(expr):
                match part:
                    case Name(id=id, role="") | Outer(id=id) if is_refined(kind := known.get(id)):
                        report.refuse("RG227", part.at, f"`{id}` is a {kind.name}")
                    case Call(func=Known(path=path) as made) if path in _MAKERS:
                        report.refuse("RG227", part.at, f"a {made.spelling.rpartition('.')[2]}")
                    case _:
                        pass
