"""The kind of a value at hand, found by its class alone: NumPy is not imported here."""

from collections.abc import Iterable
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, Final

from retrograd.transforms.ir.kinds import (
    BOOL,
    FLOAT,
    INT,
    MANY,
    NONE,
    ONE,
    UNKNOWN,
    Array,
    DType,
    Kind,
    Mapping,
    Other,
    Scalar,
    Sequence,
)

#: A sequence of at most so many items is described item by item.
_LONGEST: Final = 16

_DTYPES: Final[dict[str, DType]] = {"f": "float", "i": "int", "u": "int", "b": "bool"}

_OTHERS: Final[dict[type, str]] = {
    str: "text",
    bytes: "bytes",
    range: "range",
    slice: "slice",
    FunctionType: "function",
    BuiltinFunctionType: "function",
    ModuleType: "module",
    type: "class",
}


def kind_of_value(value: Any) -> Kind:
    """The kind of `value`, `UNKNOWN` for complex numbers, objects of classes and the like."""
    of_numpy = _numpy_class(value)
    if of_numpy in ("ndarray", "generic"):
        return _kind_of_numpy(value, of_numpy)
    match value:
        case None:
            return NONE
        case bool():
            return BOOL
        case int():
            return INT
        case float():
            return FLOAT
        case list():
            return _kind_of_items("list", value)
        case tuple():
            return _kind_of_items("tuple", value)
        case dict() if all(isinstance(key, str) for key in value):
            return Mapping(tuple((key, kind_of_value(item)) for key, item in value.items()))
        case dict():
            return Mapping(None)
        case _:
            what = "dtype" if of_numpy == "dtype" else _OTHERS.get(type(value))
            return UNKNOWN if what is None else Other(what)


def _numpy_class(value: object) -> str | None:
    """Which of NumPy's classes `value` is of."""
    for cls in type(value).__mro__:
        if cls.__module__ == "numpy" and cls.__name__ in ("ndarray", "generic", "dtype"):
            return cls.__name__
    return None


def _kind_of_numpy(value: Any, of_numpy: str) -> Kind:
    dtype = _DTYPES.get(value.dtype.kind)
    if dtype is None:
        return UNKNOWN
    if of_numpy == "generic":
        return Scalar(dtype)
    if type(value).__name__ not in ("ndarray", "memmap"):
        return Other(type(value).__name__)  # a matrix or masked array has arithmetic of its own
    return Array(dtype, tuple(ONE if extent == 1 else MANY for extent in value.shape))


def _kind_of_items(form: Any, values: Iterable[object]) -> Kind:
    kinds = tuple(kind_of_value(value) for value in values)
    alike = len(set(kinds)) == 1
    if alike and len(kinds) > _LONGEST:
        return Sequence(form, None, kinds[0])
    return Sequence(form, kinds, kinds[0] if alike else UNKNOWN)
