"""What a live function sees around it: what its derivative depends on beside the arguments.

Found without the compiler, so that a second process can look its gradient up on disk. The names
that the code of a function mentions are followed to functions of the user's, whose text counts, and
to everything else, of which the kind counts.
"""

import builtins
import inspect
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any, Final

from retrograd.cache import digest
from retrograd.transforms.diagnostics.report import SourceUnavailable
from retrograd.transforms.frontend.derivatives import object_asked
from retrograd.transforms.frontend.lambdas import find_lambda, is_lambda, key_of_function
from retrograd.transforms.frontend.object_classes import class_at_hand
from retrograd.transforms.frontend.object_names import undecorated, value_at
from retrograd.transforms.frontend.own_functions import count_told, own_function
from retrograd.transforms.frontend.public_names import is_library_function
from retrograd.transforms.frontend.values import (
    class_met,
    constants_of_class,
    form_of_class,
    function_met,
    kind_of_value,
)
from retrograd.transforms.ir.kinds import Kind, Other, Record, Sequence
from retrograd.transforms.ir.kinds import Mapping as MappingKind


@dataclass(frozen=True, slots=True)
class Watched:
    """A place that held an object: a namespace and a name, or a closure cell."""

    place: Mapping[str, Any] | CellType
    name: str
    value: object

    def is_same(self) -> bool:
        """Whether the place still holds that very object."""
        if not isinstance(self.place, CellType):
            return self.place.get(self.name) is self.value
        try:
            return self.place.cell_contents is self.value
        except ValueError:
            return False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The function below all decorators; a digest of all that its derivative depends on."""

    function: FunctionType
    fingerprint: str
    watched: tuple[Watched, ...]
    functions: Mapping[str, FunctionType]
    told: int = field(default_factory=count_told)

    def has_changed(self) -> bool:
        """Whether a name that the function uses now means another object, or a rule was told."""
        return self.told != count_told() or not all(map(Watched.is_same, self.watched))

    def value(self, key: str, dotted: str) -> object:
        """What `dotted` means in the function `key`, one of `functions`, or in the place `key`."""
        return value_at(key, dotted, lambda name: self.functions[name.partition("@")[0]])

    def value_at_home(self, dotted: str) -> object:
        """What `dotted` means in the function itself."""
        return value_at("", dotted, lambda name: self.function)


def surroundings(function: object) -> Surroundings:
    """What `function` depends on.

    Raises:
        SourceUnavailable: it is not a Python function with source text.
    """
    below = undecorated(function)
    if not isinstance(below, FunctionType):
        from retrograd.transforms.frontend.read import read_live

        read_live(below)  # says what is wrong with it
        raise SourceUnavailable(f"{function!r} is not a Python function")
    return _around(below, [below])


def around_arguments(kinds: Collection[Kind], function: FunctionType) -> Surroundings:
    """What the functions and the methods depend on that `function` is given by arguments of `kinds`."""
    classes = _classes_in(kinds)
    around = [member for cls in classes for member in _of_class(cls)]
    constants = [constant for cls in classes for constant in _constants_of_class(cls)]
    text = "".join(f"{cls.__qualname__}: {_shape_of(cls)}" for cls in classes)
    given = [function_met(kind.name) for kind in kinds if isinstance(kind, Other)]
    passed = [one for one in given if one is not None]
    found = _around(function, [*passed, *(member for _, member in around)])
    watched = (*(watch for watch, _ in around), *constants)
    watched += tuple(watch for cls in classes for watch in _hidden_nowhere(cls))
    return replace(
        found,
        fingerprint=digest(text, found.fingerprint),
        watched=watched + found.watched,
    )


def _classes_in(kinds: Iterable[Kind]) -> list[type]:
    """The classes of the records that values of `kinds` hold."""
    found: dict[type, None] = {}
    todo = list(kinds)
    while todo:
        match todo.pop():
            case Record(cls=key, fields=fields):
                cls = class_met(key)
                if cls is not None:
                    found[cls] = None
                todo += [kind for _, kind in fields]
            case Sequence(items=items, item=item):
                todo += [*(items or ()), item]
            case MappingKind(items=pairs):
                todo += [kind for _, kind in pairs or ()]
            case _:
                pass
    return list(found)


def _around(below: FunctionType, todo: list[FunctionType]) -> Surroundings:
    """What the functions in `todo` depend on, on behalf of `below`."""
    parts: list[str] = []
    watched: list[Watched] = []
    functions: dict[str, FunctionType] = {}
    classes: list[type] = []
    while todo:
        one = todo.pop(0)
        if one in functions.values():
            continue
        functions[_free_key(one, functions)] = one
        parts += [one.__module__ or "", one.__qualname__, _text(one), repr(one.__defaults__)]
        parts += [repr(one.__kwdefaults__)]
        for watch, dotted in _mentions(one):
            parts.append(f"{dotted} is {_meaning(watch.value)}")
            if not isinstance(watch.value, ModuleType):
                watched.append(watch)
            own = own_function(watch.value)
            if own is not None:
                parts.append(own.described())
                todo += own.texts
                continue
            inner = undecorated(watch.value)
            while (asked := object_asked(inner)) is not None:
                parts.append(f"{asked[:2]} of")
                inner = undecorated(asked[2])
            if isinstance(inner, FunctionType) and not is_library_function(inner):
                todo.append(inner)
            if isinstance(inner, type) and issubclass(inner, Enum):
                parts += [f"{one.name} is {_meaning(one.value)}" for one in inner]
            if not isinstance(inner, ModuleType | type):
                watched += _shown_by_classes(inner, set())
            for cls in _classes_of(inner):
                if cls in classes:
                    continue
                classes.append(cls)
                parts.append(_shape_of(cls))
                for member_watch, member in _of_class(cls):
                    watched.append(member_watch)
                    todo.append(member)
                for constant in _constants_of_class(cls):
                    watched.append(constant)
                watched += _hidden_nowhere(cls)
    return Surroundings(below, digest(*parts), tuple(watched), functions)


def _classes_of(value: object) -> list[type]:
    """The class that `value` is, or those of the records that it holds."""
    if isinstance(value, type):
        return [value] if form_of_class(value) else []
    return [] if isinstance(value, ModuleType) else _classes_in((kind_of_value(value),))


def _of_class(cls: type) -> Iterator[tuple[Watched, FunctionType]]:
    """The functions of a class and of those that it inherits from, and where they are kept."""
    for base in cls.__mro__[:-1]:
        for name, member in vars(base).items():
            inner = member.fget if isinstance(member, property) else member
            inner = getattr(inner, "__func__", inner)
            if isinstance(inner, FunctionType) and not inner.__code__.co_filename.startswith("<"):
                yield Watched(vars(base), name, member), inner


def _constants_of_class(cls: type) -> Iterator[Watched]:
    """The values that a class shows beside functions, where it or those that it inherits from keep them."""
    for name, value in constants_of_class(cls).items():
        home = next(base for base in cls.__mro__ if name in vars(base))
        yield Watched(vars(home), name, value)


def _hidden_nowhere(cls: type) -> Iterator[Watched]:
    """That no class hides what those behind it, from which it inherits, have: it may do so later."""
    own = cls.__mro__[:-1]
    for one in own:
        yield from (Watched(vars(one), name, None) for name in _MANAGING if name not in vars(one))
    for k, base in enumerate(own[1:], 1):
        constants = constants_of_class(base)
        for name, member in vars(base).items():
            if isinstance(member, FunctionType | property) or name in constants:
                yield from (
                    Watched(vars(one), name, None) for one in own[:k] if name not in vars(one)
                )


#: Methods that change what attributes of instances mean.
_MANAGING: Final = ("__getattribute__", "__setattr__")


def _shown_by_classes(value: object, above: set[int]) -> Iterator[Watched]:
    """That objects in `value` hide nothing of what their classes have: they may do so later.

    `above` has the ids of what was looked at.
    """
    if id(value) in above:
        return
    above.add(id(value))
    parts: Iterable[object] = ()
    if isinstance(value, list | tuple):
        parts = value
    elif isinstance(value, dict):
        parts = value.values()
    elif hasattr(value, "__dict__") and not isinstance(value, FunctionType):
        for one in type(value).__mro__[:-1]:
            yield from (Watched(vars(one), name, vars(one).get(name)) for name in _MANAGING)
        if form_of_class(type(value)):
            own, parts = vars(value), tuple(vars(value).values())
            held = {watch.name for watch in _constants_of_class(type(value))}
            held |= {watch.name for watch, _ in _of_class(type(value))}
            yield from (Watched(own, name, None) for name in held - own.keys())
    for part in parts:
        yield from _shown_by_classes(part, above)


def _shape_of(cls: type) -> str:
    shape = class_at_hand(cls, lambda function: function.__qualname__)
    if shape is None:
        return ""
    return repr((shape.form, shape.fields, shape.obstacle, shape.constants))


def _free_key(function: FunctionType, taken: Mapping[str, FunctionType]) -> str:
    """The key of `function` in a program; closures made by one `def` are told apart by a number."""
    base = key = key_of_function(function)
    count = 1
    while key in taken:
        count += 1
        key = f"{base}#{count}"
    return key


def _text(function: FunctionType) -> str:
    try:
        if is_lambda(function):
            return find_lambda(function).text
        return inspect.getsource(function.__code__)
    except (OSError, TypeError, SourceUnavailable):
        return ""


def _mentions(function: FunctionType) -> Iterator[tuple[Watched, str]]:
    """The objects that `function` reaches by its global and closure names."""
    code = function.__code__
    for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield Watched(cell, name, cell.cell_contents), name
        except ValueError:
            continue
    scope = function.__globals__
    names = tuple(dict.fromkeys(name for inner in _codes(code) for name in inner.co_names))
    for name in names:
        if name in scope:
            value = scope[name]
            yield Watched(scope, name, value), name
            if isinstance(value, ModuleType):
                yield from _members(value, name, names)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """The code of a function, and of the functions and comprehensions inside it."""
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _codes(inner)


def _members(
    module: ModuleType, dotted: str, names: tuple[str, ...]
) -> Iterator[tuple[Watched, str]]:
    """What the code may reach in a module of the user's; libraries are taken to stay as they are."""
    if module.__name__.partition(".")[0] in ("numpy", "scipy", "math") or module is builtins:
        return
    for name in names:
        if name in vars(module):
            yield Watched(vars(module), name, vars(module)[name]), f"{dotted}.{name}"


def _meaning(value: Any) -> str:
    if isinstance(value, ModuleType):
        return f"module {value.__name__}"
    if callable(value) and not isinstance(kind_of_value(value), Record):
        home = getattr(value, "__module__", None)
        return f"callable {home}.{getattr(value, '__qualname__', type(value).__qualname__)}"
    return repr(kind_of_value(value))
