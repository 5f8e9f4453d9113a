"""Tidy what the adjoint pass leaves: constant cotangents, results that are copied at once.

core_bar = 4.0
s_bar += (6.0 * s**-7) * core_bar           ->      s_bar += 24.0 * s**-7

c_bar, z_bar2 = g_bwd(c, z_bar)
z_bar = z_bar2                              ->      c_bar, z_bar = g_bwd(c, z_bar)
"""

from collections import Counter
from dataclasses import replace

from retrograd.transforms.analyses.liveness import acts, keys_written
from retrograd.transforms.ir.algebra import KindOf, as_number, helper, is_zero, multiplied_out
from retrograd.transforms.ir.kinds import Array, Other, Scalar
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    AugAssign,
    Binary,
    Block,
    Call,
    Const,
    Expr,
    For,
    Function,
    Index,
    Name,
    Return,
    Stmt,
    Tuple,
    Unary,
)
from retrograd.transforms.ir.walk import (
    blocks,
    map_blocks,
    map_children,
    map_expressions,
    own_expressions,
    rewrite,
    root_of,
    statements,
    subexpressions,
)
from retrograd.transforms.passes.interface import compiler_pass
from retrograd.transforms.rules.application import makes_new


@compiler_pass
def simplify(function: Function, kind_of: KindOf) -> Function:
    """`function` with constants put in and needless copies left out."""
    body = _with_constants(_indexed_once(function.body), kind_of)
    uses: Counter[Expr] = Counter(
        part
        for stmt in statements(body)
        for expr in own_expressions(stmt)
        for part in subexpressions(expr)
        if isinstance(part, Name) and part.role == "made"
    )
    return replace(function, body=_without_copies(body, uses))


def _indexed_once(block: Block) -> Block:
    """`block` with ``a[i]`` for ``a[...][i]`` in the statements that the user did not write."""

    def plain(part: Expr) -> Expr:
        match part:
            case Index(value=Index(value=whole, index=Const("..."))):
                return replace(part, value=whole)
            case _:
                return part

    def statement(stmt: Stmt) -> Stmt:
        if stmt.origin.spelling is None:
            stmt = map_expressions(stmt, lambda expr: rewrite(expr, plain))
        return map_blocks(stmt, _indexed_once)

    return tuple(map(statement, block))


# ---------------------------------------------------------------- constants


def _with_constants(block: Block, kind_of: KindOf) -> Block:
    """`block` with cotangents that are literals put in where they are read, as far as that is sure."""
    known: dict[Name, Expr] = {}
    done: list[Stmt] = []
    for stmt in block:
        for name in [name for name in known if _changes(stmt, name) and not _is_simple(stmt)]:
            del known[name]
        stmt = _put_in(stmt, known, kind_of)
        for name in [name for name in known if _changes(stmt, name)]:
            del known[name]
        match stmt:
            case Assign(target=Name(role="bar") as target, value=value) if (
                as_number(value) is not None
            ):
                known[target] = value
            case _:
                pass
        done.append(stmt)
    return tuple(done)


def _is_simple(stmt: Stmt) -> bool:
    return not blocks(stmt)


def _changes(stmt: Stmt, name: Name) -> bool:
    key = (name.id, name.role)
    return any(
        key in keys_written(inner.target)
        for inner in statements((stmt,))
        if isinstance(inner, Assign | AugAssign | For)
    )


def _put_in(stmt: Stmt, known: dict[Name, Expr], kind_of: KindOf) -> Stmt:
    def put(expr: Expr) -> Expr:
        return _evaluated(expr, known, kind_of) if known else expr

    match stmt:
        case Assign(value=value):
            return replace(stmt, value=_as_new(put(value), value, kind_of))
        case AugAssign(value=value):
            return replace(stmt, value=put(value))
        case Return(value=value) if any(part in known for part in subexpressions(value)):
            return replace(stmt, value=put(value))
        case _:
            return map_blocks(stmt, lambda block: _with_constants(block, kind_of))


def _as_new(value: Expr, before: Expr, kind_of: KindOf) -> Expr:
    """`value`, copied if it is an array of somebody else's where a product was: ``1.0 * v``."""
    if makes_new(value) or not makes_new(before) or isinstance(kind_of(value), Scalar | Other):
        return value
    if isinstance(kind_of(value), Array):
        return Call(Attribute(value, "copy"))
    return helper("owned", value)


def _evaluated(expr: Expr, known: dict[Name, Expr], kind_of: KindOf) -> Expr:
    """`expr` with known constants put in, and the products around them multiplied out."""
    if not any(part in known for part in subexpressions(expr)):
        return expr
    match expr:
        case Name():
            return known.get(expr, expr)
        case Binary(op="*" | "/") | Unary(op="-"):
            expr = map_children(expr, lambda part: _evaluated(part, known, kind_of))
            product = multiplied_out(expr, kind_of)
            shaped = is_zero(product) and not isinstance(kind_of(expr), Scalar)
            return expr if shaped else product  # a number has no shape to give
        case _:
            return map_children(expr, lambda part: _evaluated(part, known, kind_of))


# ---------------------------------------------------------------- copies


def _without_copies(stmts: Block, uses: Counter[Expr]) -> Block:
    done: list[Stmt] = []
    for stmt in stmts:
        match stmt:
            case Assign(target=Name() as target, value=Name(role="made") as value) if uses[
                value
            ] == 1 and _takes_over(done, target, value):
                pass
            case AugAssign(value=Name(role="made") as value) if (
                uses[value] == 1
                and (maker := _maker(done, value)) is not None
                and not _disturbs(maker.value, stmt.target)
            ):
                done[-1] = replace(stmt, value=maker.value)
            case Assign(target=Name() as target, value=value) if target == value:
                pass
            case Assign() if joined := _joined(done, stmt):
                done[-1] = joined
            case _:
                done.append(map_blocks(stmt, lambda block: _without_copies(block, uses)))
    return tuple(done)


def _disturbs(value: Expr, place: Name | Index | Attribute) -> bool:
    """Whether evaluating `value` may change what is at `place`, which ``place += value`` reads first."""
    return acts(value) and root_of(place) in subexpressions(value)


def _maker(done: list[Stmt], value: Name) -> Assign | None:
    """The last statement, if it makes `value` and nothing else."""
    last = done[-1] if done else None
    return last if isinstance(last, Assign) and last.target == value else None


def _joined(done: list[Stmt], stmt: Assign) -> Assign | None:
    """``a_bar = b.copy()`` for `stmt`, ``a_bar = a_bar.copy()``, if the last one is ``a_bar = b``."""
    match done, stmt:
        case [
            [*_, Assign(target=made, value=Name() as other) as last],
            Assign(target=Name(role="bar") as target, value=value),
        ] if (
            made == target and not stmt.origin.quote
        ):
            put = rewrite(value, lambda part: other if part == target else part)
            return replace(last, value=put)
        case _:
            return None


def _takes_over(done: list[Stmt], target: Name, value: Name) -> bool:
    """Let the statement that makes `value` make `target` instead, if nothing between them minds."""
    for k in range(len(done) - 1, -1, -1):
        stmt = done[k]
        match stmt:
            case Assign(target=Name() as made) if made == value:
                done[k] = replace(stmt, target=target)
                return True
            case Assign(target=Tuple(items=items)) if value in items and target not in items:
                renamed = tuple(target if item == value else item for item in items)
                done[k] = replace(stmt, target=Tuple(renamed))
                return True
            case Assign() | AugAssign() if not _mentions(stmt, target):
                continue
            case _:
                return False
    return False


def _mentions(stmt: Assign | AugAssign, name: Name) -> bool:
    exprs: tuple[Expr, ...] = (stmt.target, stmt.value)
    return any(part == name for expr in exprs for part in subexpressions(expr))
