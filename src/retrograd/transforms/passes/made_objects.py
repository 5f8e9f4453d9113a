"""Put what makes an object of a library where the object is used, so that a rule sees all operands.

    spline = CubicSpline(x, y)
    return spline(t)                ->      return CubicSpline(x, y)(t)

    d = norm(mu, sigma)
    return d.logpdf(x)              ->      return norm(mu, sigma).logpdf(x)

    return OUTSIDE(t)               ->      return evaluated(OUTSIDE, t)    (the text stays)

Only while nothing that it was made of may have changed. An object that is used otherwise too stays,
and where it was made of what depends on the inputs that is refused later.
"""

from collections.abc import Mapping
from dataclasses import replace

from retrograd.transforms.ir.algebra import helper
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    Block,
    Call,
    Callee,
    Expr,
    Function,
    Known,
    Name,
    Outer,
    Stmt,
)
from retrograd.transforms.ir.walk import (
    assigned,
    blocks,
    map_blocks,
    map_expressions,
    names,
    own_expressions,
    places_written,
    rewrite,
    statements,
    subexpressions,
)
from retrograd.transforms.rules.application import MAKERS

Made = Mapping[str, Call]


def put_in_place(function: Function, interpolants: frozenset[str]) -> Function:
    """`function` with objects of libraries made where they are used.

    `interpolants` are variables and values from outside that are such objects as they come.
    """
    ready = interpolants - assigned(function.body)

    def evaluated(part: Expr) -> Expr:
        match part:
            case Call(func=Name(id=id) | Outer(id=id) as func, args=args) if id in ready:
                return replace(helper("evaluated", func, *args), kwargs=part.kwargs, at=part.at)
            case _:
                return part

    def in_words(block: Block) -> Block:
        return tuple(
            map_expressions(map_blocks(stmt, in_words), lambda expr: rewrite(expr, evaluated))
            for stmt in block
        )

    if ready:
        function = replace(function, body=in_words(function.body))
    body = _block(function.body, {})
    if body == function.body:
        return function
    return replace(function, body=_without_unused(body))


def _block(block: Block, made: Made) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        new = _statement(stmt, made)
        result.append(new)
        made = _left(new, made)
        match new:
            case Assign(target=Name(id=id, role=""), value=Call() as call) if _makes(call):
                if id not in names(call):
                    made = {**made, id: call}
            case _:
                pass
    if all(a is b for a, b in zip(block, result, strict=True)):
        return block
    return tuple(result)


def _statement(stmt: Stmt, made: Made) -> Stmt:
    if made:
        new = map_expressions(stmt, lambda expr: rewrite(expr, lambda part: _used(part, made)))
        if own_expressions(new) != own_expressions(stmt):
            stmt = replace(new, origin=new.origin.rewritten())
    inside = _left(stmt, made) if tuple(blocks(stmt)) else {}
    return map_blocks(stmt, lambda block: _block(block, inside))


def _used(part: Expr, made: Made) -> Expr:
    match part:
        case Call(func=Name(id=id, role="")) if id in made and not _is_frozen(made[id]):
            return replace(part, func=made[id])
        case Call(
            func=Attribute(value=Name(id=id, role="")) as func
        ) if id in made and _has_methods(made[id]):
            return replace(part, func=replace(func, value=made[id]))
        case _:
            return part


def _left(stmt: Stmt, made: Made) -> Made:
    """The objects that are as they were behind `stmt`, which may write into what it is given."""
    writes = any(places_written(inner) for inner in statements((stmt,)))
    calls = any(
        isinstance(part, Callee)
        for inner in statements((stmt,))
        for expr in own_expressions(inner)
        for part in subexpressions(expr)
    )
    if writes or calls:
        return {}
    bound = assigned((stmt,))
    return {id: call for id, call in made.items() if id not in bound and not names(call) & bound}


def _makes(call: Call) -> bool:
    return isinstance(call.func, Known) and (call.func.path in MAKERS or _is_frozen(call))


def _has_methods(call: Call) -> bool:
    """Whether the methods of what `call` makes are functions with rules."""
    return isinstance(call.func, Known) and call.func.path.startswith("scipy.stats.")


def _is_frozen(call: Call) -> bool:
    """Whether `call` gives a distribution its parameters."""
    path = call.func.path if isinstance(call.func, Known) else ""
    return path.startswith("scipy.stats.") and path.count(".") == 2 and path not in MAKERS


def _without_unused(block: Block) -> Block:
    """`block` without objects that are made and not used any more."""
    used = {
        part.id
        for stmt in statements(block)
        for expr in own_expressions(stmt)
        for part in subexpressions(expr)
        if isinstance(part, Name)
    }

    def kept(stmts: Block) -> Block:
        return tuple(map_blocks(stmt, kept) for stmt in stmts if not unused(stmt))

    def unused(stmt: Stmt) -> bool:
        match stmt:
            case Assign(target=Name(id=id, role=""), value=Call() as call):
                return _makes(call) and id not in used
            case _:
                return False

    return kept(block)
