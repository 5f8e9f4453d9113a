"""The kind of a value at hand, found by its class alone: NumPy is not imported here."""

import sys
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from types import BuiltinFunctionType, FunctionType, ModuleType, SimpleNamespace
from typing import Any, Final, Literal
from weakref import WeakValueDictionary

from retrograd.transforms.frontend.protocols import (
    behaves_as,
    is_managed,
    keeps_fields,
    unpacks_fields,
)
from retrograd.transforms.frontend.public_names import is_library_function, public_name
from retrograd.transforms.ir.kinds import (
    BOOL,
    COMPLEX,
    FLOAT,
    FOREIGN,
    GENERATOR,
    INT,
    INTERPOLANT,
    LOGGER,
    MANY,
    MAYBE_COMPLEX,
    NONE,
    ONE,
    REFINED,
    SPARSE,
    TEXT,
    UNKNOWN,
    Array,
    DType,
    Kind,
    Mapping,
    Other,
    Record,
    Scalar,
    Sequence,
    Unknown,
    holds_complex,
)

#: A sequence of at most so many items is described item by item.
_LONGEST: Final = 16

#: Numbers other than those of Python, by NumPy's letter for them.
_PRECISIONS: Final = {
    "e": "float16",
    "f": "float32",
    "g": "longdouble",
    "F": "complex64",
    "G": "clongdouble",
}
_DTYPES: Final[dict[str, DType]] = {
    "c": "complex",
    "f": "float",
    "i": "int",
    "u": "int",
    "b": "bool",
}

#: Numbers and containers of Python's own, which other classes may refine.
_BUILTIN: Final = (bool, int, float, complex, list, tuple, dict)

#: Classes whose objects we know something of, by the module that they are defined in.
_OBJECTS: Final[dict[str, Kind]] = {
    "numpy.random._generator.Generator": GENERATOR,
    "numpy.random.mtrand.RandomState": GENERATOR,
    "random.Random": GENERATOR,
    "logging.Logger": LOGGER,
    **{
        f"collections.{name}": Other(REFINED, name)
        for name in ("deque", "ChainMap", "UserDict", "UserList")
    },
    "array.array": Other(REFINED, "array"),
    "scipy.interpolate._interpolate.PPoly": INTERPOLANT,
    "scipy.interpolate._bsplines.BSpline": INTERPOLANT,
}

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


def kind_of_value(value: Any, above: tuple[int, ...] = ()) -> Kind:
    """The kind of `value`, `UNKNOWN` for objects of libraries and the like.

    `above` has the records that `value` is a part of, by their ids: what holds itself is unknown.
    """
    of_numpy = _numpy_class(value)
    if of_numpy in ("ndarray", "generic"):
        return _kind_of_numpy(value, of_numpy)
    if of_numpy == "dtype":
        return Other("dtype", _DTYPES.get(value.kind, ""))
    nature = next((cls for cls in _BUILTIN if isinstance(value, cls)), None)
    if nature is not None and not _is_record(value) and not behaves_as(type(value), nature):
        what = FOREIGN if nature in (int, float, complex) else REFINED
        return Other(what, type(value).__name__)
    match value:
        case None:
            return NONE
        case bool():
            return BOOL
        case int():
            return INT
        case float():
            return FLOAT
        case complex():
            return COMPLEX
        case list():
            return _kind_of_items("list", value, above)
        case tuple() if not _is_record(value):
            return _kind_of_items("tuple", value, above)
        case dict() if all(isinstance(key, str) for key in value):
            return Mapping(tuple((key, kind_of_value(item, above)) for key, item in value.items()))
        case dict():
            return Mapping(None)
        case _:
            if isinstance(value, Enum):  # whose class may say what operators do
                return Other(FOREIGN, type(value).__name__)
            function = _function_name(value)
            if function:
                return Other("function", function)
            if type(value) in _OTHERS:
                return Other(_OTHERS[type(value)])
            return _kind_of_object(value) or _kind_of_record(value, above)


def _is_record(value: object) -> bool:
    return isinstance(value, tuple) and hasattr(value, "_fields")


def form_of_class(cls: type) -> Literal["namedtuple", "dataclass", "object"] | None:
    """How a class keeps the data of its instances; None if attributes may mean more than data.

    Plain classes are written in Python, by no library.
    """
    finder = next(base for base in cls.__mro__ if "__getattribute__" in vars(base))
    setter = next(base for base in cls.__mro__ if "__setattr__" in vars(base))
    if finder not in (object, tuple, SimpleNamespace):
        return None
    if issubclass(cls, tuple):
        return "namedtuple" if hasattr(cls, "_fields") and unpacks_fields(cls) else None
    if is_dataclass(cls):
        return "dataclass" if keeps_fields(cls) else None
    if setter not in (object, SimpleNamespace):
        return None
    if cls is SimpleNamespace:
        return "object"
    homes = {base.__module__.partition(".")[0] for base in cls.__mro__[:-1]}
    of_library = homes & {"numpy", "scipy", "retrograd"} or homes & sys.stdlib_module_names
    return None if of_library else "object"


#: Begins what names a class as the place of a value.
OF_CLASS: Final = "class "

#: The classes that were met, by their keys: not all can be found by name from their module.
_MET: Final[WeakValueDictionary[str, type]] = WeakValueDictionary()


def class_key(cls: type) -> str:
    """What names a class in a program; living ones of the same name are told apart by a number."""
    base = key = f"{cls.__module__}:{cls.__qualname__}"
    count = 1
    while _MET.setdefault(key, cls) is not cls:
        count += 1
        key = f"{base}#{count}"
    return key


def class_met(key: str) -> type | None:
    """The class that has this key, if it still lives."""
    return _MET.get(key)


def constants_of_class(cls: type) -> dict[str, object]:
    """What instances of `cls` show of the class where they have no field of that name: plain data."""
    found: dict[str, object] = {}
    for base in reversed(cls.__mro__[:-1]):
        for name, member in vars(base).items():
            found.pop(name, None)
            if not (name[:2] == name[-2:] == "__") and _is_plain(member):
                found[name] = member
    return found


def _is_plain(value: object) -> bool:
    """Whether `value` is a number, text, an array, a container of such, or a record."""
    kind = kind_of_value(value)
    return kind in (NONE, TEXT) or not isinstance(kind, Unknown | Other)


#: The functions of the user's that were met last as values, by their keys.
_FUNCTIONS_MET: Final[WeakValueDictionary[str, FunctionType]] = WeakValueDictionary()


def function_met(key: str) -> FunctionType | None:
    """The function of the user's whose kind had this name, if it still lives."""
    return _FUNCTIONS_MET.get(key)


def _function_name(value: object) -> str:
    """What names a function: its public name, or for one of a user's module its key; else ""."""
    if isinstance(value, FunctionType) and not is_library_function(value):
        key = f"{value.__module__}:{value.__qualname__}"
        if not key.replace(":", ".").replace(".", "").isidentifier() or value.__closure__:
            return ""
        _FUNCTIONS_MET[key] = value
        return key
    plain = isinstance(value, FunctionType | BuiltinFunctionType)
    return public_name(value) or "" if plain or type(value).__name__ == "ufunc" else ""


def _kind_of_record(value: Any, above: tuple[int, ...]) -> Kind:
    cls = type(value)
    form = form_of_class(cls)
    if form is None or id(value) in above:
        return UNKNOWN
    if form == "namedtuple":
        names = list(cls._fields)
    elif form == "dataclass":
        names = [field.name for field in fields(value) if hasattr(value, field.name)]
    elif hasattr(value, "__dict__") and not hasattr(value, "__qualname__"):
        names = list(vars(value))
    else:
        return UNKNOWN
    if any(is_managed(cls, name) for name in names):
        return UNKNOWN
    above = (*above, id(value))
    kinds = tuple((name, kind_of_value(getattr(value, name), above)) for name in names)
    return Record(class_key(cls), form, kinds)


def _kind_of_object(value: object) -> Kind | None:
    """The kind of an object of a class that we know something of."""
    if any(cls.__module__.startswith("scipy.sparse") for cls in type(value).__mro__):
        real = getattr(getattr(value, "dtype", None), "kind", "") in ("b", "i", "u", "f")
        whole = real and hasattr(value, "nnz") and getattr(value, "ndim", 0) == 2
        return SPARSE if whole else Other(FOREIGN, type(value).__name__)
    names = (f"{cls.__module__}.{cls.__name__}" for cls in type(value).__mro__)
    return next((_OBJECTS[name] for name in names if name in _OBJECTS), None)


def _numpy_class(value: object) -> str | None:
    """Which of NumPy's classes `value` is of."""
    for cls in type(value).__mro__:
        if cls.__module__ == "numpy" and cls.__name__ in ("ndarray", "generic", "dtype"):
            return cls.__name__
    return None


def _kind_of_numpy(value: Any, of_numpy: str) -> Kind:
    dtype = _DTYPES.get(value.dtype.kind)
    if value.dtype.kind in "OV":
        return Other(FOREIGN, f"array of dtype {value.dtype}")
    if dtype is None:
        return UNKNOWN
    precision = _PRECISIONS.get(value.dtype.char, "")
    if of_numpy == "generic":
        return Scalar(dtype, precision)
    if type(value).__name__ not in ("ndarray", "memmap"):
        return Other(FOREIGN, type(value).__name__)  # such as a matrix or masked array
    return Array(dtype, tuple(ONE if extent == 1 else MANY for extent in value.shape), precision)


def _kind_of_items(form: Any, values: Iterable[object], above: tuple[int, ...]) -> Kind:
    kinds = tuple(kind_of_value(value, above) for value in values)
    alike = len(set(kinds)) == 1
    if alike and len(kinds) > _LONGEST:
        return Sequence(form, None, kinds[0])
    other = MAYBE_COMPLEX if any(map(holds_complex, kinds)) else UNKNOWN
    return Sequence(form, kinds, kinds[0] if alike else other)
