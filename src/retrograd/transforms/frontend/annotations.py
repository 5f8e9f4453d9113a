"""Kinds as people write them: ``float[n, d]`` for ``--types``, and the annotations of Python."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final, TypeAlias

from retrograd.transforms.frontend.constants import SPARSE_CLASSES
from retrograd.transforms.ir.kinds import (
    ANY,
    BOOL,
    COMPLEX,
    FLOAT,
    GENERATOR,
    INT,
    LOGGER,
    MANY,
    ONE,
    SPARSE,
    TEXT,
    UNKNOWN,
    Array,
    Dim,
    DType,
    Kind,
    Mapping,
    Record,
    Scalar,
    Sequence,
)

_TOKEN: Final = re.compile(r"\s*(\.\.\.|\w+|[\[\](){}:,*?])")
_DTYPES: Final[dict[str, DType | None]] = {
    "complex": "complex",
    "float": "float",
    "int": "int",
    "bool": "bool",
    "array": None,
}


def parse_kind(text: str) -> Kind:
    """The kind that `text` describes.

    ``float``, ``complex``, ``int`` and ``bool`` are numbers; ``float[n, d]`` is an array of two axes, ``float[]``
    one of none, ``float[...]`` one of any rank; ``array`` is any array of floats. An extent is a
    number, a symbol, ``*`` (not 1) or ``?``. ``[k]`` is a list of any length, ``[k, l]`` one of two,
    ``(k, l)`` a tuple, ``{W: k, b: l}`` a dict, ``Model(W: k, b: l)`` a record of a class, whose
    fields may be left out.

    Raises:
        ValueError: `text` is not of this form.
    """
    parser = _Parser(text)
    kind = parser.kind()
    parser.end()
    return kind


def told_kind(text: str) -> Kind:
    """The kind that `text` tells, be it an annotation or of the form above; `UNKNOWN` if neither."""
    kind = kind_of_annotation(text)
    if kind == UNKNOWN:
        with suppress(ValueError):
            return parse_kind(text)
    return kind


def parse_types(text: str) -> dict[str, Kind]:
    """Kinds by parameter: ``w: float[d], b: float``.

    Raises:
        ValueError: `text` is not of this form.
    """
    parser = _Parser(text)
    types = dict(parser.pairs(""))
    parser.end()
    return types


class _Parser:
    """Reads kinds token by token."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[str] = []
        place = 0
        stripped = text.rstrip()
        while place < len(stripped):
            match = _TOKEN.match(stripped, place)
            if match is None:
                raise self._error(f"{stripped[place:].strip()!r} is not understood")
            self.tokens.append(match[1])
            place = match.end()
        self.place = 0

    def _error(self, what: str) -> ValueError:
        return ValueError(
            f"types {self.text!r}: {what}; expected something like "
            "`w: float[n, d], b: float, params: {W: float[d], c: float}`"
        )

    @property
    def next(self) -> str:
        """The token ahead, "" at the end."""
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        """The token ahead, which must be one of `wanted` if any are given."""
        token = self.next
        if not token or (wanted and token not in wanted):
            hope = " or ".join(f"`{word}`" for word in wanted) or "more"
            raise self._error(f"`{token}` came where {hope} was expected")
        self.place += 1
        return token

    def end(self) -> None:
        """Nothing may follow."""
        if self.next:
            raise self._error(f"`{self.next}` came where the end was expected")

    def kind(self) -> Kind:
        """One kind."""
        match self.take():
            case "[":
                items = self._items("]")
                if len(items) == 1:
                    return Sequence("list", None, items[0])
                return Sequence("list", items, _common(items))
            case "(":
                items = self._items(")")
                return Sequence("tuple", items, _common(items))
            case "{":
                pairs = tuple(self.pairs("}"))
                self.take("}")
                return Mapping(pairs)
            case word if word in _DTYPES:
                return self._number(word)
            case word if word.isidentifier() and word[0].isupper():
                return self._record(word)
            case word:
                raise self._error(f"`{word}` is no kind")

    def _record(self, word: str) -> Kind:
        """A record of the class that is called `word`, to be looked up where that is known."""
        pairs: list[tuple[str, Kind]] = []
        if self.next == "(":
            self.take("(")
            pairs = self.pairs(")")
            self.take(")")
        return Record(word, "object", tuple(pairs))

    def pairs(self, closing: str) -> list[tuple[str, Kind]]:
        """``name: kind`` and so on, up to `closing`."""
        found: list[tuple[str, Kind]] = []
        while self.next != closing:
            name = self.take()
            if not name.isidentifier() or any(name == known for known, _ in found):
                raise self._error(f"`{name}` came where a new name was expected")
            self.take(":")
            found.append((name, self.kind()))
            if self.next != closing:
                self.take(",")
        return found

    def _items(self, closing: str) -> tuple[Kind, ...]:
        items: list[Kind] = []
        while self.next != closing:
            items.append(self.kind())
            if self.next != closing:
                self.take(",")
        self.take(closing)
        return tuple(items)

    def _number(self, word: str) -> Kind:
        dtype = _DTYPES[word]
        if self.next != "[":
            return Array("float", None) if dtype is None else Scalar(dtype)
        self.take("[")
        dims: list[Dim] | None = []
        if self.next == "...":
            self.take()
            dims = None
        while dims is not None and self.next != "]":
            dims.append(self._dim())
            if self.next != "]":
                self.take(",")
        self.take("]")
        return Array(dtype or "float", None if dims is None else tuple(dims))

    def _dim(self) -> Dim:
        token = self.take()
        if token in (MANY, ANY) or token.isidentifier():
            return token
        if token.isdecimal():
            return ONE if int(token) == 1 else MANY
        raise self._error(f"`{token}` is no extent")


def _common(items: tuple[Kind, ...]) -> Kind:
    return items[0] if len(set(items)) == 1 else UNKNOWN


_PLAIN: Final[dict[str, Kind]] = {"complex": COMPLEX, "float": FLOAT, "int": INT, "bool": BOOL}
_NDARRAY: Final = re.compile(r"(?:\w+\.)*ndarray\b")
_NDARRAY_OF: Final = re.compile(r"(?:\w+\.)*NDArray\b(?:\[(?:\w+\.)*(\w+)\])?")
_LIST_OF: Final = re.compile(r"(?:\w+\.)*(?:list|List|Sequence)\[(.*)\]")
_DOTTED: Final = re.compile(r"(?:\w+\.)*[^\W\d]\w*")
_JAXTYPING: Final = re.compile(
    r"(?:\w+\.)*(Complex|Complex128|Complex64|Float|Float64|Float32|Int|Bool)\[[^,]+,\s*(['\"])(.*)\2\]"
)
_OBJECTS: Final[dict[str, Kind]] = {
    **dict.fromkeys(("Generator", "RandomState", "Random"), GENERATOR),
    **dict.fromkeys((path.rpartition(".")[2] for path in SPARSE_CLASSES), SPARSE),
    "Logger": LOGGER,
    "str": TEXT,
}
_CLASSES: Final[tuple[tuple[str, DType], ...]] = (
    ("complex", "complex"),
    ("cdouble", "complex"),
    ("float", "float"),
    ("double", "float"),
    ("uint", "int"),
    ("int", "int"),
    ("bool", "bool"),
)


#: Gives the kind of the instances of a class by its dotted name, None if there is no such class.
RecordNamed: TypeAlias = Callable[[str], Kind | None]


def kind_of_annotation(text: str | None, record: RecordNamed = lambda dotted: None) -> Kind:
    """The kind that an annotation promises, `UNKNOWN` if it is none of those that we know."""
    if text is None:
        return UNKNOWN
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1].strip()
    if text in _PLAIN:
        return _PLAIN[text]
    if text.isidentifier() or text.replace(".", "").isidentifier():
        known = _OBJECTS.get(text.rpartition(".")[2])
        if known is not None:
            return known
    if shaped := _JAXTYPING.fullmatch(text):
        return Array(_dtype(shaped[1]), _jaxtyping_dims(shaped[3]))
    if typed := _NDARRAY_OF.fullmatch(text):
        return Array(_dtype(typed[1] or ""), None)
    if _NDARRAY.match(text) and "|" not in text:
        return Array(None, None)
    if listed := _LIST_OF.fullmatch(text):
        item = kind_of_annotation(listed[1], record)
        return Sequence("list", None, item) if isinstance(item, Record) else UNKNOWN
    if _DOTTED.fullmatch(text):
        return record(text) or UNKNOWN
    return UNKNOWN


def looked_up(kind: Kind, record: RecordNamed) -> Kind:
    """`kind`, which was told as text, with the classes in it looked up by their names.

    Raises:
        ValueError: there is no such class, or it has no such field.
    """
    match kind:
        case Sequence(items=items, item=item):
            found = None if items is None else tuple(looked_up(part, record) for part in items)
            return replace(kind, items=found, item=looked_up(item, record))
        case Mapping(items=pairs) if pairs is not None:
            return Mapping(tuple((key, looked_up(part, record)) for key, part in pairs))
        case Record(cls=name, fields=told) if ":" not in name:
            whole = record(name)
            if not isinstance(whole, Record):
                raise ValueError(f"types: there is no class `{name}` whose instances are data")
            known = {key: looked_up(part, record) for key, part in told}
            if unknown := [key for key in known if key not in whole.names]:
                raise ValueError(f"types: `{name}` has no field `{unknown[0]}`")
            return replace(
                whole, fields=tuple((key, known.get(key, part)) for key, part in whole.fields)
            )
        case _:
            return kind


def _dtype(name: str) -> DType | None:
    """The class of numbers that a scalar type such as ``float64`` belongs to."""
    return next((dtype for start, dtype in _CLASSES if name.lower().startswith(start)), None)


def _jaxtyping_dims(text: str) -> tuple[Dim, ...] | None:
    words = text.split()
    if not all(word.isidentifier() or word.isdecimal() for word in words):
        return None
    return tuple(word if word.isidentifier() else ONE if int(word) == 1 else MANY for word in words)
