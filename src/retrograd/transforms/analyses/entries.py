"""Which dicts and records are used part by part, so that each part has a cotangent of its own."""

from collections.abc import Mapping as MappingOf

from retrograd.transforms.analyses.kinds_and_ranks import Kinds, join
from retrograd.transforms.ir.kinds import Array, Kind, Mapping, Record, Scalar
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    Call,
    Class,
    Const,
    Expr,
    Function,
    Index,
    Name,
)
from retrograd.transforms.ir.walk import (
    assigned,
    children,
    map_blocks,
    own_expressions,
    statements,
)


def used_by_part(function: Function, kinds: Kinds) -> MappingOf[str, Kind]:
    """The variables of which only parts are read, with what is known of them everywhere.

    Dicts among them are parameters, of numbers and arrays; records may be made from their parts.
    """
    params = kinds.before[function.body[0]]
    changed = assigned(function.body)
    found: dict[str, Kind] = {
        name: kind
        for name, kind in params.items()
        if isinstance(kind, Mapping) and _is_flat(kind) and name not in changed
    }
    for name in (*params, *sorted(changed - params.keys())):
        kind = _kind_everywhere(name, kinds)
        if isinstance(kind, Record) and _is_made_from_parts(function, name):
            found[name] = kind
    return {name: kind for name, kind in found.items() if not _is_read_whole(function, name)}


def _is_flat(kind: Mapping) -> bool:
    return kind.items is not None and all(
        isinstance(item, Scalar | Array) for _, item in kind.items
    )


def _kind_everywhere(name: str, kinds: Kinds) -> Kind | None:
    """What holds of the variable `name` wherever it has a value."""
    found: Kind | None = None
    for env in (*kinds.before.values(), *kinds.after.values()):
        if name in env:
            found = env[name] if found is None else join(found, env[name])
    return found


def _is_made_from_parts(function: Function, name: str) -> bool:
    """Whether `name` gets values from calls of its class alone, if any."""
    for stmt in statements(function.body):
        if name in assigned((map_blocks(stmt, lambda block: ()),)):
            match stmt:
                case Assign(target=Name(), value=Call(func=Class())):
                    pass
                case _:
                    return False
    return True


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
