"""Arrays as LLVM sees them: where they begin, their extents, and their steps in bytes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from llvmlite import ir
from numba.core import cgutils
from numba.np.arrayobj import make_array

#: Elements of a row that are taken at once; pieces of all operands fit into the nearest cache.
PIECE: Final = 256

INT: Final = ir.IntType(64)
BYTES: Final = ir.IntType(8).as_pointer()


@dataclass(frozen=True)
class Memory:
    """An array.

    Attributes:
        type: of Numba's.
        data: where the first element is.
        shape: the extents.
        steps: the bytes from one element to the next, along each axis.
        size: the bytes of an element.
    """

    type: Any
    data: Any
    shape: list[Any]
    steps: list[Any]
    size: int

    @classmethod
    def of(cls, context: Any, builder: Any, kind: Any, value: Any) -> "Memory":
        """The array `value` of Numba's type `kind`."""
        array = make_array(kind)(context, builder, value)
        shape = cgutils.unpack_tuple(builder, array.shape, kind.ndim)
        steps = cgutils.unpack_tuple(builder, array.strides, kind.ndim)
        size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
        return cls(kind, builder.bitcast(array.data, BYTES), shape, steps, size)

    def row(self, builder: Any, places: Sequence[Any]) -> Any:
        """Where the row begins that is at the indices `places` of all axes before the last."""
        steps = self.steps[:-1]
        pointer = self.data
        for place, step in zip(places[len(places) - len(steps) :], steps, strict=True):
            pointer = builder.gep(pointer, [builder.mul(place, step)])
        return pointer

    def extent(self, builder: Any) -> Any:
        """The bytes of an array that lies side by side."""
        found: Any = INT(self.size)
        for extent in self.shape:
            found = builder.mul(found, extent)
        return found

    def reach(self, builder: Any) -> tuple[Any, Any]:
        """The lowest address of an element, and the one behind the highest."""
        low = high = builder.ptrtoint(self.data, INT)
        for extent, step in zip(self.shape, self.steps, strict=True):
            way = builder.mul(builder.sub(extent, INT(1)), step)
            is_down = builder.icmp_signed("<", way, INT(0))
            low = builder.add(low, builder.select(is_down, way, INT(0)))
            high = builder.add(high, builder.select(is_down, INT(0), way))
        return low, builder.add(high, INT(self.size))


def together(
    context: Any, builder: Any, arrays: list[Memory], rank: int, target: Memory | None = None
) -> tuple[list[Any], list[Memory]]:
    """The extents of the result of `arrays`, and these, stretched: they have no step along an axis.

    With a `target` the extents are its own, and another array that is larger is an error too.
    """
    shape: list[Any] = []
    wrong: Any = cgutils.false_bit
    steps = [list(one.steps) for one in arrays]
    for axis in range(rank):
        extent: Any = INT(1) if target is None else target.shape[axis]
        for one, own in zip(arrays, steps, strict=True):
            place = axis - rank + len(own)
            if place < 0:
                continue
            other = one.shape[place]
            is_one = builder.icmp_signed("==", other, INT(1))
            fits = builder.or_(is_one, builder.icmp_signed("==", extent, other))
            if target is None:
                is_free = builder.icmp_signed("==", extent, INT(1))
                fits = builder.or_(fits, is_free)
                extent = builder.select(is_free, other, extent)
            wrong = builder.or_(wrong, builder.not_(fits))
            own[place] = builder.select(is_one, INT(0), own[place])
        shape.append(extent)
    with cgutils.if_unlikely(builder, wrong):
        message = "operands could not be broadcast together"
        context.call_conv.return_user_exc(builder, ValueError, (message,))
    return shape, [replace(one, steps=own) for one, own in zip(arrays, steps, strict=True)]


def flattened(builder: Any, arrays: list[Memory], shape: list[Any]) -> tuple[list[Any], list[Any]]:
    """The extents to run through, and the steps of the arrays in a row.

    Arrays whose elements all lie side by side in the same order are one row.
    """
    rank = len(shape)
    steps = [one.steps[-1] for one in arrays]
    if rank == 1 or any(one.type.layout != "C" or len(one.shape) < rank for one in arrays):
        return shape, steps
    flat: Any = cgutils.true_bit
    for one in arrays:
        for extent, other in zip(one.shape, shape, strict=True):
            flat = builder.and_(flat, builder.icmp_signed("==", extent, other))
    total = shape[0]
    for extent in shape[1:]:
        total = builder.mul(total, extent)
    outer = [builder.select(flat, INT(1), extent) for extent in shape[:-1]]
    extents = [*outer, builder.select(flat, total, shape[-1])]
    sizes = [INT(one.size) for one in arrays]
    return extents, [
        builder.select(flat, size, step) for size, step in zip(sizes, steps, strict=True)
    ]


@contextmanager
def nest(builder: Any, extents: Sequence[Any]) -> Iterator[list[Any]]:
    """Loops within each other, and their indices."""
    if not extents:
        yield []
        return
    with (
        cgutils.for_range(builder, extents[0], intp=INT) as loop,
        nest(builder, extents[1:]) as inner,
    ):
        yield [loop.index, *inner]


def is_read_in_time(builder: Any, target: Memory, other: Memory) -> Any:
    """Whether elements of `other` are read before those of `target` are written over them.

    They are if the two lie apart, if they are the same, and if a row is read ahead of the writing.
    """
    low, high = target.reach(builder)
    bottom, top = other.reach(builder)
    apart = builder.or_(
        builder.icmp_unsigned("<=", high, bottom), builder.icmp_unsigned("<=", top, low)
    )
    if len(target.shape) != len(other.shape) or target.size != other.size:
        return apart
    in_step: Any = cgutils.true_bit
    for one, step in zip(target.steps, other.steps, strict=True):
        in_step = builder.and_(in_step, builder.icmp_signed("==", one, step))
    ahead = builder.sub(builder.ptrtoint(other.data, INT), builder.ptrtoint(target.data, INT))
    if len(target.shape) == 1:
        ahead = builder.mul(ahead, target.steps[0])
        fits = builder.icmp_signed(">=", ahead, INT(0))
    else:
        fits = builder.icmp_signed("==", ahead, INT(0))
    return builder.or_(apart, builder.and_(in_step, fits))


# ---------------------------------------------------------------- rows


@dataclass(frozen=True)
class Row:
    """A row of an array, with room for a piece of it."""

    array: Memory
    data: Any
    step: Any
    buffer: Any

    @classmethod
    def of(cls, context: Any, builder: Any, array: Memory, data: Any, step: Any) -> "Row":
        """The row at `data`; `builder` stands at the entry of a function."""
        kind = context.get_data_type(array.type.dtype)
        return cls(array, data, step, builder.alloca(kind, PIECE))

    def at(self, builder: Any, start: Any) -> Any:
        """Where the element `start` is."""
        return builder.gep(self.data, [builder.mul(start, self.step)])

    def beside(self, context: Any, builder: Any, start: Any, count: Any) -> Any:
        """A pointer to `count` elements side by side, copied there if they are not."""
        begin = self.at(builder, start)
        size = INT(self.array.size)
        is_beside = builder.icmp_signed("==", self.step, size)
        buffer = builder.bitcast(self.buffer, BYTES)
        with builder.if_then(builder.not_(is_beside)):
            copy(builder, self.array.size, buffer, size, begin, self.step, count)
        return builder.bitcast(builder.select(is_beside, begin, buffer), self.buffer.type)

    def put(self, builder: Any, start: Any, count: Any) -> None:
        """Take `count` elements over from the room."""
        buffer = builder.bitcast(self.buffer, BYTES)
        size = self.array.size
        copy(builder, size, self.at(builder, start), self.step, buffer, INT(size), count)

    def load(self, context: Any, builder: Any, piece: Any, index: Any) -> Any:
        """The element `index` of a `piece`."""
        place = builder.gep(piece, [index], inbounds=True)
        align = None if self.array.type.aligned else 1
        return context.unpack_value(builder, self.array.type.dtype, place, align)

    def store(self, context: Any, builder: Any, piece: Any, index: Any, value: Any) -> None:
        """Make `value` the element `index` of a `piece`."""
        place = builder.gep(piece, [index], inbounds=True)
        context.pack_value(builder, self.array.type.dtype, value, place)


def copy(
    builder: Any, size: int, target: Any, there: Any, source: Any, here: Any, count: Any
) -> None:
    """Copy `count` elements of `size` bytes, which lie `there` and `here` bytes apart."""
    name = f"retrograd_copy_{size}"
    function = builder.module.globals.get(name) or _copying(builder.module, name, size)
    builder.call(function, [target, there, source, here, count])


def _copying(module: Any, name: str, size: int) -> Any:
    kind = ir.FunctionType(ir.VoidType(), [BYTES, INT, BYTES, INT, INT])
    function = ir.Function(module, kind, name)
    function.linkage = "internal"
    function.attributes.add("noinline")
    inside = ir.IRBuilder(function.append_basic_block("entry"))
    target, there, source, here, count = function.args
    item = ir.IntType(8 * size).as_pointer()
    with cgutils.for_range(inside, count, intp=INT) as loop:
        place = inside.gep(source, [inside.mul(loop.index, here)])
        value = inside.load(inside.bitcast(place, item), align=1)
        place = inside.gep(target, [inside.mul(loop.index, there)])
        inside.store(value, inside.bitcast(place, item), align=1)
    inside.ret_void()
    return function
