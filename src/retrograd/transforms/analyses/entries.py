"""Which dict parameters are read entry by entry, so that each entry has a cotangent of its own."""

from retrograd.transforms.analyses.kinds_and_ranks import Kinds
from retrograd.transforms.ir.kinds import Array, Mapping, Scalar
from retrograd.transforms.ir.nodes import Const, Expr, Function, Index, Name
from retrograd.transforms.ir.walk import assigned, children, own_expressions, statements


def read_by_entry(function: Function, kinds: Kinds) -> frozenset[str]:
    """The dict parameters of which only entries are read, each a number or an array."""
    found = set()
    for name, kind in kinds.before[function.body[0]].items():
        if isinstance(kind, Mapping) and kind.items is not None:
            plain = all(isinstance(item, Scalar | Array) for _, item in kind.items)
            plain = plain and name not in assigned(function.body)
            if plain and not _is_read_whole(function, name):
                found.add(name)
    return frozenset(found)


def _is_read_whole(function: Function, name: str) -> bool:
    def whole(expr: Expr) -> bool:
        match expr:
            case Index(value=Name(id=id), index=Const(value=str())) if id == name:
                return False
            case Name(id=id, role=""):
                return id == name
            case _:
                return any(map(whole, children(expr)))

    return any(whole(expr) for stmt in statements(function.body) for expr in own_expressions(stmt))
