"""The kind of a call's result, from the kinds of its operands: one function for each sort of result.

Every answer is an upper bound on knowledge: where operands are unknown, so is the result.
"""

from collections.abc import Callable
from collections.abc import Sequence as Items
from functools import reduce
from typing import Final, Literal, TypeAlias

from retrograd.transforms.ir import kinds
from retrograd.transforms.ir.kinds import ANY, MANY, ONE, UNKNOWN, Array, Dim, DType, Kind, Scalar
from retrograd.transforms.rules.rule import VARIES, Site, constant

Dims: TypeAlias = tuple[Dim, ...] | None
ResultKind: TypeAlias = Callable[[Site], Kind]

_ORDER: tuple[DType, ...] = ("bool", "int", "float", "complex")

#: What a dtype argument may say, and the class of numbers that it means.
FLOAT_TYPES: Final = (
    *("float", "float64", "float32", "f8", "f4", "d", "double"),
    *("numpy.float64", "numpy.float32", "numpy.double", "numpy.single"),
)
INT_TYPES: Final = ("int", "int64", "int32", "numpy.int64", "numpy.int32", "numpy.intp")
BOOL_TYPES: Final = ("bool", "numpy.bool", "numpy.bool_")
COMPLEX_TYPES: Final = (
    *("complex", "complex128", "complex64", "c16", "c8", "D", "F"),
    *("numpy.complex128", "numpy.complex64", "numpy.cdouble", "numpy.csingle"),
)

#: What the dtypes of each class of numbers begin with, and the letters that stand for one.
_WORDS: Final[tuple[tuple[DType, tuple[str, ...]], ...]] = (
    ("complex", ("complex", "csingle", "cdouble", "clongdouble")),
    ("float", ("float", "half", "single", "double", "longdouble")),
    ("int", ("int", "uint", "byte", "ubyte", "short", "ushort", "long", "ulong")),
    ("bool", ("bool",)),
)
_LETTERS: Final[dict[DType, str]] = {
    "complex": "FDG",
    "float": "efdg",
    "int": "bBhHiIlLqQpP",
    "bool": "?",
}
_SIZED: Final[dict[str, DType]] = {"c": "complex", "f": "float", "i": "int", "u": "int"}

# ---------------------------------------------------------------- arithmetic of kinds


def as_array(kind: Kind) -> Array | None:
    """What NumPy makes of a value of `kind`: rank 0 of a scalar, an array of nested lists."""
    match kind:
        case Scalar(dtype=dtype):
            return Array(dtype, ())
        case Array():
            return kind
        case kinds.Sequence():
            return _of_sequence(kind)
        case _:
            return None


def _of_sequence(sequence: kinds.Sequence) -> Array | None:
    if sequence.items is None:
        item = as_array(sequence.item)
        if item is None:
            return None
        return Array(item.dtype, None if item.dims is None else (ANY, *item.dims))
    items = tuple(as_array(item) for item in sequence.items)
    if not items:
        return Array("float", (MANY,))
    known = tuple(item for item in items if item is not None)
    if len(known) < len(items):
        return None
    dims = same_dims(tuple(item.dims for item in known))
    length = ONE if len(items) == 1 else MANY
    return Array(dtype_of(*known), None if dims is None else (length, *dims))


def finished(dtype: DType | None, dims: Dims) -> Kind:
    """The kind of what NumPy returns: rank 0 comes as a scalar."""
    return Scalar(dtype) if dims == () and dtype is not None else Array(dtype, dims)


def dtype_of(*arrays: Array) -> DType | None:
    """The class of numbers that a sum of `arrays` has, None if it is not known."""
    found = {array.dtype for array in arrays}
    if "complex" in found:
        return "complex"
    if "float" in found:
        return "float"
    return max((d for d in found if d), key=_ORDER.index) if None not in found and found else None


def broadcast_dims(a: Dims, b: Dims) -> Dims:
    """The extents of ``a + b``."""
    if a is None or b is None:
        return None
    rank = max(len(a), len(b))
    pairs = zip((ONE,) * (rank - len(a)) + a, (ONE,) * (rank - len(b)) + b, strict=True)
    return tuple(_broadcast_dim(x, y) for x, y in pairs)


def _broadcast_dim(a: Dim, b: Dim) -> Dim:
    if a == ONE:
        return b
    if b == ONE or a == b:
        return a
    return MANY if MANY in (a, b) else ANY


def same_dims(all_dims: Items[Dims]) -> Dims:
    """The extents of arrays that must agree in shape, as far as any of them tells."""
    known = [dims for dims in all_dims if dims is not None]
    if not known or len({len(dims) for dims in known}) > 1:
        return None
    return tuple(_most_telling(extents) for extents in zip(*known, strict=True))


def _most_telling(extents: Items[Dim]) -> Dim:
    told = [dim for dim in extents if dim != ANY]
    return next((dim for dim in told if dim != MANY), told[0] if told else ANY)


def dtype_named(value: object) -> DType | None:
    """The class of numbers that a dtype argument names, None if it is not known."""
    if not isinstance(value, str):
        return None
    name = value.removeprefix("numpy.").lstrip("<>=|")
    if name[1:].isdigit():
        return _SIZED.get(name[0])
    if len(name) == 1:
        return next((found for found, letters in _LETTERS.items() if name in letters), None)
    # "longdouble" and "double" begin with others' words, so the longest counts
    fits = (
        (len(word), found) for found, words in _WORDS for word in words if name.startswith(word)
    )
    return max(fits, default=(0, None))[1]


# ---------------------------------------------------------------- elementwise


def first_array(site: Site) -> Array | None:
    """The first operand as an array, None if it is not known."""
    return as_array(site.kind(next(iter(site.bound.operands))))


def operands_as_arrays(site: Site, names: Items[str] = ()) -> tuple[Array, ...] | None:
    """The operands as arrays, flags and absent ones left out; None if one is not known."""
    given = names or tuple(site.bound.operands)
    found = []
    for name in given:
        if isinstance(site.kind(name), kinds.Other):
            continue
        array = as_array(site.kind(name))
        if array is None:
            return None
        found.append(array)
    return tuple(found)


def _broadcast(site: Site, dtype: Callable[..., DType | None]) -> Kind:
    arrays = operands_as_arrays(site)
    if not arrays:
        return UNKNOWN
    return finished(dtype(*arrays), reduce(broadcast_dims, (array.dims for array in arrays)))


def floating(site: Site) -> Kind:
    """Broadcast, and always floats: exp, sqrt, division."""
    return _broadcast(site, lambda *arrays: "float")


def floating_array(site: Site) -> Kind:
    """As `floating`; of a number an array without axes."""
    kind = floating(site)
    return Array("float", ()) if isinstance(kind, Scalar) else kind


def promoted(site: Site) -> Kind:
    """Broadcast, integers staying integers: addition, maximum."""
    kind = _broadcast(site, dtype_of)
    match kind:
        case Scalar(dtype="bool"):
            return UNKNOWN
        case Array(dtype="bool", dims=dims):
            return Array(None, dims)
        case _:
            return kind


def bitwise(site: Site) -> Kind:
    """Broadcast, truth values staying such in arrays."""
    kind = _broadcast(site, dtype_of)
    return UNKNOWN if isinstance(kind, Scalar) and kind.dtype == "bool" else kind


def truth(site: Site) -> Kind:
    """Broadcast, and a truth value."""
    return _broadcast(site, lambda *arrays: "bool")


def added(site: Site) -> Kind:
    """``x + y``: numbers, or two lists put together."""
    names = tuple(site.bound.operands)
    x, y = (site.kind(name) for name in names)
    if isinstance(x, kinds.Sequence) and isinstance(y, kinds.Sequence):
        if x.form != y.form:
            return UNKNOWN
        if x.items is not None and y.items is not None:
            items = x.items + y.items
            return kinds.Sequence(x.form, items, items[0] if len(set(items)) == 1 else UNKNOWN)
        found = {part.item for part in (x, y) if part.items != ()}
        return kinds.Sequence(x.form, None, found.pop() if len(found) == 1 else UNKNOWN)
    return promoted(site)


def merged(site: Site) -> Kind:
    """``x | y``: whole numbers, or two dicts put together."""
    x, y = (site.kind(name) for name in site.bound.operands)
    if isinstance(x, kinds.Mapping) and isinstance(y, kinds.Mapping):
        if x.items is None or y.items is None:
            return kinds.Mapping(None)
        return kinds.Mapping(tuple({**dict(x.items), **dict(y.items)}.items()))
    return promoted(site)


def multiplied(site: Site) -> Kind:
    """``x * y``: numbers, or a list repeated."""
    names = tuple(site.bound.operands)
    for name, other in (names, names[::-1]):
        kind, times = site.kind(name), site.kind(other)
        if isinstance(kind, kinds.Sequence):
            if isinstance(times, Array):
                break
            item = kind.item
            if kind.items and len(set(kind.items)) == 1:
                item = kind.items[0]
            count = site.constant(other)
            if kind.items is not None and isinstance(count, int):
                return kinds.Sequence(kind.form, kind.items * count, item)
            return kinds.Sequence(kind.form, None, item)
    return promoted(site)


def raised(site: Site) -> Kind:
    """``x ** y``: whole numbers stay whole where the exponent is surely not negative."""
    kind = promoted(site)
    if kind == kinds.INT:
        exponent = site.constant("y")
        if not isinstance(exponent, int):
            return UNKNOWN
        return kinds.INT if exponent >= 0 else kinds.FLOAT
    return kind


def remainder(site: Site) -> Kind:
    """``x % y``: numbers, or text with values put in."""
    x = site.kind(next(iter(site.bound.operands)))
    return UNKNOWN if isinstance(x, kinds.Other) else promoted(site)


def chosen(*names: str) -> ResultKind:
    """One of the operands `names`, broadcast over all operands: where, clip."""

    def result(site: Site) -> Kind:
        arrays = operands_as_arrays(site)
        of = operands_as_arrays(site, names)
        if not arrays or not of:
            return UNKNOWN
        dims = reduce(broadcast_dims, (array.dims for array in arrays))
        return finished(dtype_of(*of), dims)

    return result


def one_of_operands(site: Site) -> Kind:
    """One of the operands themselves: ``x and y``, ``max(x, y)``."""
    found = {site.kind(name) for name in site.bound.operands}
    if len(found) == 1:
        return found.pop()
    arrays = tuple(kind for kind in found if isinstance(kind, Scalar))
    if len(arrays) == len(found) and {kind.dtype for kind in arrays} <= {"int", "float"}:
        return kinds.FLOAT
    return UNKNOWN


def item_of(site: Site) -> Kind:
    """One item of the only operand: ``max(xs)``."""
    match site.kind(next(iter(site.bound.operands))):
        case kinds.Sequence(items=None, item=item):
            return item
        case kinds.Sequence(items=(first, *rest)) if all(item == first for item in rest):
            return first
        case Array(dtype=dtype, dims=(_,)):
            return finished(dtype, ())
        case _:
            return UNKNOWN


def total(site: Site) -> Kind:
    """``sum(xs)``: what the items and the start add up to."""
    match site.kind("iterable"):
        case kinds.Sequence(items=None, item=item):
            parts: tuple[Kind, ...] = (item,)
        case kinds.Sequence(items=tuple() as items):
            parts = items
        case Array(dtype=dtype, dims=(_, *rest)):
            parts = (finished(dtype, tuple(rest)),)
        case _:
            return UNKNOWN
    arrays = tuple(as_array(part) for part in (*parts, site.kind("start")))
    known = tuple(array for array in arrays if array is not None)
    if len(known) < len(arrays) or dtype_of(*known) == "bool":
        return UNKNOWN
    return finished(dtype_of(*known), reduce(broadcast_dims, (array.dims for array in known)))


def looped(form: Literal["list", "tuple"]) -> ResultKind:
    """``list(x)``: the items of what `x` is looped over."""

    def result(site: Site) -> Kind:
        match site.kind("x"):
            case kinds.Sequence(items=items, item=item):
                return kinds.Sequence(form, items, item)
            case Array(dtype=dtype, dims=(_, *rest)):
                return kinds.Sequence(form, None, finished(dtype, tuple(rest)))
            case kinds.Other(what="range"):
                return kinds.Sequence(form, None, kinds.INT)
            case kinds.Other() | kinds.Mapping(items=tuple()):
                return kinds.Sequence(form, None, kinds.Other("str"))
            case _:
                return kinds.Sequence(form, None, UNKNOWN)

    return result


def number_of_items(site: Site) -> Kind:
    """A Python number made of the items of lists: a float if there are floats among them."""
    arrays = [as_array(site.kind(name)) for name in site.bound.operands]
    floats = any(array is not None and array.dtype == "float" for array in arrays)
    return kinds.FLOAT if floats else UNKNOWN


def two_of(*dtypes: DType) -> ResultKind:
    """A tuple of results of these classes, each of the shape of the first operand."""

    def result(site: Site) -> Kind:
        array = first_array(site)
        known = array is not None and array.dims is not None
        dims = array.dims if array is not None else None
        items = tuple(finished(dtype, dims) if known else UNKNOWN for dtype in dtypes)
        return kinds.Sequence("tuple", items, UNKNOWN)

    return result


def quotient_and_rest(site: Site) -> Kind:
    """``numpy.divmod``: two results of the kind of a sum."""
    kind = promoted(site)
    return kinds.Sequence("tuple", (kind, kind), kind)


# ---------------------------------------------------------------- fixed results


def always(kind: Kind) -> ResultKind:
    """Always of this kind."""
    return lambda site: kind


def same(name: str) -> ResultKind:
    """Of the kind of operand `name`, lists as arrays."""

    def result(site: Site) -> Kind:
        array = as_array(site.kind(name))
        return UNKNOWN if array is None else finished(array.dtype, array.dims)

    return result


def same_in_float(site: Site) -> Kind:
    """Floats of the shape of the first operand."""
    array = first_array(site)
    return UNKNOWN if array is None else finished("float", array.dims)


def itself(site: Site) -> Kind:
    """Of the kind of the first operand."""
    return site.kind(next(iter(site.bound.operands)))


def cotangents_of(name: str) -> ResultKind:
    """The cotangents of the items of operand `name`, parts of the first: in a list for a tuple too."""

    def result(site: Site) -> Kind:
        array = first_array(site)
        floats = array is not None and array.dtype == "float"
        return _in_floats(site.kind(name)) if floats else UNKNOWN

    return result


def _in_floats(kind: Kind) -> Kind:
    match kind:
        case Scalar():
            return kinds.FLOAT
        case Array(dims=dims):
            return Array("float", dims)
        case kinds.Sequence(items=items, item=item):
            known = None if items is None else tuple(map(_in_floats, items))
            return kinds.Sequence("list", known, _in_floats(item))
        case _:
            return UNKNOWN


def like(name: str) -> ResultKind:
    """An array of the shape of operand `name`; rank 0 stays an array."""

    def result(site: Site) -> Kind:
        array = as_array(site.kind(name)) or Array(None, None)
        return Array(dtype_told(site, array.dtype), array.dims)

    return result


def dtype_told(site: Site, dtype: DType | None) -> DType | None:
    """What the argument `dtype` says, `dtype` if it says nothing."""
    wanted = site.bound.operands.get("dtype")
    if wanted is None or constant(wanted) is None:
        return dtype
    kind = site.kind("dtype")
    found = dtype_named(constant(wanted))
    if found is None and isinstance(kind, kinds.Other):
        found = dtype_named(kind.name) or "int"  # which refuses to be written to
    return found


def converted(site: Site) -> Kind:
    """``numpy.array(x)``: rank 0 stays an array."""
    return like(next(iter(site.bound.operands)))(site)


def shape_tuple(site: Site) -> Kind:
    """``numpy.shape(x)``: a tuple of whole numbers."""
    array = as_array(site.kind(next(iter(site.bound.operands))))
    rank = None if array is None else array.rank
    return kinds.Sequence("tuple", None if rank is None else (kinds.INT,) * rank, kinds.INT)


def as_float(site: Site) -> Kind:
    """The first operand in floats: a number stays one, and so does an array of no axes."""
    match site.kind(next(iter(site.bound.operands))):
        case Scalar():
            return kinds.FLOAT
        case Array(dims=dims):
            return finished("float", dims)
        case _:
            return UNKNOWN


def only_item(site: Site) -> Kind:
    """The one element of the first operand."""
    array = first_array(site)
    return UNKNOWN if array is None else finished(array.dtype, ())


def listed(site: Site) -> Kind:
    """The first operand as nested lists."""
    array = first_array(site)
    if array is None or array.dims is None or array.dtype is None:
        return UNKNOWN
    kind: Kind = Scalar(array.dtype)
    for _ in array.dims:
        kind = kinds.Sequence("list", None, kind)
    return kind


# ---------------------------------------------------------------- reductions


def axes_of(value: object, rank: int | None) -> tuple[int, ...] | None:
    """The axes that an argument `value` names, all of them for None; None if that is not known."""
    if rank is None or value is VARIES:
        return None
    if value is None:
        return tuple(range(rank))
    axes = value if isinstance(value, tuple) else (value,)
    if not all(isinstance(axis, int) and -rank <= axis < rank for axis in axes):
        return None
    return tuple(sorted({axis % rank for axis in axes if isinstance(axis, int)}))


def summed(site: Site) -> Kind:
    """The first operand with axes taken away; truth values are counted."""
    array = first_array(site)
    return reduced("int" if array and array.dtype == "bool" else None)(site)


def begun(result: ResultKind, initial: object) -> ResultKind:
    """As `result`, where a start other than `initial` may turn whole numbers into floats."""

    def begun(site: Site) -> Kind:
        array = first_array(site)
        if site.constant("initial") == initial or (array and array.dtype == "float"):
            return result(site)
        return UNKNOWN

    return begun


def reduced(dtype: DType | None = None) -> ResultKind:
    """The first operand with the axes `axis` taken away, or kept as 1; `dtype` or its own."""

    def result(site: Site) -> Kind:
        array = first_array(site)
        if array is None:
            return UNKNOWN
        found = dtype_told(site, dtype or array.dtype)
        axis = site.constant("axis")
        keepdims = site.constant("keepdims")
        if keepdims is False and axis is None:
            return finished(found, ())
        axes = axes_of(axis, array.rank)
        if axes is None or array.dims is None or not isinstance(keepdims, bool):
            return Array(found, None)
        if keepdims:
            kept = tuple(ONE if k in axes else dim for k, dim in enumerate(array.dims))
        else:
            kept = tuple(dim for k, dim in enumerate(array.dims) if k not in axes)
        return finished(found, kept)

    return result


def accumulated(site: Site) -> Kind:
    """``numpy.cumsum``: the shape stays, or all is flattened."""
    array = as_array(site.kind(next(iter(site.bound.operands))))
    if array is None:
        return UNKNOWN
    axis = site.constant("axis")
    dtype = dtype_told(site, "int" if array.dtype == "bool" else array.dtype)
    if axis is VARIES:
        return Array(dtype, None)
    return Array(dtype, (flat_dim(array),) if axis is None else array.dims)


def places(site: Site) -> Kind:
    """``numpy.argsort``: whole numbers, as many as there are elements."""
    array = first_array(site)
    return UNKNOWN if array is None else Array("int", array.dims)


def flat_dim(array: Array) -> Dim:
    """The number of elements of `array` as an extent."""
    if array.dims is None:
        return ANY
    dims = [dim for dim in array.dims if dim != ONE]
    if not dims:
        return ONE
    return dims[0] if len(dims) == 1 else ANY
