"""The methods of lists and dicts that are statements of the core language.

    xs.append(e)    xs.insert(i, e)    x = xs.pop()    x = xs.pop(i)    x = d.pop(k)

`clear` is one until it is known that nobody else sees the container, and is an assignment then.
"""

from dataclasses import dataclass

from retrograd.transforms.ir.nodes import Assign, Attribute, Call, Do, Expr, Name, Stmt
from retrograd.transforms.ir.walk import root_of


@dataclass(frozen=True, slots=True)
class Method:
    """``place.name(at, value)``, and for `pop` the variable that is given the `result`."""

    place: Expr
    root: Name
    name: str
    at: Expr | None = None
    value: Expr | None = None
    result: Name | None = None


def method_of(stmt: Stmt) -> Method | None:
    """`stmt` as the method of a container of the user's, None if it is something else."""
    match stmt:
        case Do(value=Call(func=Attribute(value=place, name=name), args=args, kwargs=())):
            root = root_of(place)
            if root is None or root.role:
                return None
            match name, args:
                case "append", (value,):
                    return Method(place, root, name, value=value)
                case "insert", (at, value):
                    return Method(place, root, name, at, value)
                case "clear", ():
                    return Method(place, root, name)
        case Assign(
            target=Name(role="") as result,
            value=Call(func=Attribute(value=place, name="pop"), args=args, kwargs=()),
        ) if (
            len(args) < 2
        ):
            root = root_of(place)
            if root is not None and not root.role:
                return Method(place, root, "pop", args[0] if args else None, result=result)
    return None
