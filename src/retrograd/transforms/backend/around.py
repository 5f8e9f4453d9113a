"""What generated functions need around them: functions they call as they are, constants, imports."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from retrograd.transforms.backend.emit import CopiedClass
from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.frontend.classes import ClassShape
from retrograd.transforms.frontend.derivatives import asked_for
from retrograd.transforms.frontend.one_module import OneModule
from retrograd.transforms.frontend.read import Definition
from retrograd.transforms.ir.nodes import (
    MADE,
    Assign,
    Attribute,
    AugAssign,
    Block,
    Call,
    Callee,
    Class,
    Define,
    Expr,
    For,
    Function,
    Known,
    Lambda,
    Name,
    Outer,
    Param,
    Starred,
    Stmt,
    Tuple,
)
from retrograd.transforms.ir.walk import (
    callees,
    functions_inside,
    locals_of,
    map_blocks,
    map_expressions,
    own_expressions,
    rewrite,
    statements,
    subexpressions,
)

#: What functions of the runtime are written with.
_IMPORTS_OF_HELPERS: Final = (
    "import collections",
    "import dataclasses",
    "import sys",
    "import types",
    "from typing import Any",
    "import numpy as np",
)

#: The methods of classes, by the keys of these.
Methods: TypeAlias = Mapping[str, Mapping[str, Definition]]

#: How the forms of methods are written.
_DECORATORS: Final = {
    "method": "",
    "property": "@property\n",
    "static": "@staticmethod\n",
    "class": "@classmethod\n",
}

#: Begins the keys of functions that the compiler makes.
GENERATED: Final = "made here:"


def plain_forward(function: Function, root: str) -> Function:
    """The forward half of a function of which nothing has to be kept: the function itself."""
    docstring = f"{function.name}({', '.join(p.id for p in function.params)}); keeps nothing."
    params = tuple(replace(param, star="") for param in positional(function).params)
    return replace(function, params=params, name=f"{root}_fwd", docstring=docstring, origin=MADE)


def with_primals(
    functions: list[Function],
    program: OneModule,
    definitions: dict[str, Definition],
    plain: Sequence[Function] = (),
) -> tuple[list[Function], list[Definition], Methods]:
    """`functions` behind the user functions that they call as they are; all definitions involved.

    Those that are `plain` are the user's own, with calls as they are written. Methods that those
    call are among the definitions, and told by class.
    """
    needed: dict[str, Definition] = {}
    methods: dict[str, dict[str, Definition]] = defaultdict(dict)
    todo = list(functions)
    seen: list[Function] = []
    while todo:
        seen.append(todo.pop())
        for callee in callees(seen[-1]):
            if asked_for(callee.key) is not None:
                _check_reachable(callee, program)
            elif not callee.key.startswith(GENERATED) and callee.key not in needed:
                needed[callee.key] = program.definition(callee.key)
                todo.append(needed[callee.key].function)
        if not todo:
            for key, name, definition in list(_methods_read(seen, program)):
                if name not in methods[key]:
                    methods[key][name] = definition
                    todo.append(definition.function)
    primals = [positional(definition.function) for definition in needed.values()]
    starred = {
        key: definition.function.params
        for key, definition in needed.items()
        if any(param.star for param in definition.function.params)
    }
    if starred:
        functions = [
            function if function in plain else _with_stars(function, starred)
            for function in functions
        ]
    for found in methods.values():
        needed.update({definition.key: definition for definition in found.values()})
    return [*primals, *functions], list({**definitions, **needed}.values()), methods


def _methods_read(
    functions: Sequence[Function], program: OneModule
) -> Iterator[tuple[str, str, Definition]]:
    """What `functions` may read of classes that are copied: key, name and method.

    That Python itself asks for some, as ``print`` for ``__repr__``, no text shows.
    """
    read = {
        part.name
        for function in functions
        for stmt in statements(function.body)
        for expr in own_expressions(stmt)
        for part in subexpressions(expr)
        if isinstance(part, Attribute)
    }
    for key in dict.fromkeys(cls.key for cls in _classes(functions)):
        shape = _copied(key, program)
        for name, method in shape.methods.items() if shape is not None else ():
            if name in read or (name.startswith("__") and name.endswith("__")):
                yield key, name, program.definition(method.key)


def _copied(key: str, program: OneModule) -> ClassShape | None:
    """The class `key`, if the generated module has a copy of it."""
    module = key.rpartition(":")[0]
    if module == "types" or program.is_live() or program.is_importable(module):
        return None
    return program.shape(key)


def _check_reachable(callee: Callee, program: OneModule) -> None:
    """A derivative that is bound to a name, called by a function that stands here as it is written.

    A live one is there under its name.
    """
    report = Diagnostics()
    if not program.is_live():
        report.refuse("RG310", callee.at, "the module that is written has no such derivative")
    report.raise_if_any()


def positional(function: Function) -> Function:
    """`function` with parameters that may all be given by position, as our calls do.

    One that takes any number of arguments stays as it is: `_with_stars` makes calls fit it.
    """
    if any(param.star for param in function.params):
        return function
    params = tuple(
        replace(param, keyword_only=False, positional_only=False) for param in function.params
    )
    return replace(function, params=params)


def _with_stars(function: Function, starred: Mapping[str, tuple[Param, ...]]) -> Function:
    """`function` with calls of those `starred` as Python wants them: ``h(x, *rest, **options)``."""

    def written(expr: Expr) -> Expr:
        match expr:
            case Call(func=Callee(key=key), args=args) if key in starred:
                given: list[Expr] = []
                named: list[tuple[str, Expr]] = []
                for param, arg in zip(starred[key], args, strict=True):
                    match param.star, arg:
                        case "*", Tuple(items=items):
                            given += items
                        case "*", _:
                            given.append(Starred(arg))
                        case "**", _:
                            named.append(("**", arg))
                        case _ if param.keyword_only:
                            named.append((param.id, arg))
                        case _:
                            given.append(arg)
                return replace(expr, args=tuple(given), kwargs=tuple(named))
            case _:
                return expr

    def block(stmts: Block) -> Block:
        return tuple(statement(stmt) for stmt in stmts)

    def statement(stmt: Stmt) -> Stmt:
        return map_expressions(map_blocks(stmt, block), lambda expr: rewrite(expr, written))

    return replace(function, body=block(function.body))


def names_around(program: OneModule, keys: Sequence[str]) -> set[str]:
    """Every name that means something in the functions `keys` and in those that they call."""
    taken: set[str] = set()
    seen: set[str] = set()
    todo = list(keys)
    while todo:
        key = todo.pop()
        if key not in seen:
            seen.add(key)
            function = program.definition(key).function
            taken |= {function.name, *names_in(function)}
            todo += [callee.key for callee in callees(function)]
    return taken


def constants_of(definitions: Sequence[Definition], program: OneModule) -> tuple[str, ...]:
    """The assignments that make the module-level values the functions read; live ones are there."""
    if program.is_live():
        return ()
    report = Diagnostics()
    lines: dict[str, None] = {}
    for definition in definitions:
        for id, value in definition.outers.items():
            if value.source is None:
                report.refuse(
                    "RG404",
                    definition.function.origin.span,
                    f"the value of `{id}`",
                    title="the generated module cannot have a copy of this value",
                    why="it is made when the module runs, or something may change it afterwards",
                    instead="pass it as an argument, or make it a number, a text or a tuple",
                )
            else:
                lines[value.source] = None
    report.raise_if_any()
    return tuple(lines)


def imports_of(definitions: Sequence[Definition], program: OneModule) -> tuple[str, ...]:
    """The import statements that copied constants need."""
    if program.is_live():
        return ()
    lines: dict[str, None] = {}
    for definition in definitions:
        for value in definition.outers.values():
            for part in subexpressions(value.value) if value.value is not None else ():
                if isinstance(part, Known) and "." in part.path:
                    lines[_import_of(part)] = None
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class ClassesAround:
    """How generated functions come by the classes that they call: by imports, or by copies."""

    imports: tuple[str, ...]
    copies: tuple[CopiedClass, ...]


def classes_of(
    functions: Sequence[Function], program: OneModule, methods: Methods
) -> ClassesAround:
    """What makes the classes known that `functions` call; live ones are there.

    Copies have those of their `methods` that are told.
    """
    imports: dict[str, None] = {}
    copies: dict[str, CopiedClass] = {}
    for cls in _classes(functions):
        module, _, name = cls.key.rpartition(":")
        if (
            module == "types"
        ):  # made by texts of ours, too, where the user's module has no name for it
            imports[_import_of(Known("types.SimpleNamespace", cls.spelling))] = None
            continue
        if program.is_live():
            continue
        shape = _copied(cls.key, program)
        if program.is_importable(module):
            alias = "" if cls.spelling == name else f" as {cls.spelling}"
            imports[f"from {module} import {name}{alias}"] = None
        elif shape is not None:
            read = methods.get(cls.key, {}).items()
            copies[shape.text] = CopiedClass(
                shape.text,
                tuple(
                    (_DECORATORS[shape.methods[name].form], replace(method.function, name=name))
                    for name, method in read
                ),
            )
            if shape.needs:
                imports[shape.needs] = None
    return ClassesAround(tuple(imports), tuple(copies.values()))


def _classes(functions: Sequence[Function]) -> Iterator[Class]:
    for function in functions:
        for stmt in statements(function.body):
            for expr in own_expressions(stmt):
                yield from (part for part in subexpressions(expr) if isinstance(part, Class))


def imports_of_helpers(helpers: Mapping[str, str]) -> tuple[str, ...]:
    """The import statements that the `helpers`, copied in as text, need."""
    found: dict[str, None] = {}
    for text in helpers.values():
        for line in _IMPORTS_OF_HELPERS:
            name = line.rpartition(" ")[2]
            if re.search(rf"\b{name}\b" if line.startswith("from ") else rf"\b{name}\.", text):
                found[line] = None
    return tuple(found)


def _import_of(known: Known) -> str:
    """The statement that makes a library's function known as it is spelled."""
    root, *attributes = known.spelling.split(".")
    if attributes:
        module = ".".join(known.path.split(".")[: -len(attributes)])
        return f"import {module}" if module == root else f"import {module} as {root}"
    module, _, name = known.path.rpartition(".")
    return f"from {module} import {name}" + ("" if name == root else f" as {root}")


def names_in(function: Function) -> set[str]:
    """Every name that means something in `function`."""
    taken = set(locals_of(function))
    for inner in functions_inside(function.body):
        taken |= names_in(inner) - locals_of(inner)
    for stmt in statements(function.body):
        if isinstance(stmt, Define):
            taken.add(stmt.function.name)
        for expr in own_expressions(stmt):
            own = {
                param.id
                for part in subexpressions(expr)
                if isinstance(part, Lambda)
                for param in part.params
            }
            for part in subexpressions(expr):
                match part:
                    case Name(id=id) if id in own:
                        pass
                    case Name(id=id) | Outer(id=id):
                        taken.add(id.partition(".")[0])
                    case (
                        Known(spelling=spelling)
                        | Callee(spelling=spelling)
                        | Class(spelling=spelling)
                    ):
                        taken.add(spelling.partition(".")[0])
                    case _:
                        pass
        if isinstance(stmt, Assign | AugAssign | For):
            taken |= {part.id for part in subexpressions(stmt.target) if isinstance(part, Name)}
    return taken
