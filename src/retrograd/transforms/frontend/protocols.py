"""Whether the instances of a class behave as those of the class that they are of by nature."""

import dataclasses
from collections import OrderedDict, namedtuple
from types import FunctionType, MemberDescriptorType
from typing import Any, Final

#: What a class may define without its instances behaving otherwise in a calculation.
_HARMLESS: Final = frozenset(
    f"__{name}__"
    for name in (
        *("doc", "module", "qualname", "dict", "weakref", "slots", "annotations", "match_args"),
        *("init", "new", "init_subclass", "subclasshook", "class_getitem", "orig_bases"),
        *("parameters", "abstractmethods", "classcell", "firstlineno", "static_attributes"),
        *("repr", "str", "format", "hash", "sizeof", "dir", "copy", "deepcopy", "replace"),
        *("reduce", "reduce_ex", "getstate", "setstate", "getnewargs", "getnewargs_ex"),
        *("annotate", "annotations_cache", "annotate_func"),
    )
)

#: Methods through which Python looks into a tuple.
OF_TUPLES: Final = frozenset({"index", "count"}) | frozenset(
    f"__{name}__"
    for name in ("getitem", "iter", "len", "contains", "reversed", "getattr", "bool", "eq")
)


#: What gives the fields of classes with slots, and of namedtuples.
_PLAIN: Final = (MemberDescriptorType, type(vars(namedtuple("_Example", "field"))["field"]))


def behaves_as(cls: type, base: type) -> bool:
    """Whether the instances of `cls` do what those of `base` do, a number or container above it."""
    between = cls.__mro__[: cls.__mro__.index(base)]
    return not any(_adds_meaning(own, base) for own in between)


def _adds_meaning(own: type, base: type) -> bool:
    if own is OrderedDict or own.__module__ == "enum":
        return False
    names = vars(own).keys() - _HARMLESS
    return any((name[:2] == name[-2:] == "__") or hasattr(base, name) for name in names)


def unpacks_fields(cls: type) -> bool:
    """Whether the instances of a namedtuple are the tuples of their fields."""
    own = (vars(base) for base in cls.__mro__[: cls.__mro__.index(tuple)])
    return not any(
        name in OF_TUPLES and isinstance(member, FunctionType)
        for members in own
        for name, member in members.items()
    )


def keeps_fields(cls: Any) -> bool:
    """Whether the fields of a dataclass hold what they are given, and give it back."""
    setter = next(base for base in cls.__mro__ if "__setattr__" in vars(base))
    frozen = is_dataclass_frozen(setter)
    names = (field.name for field in dataclasses.fields(cls))
    return (setter is object or frozen) and not any(is_managed(cls, name) for name in names)


def is_dataclass_frozen(cls: Any) -> bool:
    """Whether `cls` is a dataclass that refuses to have its fields written."""
    return bool(getattr(vars(cls).get("__dataclass_params__"), "frozen", False))


def is_managed(cls: type, name: str) -> bool:
    """Whether the class runs something of its own when the attribute `name` is read or written."""
    for base in cls.__mro__:
        if name in vars(base):
            member = vars(base)[name]
            return hasattr(type(member), "__set__") and not isinstance(member, _PLAIN)
    return False
