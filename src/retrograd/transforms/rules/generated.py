"""The helpers of the runtime that generated code calls, so that it can be differentiated again.

Summing to a shape and spreading to one are each other's transposes, and `sum_to` does whichever of
them is needed; so it is the VJP of both.
"""

from typing import Final

from retrograd.transforms.ir.kinds import (
    ANY,
    INT,
    NAMESPACE,
    NONE,
    UNKNOWN,
    Array,
    Container,
    DType,
    Kind,
    Mapping,
    Record,
    Scalar,
    with_parts,
)
from retrograd.transforms.ir.kinds import Sequence as SequenceKind
from retrograd.transforms.rules.kinds import ResultKind, inactive, linear, multilinear
from retrograd.transforms.rules.results import added, always, cotangents_of, finished, itself
from retrograd.transforms.rules.rule import Rule, Site


def _dtype(site: Site) -> DType | None:
    """That of the first operand; booleans may be summed to integers."""
    first = site.kind(next(iter(site.bound.operands)))
    known = first.dtype if isinstance(first, Scalar | Array) else None
    return None if known == "bool" else known


def _like(name: str, dtype: DType | None = None) -> ResultKind:
    """A value of the rank of the operand `name`, of `dtype` or that of the first operand."""

    def result(site: Site) -> Kind:
        known = _dtype(site)
        match site.kind(name):
            case Scalar():
                return finished(dtype or known, ())
            case Array(dims=dims):
                return finished(dtype or known, dims)
            case kind:
                return kind

    return result


def _to_be_filled(kind: Kind) -> Kind:
    """The kind of a cotangent of a value of `kind` that more is added to: lists and namespaces."""
    match kind:
        case SequenceKind(items=items, item=item):
            return _list_of(items, item)
        case Record(form="namedtuple", fields=fields):
            return _list_of(tuple(part for _, part in fields), UNKNOWN)
        case Record(fields=fields):
            parts = tuple((name, _to_be_filled(part)) for name, part in fields)
            return Record(NAMESPACE, "object", parts)
        case Mapping():
            return with_parts(kind, _to_be_filled)
        case _:
            return kind


def _list_of(items: tuple[Kind, ...] | None, item: Kind) -> Kind:
    if items is None:
        return SequenceKind("list", None, _to_be_filled(item))
    parts = tuple(map(_to_be_filled, items))
    return SequenceKind("list", parts, parts[0] if len(set(parts)) == 1 else UNKNOWN)


def _zeros(site: Site) -> Kind:
    """Zeros for a structure like the operand, to be filled."""
    match site.kind("x"):
        case Scalar() | Array():
            return _like("x", "float")(site)
        case kind:
            return _to_be_filled(kind)


def _own(site: Site) -> Kind:
    return _to_be_filled(itself(site))


def _accumulated(site: Site) -> Kind:
    """The sum of two cotangents of one structure."""
    a, b = (_to_be_filled(site.kind(name)) for name in ("a", "b"))
    if isinstance(a, Container) or isinstance(b, Container):
        return a if a == b else UNKNOWN
    return added(site)


def _of_shape(site: Site) -> Kind:
    """An array of the rank that a tuple of extents tells."""
    dtype = _dtype(site)
    match site.kind("shape"):
        case SequenceKind(items=items) if items is not None:
            return finished(dtype, (ANY,) * len(items))
        case _:
            return Array(dtype, None)


def _lifted(site: Site) -> Kind:
    """The operand, with axes of extent 1 put in where that is asked for."""
    kind = site.kind("x")
    return Array(kind.dtype, None) if isinstance(kind, Array) else kind


RULES: Final[tuple[Rule, ...]] = (
    linear(
        "retrograd.runtime.unbroadcast(x, like)",
        x="unbroadcast(g, x)",
        like="0.0",
        result=_like("like"),
    ),
    linear("retrograd.runtime.sum_to(x, shape)", x="sum_to(g, shape(x))", result=_of_shape),
    linear("retrograd.runtime.spread(x, shape)", x="sum_to(g, shape(x))", result=_of_shape),
    linear(
        "retrograd.runtime.lift(x, axis, keepdims)",
        x="numpy.reshape(g, shape(x))",
        result=_lifted,
    ),
    linear(
        "retrograd.runtime.accumulate(a, b)",
        a="unbroadcast(g, a)",
        b="unbroadcast(g, b)",
        result=_accumulated,
    ),
    linear("retrograd.runtime.owned(x)", x="g", result=_own),
    linear("retrograd.runtime.duplicate(x)", x="g", result=itself),
    linear("retrograd.runtime.as_float(x)", x="g", result=_like("x", "float")),
    linear("retrograd.runtime.restructure(x, like)", x="g", like="0.0", result=_like("like")),
    linear(
        "retrograd.runtime.scatter(part, like, index)",
        part="unbroadcast(g[index], part)",
        like="0.0",
        index="0.0",
        result=_like("like", "float"),
    ),
    linear(
        "retrograd.runtime.last_written(x, index)",
        x="written(g, x, index)",
        index="0.0",
        result=always(UNKNOWN),
    ),
    linear(
        "retrograd.runtime.written(values, like, index)",
        values="unbroadcast(last_written(g, index), values)",
        like="0.0",
        index="0.0",
        result=_like("like", "float"),
    ),
    # ---- parts of arrays put together
    linear(
        "retrograd.runtime.split_like(x, arrays, axis=0)",
        x="numpy.concatenate(g, axis=axis)",
        arrays="0.0",
        result=cotangents_of("arrays"),
    ),
    linear(
        "retrograd.runtime.vsplit_like(x, arrays)",
        x="numpy.vstack(g)",
        arrays="0.0",
        result=cotangents_of("arrays"),
    ),
    linear(
        "retrograd.runtime.hsplit_like(x, arrays)",
        x="numpy.hstack(g)",
        arrays="0.0",
        result=cotangents_of("arrays"),
    ),
    linear(
        "retrograd.runtime.column_split_like(x, arrays)",
        x="numpy.column_stack(g)",
        arrays="0.0",
        result=cotangents_of("arrays"),
    ),
    # ---- elements moved
    linear("retrograd.runtime.diag_vjp(x, shape, k=0)", x="numpy.diag(g, k=k)", result=_of_shape),
    linear("retrograd.runtime.tile_vjp(x, shape, reps)", x="numpy.tile(g, reps)", result=_of_shape),
    linear(
        "retrograd.runtime.repeat_vjp(x, shape, repeats, axis=None)",
        x="numpy.repeat(g, repeats, axis=axis)",
        result=_of_shape,
    ),
    # ---- products
    multilinear(
        "retrograd.runtime.matmul_vjp_x(x, shape, y)",
        x="g @ y",
        y="matmul_vjp_y(x, g, shape(y))",
        result=_of_shape,
    ),
    multilinear(
        "retrograd.runtime.matmul_vjp_y(y, x, shape)",
        y="x @ g",
        x="matmul_vjp_x(y, shape(x), g)",
        result=_of_shape,
    ),
    multilinear(
        "retrograd.runtime.dot_vjp_a(x, shape, b)",
        x="numpy.dot(g, b)",
        b="dot_vjp_b(x, g, shape(b))",
        result=_of_shape,
    ),
    multilinear(
        "retrograd.runtime.dot_vjp_b(x, a, shape)",
        x="numpy.dot(a, g)",
        a="dot_vjp_a(x, shape(a), g)",
        result=_of_shape,
    ),
    multilinear(
        "retrograd.runtime.inner_vjp_a(x, shape, b)",
        x="numpy.inner(g, b)",
        b="inner_vjp_b(x, g, shape(b))",
        result=_of_shape,
    ),
    multilinear(
        "retrograd.runtime.inner_vjp_b(x, a, shape)",
        x="numpy.inner(a, g)",
        a="inner_vjp_a(x, shape(a), g)",
        result=_of_shape,
    ),
    inactive("retrograd.runtime.zeros_like(x)", result=_zeros),
    inactive("retrograd.runtime.require_scalar(value)", result=always(NONE)),
    inactive("retrograd.runtime.require_apart(*values)", result=always(NONE)),
    inactive("retrograd.runtime.count(x, axis)", result=always(INT)),
    inactive("retrograd.runtime.digits(count)", result=always(INT)),
    inactive("retrograd.runtime.halfway(start, stop, length, free)", result=always(INT)),
    inactive("retrograd.runtime.states_within(room, state)", result=always(INT)),
    inactive("retrograd.runtime.steps_within(room, steps, *tapes)", result=always(INT)),
    inactive(
        "retrograd.runtime.inverse_axes(axes)", result=always(SequenceKind("tuple", None, INT))
    ),
)
