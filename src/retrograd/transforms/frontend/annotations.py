"""Kinds as people write them: ``float[n, d]`` for ``--types``, and the annotations of Python."""

import re
from typing import Final

from retrograd.transforms.ir.kinds import (
    ANY,
    BOOL,
    FLOAT,
    INT,
    MANY,
    ONE,
    UNKNOWN,
    Array,
    Dim,
    DType,
    Kind,
    Mapping,
    Scalar,
    Sequence,
)

_TOKEN: Final = re.compile(r"\s*(\.\.\.|\w+|[\[\](){}:,*?])")
_DTYPES: Final[dict[str, DType | None]] = {
    "float": "float",
    "int": "int",
    "bool": "bool",
    "array": None,
}


def parse_kind(text: str) -> Kind:
    """The kind that `text` describes.

    ``float``, ``int`` and ``bool`` are numbers; ``float[n, d]`` is an array of two axes, ``float[]``
    one of none, ``float[...]`` one of any rank; ``array`` is any array of floats. An extent is a
    number, a symbol, ``*`` (not 1) or ``?``. ``[k]`` is a list of any length, ``[k, l]`` one of two,
    ``(k, l)`` a tuple, ``{W: k, b: l}`` a dict.

    Raises:
        ValueError: `text` is not of this form.
    """
    parser = _Parser(text)
    kind = parser.kind()
    parser.end()
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
            case word:
                raise self._error(f"`{word}` is no kind")

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


_PLAIN: Final[dict[str, Kind]] = {"float": FLOAT, "int": INT, "bool": BOOL}
_NDARRAY: Final = re.compile(r"(?:\w+\.)*ndarray\b")
_NDARRAY_OF: Final = re.compile(r"(?:\w+\.)*NDArray\b(?:\[(?:\w+\.)*(\w+)\])?")
_JAXTYPING: Final = re.compile(
    r"(?:\w+\.)*(Float|Float64|Float32|Int|Bool)\[[^,]+,\s*(['\"])(.*)\2\]"
)
_CLASSES: Final[tuple[tuple[str, DType], ...]] = (
    ("float", "float"),
    ("double", "float"),
    ("uint", "int"),
    ("int", "int"),
    ("bool", "bool"),
)


def kind_of_annotation(text: str | None) -> Kind:
    """The kind that an annotation promises, `UNKNOWN` if it is none of those that we know."""
    if text is None:
        return UNKNOWN
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1].strip()
    if text in _PLAIN:
        return _PLAIN[text]
    if shaped := _JAXTYPING.fullmatch(text):
        return Array(_dtype(shaped[1]), _jaxtyping_dims(shaped[3]))
    if typed := _NDARRAY_OF.fullmatch(text):
        return Array(_dtype(typed[1] or ""), None)
    if _NDARRAY.match(text) and "|" not in text:
        return Array(None, None)
    return UNKNOWN


def _dtype(name: str) -> DType | None:
    """The class of numbers that a scalar type such as ``float64`` belongs to."""
    return next((dtype for start, dtype in _CLASSES if name.lower().startswith(start)), None)


def _jaxtyping_dims(text: str) -> tuple[Dim, ...] | None:
    words = text.split()
    if not all(word.isidentifier() or word.isdecimal() for word in words):
        return None
    return tuple(word if word.isidentifier() else ONE if int(word) == 1 else MANY for word in words)
