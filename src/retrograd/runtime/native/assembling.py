"""One module of all that native code needs: Numba sees no function or value but those in it.

    from config import STEP                     STEP = 0.1

    def f_grad(x):                     ->       def f_grad(DATA, x):
        return STEP * slope(x, DATA)                return STEP * slope(DATA, x, DATA)

                                                def slope(DATA, x, data): ...

Functions of the user's are copied in. Numbers and text become constants, and other values, which
may be changed in place, parameters before the first: the caller passes them at every call.
"""

import ast
import builtins
import dataclasses
import inspect
import math
import symtable
import textwrap
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any, Final

import numpy as np

from retrograd.runtime.linking import globals_in
from retrograd.runtime.native.refusing import NotNative

#: Gives the value of a name that a function leaves open.
Values = Callable[[str], object]

#: Values that native code keeps as they are when it is compiled.
_FROZEN: Final = (bool, int, float, complex, str, type(None), np.generic)

#: Packages whose functions Numba has to know itself.
_LIBRARIES: Final = ("numpy", "scipy", "math", "cmath", "operator", "retrograd", "builtins")

#: What makes containers, which native code has no need of once they are taken apart.
_MAKERS: Final = (dict.fromkeys, types.SimpleNamespace)

#: Draws numbers from a state of its own in native code, so not those that NumPy would draw.
_RANDOM: Final = "numpy.random"


@dataclass
class Unit:
    """A function of the module: its tree, and the file and line that its own lines count from."""

    tree: ast.FunctionDef
    values: Values
    #: The file of a function of the user's, None for generated code.
    filename: str | None = None
    #: What is added to a line of the tree to give a line of the file.
    shift: int = 0
    #: The values that it reads itself and that are passed to it, by name.
    live: dict[str, object] = field(default_factory=dict)
    #: The functions of the module that it calls.
    calls: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Assembly:
    """A module to be.

    Attributes:
        head: its first lines.
        units: its functions by name.
        live: what the entry is passed first.
        records: the fields of classes by name.
        helpers: the functions of the runtime by the names that they have in the module.
    """

    head: tuple[str, ...]
    units: dict[str, Unit]
    live: tuple[object, ...]
    records: dict[str, tuple[str, ...]]
    helpers: dict[str, str]


def assemble(text: str, entry: str, values: Values, below: Callable[[object], object]) -> Assembly:
    """The native module for the function `entry` of the generated `text`.

    Args:
        values: the value of a name that the text leaves open.
        below: the function below the decorators of another.

    Raises:
        NotNative: it needs something that native code cannot have.
    """
    made = _Assembler(text, values, below)
    made.take(entry)
    live = made.thread()
    return Assembly(
        made.head(), made.units, tuple(live[entry].values()), made.records, made.helpers
    )


class _Assembler:
    """Holds the functions and names of a module while it is put together."""

    def __init__(self, text: str, values: Values, below: Callable[[object], object]) -> None:
        module = ast.parse(text)
        self.below = below
        self.values = values
        self.units: dict[str, Unit] = {}
        self.imports: dict[str, str] = {}
        self.constants: dict[str, str] = {}
        #: The fields of classes that do no more than hold them.
        self.records: dict[str, tuple[str, ...]] = {}
        #: The functions of the runtime by the names that they have here.
        self.helpers: dict[str, str] = {}
        #: What each name of the module stands for, by identity: objects are kept alive here.
        self.meanings: dict[str, object] = {}
        self.own = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
        self.meanings |= self.own
        self.imported: dict[str, Any] = {}
        heads = [node for node in module.body if not isinstance(node, ast.FunctionDef)]
        exec(compile(ast.Module(heads, type_ignores=[]), "<imports>", "exec"), self.imported)

    def head(self) -> tuple[str, ...]:
        """The imports and constants of the module."""
        return (*self.imports.values(), *(f"{k} = {v}" for k, v in self.constants.items()))

    # ---- functions

    def take(self, name: str) -> None:
        """Make the generated function `name`, and what it needs, part of the module."""
        if name not in self.units:
            self.own[name].args.defaults = [] if not self.units else self.own[name].args.defaults
            self._add(name, Unit(self.own[name], self._value_in_text))

    def _value_in_text(self, name: str) -> object:
        if name in self.own:
            return self.own[name]
        if name in self.imported:
            return self.imported[name]
        return self.values(name)

    def _add(self, name: str, unit: Unit) -> None:
        self.units[name] = unit
        unit.tree.name = name
        unit.tree.decorator_list = []
        unit.tree.returns = None
        _by_position(unit.tree)
        for arg in ast.walk(unit.tree.args):
            if isinstance(arg, ast.arg):
                arg.annotation = None
        _Linker(self, name, unit).visit(unit.tree)

    def function_named(self, wanted: str, function: FunctionType, unit: Unit) -> str:
        """The name in the module of a function of the user's, which becomes part of it."""
        name = self.free_name(wanted, function, unit)
        if name not in self.units:
            self._add(name, _unit_of(function))
        return name

    # ---- names

    def free_name(self, wanted: str, value: object, unit: Unit) -> str:
        """A name for `value` that means nothing else in the module or in `unit`."""
        local = _local_names(unit.tree)
        name, number = wanted, 1
        while name in local or not _is(self.meanings.get(name, value), value):
            number += 1
            name = f"{wanted}_{number}"
        self.meanings[name] = value
        return name

    def thread(self) -> dict[str, dict[str, object]]:
        """Give each function parameters for what it or those that it calls read; what they are."""
        live = {name: dict(unit.live) for name, unit in self.units.items()}
        grown = True
        while grown:
            before = sum(map(len, live.values()))
            for name, unit in self.units.items():
                for called in unit.calls:
                    live[name].update(live[called])
            grown = sum(map(len, live.values())) > before
        for name, unit in self.units.items():
            params = [ast.arg(one) for one in live[name]]
            unit.tree.args.args[:0] = params
            _Passing(self.units, live, name).visit(unit.tree)
            ast.fix_missing_locations(unit.tree)
        return live


def _by_position(tree: ast.FunctionDef) -> None:
    """Make parameters that are given by keyword only ordinary ones, as Numba has no others."""
    args = tree.args
    defaults = [one for one in args.kw_defaults if one is not None]
    mixed = bool(args.defaults) and len(defaults) < len(args.kwonlyargs)
    if args.kwarg is not None or mixed or (args.vararg is not None and args.kwonlyargs):
        raise NotNative("Numba has no parameters of this kind", tree.name, tree.lineno)
    args.args += args.kwonlyargs
    args.defaults += defaults
    args.kwonlyargs, args.kw_defaults = [], []


def _unit_of(function: FunctionType) -> Unit:
    """A function of the user's as a unit; its defaults are the values that they have."""
    lines, first = inspect.getsourcelines(function)
    tree = ast.parse(textwrap.dedent("".join(lines))).body[0]
    name = function.__name__
    if not isinstance(tree, ast.FunctionDef):
        raise NotNative(f"`{name}` is not a function with a text of its own")
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))

    def value(name: str) -> object:
        if name in cells:
            return cells[name].cell_contents
        scope = function.__globals__
        return scope[name] if name in scope else getattr(builtins, name)

    named = function.__kwdefaults__ or {}
    tree.args.defaults = [_default(one, name, tree) for one in function.__defaults__ or ()]
    tree.args.kw_defaults = [
        _default(named[one.arg], name, tree) if one.arg in named else None
        for one in tree.args.kwonlyargs
    ]
    return Unit(tree, value, inspect.getsourcefile(function), first - 1)


def _default(value: object, name: str, tree: ast.FunctionDef) -> ast.expr:
    """The default `value` of a parameter of the function `name`."""
    text = _frozen(value)
    if text is None:
        raise NotNative(f"a default of `{name}` is a {type(value).__name__}", name, tree.lineno)
    return ast.copy_location(ast.parse(text, mode="eval").body, tree)


class _Linker(ast.NodeTransformer):
    """Finds what the open names of one function stand for, and gives them their names here."""

    def __init__(self, module: _Assembler, name: str, unit: Unit) -> None:
        self.module = module
        self.name = name
        self.unit = unit
        self.open = _open_names(unit.tree)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self.open:
            return node
        return ast.copy_location(self._spelled(node.id, self._value(node), node), node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """What an attribute of a module or a class is."""
        root, names = _chain(node)
        if root is None or root.id not in self.open:
            self.generic_visit(node)
            return node
        value: Any = self._value(root)
        if not isinstance(value, ModuleType | type):
            self.generic_visit(node)
            return node
        taken, modules = 0, 0
        while taken < len(names) and isinstance(value, ModuleType | type):
            modules += isinstance(value, ModuleType) and not _is_library(value)
            value = getattr(value, names[taken])
            taken += 1
        if modules > 1 and not callable(value):
            # Nobody watches for what is put in its place, and native code would keep the old value.
            text = ".".join((root.id, *names[:taken]))
            raise NotNative(f"`{text}` is read through two modules", self.name, node.lineno)
        spelled = self._spelled("_".join((root.id, *names[:taken])), value, node)
        for name in names[taken:]:
            spelled = ast.Attribute(spelled, name, ast.Load())
        return ast.fix_missing_locations(ast.copy_location(spelled, node))

    def _value(self, node: ast.Name) -> object:
        try:
            return self.unit.values(node.id)
        except (LookupError, AttributeError, ValueError):
            raise NotNative(f"`{node.id}` is not defined", self.name, node.lineno) from None

    def _spelled(self, wanted: str, value: Any, node: ast.expr) -> ast.expr:
        """The expression for `value` in the module."""
        if isinstance(value, ast.FunctionDef):
            self.module.take(value.name)
            self.unit.calls.add(value.name)
            return ast.Name(value.name, ast.Load())
        if isinstance(value, ModuleType):
            raise NotNative(f"the module `{value.__name__}` as a value", self.name, node.lineno)
        if any(value == maker for maker in _MAKERS if callable(value)):
            return node
        library = _library_path(value)
        if library is not None:
            return self._from_library(library, value, node)
        fields = _fields(value)
        if fields is not None:
            name = self.module.free_name(wanted, value, self.unit)
            self.module.records[name] = fields
            return ast.Name(name, ast.Load())
        value = getattr(value, "py_func", value)  # compiled by the user with Numba already
        below = self.module.below(value)
        if isinstance(below, FunctionType):
            name = self.module.function_named(below.__name__, below, self.unit)
            self.unit.calls.add(name)
            return ast.Name(name, ast.Load())
        text = _frozen(value)
        if text is not None:
            name = self.module.free_name(wanted, value, self.unit)
            self.module.constants[name] = text
            if "numpy." in text:
                self.module.imports["numpy"] = "import numpy"
            return ast.Name(name, ast.Load())
        if callable(value) or isinstance(value, slice):
            raise NotNative(
                f"`{wanted}`, a {type(value).__name__}, cannot be called there",
                self.name,
                node.lineno,
            )
        name = self.module.free_name(wanted, value, self.unit)
        self.unit.live[name] = value
        return ast.Name(name, ast.Load())

    def _from_library(self, path: str, value: object, node: ast.expr) -> ast.expr:
        home, _, name = path.rpartition(".")
        if path.startswith(_RANDOM):
            raise NotNative(
                f"`{path}` draws from a state of its own in native code", self.name, node.lineno
            )
        if home == "builtins":
            return ast.Name(name, ast.Load())
        if home == "numpy":
            spelled = self.module.free_name("np", np, self.unit)
            self.module.imports[spelled] = f"import numpy as {spelled}"
            return ast.Attribute(ast.Name(spelled, ast.Load()), name, ast.Load())
        spelled = self.module.free_name(name, value, self.unit)
        if home.startswith("retrograd.runtime"):
            self.module.helpers[spelled] = name
        as_it_is = "" if spelled == name else f" as {spelled}"
        self.module.imports[spelled] = f"from {home} import {name}{as_it_is}"
        return ast.Name(spelled, ast.Load())


class _Passing(ast.NodeTransformer):
    """Passes on to the functions of the module what they are to be given first."""

    def __init__(
        self, units: dict[str, Unit], live: dict[str, dict[str, object]], name: str
    ) -> None:
        self.units = units
        self.live = live
        self.name = name

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if isinstance(node.func, ast.Name) and node.func.id in self.units:
            node.args[:0] = [ast.Name(one, ast.Load()) for one in self.live[node.func.id]]
            node.args[:] = [self.visit(arg) for arg in node.args]
            node.keywords[:] = [self.visit(arg) for arg in node.keywords]
            return node
        self.generic_visit(node)
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if isinstance(node.ctx, ast.Load) and self.live.get(node.id):
            raise NotNative(
                f"`{node.id}`, which reads arrays of its module, as a value", self.name, node.lineno
            )
        return node


# ---------------------------------------------------------------- what names stand for


def _is(one: object, other: object) -> bool:
    """Whether two values may share a name: one object, or numbers that are equal to the bit."""
    return one is other or (
        isinstance(one, _FROZEN) and type(one) is type(other) and repr(one) == repr(other)
    )


def _open_names(tree: ast.FunctionDef) -> set[str]:
    """The names that a function takes from outside of it."""
    table = symtable.symtable(ast.unparse(tree), "<text>", "exec")
    top = {one.get_name() for one in table.get_symbols() if one.is_referenced()}
    return top.union(*(globals_in(child) for child in table.get_children()))


def _fields(value: object) -> tuple[str, ...] | None:
    """The fields of a class that does no more than hold them, None for anything else."""
    if not isinstance(value, type):
        return None
    if issubclass(value, tuple) and "__new__" not in vars(value).get("__annotations__", {}):
        return getattr(value, "_fields", None)
    if dataclasses.is_dataclass(value) and not hasattr(value, "__post_init__"):
        return tuple(one.name for one in dataclasses.fields(value) if one.init)
    return None


def _local_names(tree: ast.FunctionDef) -> set[str]:
    """The names that a function gives values to."""
    params = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    named = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return params | {node.id for node in named if not isinstance(node.ctx, ast.Load)}


def _chain(node: ast.expr) -> tuple[ast.Name | None, list[str]]:
    """``a.b.c`` as its first name and the others."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    return (node if isinstance(node, ast.Name) else None), names


def _is_library(module: ModuleType) -> bool:
    return module.__name__.partition(".")[0] in _LIBRARIES


def _library_path(value: Any) -> str | None:
    """Where a function or class of a library is imported from, None for any other value."""
    name = getattr(value, "__name__", None)
    if not callable(value) or not isinstance(name, str):
        return None
    if isinstance(value, np.ufunc):
        return f"numpy.{name}" if getattr(np, name, None) is value else f"scipy.special.{name}"
    home = getattr(value, "__module__", None) or ""
    if home.partition(".")[0] not in _LIBRARIES:
        return None
    if home.startswith("numpy") and getattr(np, name, None) is value:
        return f"numpy.{name}"
    if home.startswith("retrograd.runtime"):
        return f"{home}.{name}"
    if home.startswith("retrograd"):
        return None
    if home.startswith("numpy.linalg"):
        return f"numpy.linalg.{name}"
    return f"{home}.{name}"


def _frozen(value: Any) -> str | None:
    """Python text for a value that no one can change, None for any other."""
    if isinstance(value, np.generic):
        inner = _frozen(value.item())
        return (
            None if inner is None else f"numpy.{value.dtype.name.replace('bool', 'bool_')}({inner})"
        )
    if isinstance(value, float):
        return repr(float(value)) if math.isfinite(value) else f'float("{value}")'
    if isinstance(value, complex):
        parts = [_frozen(value.real), _frozen(value.imag)]
        return f"complex({parts[0]}, {parts[1]})"
    if isinstance(value, _FROZEN):
        return repr(value)
    if type(value) is tuple:
        items = [_frozen(item) for item in value]
        if None in items:
            return None
        return f"({', '.join(map(str, items))}{',' if len(items) == 1 else ''})"
    return None
