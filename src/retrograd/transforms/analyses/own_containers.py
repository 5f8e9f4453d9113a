"""Which variables hold a list or dict that nothing else leads to.

    xs = []              nothing else leads to the list
    xs.append(a)         nor now, though `xs` leads to the array `a`
    ys = [xs]            from here on `ys` does

To change which items such a container holds is a matter of that variable alone, whoever else holds
the items.
"""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias, assert_never

from retrograd.transforms.ir.nodes import (
    Assert,
    Assign,
    Attribute,
    AugAssign,
    Binary,
    Block,
    Break,
    Call,
    Comment,
    Compare,
    Comprehension,
    Const,
    Continue,
    Define,
    Delete,
    Dict,
    Do,
    Expr,
    For,
    Function,
    If,
    Import,
    Index,
    Known,
    List,
    Name,
    Pass,
    Raise,
    Return,
    Slice,
    Stmt,
    Unary,
    While,
    With,
)
from retrograd.transforms.ir.walk import assigned, bound_names, children
from retrograd.transforms.rules.application import hands_on, is_inactive
from retrograd.transforms.rules.opaque import WRITING_METHODS

Names: TypeAlias = frozenset[str]


def own_containers(function: Function) -> Mapping[Stmt, Names]:
    """The variables that hold a container of their own, before every statement of `function`."""
    flow = _Flow()
    flow.block(function.body, frozenset())
    return flow.before


class _Flow:
    def __init__(self) -> None:
        self.before: dict[Stmt, Names] = {}

    def block(self, block: Block, own: Names) -> Names:
        for stmt in block:
            self.before[stmt] = own = own & self.before.get(stmt, own)
            own = self.after(stmt, own)
        return own

    def after(self, stmt: Stmt, own: Names) -> Names:
        match stmt:
            case Assign(target=target, value=value):
                own = (own - frozenset(_led_to(value))) - frozenset(bound_names(target))
                if isinstance(target, Name) and _is_made(value):
                    own |= {target.id}
                return own
            case AugAssign(value=value) | Do(value=value):
                return own - frozenset(_led_to(value))
            case For(target=target, body=body):
                own -= frozenset(bound_names(target))
                return self.loop(own - frozenset(_led_to(stmt.iterable)), body)
            case While(body=body):
                return self.loop(own, body)
            case With(body=body):
                return self.block(body, own)
            case If(then=then, orelse=orelse):
                return self.block(then, own) & self.block(orelse, own)
            case Define():
                return frozenset()
            case Return() | Pass() | Comment() | Raise() | Assert() | Break() | Continue():
                return own
            case Import() | Delete():
                return own - assigned((stmt,))
            case _:
                assert_never(stmt)

    def loop(self, own: Names, body: Block) -> Names:
        while True:
            joined = own & self.block(body, own)
            if joined == own:
                return own
            own = joined


def _is_made(value: Expr) -> bool:
    match value:
        case List() | Dict() | Comprehension():
            return True
        case Call(func=Known(path="list" | "dict" | "sorted")):
            return True
        case _:
            return False


#: The methods of containers whose result is no way to the container: an item, or a new one.
_KEEPING_TO_ITEMS: Final = WRITING_METHODS | {"copy", "count", "get", "index"}


def _led_to(value: Expr) -> Iterator[str]:
    """The variables whose own container the value of `value`, or what it changes, may lead to."""
    match value:
        case Name(id=id):
            yield id
        case Index(value=whole, index=index):
            yield from () if isinstance(whole, Name) else _led_to(whole)
            yield from _led_to(index)
        case Attribute(value=whole):
            yield from () if isinstance(whole, Name) else _led_to(whole)
        case Const() | Known() | Compare() | Unary() | Slice():
            return
        case Binary(left=left, right=right):
            for side in (left, right):
                yield from () if isinstance(side, Name) else _led_to(side)
        case Call(func=Known(path="list" | "tuple" | "dict" | "sorted"), args=(Name(),)):
            return
        case Call() if is_inactive(value) and not hands_on(value):
            return
        case Call(func=Attribute(value=Name(id=id), name=name)) if name not in _KEEPING_TO_ITEMS:
            yield id  # ``d.values()`` follows `d`
            for part in children(value)[1:]:
                yield from _led_to(part)
        case _:
            for part in children(value):
                yield from _led_to(part)
