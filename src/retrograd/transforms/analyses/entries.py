"""Which dicts and records are read part by part, so that each part has a cotangent of its own."""

from collections.abc import Mapping as MappingOf

from retrograd.transforms.analyses.kinds_and_ranks import Kinds
from retrograd.transforms.ir.kinds import Array, Kind, Mapping, Record, Scalar
from retrograd.transforms.ir.nodes import Attribute, Const, Expr, Function, Index, Name
from retrograd.transforms.ir.walk import assigned, children, own_expressions, statements


def read_by_entry(function: Function, kinds: Kinds) -> MappingOf[str, Kind]:
    """The parameters of which only parts are read: dicts of numbers and arrays, and records."""
    return {
        name: kind
        for name, kind in kinds.before[function.body[0]].items()
        if _has_parts(kind)
        and name not in assigned(function.body)
        and not _is_read_whole(function, name)
    }


def _has_parts(kind: Kind) -> bool:
    match kind:
        case Mapping(items=items):
            return items is not None and all(isinstance(item, Scalar | Array) for _, item in items)
        case Record():
            return True
        case _:
            return False


def _is_read_whole(function: Function, name: str) -> bool:
    def whole(expr: Expr) -> bool:
        match expr:
            case Index(value=Name(id=id), index=Const(value=str())) if id == name:
                return False
            case Attribute(value=Name(id=id), is_field=True) if id == name:
                return False
            case Name(id=id, role=""):
                return id == name
            case _:
                return any(map(whole, children(expr)))

    return any(whole(expr) for stmt in statements(function.body) for expr in own_expressions(stmt))
