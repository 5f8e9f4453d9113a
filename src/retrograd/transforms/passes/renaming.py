"""Statements with other names for their variables, where functions inside keep their own.

t -> t2:    y = t * t                      y = t2 * t2
            g = lambda t: t * y      ->    g = lambda t: t * y
"""

from collections.abc import Mapping
from dataclasses import replace

from retrograd.transforms.ir.nodes import (
    Assign,
    AugAssign,
    Block,
    Comprehension,
    Define,
    Expr,
    For,
    Function,
    Lambda,
    Name,
    Named,
    Origin,
    Stmt,
    While,
)
from retrograd.transforms.ir.show import show
from retrograd.transforms.ir.walk import (
    bound_inside,
    bound_names,
    locals_of,
    map_blocks,
    map_children,
    map_expressions,
    own_expressions,
    subexpressions,
)

#: What to write for each of some variables.
Renaming = Mapping[str, Expr]


def renamed(block: Block, names: Renaming, unquoted: frozenset[str] = frozenset()) -> Block:
    """Statements like those of `block`, with other names.

    Where the user's text is quoted, the names in `unquoted` stay.
    """
    return tuple(_statement(stmt, names, unquoted) for stmt in block)


def renamed_function(function: Function, names: Renaming) -> Function:
    """`function` with other names for the variables around it."""
    own = locals_of(function)
    free = {id: name for id, name in names.items() if id not in own}
    params = tuple(
        param if param.default is None else replace(param, default=_in(param.default, names))
        for param in function.params
    )
    return replace(function, params=params, body=renamed(function.body, free))


def _statement(stmt: Stmt, names: Renaming, unquoted: frozenset[str]) -> Stmt:
    inner = map_blocks(replace(stmt), lambda block: renamed(block, names, unquoted))
    if isinstance(inner, Define):
        function = renamed_function(inner.function, names)
        name = names.get(function.name)
        if isinstance(name, Name):
            function = replace(function, name=name.id)
        return replace(inner, function=function)
    new = _everywhere(inner, names)
    if isinstance(new, For | While):
        new = replace(new, exits=tuple(_flag(flag, names) for flag in new.exits))
    if not any(id in names for id in _mentioned(inner)):
        return inner
    quoted = {id: name for id, name in names.items() if id not in unquoted}
    return replace(new, origin=_restated(stmt, quoted))


def _restated(stmt: Stmt, names: Renaming) -> Origin:
    """The origin of a statement that is going to have other `names`."""
    if not stmt.origin.spelling:
        return stmt.origin
    if not isinstance(stmt, Assign | AugAssign):
        return replace(stmt.origin, spelling=None, quote="")
    quote = show(_everywhere(stmt, names))
    return replace(stmt.origin, spelling=None, quote=quote)


def _everywhere(stmt: Stmt, names: Renaming) -> Stmt:
    """`stmt` itself, what it binds included, with other `names`."""
    new = map_expressions(stmt, lambda expr: _in(expr, names))
    match stmt:  # whose target `new` has in part under other names, which may be among those again
        case Assign(target=target) | For(target=target):
            return replace(new, target=_in(target, names))  # type: ignore[arg-type]
        case AugAssign(target=Name() as target):
            return replace(new, target=_in(target, names))  # type: ignore[arg-type]
        case _:
            return new


def _flag(id: str, names: Renaming) -> str:
    name = names.get(id)
    return name.id if isinstance(name, Name) else id


def _mentioned(stmt: Stmt) -> frozenset[str]:
    """The variables that `stmt` itself reads or binds."""
    read = (
        part.id
        for expr in own_expressions(stmt)
        for part in subexpressions(expr)
        if isinstance(part, Name)
    )
    bound = bound_names(stmt.target) if isinstance(stmt, Assign | For) else ()
    inside = (id for expr in own_expressions(stmt) for id in bound_inside(expr))
    return frozenset((*read, *bound, *inside))


def _in(expr: Expr, names: Renaming) -> Expr:
    match expr:
        case Name(id=id, role=""):
            return names.get(id, expr)
        case Lambda(params=params):
            own = {param.id for param in params}
            defaults = tuple(
                p if p.default is None else replace(p, default=_in(p.default, names))
                for p in params
            )
            free = {id: name for id, name in names.items() if id not in own}
            return replace(expr, params=defaults, body=_in(expr.body, free))
        case Comprehension(element=element, clauses=clauses):
            return replace(
                expr,
                element=_in(element, names),
                clauses=tuple(
                    replace(
                        clause,
                        target=_in(clause.target, names),  # type: ignore[arg-type]
                        iterable=_in(clause.iterable, names),
                        tests=tuple(_in(test, names) for test in clause.tests),
                    )
                    for clause in clauses
                ),
            )
        case Named(target=target, value=value):
            place = _in(target, names)
            assert isinstance(place, Name)
            return replace(expr, target=place, value=_in(value, names))
        case _:
            return map_children(expr, lambda part: _in(part, names))
