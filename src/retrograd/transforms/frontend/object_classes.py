"""Classes that exist: their fields and methods, as the class object shows them."""

import collections
import dataclasses
import inspect
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any, Final

from retrograd.transforms.frontend.annotations import kind_of_annotation
from retrograd.transforms.frontend.classes import ClassShape, Field, Method
from retrograd.transforms.frontend.protocols import is_dataclass_frozen
from retrograd.transforms.frontend.values import (
    class_key,
    constants_of_class,
    form_of_class,
    kind_of_value,
)
from retrograd.transforms.ir.kinds import UNKNOWN, Kind, Sequence

#: The file of the methods that every namedtuple has.
_TUPLES: Final = collections.__file__


def class_at_hand(cls: type, key_of: Callable[[FunctionType], str]) -> ClassShape | None:
    """The class `cls`; None if attributes of its instances may mean more than data.

    `key_of` names functions of the user's that are met.
    """
    form = form_of_class(cls)
    if form is None:
        return None
    match form:
        case "namedtuple":
            fields = tuple(_of_namedtuple(cls))
        case "dataclass":
            fields = tuple(_of_dataclass(cls))
        case _:
            fields = ()
    return ClassShape(
        class_key(cls),
        form,
        fields,
        _methods(cls, key_of),
        _obstacle(cls, form),
        constants={name: kind_of_value(value) for name, value in constants_of_class(cls).items()},
    )


def _of_namedtuple(cls: Any) -> Iterator[Field]:
    for name in cls._fields:
        default = cls._field_defaults.get(name, dataclasses.MISSING)
        kind = None if default is dataclasses.MISSING else kind_of_value(default)
        yield Field(name, _annotated(cls, name), kind)


def _of_dataclass(cls: Any) -> Iterator[Field]:
    for field in dataclasses.fields(cls):
        kind: Kind | None = None
        if field.default is not dataclasses.MISSING:
            kind = kind_of_value(field.default)
        elif field.default_factory is list:
            kind = Sequence("list", (), UNKNOWN)
        yield Field(field.name, _annotated(cls, field.name), kind, bool(field.kw_only))


def _annotated(cls: type, name: str) -> Kind:
    for base in cls.__mro__:
        hint = inspect.get_annotations(base).get(name)
        if hint is not None:
            text = hint if isinstance(hint, str) else getattr(hint, "__qualname__", repr(hint))
            return kind_of_annotation(text)
    return UNKNOWN


def _obstacle(cls: Any, form: str) -> str:
    """Why a call of the class is not understood."""
    if form == "object":
        return f"`{cls.__name__}` is neither a dataclass nor a namedtuple"
    for name in ("__post_init__", "__setattr__"):
        owner = next((base for base in cls.__mro__ if name in vars(base)), object)
        frozen = name == "__setattr__" and is_dataclass_frozen(owner)
        if owner is not object and owner is not tuple and not frozen:
            return f"`{cls.__name__}.{name}` runs when one is made"
    if form == "namedtuple":
        made = cls.__new__.__code__.co_filename.startswith("<")
        return "" if made else f"`{cls.__name__}.__new__` runs when one is made"
    if not cls.__init__.__code__.co_filename.startswith("<") or cls.__new__ is not object.__new__:
        return f"`{cls.__name__}.__init__` runs when one is made"
    for field in dataclasses.fields(cls):
        factory = field.default_factory
        if not field.init or factory not in (dataclasses.MISSING, list):
            return f"`{cls.__name__}.{field.name}` is made by a `field(...)`"
    if any(field._field_type.name == "_FIELD_INITVAR" for field in _all_fields(cls)):
        return f"`{cls.__name__}` takes more than its fields"
    return ""


def _all_fields(cls: Any) -> list[Any]:
    return list(cls.__dataclass_fields__.values())


def _methods(cls: type, key_of: Callable[[FunctionType], str]) -> dict[str, Method]:
    found: dict[str, Method] = {}
    for base in reversed(cls.__mro__[:-1]):
        for name, member in vars(base).items():
            found.pop(name, None)
            match member:
                case FunctionType() if member.__code__.co_filename in (_TUPLES, "<string>"):
                    pass
                case FunctionType() if hasattr(member, "__wrapped__"):
                    pass
                case FunctionType():
                    found[name] = Method(key_of(member), "method")
                case property(fget=FunctionType() as getter):
                    found[name] = Method(key_of(getter), "property")
                case staticmethod(__func__=FunctionType() as function):
                    found[name] = Method(key_of(function), "static")
                case classmethod(__func__=FunctionType() as function) if name != "_make":
                    found[name] = Method(key_of(function), "class")
                case _:
                    pass
    return found
