"""What is known of a value before the program runs: float or array, of which rank and extents.

A kind is an upper bound on knowledge, never a guess: `Unknown` is always a true answer. Extents are
kept only as far as broadcasting needs them: is an axis exactly 1, surely not 1, or the same as
another axis?
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, TypeGuard

#: A class of numbers. Each is also what may be one of those before it: "complex" what may be complex.
DType: TypeAlias = Literal["bool", "int", "float", "complex"]

#: One extent of an array: "1"; "*" surely not 1; "?" not known; or a symbol such as "n",
#: equal wherever the same symbol stands, and perhaps 1.
Dim: TypeAlias = str

ONE: Dim = "1"
MANY: Dim = "*"
ANY: Dim = "?"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A Python or NumPy number of rank 0 that cannot be written in place.

    `precision` names the dtype of an argument in floats other than float64 or complex128, for its
    gradient.
    """

    dtype: DType
    precision: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Array:
    """A NumPy array; `dims` is None while the rank is not known.

    `dtype` is None while it is not known. `Array(None, None)` is an array of anything. `precision`
    is that of a `Scalar`.
    """

    dtype: DType | None
    dims: tuple[Dim, ...] | None
    precision: str = field(default="", compare=False)

    @property
    def rank(self) -> int | None:
        """The number of axes, or None while it is not known."""
        return None if self.dims is None else len(self.dims)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list or tuple: of known length with a kind for each item, or of any length with one kind."""

    form: Literal["list", "tuple"]
    items: tuple["Kind", ...] | None
    item: "Kind"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing is known; it may be a scalar, an array of any rank or a container."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """A dict with known string keys, in order; `items` is None while the keys are not known.

    Then `value` is the kind of every entry.
    """

    items: tuple[tuple[str, "Kind"], ...] | None
    value: "Kind" = Unknown()


@dataclass(frozen=True, slots=True)
class Record:
    """An instance of a class, whose data are the values of known fields.

    `cls` is "module:qualname". A namedtuple can be indexed and unpacked too; an object is one of a
    class that is neither a namedtuple nor a dataclass.
    """

    cls: str
    form: Literal["namedtuple", "dataclass", "object"]
    fields: tuple[tuple[str, "Kind"], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields, in order."""
        return tuple(name for name, _ in self.fields)

    def position(self, name: str) -> int | None:
        """Where a namedtuple has the field `name`; None for other records, which have no order."""
        return self.names.index(name) if self.form == "namedtuple" else None


@dataclass(frozen=True, slots=True)
class Other:
    """A value with no derivative: None, text, a range, a dtype, a function.

    `name` is that of a function that is known: ``numpy.tanh``, ``module:qualname``; or of the class
    of a foreign value, whose operators do not mean what those of arrays do.
    """

    what: str
    name: str = ""


#: The class of the namespaces that hold the cotangents of a record, and of those of users.
NAMESPACE = "types:SimpleNamespace"


def is_foreign(kind: "Kind") -> TypeGuard[Other]:
    """Whether a value of `kind` has arithmetic that is not that of arrays of real numbers."""
    return isinstance(kind, Other) and kind.what == FOREIGN


def is_refined(kind: "Kind | None") -> TypeGuard[Other]:
    """Whether a value of `kind` is a container that does not do what those of Python do."""
    return isinstance(kind, Other) and kind.what == REFINED


def is_complex(kind: "Kind") -> bool:
    """Whether a value of `kind` is a number or array that may be complex."""
    return isinstance(kind, Scalar | Array) and kind.dtype == "complex"


def holds_complex(kind: "Kind") -> bool:
    """Whether a value of `kind` is or holds what may be complex."""
    match kind:
        case Sequence(items=items, item=item):
            return holds_complex(item) or any(map(holds_complex, items or ()))
        case Mapping(items=pairs, value=value):
            return holds_complex(value) or any(holds_complex(part) for _, part in pairs or ())
        case Record(fields=pairs):
            return any(holds_complex(part) for _, part in pairs)
        case _:
            return is_complex(kind) or kind == MAYBE_COMPLEX


@dataclass(frozen=True, slots=True)
class Never:
    """No value at all: what a call gives as long as no way out of the function is known.

    Only the search for the result of a recursive function sees it.
    """


#: What has parts with kinds of their own.
Container: TypeAlias = Sequence | Mapping | Record
Kind: TypeAlias = Scalar | Array | Container | Other | Unknown | Never

FLOAT = Scalar("float")
INT = Scalar("int")
BOOL = Scalar("bool")
UNKNOWN = Unknown()
NEVER = Never()
NONE = Other("None")
TEXT = Other("text")
EXCEPTION = Other("exception")
#: What draws random numbers, and what keeps a log: objects that no array is a part of.
FOREIGN = "foreign"
COMPLEX = Scalar("complex")
#: A value that may be complex, of which no more is known.
MAYBE_COMPLEX = Other(FOREIGN, "complex number")
#: A sparse matrix of real numbers: of its arithmetic some products are known.
SPARSE = Other(FOREIGN, "sparse matrix")
#: What was made of one, and may be a matrix or array of any class.
OF_SPARSE = Other(FOREIGN, "part of a sparse matrix")
#: A list, tuple or dict of a class that gives it other methods or operators.
REFINED = "container of its own class"
GENERATOR = Other("generator")
LOGGER = Other("logger")
#: What gives values between those that it was made of, and their derivatives: ``s(x, nu)``.
INTERPOLANT = Other("interpolant")


def with_parts(kind: Kind, changed: Callable[[Kind], Kind]) -> Kind:
    """`kind` with its parts `changed`, if it is that of a container; a number and an array have none."""
    match kind:
        case Sequence(items=items, item=item):
            known = None if items is None else tuple(map(changed, items))
            return replace(kind, items=known, item=changed(item))
        case Mapping(items=pairs, value=value):
            entries = None if pairs is None else tuple((key, changed(part)) for key, part in pairs)
            return replace(kind, items=entries, value=changed(value))
        case Record(fields=fields):
            return replace(kind, fields=tuple((name, changed(part)) for name, part in fields))
        case _:
            return kind
