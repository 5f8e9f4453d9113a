"""The names around a function that exists: each is looked up, and its object tells what it is."""

import builtins
import importlib
import inspect
import sys
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from functools import _lru_cache_wrapper
from operator import attrgetter
from types import CellType, FunctionType, ModuleType
from typing import Any, Final, TypeAlias

from retrograd.transforms.frontend.classes import ClassShape
from retrograd.transforms.frontend.derivatives import Asked, object_asked
from retrograd.transforms.frontend.modules import (
    Binding,
    ImportedModule,
    ImportedName,
    bindings_of,
)
from retrograd.transforms.frontend.names import (
    NEEDED,
    Namespace,
    OuterValue,
    Refusal,
    Resolution,
    refused_class,
    spellings,
)
from retrograd.transforms.frontend.object_classes import class_at_hand
from retrograd.transforms.frontend.own_functions import OWN, own_function, own_object
from retrograd.transforms.frontend.public_names import (
    is_library_function,
    is_library_module,
    public_name,
)
from retrograd.transforms.frontend.values import (
    OF_CLASS,
    class_key,
    class_met,
    constants_of_class,
    kind_of_value,
)
from retrograd.transforms.ir.kinds import Other, Record, Unknown
from retrograd.transforms.ir.nodes import Callee, Class, Known, Outer

#: Where a value was found (a namespace or a closure cell), under which name, and the value.
Watched: TypeAlias = tuple[dict[str, Any] | CellType, str, object]

#: Constants that a table of rules knows by name, and that `from ... import` may have brought here.
_CONSTANTS: Final = ("math.pi", "math.e", "math.tau", "numpy.pi", "numpy.e", "numpy.euler_gamma")

_MISSING: Final = object()


class ObjectNames:
    """The names around `function`: its closure, its module and Python's own.

    `key_of` names a function of the user's that is met. `outers` and `watched` collect the values
    that were met. In a class method `called` is what it calls its class, and what its module does.
    """

    def __init__(
        self,
        function: FunctionType,
        key_of: Callable[[FunctionType], str],
        called: tuple[str, str] | None = None,
    ) -> None:
        cells = function.__closure__ or ()
        self.cells = dict(zip(function.__code__.co_freevars, cells, strict=True))
        self.globals: dict[str, Any] = function.__globals__
        self.imported: dict[str, Any] = {}
        self.key_of = key_of
        self.called = called
        self.outers: dict[str, OuterValue] = {}
        self.watched: list[Watched] = []

    def resolve(self, dotted: str) -> Resolution:
        """What `dotted` stands for."""
        name, *rest = dotted.split(".")
        if self.called is not None and name == self.called[0]:
            return self.resolve(".".join((self.called[1], *rest)))
        place, value = self._find(name)
        if value is _MISSING:
            return None
        home: ModuleType | None = None
        while rest and isinstance(value, ModuleType):
            home = value
            place, name, *rest = vars(home), *rest
            value = getattr(home, name, _MISSING)
            if value is _MISSING:
                return Refusal("RG212", f"`{home.__name__}` has no `{name}`")
        if isinstance(value, ModuleType):
            return Namespace(f"`{dotted}` is a module")
        own = own_function(value)
        if own is not None and not rest:
            if place is not None:
                self.watched.append((place, name, value))
            return Known(own.path, dotted)
        if home is not None and is_library_module(home):
            return Known(".".join((home.__name__, name, *rest)), dotted)
        if isinstance(value, type) and issubclass(value, Enum) and rest and place is not None:
            self.watched.append((place, name, value))
        meaning = self._meaning(value, name, dotted)
        if rest:
            if isinstance(meaning, Class | Refusal) and isinstance(value, type):
                return self._function_of(value, rest, dotted)
            if not isinstance(meaning, Known):
                return None
            return Known(".".join((meaning.path, *rest)), dotted)
        if isinstance(meaning, Outer):
            self.outers[dotted] = OuterValue(kind_of_value(value), None)
        if isinstance(meaning, Outer | Callee | Class) and place is not None:
            self.watched.append((place, name, value))
        return meaning

    def bring_in(self, text: str) -> None:
        """Import what `text` does, as the function will when it is called."""
        package = self.globals.get("__package__")
        for name, binding in bindings_of(text).items():
            with suppress(ImportError, AttributeError):
                self.imported[name] = _imported(binding, package)

    def _key_of_derivative(self, value: Any) -> str | None:
        """The key of a function of the user's, or of a derivative of one, None for anything else."""
        asked = object_asked(value)
        if asked is not None:
            way, wrt, primal = asked
            key = self._key_of_derivative(primal)
            return None if key is None else Asked(key, way, wrt).key
        function = undecorated(value)
        if isinstance(function, FunctionType) and not is_library_function(function):
            return self.key_of(function)
        return None

    def _function_of(self, cls: type, rest: list[str], spelling: str) -> Resolution:
        """What `rest` names in a class of the user's: a function, or data."""
        if issubclass(cls, Enum):
            return self._of_enumeration(cls, rest, spelling)
        shape = class_at_hand(cls, self.key_of)
        method = shape.methods.get(rest[0]) if shape is not None and len(rest) == 1 else None
        if method is None and len(rest) == 1 and _is_data(value := getattr(cls, rest[0], None)):
            self.outers[spelling] = OuterValue(kind_of_value(value), None)
            return Outer(spelling)
        if method is not None and method.form == "class":
            home = getattr(inspect.getattr_static(cls, rest[0]), "__func__", None)
            if getattr(home, "__globals__", {}).get(cls.__name__) is cls:
                return Callee(f"{method.key}@{cls.__name__}", spelling)
        if method is None or method.form not in ("method", "static"):
            return refused_class(f"`{cls.__name__}` is a class")
        return Callee(method.key, spelling)

    def _of_enumeration(self, cls: type[Enum], rest: list[str], spelling: str) -> Resolution:
        """A member of an enumeration, which stays what it is, or what stands behind one."""
        member = cls.__members__.get(rest[0])
        if member is None or rest[1:] not in ([], ["value"], ["name"]):
            instead = f"name a member, as in `{cls.__name__}.{next(iter(cls.__members__), '...')}`"
            return Refusal("RG219", f"`{cls.__name__}` is an enumeration", instead=instead)
        value = attrgetter(".".join(rest[1:]))(member) if rest[1:] else member
        self.outers[spelling] = OuterValue(kind_of_value(value), None)
        return Outer(spelling)

    def shape(self, dotted: str) -> ClassShape | None:
        """The class that `dotted` stands for, None if it is none whose instances are data."""
        value = self.value(dotted)
        return class_at_hand(value, self.key_of) if isinstance(value, type) else None

    def needed_module(self, name: str) -> str | None:
        """The module that is called `name` here, if generated code may call functions of it."""
        module = self._find(name)[1]
        if not isinstance(module, ModuleType):
            return None
        return module.__name__ if module.__name__.partition(".")[0] in NEEDED else None

    def aliases(self) -> dict[str, str]:
        """How the module of the function spells the modules that it imports."""
        return spellings(
            (value.__name__, name)
            for name, value in self.globals.items()
            if isinstance(value, ModuleType) and not name.startswith("__")
        )

    def value(self, dotted: str) -> object:
        """The object that `dotted` names."""
        name, *rest = dotted.split(".")
        value = self._find(name)[1]
        for attribute in rest:
            value = getattr(value, attribute, _MISSING)
        return value

    def _find(self, name: str) -> tuple[dict[str, Any] | CellType | None, object]:
        """The value of a bare name, and where it was found."""
        if name in self.imported:
            return self.imported, self.imported[name]
        if name in self.cells:
            try:
                return self.cells[name], self.cells[name].cell_contents
            except ValueError:  # the variable has no value yet
                return None, _MISSING
        if name in self.globals:
            return self.globals, self.globals[name]
        return None, _MISSING if name.startswith("__") else getattr(builtins, name, _MISSING)

    def _meaning(self, value: Any, name: str, spelling: str) -> Resolution:
        function = undecorated(value)
        if isinstance(function, FunctionType) and not is_library_function(function):
            return Callee(self.key_of(function), spelling)
        if object_asked(value) is not None:
            key = self._key_of_derivative(value)
            return (
                Refusal("RG219", f"`{name}` is a derivative")
                if key is None
                else Callee(key, spelling)
            )
        public = public_name(value)
        if public is not None:
            return Known(public, spelling)
        if isinstance(value, type):
            if issubclass(value, Enum):
                return self._of_enumeration(value, ["..."], spelling)
            if issubclass(value, BaseException):
                return Class(class_key(value), spelling, "exception", (), ())
            shape = class_at_hand(value, self.key_of)
            if shape is None or shape.obstacle:
                return refused_class(shape.obstacle if shape else f"`{name}` is a class")
            return shape.called(spelling)
        constant = _public_constant(value, name)
        return Outer(spelling) if constant is None else Known(constant, spelling)


def value_at(key: str, name: str, function: Callable[[str], FunctionType]) -> object:
    """The value that a function calls `name`, or a class does, or that has a rule: by its key.

    `function` gives a function by its key.
    """
    if key.startswith(OWN):
        return own_object(key)
    if key.startswith(OF_CLASS):
        cls = class_met(key.removeprefix(OF_CLASS))
        assert cls is not None
        return constants_of_class(cls)[name]
    return ObjectNames(function(key), lambda other: "").value(name)


def _is_data(value: object) -> bool:
    """Whether an attribute of a class is a value of which a kind is known, and no function."""
    return value is not None and not isinstance(kind_of_value(value), Unknown | Other | Record)


def _imported(binding: Binding, package: str | None) -> Any:
    """The module or the object of one that `binding` stands for."""
    match binding:
        case ImportedModule(path=path):
            return importlib.import_module(path)
        case ImportedName(module=module, level=level, name=name):
            home = importlib.import_module("." * level + module, package)
            if not hasattr(home, name):
                importlib.import_module(f"{home.__name__}.{name}")
            return getattr(home, name)
        case _:
            raise AssertionError(binding)


def undecorated(value: Any) -> Any:
    """The function below decorators that leave alone what it returns, such as `functools.cache`."""
    while True:
        if isinstance(value, _lru_cache_wrapper):
            value = value.__wrapped__
        elif type(value).__module__.startswith("numba.") and hasattr(value, "py_func"):
            value = value.py_func
        elif type(value).__module__ == "retrograd.own_rules":
            value = value.function
        else:
            return value


def _public_constant(value: object, name: str) -> str | None:
    """The public name of a constant that was imported by itself: ``from math import pi``."""
    if value is None and name == "newaxis":
        return "numpy.newaxis"
    if not isinstance(value, float):
        return None
    for path in _CONSTANTS:
        module, _, attribute = path.rpartition(".")
        if getattr(sys.modules.get(module), attribute, None) is value:
            return path
    return None
