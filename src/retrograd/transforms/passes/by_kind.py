"""Say what a statement does where that depends on what it is done to.

xs.copy()        of a list     ->  list(xs)
d.copy()         of a dict     ->  dict(d)
a.copy()         of an array   ->  np.copy(a)
A.dot(x)         of a sparse   ->  A @ x
z.imag           of complex z  ->  np.imag(z)
s[...], s[None]  of a number   ->  np.asarray(s), np.asarray(s)[None]
copy.copy(a)     of an array   ->  np.copy(a)
dict.fromkeys(d) of a dict     ->  {"w": None, "b": None}
xs.clear()       of a list     ->  xs = []
d["w"] -= g      of an array   ->  d["w"][...] -= g
"""

from dataclasses import replace

from retrograd.transforms.analyses.kinds_and_ranks import Env, Kinds
from retrograd.transforms.ir.algebra import builtin
from retrograd.transforms.ir.kinds import (
    SPARSE,
    Array,
    Mapping,
    Record,
    Scalar,
    Sequence,
    is_complex,
)
from retrograd.transforms.ir.methods import method_of
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    AugAssign,
    Binary,
    Block,
    Call,
    Const,
    Dict,
    Expr,
    Function,
    Index,
    Known,
    List,
    Name,
    Stmt,
    Tuple,
)
from retrograd.transforms.ir.walk import map_blocks, map_expressions, places_written, rewrite
from retrograd.transforms.passes.interface import compiler_pass, surface_pass


@compiler_pass
def copies_by_kind(function: Function, kinds: Kinds) -> Function:
    """`function` with the function in place of every `copy`."""

    def block(stmts: Block) -> Block:
        return tuple(map(statement, stmts))

    def statement(stmt: Stmt) -> Stmt:
        env: Env = kinds.before.get(stmt, {})
        written = tuple(places_written(stmt))

        def changed(part: Expr) -> Expr:
            return part if part in written else copied(part, env)

        new = map_expressions(stmt, lambda expr: rewrite(expr, changed))
        return map_blocks(new, block)

    def copied(part: Expr, env: Env) -> Expr:
        match part:
            case Call(func=Attribute(value=value, name="copy"), args=(), kwargs=()) | Call(
                func=Known(path="copy.copy"), args=(value,), kwargs=()
            ) if not isinstance(kinds.of(value, env), Record):
                match kinds.of(value, env):
                    case Sequence():
                        return builtin("list", value)
                    case Mapping():
                        return builtin("dict", value)
                    case _:
                        return Call(Known("numpy.copy", "np.copy"), (value,), (), part.at)
            case Call(
                func=Known(path="dict.fromkeys")
                | Attribute(value=Known(path="dict"), name="fromkeys"),
                args=(keys,),
                kwargs=(),
            ):
                match kinds.of(keys, env):
                    case Mapping(items=items) if items is not None:
                        return Dict(tuple((Const(f'"{k}"'), Const("None")) for k, _ in items))
                    case _:
                        return part
            case Call(func=Known(path="numpy.dot"), args=(left, right), kwargs=()) if SPARSE in (
                kinds.of(left, env),
                kinds.of(right, env),
            ):
                return Binary("@", left, right, part.at)
            case Attribute(value=value, name="real" | "imag" as name, is_field=False) if is_complex(
                kinds.of(value, env)
            ):
                return Call(Known(f"numpy.{name}", f"np.{name}"), (value,), (), part.at)
            case Index(value=value, index=index) if isinstance(kinds.of(value, env), Scalar):
                if index == Tuple(()):
                    return value
                array = Call(Known("numpy.asarray", "np.asarray"), (value,), (), part.at)
                return array if index == Const("...") else replace(part, value=array)
            case Call(func=Known(path="retrograd.runtime.sortable"), args=(items,)):
                match kinds.of(items, env):
                    case Sequence() | Array(dims=(_,)):
                        return items
                    case _:
                        return part
            case _:
                return part

    return replace(function, body=block(function.body))


@compiler_pass
def cleared_by_kind(function: Function, kinds: Kinds) -> Function:
    """`function` with a new container in place of one that is emptied, which nobody else sees."""

    def block(stmts: Block) -> Block:
        return tuple(map(statement, stmts))

    def statement(stmt: Stmt) -> Stmt:
        method = method_of(stmt)
        if method is None or method.name != "clear":
            return map_blocks(stmt, block)
        whole = kinds.of(method.place, kinds.before.get(stmt, {}))
        empty = Dict(()) if isinstance(whole, Mapping) else List(())
        assert isinstance(method.place, Name | Index | Attribute)
        return Assign(method.place, empty, stmt.origin.rewritten())

    return replace(function, body=block(function.body))


@surface_pass
def augmented_by_kind(function: Function, kinds: Kinds) -> Function:
    """`function` with the array named that an augmented assignment to a slot changes in place."""

    def block(stmts: Block) -> Block:
        return tuple(map(statement, stmts))

    def statement(stmt: Stmt) -> Stmt:
        match stmt:
            case AugAssign(target=Index() | Attribute() as place) if stmt in kinds.before:
                env = kinds.before[stmt]
                of_array = isinstance(kinds.of(place.value, env), Array)
                part = kinds.of(place, env)
                if not of_array and isinstance(part, Array) and part.dims:
                    return replace(stmt, target=Index(place, Const("...")))
                return stmt
            case _:
                return map_blocks(stmt, block)

    return replace(function, body=block(function.body))
