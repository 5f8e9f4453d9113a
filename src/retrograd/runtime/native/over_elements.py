"""Loops over the elements of an expression, whose values go into an array.

They are written in LLVM's language: as Python they take Numba twice as long to compile.
"""

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.callconv import errcode_t, excinfo_ptr_t
from numba.core.errors import TypingError
from numba.core.imputils import impl_ret_borrowed
from numba.np import numpy_support
from numba.np.arrayobj import _empty_nd_impl

from retrograd.runtime.native.elements import TYPES, NoElements, Writer, element_of, element_type
from retrograd.runtime.native.memory import (
    BYTES,
    INT,
    PIECE,
    Memory,
    Row,
    copy,
    flattened,
    is_read_in_time,
    nest,
    together,
)


class Loops:
    """An expression over operands of known types, some of them arrays, and what becomes of it."""

    def __init__(self, names: list[str], args: tuple[Any, ...], tree: ast.expr) -> None:
        """Raises NoElements if an operand or a step of the expression is not known here."""
        self.names, self.args = names, args
        self.rank = max((one.ndim for one in args if isinstance(one, types.Array)), default=0)
        arrays = [one for one in args if isinstance(one, types.Array)]
        if not arrays or any(one.ndim == 0 or element_type(one) not in TYPES for one in arrays):
            raise NoElements
        given = {name: element_type(one) for name, one in zip(names, args, strict=True)}
        self.element = element_of(tree, given)
        self.dtype = np.dtype(self.element.type)

    @property
    def result(self) -> Any:
        """Numba's type for the result."""
        raise NotImplementedError

    def write(self, context: Any, builder: Any, _: Any, values: Sequence[Any]) -> Any:
        """Write the loops over operands of these `values`; their result."""
        raise NotImplementedError

    def operands(self, context: Any, builder: Any, values: Sequence[Any]) -> list[Memory]:
        """The operands that are arrays."""
        return [
            Memory.of(context, builder, kind, value)
            for kind, value in zip(self.args, values, strict=True)
            if isinstance(kind, types.Array)
        ]

    def numbers(self, values: Sequence[Any]) -> list[Any]:
        """The operands that are none."""
        pairs = zip(self.args, values, strict=True)
        return [value for kind, value in pairs if not isinstance(kind, types.Array)]

    def run(
        self, builder: Any, row: Any, arrays: list[Memory], shape: list[Any], numbers: list[Any]
    ) -> None:
        """Call `row` for the rows of `arrays`, the operands and what is written to."""
        extents, steps = flattened(builder, arrays, shape)
        with nest(builder, extents[:-1]) as places:
            begun = [one.row(builder, places) for one in arrays]
            call_row(builder, row, extents[-1], begun, steps, numbers)

    def row(self, context: Any, builder: Any, arrays: list[Memory], numbers: list[Any]) -> Any:
        """The function that runs through a row, in a frame of its own for the pieces.

        What Numba calls in it believes it to be a function of Numba's, which tells of errors. There
        are none.
        """
        kinds = [
            BYTES,
            excinfo_ptr_t.as_pointer(),
            INT,
            *[BYTES, INT] * len(arrays),
            *(one.type for one in numbers),
        ]
        name = builder.module.get_unique_name("retrograd_row")
        function = ir.Function(builder.module, ir.FunctionType(errcode_t, kinds), name)
        function.linkage = "internal"
        function.attributes.add("noinline")
        inside = ir.IRBuilder(function.append_basic_block("entry"))
        _, _, length, *rest = function.args
        rows = [
            Row.of(context, inside, array, rest[2 * k], rest[2 * k + 1])
            for k, array in enumerate(arrays)
        ]
        rest = rest[2 * len(arrays) :]
        with cgutils.for_range_slice(inside, INT(0), length, INT(PIECE), INT) as (start, _):
            left = inside.sub(length, start)
            is_last = inside.icmp_signed("<", left, INT(PIECE))
            count = inside.select(is_last, left, INT(PIECE))
            self.piece(context, inside, rows, start, count, rest)
        inside.ret(errcode_t(0))
        return function

    def piece(
        self,
        context: Any,
        builder: Any,
        rows: list[Row],
        start: Any,
        count: Any,
        numbers: list[Any],
    ) -> None:
        """Compute `count` elements of the rows, from `start` on."""
        raise NotImplementedError

    @contextmanager
    def each(
        self,
        context: Any,
        builder: Any,
        rows: list[Row],
        start: Any,
        count: Any,
        numbers: list[Any],
    ) -> Iterator[tuple[Any, Any]]:
        """The loop over a piece of `rows`: the index, and the element of the expression."""
        pieces = [one.beside(context, builder, start, count) for one in rows]
        with cgutils.for_range(builder, count, intp=INT) as loop:
            arrays = iter(
                one.load(context, builder, piece, loop.index)
                for one, piece in zip(rows, pieces, strict=True)
            )
            others = iter(numbers)
            values = [next(arrays if isinstance(one, types.Array) else others) for one in self.args]
            given = dict(zip(self.names, values, strict=True))
            yield loop.index, Writer(context, builder).written(self.element, given)


def call_row(
    builder: Any, row: Any, length: Any, begun: list[Any], steps: list[Any], numbers: list[Any]
) -> None:
    """Call the function for a row, which begins at pointers and goes on in steps."""
    pairs = [x for pair in zip(begun, steps, strict=True) for x in pair]
    error = cgutils.alloca_once(builder, excinfo_ptr_t)
    builder.call(row, [BYTES(None), error, length, *pairs, *numbers])


class New(Loops):
    """The elements go into a new array."""

    @property
    def result(self) -> Any:
        return types.Array(numpy_support.from_dtype(self.dtype), self.rank, "C")

    def write(self, context: Any, builder: Any, _: Any, values: Sequence[Any]) -> Any:
        operands = self.operands(context, builder, values)
        shape, operands = together(context, builder, operands, self.rank)
        made = _empty_nd_impl(context, builder, self.result, shape)._getvalue()
        arrays = [*operands, Memory.of(context, builder, self.result, made)]
        numbers = self.numbers(values)
        row = self.row(context, builder, arrays, numbers)
        row.args[1 + 2 * len(arrays)].add_attribute("noalias")
        self.run(builder, row, arrays, shape, numbers)
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
        with self.each(context, builder, operands, start, count, numbers) as (index, value):
            target.store(context, builder, place, index, value)


class Written(Loops):
    """The elements go into the first operand, by way of a new array if others overlap it."""

    def __init__(self, names: list[str], args: tuple[Any, ...], tree: ast.expr) -> None:
        if not isinstance(args[0], types.Array):
            raise TypingError("a number is written to as if it were an array")
        super().__init__(names, args, tree)
        target = np.dtype(element_type(args[0]))
        same = target == self.dtype or target.kind == self.dtype.kind == "f"
        if args[0].ndim < self.rank or not same or not args[0].mutable:
            raise NoElements

    @property
    def result(self) -> Any:
        return self.args[0]

    def write(self, context: Any, builder: Any, _: Any, values: Sequence[Any]) -> Any:
        operands = self.operands(context, builder, values)
        shape, operands = together(context, builder, operands, self.rank, operands[0])
        target = operands[0]
        numbers = self.numbers(values)
        row = self.row(context, builder, [*operands, target], numbers)
        direct: Any = cgutils.true_bit
        for one in operands[1:]:
            direct = builder.and_(direct, is_read_in_time(builder, target, one))
        with builder.if_else(direct) as (at_once, through_another):
            with at_once:
                self.run(builder, row, [*operands, target], shape, numbers)
            with through_another:
                kind = types.Array(target.type.dtype, self.rank, "C")
                made = _empty_nd_impl(context, builder, kind, shape)._getvalue()
                other = Memory.of(context, builder, kind, made)
                self.run(builder, row, [*operands, other], shape, numbers)
                with nest(builder, shape[:-1]) as places:
                    pair = target.row(builder, places), other.row(builder, places)
                    copy(
                        builder,
                        other.size,
                        pair[0],
                        target.steps[-1],
                        pair[1],
                        other.steps[-1],
                        shape[-1],
                    )
                context.nrt.decref(builder, kind, made)
        return impl_ret_borrowed(context, builder, self.result, values[0])

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
        with self.each(context, builder, operands, start, count, numbers) as (index, value):
            given = numpy_support.from_dtype(self.dtype)
            value = context.cast(builder, value, given, target.array.type.dtype)
            target.store(context, builder, target.buffer, index, value)
        target.put(builder, start, count)


class Updated(Written):
    """The elements are those of the first operand and of others, and go into the first."""
