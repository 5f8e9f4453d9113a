"""Spell calls that write into an array as assignments to its elements.

    np.multiply(a, b, out=c)      ->      c[...] = np.multiply(a, b)
    d = np.exp(a, out=c[1:])      ->      c[1:] = np.exp(a)
                                          d = c[1:]
    np.copyto(c, a)               ->      c[...] = a
    c.fill(0.0)                   ->      c[...] = 0.0
    rng.shuffle(c)                ->      c[...] = rng.permutation(c)
    np.add.at(c, index, a)        ->      c[...] = c[...] + scatter(a, c, index)

The statements keep their text.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from retrograd.transforms.ir.algebra import helper
from retrograd.transforms.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Block,
    Call,
    Const,
    Do,
    Expr,
    Function,
    Index,
    Known,
    Name,
    Slice,
    Stmt,
    Tuple,
)
from retrograd.transforms.ir.walk import map_blocks, root_of
from retrograd.transforms.passes.interface import compiler_pass


@compiler_pass
def spell_writes(function: Function, fresh: Callable[[str], str]) -> Function:
    """`function` with its calls that write into arrays as assignments."""

    def block(stmts: Block) -> Block:
        return tuple(new for stmt in stmts for new in statement(stmt))

    def statement(stmt: Stmt) -> Iterator[Stmt]:
        match stmt:
            case Do(value=Call() as call):
                written = _written_by(call, fresh)
                if written is None:
                    yield stmt
                else:
                    place, value, before = written
                    yield from before
                    yield Assign(place, value, stmt.origin)
            case Assign(target=target, value=Call() as call):
                given = _given_out(call)
                if given is None:
                    yield stmt
                else:
                    out, value = given
                    origin = replace(stmt.origin.rewritten(), trailing="")
                    yield Assign(_whole(out), value, origin)
                    yield Assign(
                        target, out, replace(stmt.origin.rewritten(), leading=(), quote="")
                    )
            case _:
                yield map_blocks(stmt, block)

    return replace(function, body=block(function.body))


def _written_by(call: Call, fresh: Callable[[str], str]) -> tuple[Index, Expr, list[Stmt]] | None:
    """The elements that a call as a statement writes, what to, and what has to be named before."""
    match call:
        case Call(func=Known(path="numpy.copyto"), args=(out, value), kwargs=()):
            return _whole(out), value, []
        case Call(
            func=Known(
                path="numpy.add.at" | "numpy.subtract.at" | "retrograd.runtime.add_at" as path
            ),
            args=(out, index, value),
            kwargs=(),
        ) if (
            root_of(out) is not None
        ):
            place = _whole(out)
            op = "-" if path == "numpy.subtract.at" else "+"
            return place, Binary(op, place, helper("scatter", value, out, index)), []
        case Call(func=Attribute(value=out, name="fill"), args=(value,), kwargs=()) if (
            root_of(out) is not None
        ):
            return _whole(out), value, []
        case Call(func=Attribute(name="shuffle") as method, args=(Name() as out,), kwargs=()):
            return _whole(out), replace(call, func=replace(method, name="permutation")), []
        case Call(func=Known(path="numpy.random.shuffle") as func, args=(Name() as out,)):
            spelling = func.spelling.removesuffix("shuffle") + "permutation"
            func = replace(func, path="numpy.random.permutation", spelling=spelling)
            return _whole(out), replace(call, func=func), []
        case _:
            found = _given_out(call)
            return None if found is None else (_whole(found[0]), found[1], [])


def _given_out(call: Call) -> tuple[Expr, Call] | None:
    """The array that a library function is told to write its result to, and the call without it."""
    if not isinstance(call.func, Known) or not call.func.path.startswith("numpy."):
        return None
    told = dict(call.kwargs)
    out = told.pop("out", None)
    if isinstance(out, Tuple) and len(out.items) == 1:
        (out,) = out.items
    if out is None or root_of(out) is None:
        return None
    return out, replace(call, kwargs=tuple(told.items()))


def _whole(out: Expr) -> Index:
    """All elements of the array `out`, as the target of an assignment."""
    if isinstance(out, Index):
        subscripts = out.index.items if isinstance(out.index, Tuple) else (out.index,)
        if any(isinstance(part, Slice) or part == Const("...") for part in subscripts):
            return out
    return Index(out, Const("..."))
