"""From a function, or a name in a file, to the program around it: functions as IR, found by key.

A live function is read through the objects that its names stand for. A file is only ever parsed:
neither it nor anything that it imports is executed.
"""

import ast
import dis
import inspect
import linecache
import re
import tokenize
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import CodeType, FunctionType, MethodType
from typing import Any, Final, Protocol

from retrograd.transforms.diagnostics.report import Diagnostics, SourceUnavailable
from retrograd.transforms.frontend.annotations import RecordNamed
from retrograd.transforms.frontend.build import build_function, without_first
from retrograd.transforms.frontend.classes import ClassShape
from retrograd.transforms.frontend.excerpt import Excerpt, ParsedFunction, parse_lambda
from retrograd.transforms.frontend.file_names import (
    OWN_RULE,
    FileNames,
    has_own_rule,
    untold_decorators,
)
from retrograd.transforms.frontend.lambdas import find_lambda, is_lambda, key_of_function
from retrograd.transforms.frontend.modules import Defined, ModuleFile, parse_module, read_module
from retrograd.transforms.frontend.names import CHECKPOINT, Names, OuterValue, Refusal
from retrograd.transforms.frontend.object_classes import class_at_hand
from retrograd.transforms.frontend.object_names import ObjectNames, Watched, undecorated
from retrograd.transforms.frontend.project import Project
from retrograd.transforms.frontend.values import class_met, function_met
from retrograd.transforms.ir.kinds import Kind
from retrograd.transforms.ir.nodes import (
    Block,
    Const,
    Expr,
    Function,
    Known,
    Outer,
    Stmt,
    Tuple,
    Unary,
)
from retrograd.transforms.ir.walk import map_blocks


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """One function of a program, and what it sees of the file around it.

    `key` is "module:qualname". `outers` has every outer value that the function reads, each after
    those that its text needs; `aliases` is how the file spells modules: ``{"numpy": "np"}``.
    `source` is the text of the function as it stands in the file, without decorators. `record`
    gives the kind of the instances of a class by its name in the file. The reverse sweep calls it
    `again` where its calls are to keep nothing.
    """

    key: str
    function: Function
    outers: Mapping[str, OuterValue]
    aliases: Mapping[str, str]
    filename: str
    source: str
    record: RecordNamed = lambda dotted: None
    again: bool = False


class Program(Protocol):
    """Functions by key; `entry` is the key of the one that was asked for."""

    @property
    def entry(self) -> str:
        """The key of the function that was asked for."""
        ...

    def definition(self, key: str) -> Definition:
        """The function `key`, read when it is first asked for.

        Raises:
            UnsupportedError: it is outside the language that we differentiate.
            SourceUnavailable: there is no text of it.
        """
        ...

    def shape(self, key: str) -> ClassShape | None:
        """The class `key`, None where it cannot be found."""
        ...


# ---------------------------------------------------------------- files

#: Decorators of methods that say how one is reached, and leave alone what it computes.
_OF_METHODS: Final = ("classmethod", "property", "staticmethod")


class FileProgram:
    """A program that is read from files alone; programs may share the `definitions` of a project."""

    def __init__(
        self, project: Project, name: str, definitions: dict[str, Definition] | None = None
    ) -> None:
        self.project = project
        self.entry = f"{project.entry.name}:{name}"
        self._definitions = {} if definitions is None else definitions

    def definition(self, key: str) -> Definition:
        """The function `key`."""
        if key not in self._definitions:
            self._definitions[key] = self._read(key)
        return self._definitions[key]

    def _read(self, key: str) -> Definition:
        module_name, _, name = key.rpartition(":")
        module = self.project.module(module_name)
        diagnostics = Diagnostics()
        match module.bindings.get(name):
            case Defined(node=node):
                pass
            case None if "." in name and name in module.functions:
                node = module.functions[name]
            case Refusal(code="RG104", label=label):
                diagnostics.refuse("RG104", None, f"{label} of {module.filename}")
                diagnostics.raise_if_any()
            case _:
                names = ", ".join(_functions(module)) or "none"
                label = f"no `{name}` in {module.filename}; its functions are: {names}"
                diagnostics.refuse("RG103", None, label)
                diagnostics.raise_if_any()
        if has_own_rule(self.project, module, name):
            diagnostics.refuse("RG102", module.span(node), OWN_RULE.format(name))
        names_around = FileNames(self.project, module)
        ours = key == self.entry or names_around.is_derivative(node)
        for decorator, text in untold_decorators(self.project, module, node, ours):
            if "." in name and text in _OF_METHODS:
                continue
            label = f"what `{text}` does is not known"
            diagnostics.refuse("RG102", module.span(decorator), label)
        text = "\n".join(module.lines[node.lineno - 1 : node.end_lineno])
        parsed = Excerpt(module.filename, node.lineno, text + "\n").parse()
        function = build_function(parsed.node, parsed.span, names_around, diagnostics)
        diagnostics.raise_if_any()
        return Definition(
            key,
            function,
            names_around.outers,
            names_around.aliases(),
            module.filename,
            parsed.source,
            _record_named(names_around.shape),
            _is_called_again(map(ast.unparse, node.decorator_list), names_around),
        )

    def shape(self, key: str) -> ClassShape | None:
        """The class `key`."""
        module, _, name = key.rpartition(":")
        home = self.project.module(module)
        return FileNames(self.project, home).shape_in(home, name)


def _is_called_again(decorators: Iterable[str], names: Names) -> bool:
    """Whether ``@rg.checkpoint`` is among `decorators`, by what stands behind their ``@``."""
    found = (names.resolve(text) for text in decorators if text.replace(".", "").isidentifier())
    return any(isinstance(one, Known) and one.path in CHECKPOINT for one in found)


def _record_named(shape: Callable[[str], ClassShape | None]) -> RecordNamed:
    def record(dotted: str) -> Kind | None:
        found = shape(dotted)
        return None if found is None else found.kind

    return record


def read_file(path: Path, name: str) -> FileProgram:
    """The program around the function `name` of a file, found by reading files."""
    return FileProgram(Project.of(path), name)


def read_text(source: str, name: str, filename: str = "<text>") -> FileProgram:
    """The program around the function `name` of a text that stands alone."""
    return FileProgram(Project(parse_module("text", None, filename, source)), name)


def functions_in(path: Path) -> list[str]:
    """The functions that a file defines, in the order of its text."""
    return _functions(read_module("", path))


def _functions(module: ModuleFile) -> list[str]:
    return [name for name, binding in module.bindings.items() if isinstance(binding, Defined)]


# ---------------------------------------------------------------- live functions


class LiveProgram:
    """A program that is read through a function object and the objects that it names."""

    def __init__(self, function: FunctionType) -> None:
        self._functions: dict[str, FunctionType] = {}
        self._definitions: dict[str, Definition] = {}
        self._watched: list[Watched] = []
        self.entry = self._key_of(function)

    def definition(self, key: str) -> Definition:
        """The function `key`."""
        if key not in self._definitions:
            self._definitions[key] = self._read(key)
        return self._definitions[key]

    def watched(self) -> list[Watched]:
        """Every outer value and function that was looked up, and where.

        The gradient is that of these objects: if a place holds another one, it has to be made anew.
        """
        unique = {(id(place), name): (place, name, value) for place, name, value in self._watched}
        return list(unique.values())

    def function(self, key: str) -> FunctionType:
        """The function object `key`."""
        return self._functions[key.partition("@")[0]]

    def _key_of(self, function: FunctionType) -> str:
        """The key of `function`; closures made by one `def` are told apart by a number."""
        base = key = key_of_function(function)
        count = 1
        while self._functions.setdefault(key, function) is not function:
            count += 1
            key = f"{base}#{count}"
        return key

    def _read(self, key: str) -> Definition:
        plain, _, cls = key.partition("@")
        live = self._functions.get(plain) or function_met(plain)
        assert live is not None
        self._functions[plain] = live
        parsed = parsed_live(live)
        called = (live.__code__.co_varnames[0], cls) if cls else None
        names = ObjectNames(live, self._key_of, called)
        diagnostics = Diagnostics()
        node = without_first(parsed.node) if cls else parsed.node
        function = build_function(node, parsed.span, names, diagnostics)
        if called is not None:
            function = replace(function, body=_without_text(function.body, called[0]))
        _check_defaults(live, function, names, diagnostics)
        diagnostics.raise_if_any()
        _check_text(live, parsed.source)
        self._watched += names.watched
        filename = live.__code__.co_filename
        record = _record_named(names.shape)
        return Definition(
            key,
            function,
            names.outers,
            names.aliases(),
            filename,
            parsed.source,
            record,
            _is_called_again(parsed.decorators, names),
        )

    def shape(self, key: str) -> ClassShape | None:
        """The class `key`, which a value or a name has led to."""
        cls = class_met(key)
        return None if cls is None else class_at_hand(cls, self._key_of)


def read_live(function: object) -> LiveProgram:
    """The program around a function object.

    Raises:
        SourceUnavailable: `function` is not one that was written with `def`.
        UnsupportedError: a decorator has wrapped it.
    """
    below = undecorated(function)
    if isinstance(below, MethodType):
        raise SourceUnavailable(
            f"`{below.__qualname__}` is a bound method: retrograd differentiates functions; write "
            "one that takes what the method reads from `self` as arguments"
        )
    if not isinstance(below, FunctionType):
        raise SourceUnavailable(
            f"{function!r} is not a Python function: there is no source text to read; wrap it in "
            "one that is written with `def`"
        )
    if hasattr(below, "__wrapped__"):
        diagnostics = Diagnostics()
        label = f"`{below.__name__}` is wrapped by `{below.__code__.co_qualname}`"
        diagnostics.refuse("RG102", None, label)
        diagnostics.raise_if_any()
    return LiveProgram(below)


def parsed_live(function: FunctionType) -> ParsedFunction:
    """The tree of a live function, whose text is in a file, a notebook cell, or what `linecache` has.

    Raises:
        SourceUnavailable: there is no such text.
    """
    code = function.__code__
    if is_lambda(function):
        return parse_lambda(code.co_filename, find_lambda(function), _defaults(function))
    linecache.checkcache(code.co_filename)
    lines = linecache.getlines(code.co_filename, function.__globals__)
    try:
        block = inspect.getblock(lines[code.co_firstlineno - 1 :])
    except (tokenize.TokenError, SyntaxError):
        block = []
    if not block:
        raise SourceUnavailable(
            f"there is no source text of `{function.__name__}` ({code.co_filename}:"
            f"{code.co_firstlineno}): write it in a file or a notebook cell, or register the text "
            "that is executed: linecache.cache[filename] = (len(text), None, "
            "text.splitlines(keepends=True), filename)"
        )
    text = "".join(block).replace("\r\n", "\n")
    return Excerpt(code.co_filename, code.co_firstlineno, text).parse()


#: Compiler flags of `from __future__ import ...`.
_FUTURE: Final = 0x1FF0000


#: Instructions by which two functions of the same names are told apart.
_TELLING: Final = (
    "BINARY_",
    "COMPARE_",
    "UNARY_",
    "STORE_",
    "LOAD_CONST",
    "LOAD_GLOBAL",
    "LOAD_FAST",
    "LOAD_DEREF",
)


def _check_text(function: FunctionType, source: str) -> None:
    """The text must be what `function` was compiled from: a file may have changed since.

    Raises:
        SourceUnavailable: it is not.
    """
    here = function.__code__
    tree = ast.parse(source)
    inner = tree.body[0]
    assert isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)
    around = ast.parse(f"def around({', '.join(here.co_freevars)}): pass").body[0]
    assert isinstance(around, ast.FunctionDef)
    # A function of the module that calls itself reads its own name as a global one.
    around.body = [inner] if inner.name in here.co_freevars else [ast.Global([inner.name]), inner]
    tree.body = [around]
    flags = here.co_flags & _FUTURE
    module = compile(ast.fix_missing_locations(tree), here.co_filename, "exec", flags, True)
    for name in ("around", inner.name):
        module = next(
            part for part in module.co_consts if isinstance(part, CodeType) and part.co_name == name
        )
    if _meaning(module) != _meaning(here):
        raise SourceUnavailable(
            f"the text at {here.co_filename}:{here.co_firstlineno} is not what `{inner.name}` was "
            "made from: the file has changed since, or something has rewritten the function; "
            "import it again"
        )


def _meaning(code: CodeType) -> tuple[object, ...]:
    """What `code` computes with what, in order.

    Calls and jumps are left out: how they are compiled depends on the module around the function.
    """
    instructions = tuple(
        (step.opname, repr(step.argval))
        for step in dis.get_instructions(code)
        if step.opname.startswith(_TELLING) and not isinstance(step.argval, CodeType)
    )
    return (code.co_names, code.co_varnames, code.co_freevars, instructions)


def _without_text(block: Block, name: str) -> Block:
    """`block` without the text of statements that say `name`, which means something else now."""

    def statement(stmt: Stmt) -> Stmt:
        stmt = map_blocks(stmt, lambda inner: _without_text(inner, name))
        if not re.search(rf"\b{name}\b", stmt.origin.spelling or ""):
            return stmt
        return replace(stmt, origin=stmt.origin.rewritten())

    return tuple(map(statement, block))


def _check_defaults(
    live: FunctionType, function: Function, names: ObjectNames, diagnostics: Diagnostics
) -> None:
    """The defaults must still be what their text says, for the gradient has them as text."""
    given = _defaults(live)
    for param in function.params:
        if param.default is None or param.id not in given or diagnostics:
            continue
        now = _value_of(param.default, names)
        then = given[param.id]
        if now is not then and (type(now) is not type(then) or repr(now) != repr(then)):
            label = f"was {then!r} when the function was defined, and now is {now!r}"
            diagnostics.refuse("RG218", param.at, label)


def _defaults(live: FunctionType) -> dict[str, Any]:
    """The defaults that a function has, by parameter."""
    params = inspect.signature(live, follow_wrapped=False).parameters.values()
    return {param.name: param.default for param in params if param.default is not param.empty}


def _value_of(expr: Expr, names: ObjectNames) -> Any:
    match expr:
        case Const():
            return expr.value
        case Unary(op="-", operand=Const() as operand):
            return -_value_of(operand, names)
        case Unary(operand=operand):
            return _value_of(operand, names)
        case Known(spelling=spelling) | Outer(id=spelling):
            return names.value(spelling)
        case Tuple(items=items):
            return tuple(_value_of(item, names) for item in items)
        case _:
            return None
