"""Loops over the elements of an expression that add them up."""

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.np import numpy_support
from numba.np.arrayobj import _empty_nd_impl

from retrograd.runtime.native.elements import NoElements
from retrograd.runtime.native.memory import INT, Memory, Row, nest, together
from retrograd.runtime.native.over_elements import Loops, call_row


class Sum(Loops):
    """The elements are added up, with an error that does not grow with their number.

    Those of a piece are added up in any order, the sums of pieces with what rounding loses.

    Source: Neumaier 1974, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen.
    """

    @property
    def result(self) -> Any:
        wide = {"b": np.dtype(np.int64)}.get(self.dtype.kind, self.dtype)
        return numpy_support.from_dtype(wide)

    def write(self, context: Any, builder: Any, _: Any, values: Sequence[Any]) -> Any:
        total, _ = self.added(context, builder, values)
        return total

    def added(self, context: Any, builder: Any, values: Sequence[Any]) -> tuple[Any, list[Any]]:
        """The sum, and the extents of what it is of."""
        operands = self.operands(context, builder, values)
        shape, operands = together(context, builder, operands, self.rank)
        sums = [cgutils.alloca_once_value(builder, ir.Constant(self.room, 0)) for _ in range(2)]
        numbers = [*self.numbers(values), *sums]
        row = self.row(context, builder, operands, numbers)
        self.run(builder, row, operands, shape, numbers)
        return self.total(context, builder, sums), shape

    def total(self, context: Any, builder: Any, sums: list[Any]) -> Any:
        """The number that the sum and what rounding lost are."""
        return self.rounded(context, builder, sums, self.result)

    def rounded(self, context: Any, builder: Any, sums: list[Any], kind: Any) -> Any:
        """The same as a number of Numba's type `kind`."""
        total, lost = map(builder.load, sums)
        if self.dtype.kind != "f":
            return total
        # Infinite sums lose what is no number.
        is_number = builder.fcmp_ordered("ord", lost, lost)
        total = builder.select(is_number, builder.fadd(total, lost), total)
        narrow = context.get_value_type(kind)
        return total if narrow == self.room else builder.fptrunc(total, narrow)

    @property
    def room(self) -> Any:
        """What the sum is kept in: more than single precision."""
        return ir.DoubleType() if self.dtype.kind == "f" else INT

    def piece(
        self,
        context: Any,
        builder: Any,
        rows: list[Row],
        start: Any,
        count: Any,
        numbers: list[Any],
    ) -> None:
        *numbers, total, lost = numbers
        is_float = self.dtype.kind == "f"
        found = cgutils.alloca_once_value(builder, ir.Constant(self.room, 0))
        with self.each(context, builder, rows, start, count, numbers) as (_, value):
            if is_float:
                wide = value if value.type == self.room else builder.fpext(value, self.room)
                both = builder.fadd(builder.load(found), wide, flags=("reassoc",))
            else:
                wide = value if value.type == self.room else builder.zext(value, self.room)
                both = builder.add(builder.load(found), wide)
            builder.store(both, found)
        part, before = builder.load(found), builder.load(total)
        if not is_float:
            builder.store(builder.add(before, part), total)
            return
        after = builder.fadd(before, part)
        larger, smaller = _by_size(builder, before, part)
        rest = builder.fadd(builder.fsub(larger, after), smaller)
        builder.store(builder.fadd(builder.load(lost), rest), lost)
        builder.store(after, total)


class SumOfRows(Sum):
    """The sums along the last axis, as an array."""

    @property
    def result(self) -> Any:
        return types.Array(super().result, self.rank - 1, "C")

    def write(self, context: Any, builder: Any, _: Any, values: Sequence[Any]) -> Any:
        operands = self.operands(context, builder, values)
        shape, operands = together(context, builder, operands, self.rank)
        made = _empty_nd_impl(context, builder, self.result, shape[:-1])._getvalue()
        target = Memory.of(context, builder, self.result, made)
        sums = [cgutils.alloca_once(builder, self.room) for _ in range(2)]
        numbers = [*self.numbers(values), *sums]
        row = self.row(context, builder, operands, numbers)
        steps = [one.steps[-1] for one in operands]
        with nest(builder, shape[:-1]) as places:
            for one in sums:
                builder.store(ir.Constant(self.room, 0), one)
            begun = [one.row(builder, places) for one in operands]
            call_row(builder, row, shape[-1], begun, steps, numbers)
            last = builder.mul(places[-1], target.steps[-1])
            place = builder.gep(target.row(builder, places[:-1]), [last])
            kind = context.get_data_type(self.result.dtype).as_pointer()
            builder.store(self.total(context, builder, sums), builder.bitcast(place, kind))
        return made

    def total(self, context: Any, builder: Any, sums: list[Any]) -> Any:
        return self.rounded(context, builder, sums, super().result)


class SumOfColumns(Loops):
    """The sums along another axis than the last, as an array that the rows are added to."""

    axis = 0

    @property
    def result(self) -> Any:
        wide = np.dtype(np.int64) if self.dtype.kind == "b" else self.dtype
        return types.Array(numpy_support.from_dtype(wide), self.rank - 1, "C")

    def write(self, context: Any, builder: Any, _: Any, values: Sequence[Any]) -> Any:
        operands = self.operands(context, builder, values)
        shape, operands = together(context, builder, operands, self.rank)
        kept = [extent for k, extent in enumerate(shape) if k != self.axis]
        made = _empty_nd_impl(context, builder, self.result, kept)._getvalue()
        target = Memory.of(context, builder, self.result, made)
        cgutils.memset(builder, target.data, target.extent(builder), 0)
        numbers = self.numbers(values)
        steps = list(target.steps)
        steps.insert(self.axis, INT(0))
        arrays = [*operands, replace(target, shape=shape, steps=steps)]
        row = self.row(context, builder, arrays, numbers)
        with nest(builder, shape[:-1]) as places:
            begun = [one.row(builder, places) for one in arrays]
            call_row(builder, row, shape[-1], begun, [one.steps[-1] for one in arrays], numbers)
        return made

    def piece(
        self,
        context: Any,
        builder: Any,
        rows: list[Row],
        start: Any,
        count: Any,
        numbers: list[Any],
    ) -> None:
        *operands, target = rows
        place = builder.bitcast(target.at(builder, start), target.buffer.type)
        is_float = self.dtype.kind == "f"
        with self.each(context, builder, operands, start, count, numbers) as (index, value):
            before = target.load(context, builder, place, index)
            wide = value if value.type == before.type else builder.zext(value, before.type)
            after = builder.fadd(before, wide) if is_float else builder.add(before, wide)
            target.store(context, builder, place, index, after)


def sums_along(axis: int) -> Callable[..., Loops]:
    """The loops for sums along an axis of arrays that have several."""

    def loops(names: list[str], args: tuple[Any, ...], tree: ast.expr) -> Loops:
        rank = max((one.ndim for one in args if isinstance(one, types.Array)), default=0)
        if rank < 2 or not -rank <= axis < rank:
            raise NoElements
        if axis % rank == rank - 1:
            return SumOfRows(names, args, tree)
        found = SumOfColumns(names, args, tree)
        found.axis = axis % rank
        return found

    return loops


class Mean(Sum):
    """The sum divided by the number of elements."""

    @property
    def result(self) -> Any:
        floats = self.dtype if self.dtype.kind == "f" else np.dtype(np.float64)
        return numpy_support.from_dtype(floats)

    def write(self, context: Any, builder: Any, _: Any, values: Sequence[Any]) -> Any:
        total, shape = self.added(context, builder, values)
        count: Any = INT(1)
        for extent in shape:
            count = builder.mul(count, extent)
        wanted = context.get_value_type(self.result)
        if self.dtype.kind != "f":
            total = builder.sitofp(total, wanted)
        return builder.fdiv(total, builder.sitofp(count, wanted))


def _by_size(builder: Any, one: Any, other: Any) -> tuple[Any, Any]:
    """Two floats, the larger by its absolute value first."""
    sizes = [builder.call(_absolute(builder), [x]) for x in (one, other)]
    first = builder.fcmp_ordered(">=", *sizes)
    return builder.select(first, one, other), builder.select(first, other, one)


def _absolute(builder: Any) -> Any:
    return builder.module.declare_intrinsic("llvm.fabs", [ir.DoubleType()])
