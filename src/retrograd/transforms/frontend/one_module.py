"""A program whose functions can all stand in one module.

Generated text puts functions of several modules side by side. What two of them call by the same
name (a constant, a helper) gets a second name here, made of the module's and its own:

    from geometry import area           def geometry_area(r):
    SCALE = 3.0                             return r * r * geometry_SCALE
    def f(r):                   ->
        return area(r) * SCALE          def f_grad(r): ...
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.diagnostics.span import Span
from retrograd.transforms.frontend.classes import ClassShape
from retrograd.transforms.frontend.derivatives import Asked, asked_for, taken_beside
from retrograd.transforms.frontend.names import OuterValue
from retrograd.transforms.frontend.public_names import page_of_helper
from retrograd.transforms.frontend.read import Definition, LiveProgram, Program, read_file
from retrograd.transforms.frontend.solvers import Solve
from retrograd.transforms.frontend.values import OF_CLASS
from retrograd.transforms.ir.nodes import (
    Block,
    Call,
    Callee,
    Class,
    Define,
    Expr,
    Function,
    Name,
    Outer,
    Param,
    Return,
    Stmt,
)
from retrograd.transforms.ir.show import show
from retrograd.transforms.ir.walk import (
    callees,
    locals_of,
    map_blocks,
    map_expressions,
    own_expressions,
    rewrite,
    statements,
    subexpressions,
)


@dataclass(frozen=True, slots=True)
class Home:
    """Where a renamed outer value lives: the function that sees it, or the class; its name there."""

    key: str
    name: str


class OneModule:
    """`program` with outer values and functions renamed where modules disagree on a name.

    `homes` tells for each new name of a live value what it stands for.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.entry = program.entry
        self.homes: dict[str, Home] = {}
        self._definitions: dict[str, Definition] = {}
        self._outers: dict[tuple[str, str], str] = {}
        self._functions: dict[str, str] = {}
        self._taken: set[str] = set()
        self._recursive: dict[str, bool] = {}
        #: The functions that call a solver.
        self.solves: dict[str, Solve] = {}
        #: The keys of functions that were inside others, by what is around them and their text.
        self._lifted: dict[tuple[str, str], str] = {}

    def definition(self, key: str) -> Definition:
        """The function `key`, under names that mean one thing in the whole program."""
        if key not in self._definitions:
            asked, page = asked_for(key), page_of_helper(key)
            if page is not None:
                helper = read_file(page, key.rpartition(":")[2]).definition(key)
                self._definitions[key] = self._renamed(helper)
            elif asked is None:
                self._definitions[key] = self._renamed(self.program.definition(key))
            else:
                self._definitions[key] = _stand_in(self.definition(asked.of), asked)
        return self._definitions[key]

    def callee(self, key: str) -> Callee:
        """The function `key`, as it is called in this program."""
        return Callee(key, self.definition(key).function.name)

    def add(self, definition: Definition) -> None:
        """Take in a function that was made from others, under names that mean one thing here."""
        self._definitions[definition.key] = definition

    def lifted(self, function: Function, key: str, around: Sequence[Definition]) -> Callee:
        """A function inside the function `key`, which has no free names, as one of its own.

        What it reads beside its parameters is what those `around` it read.
        """
        text = key, show(function)
        if text not in self._lifted:
            own = f"{key}~{function.name}~{len(self._lifted)}"
            name = function.name if function.name not in self._taken else self._free(function.name)
            self._taken.add(name)
            outers = {id: value for one in around for id, value in one.outers.items()}
            self._lifted[text] = own
            lifted = replace(function, name=name)
            self.add(replace(around[0], key=own, function=lifted, outers=outers))
        own = self._lifted[text]
        return Callee(own, self._definitions[own].function.name)

    def constant(self, cls: str, name: str) -> tuple[Outer, OuterValue] | None:
        """What the live class `cls` holds under `name`, as a value from outside; None if it is no data."""
        shape = self.shape(cls)
        if shape is None or name not in shape.constants:
            return None
        place = cls, name
        if place not in self._outers:
            short = cls.rpartition(":")[2].partition("#")[0].rpartition(".")[2]
            self._outers[place] = new = self._free(f"{short}_{name}")
            self.homes[new] = Home(OF_CLASS + cls, name)
        return Outer(self._outers[place]), OuterValue(shape.constants[name], None)

    def solve(
        self, function: Function, solve: Solve, key: str, around: Sequence[Definition]
    ) -> Callee:
        """A function that calls a solver for one of the program, inside the function `key`."""
        callee = self.lifted(function, key, around)
        self.solves[callee.key] = replace(solve, key=callee.key, name=callee.spelling)
        return callee

    def is_recursive(self, key: str) -> bool:
        """Whether the function `key` may call itself, be it through others."""
        if key not in self._recursive:
            seen: set[str] = set()
            todo = [key]
            while todo:
                for callee in callees(self.definition(todo.pop()).function):
                    if callee.key not in seen:
                        seen.add(callee.key)
                        todo.append(callee.key)
            self._recursive[key] = key in seen
        return self._recursive[key]

    def shape(self, key: str) -> ClassShape | None:
        """The class `key`."""
        return self.program.shape(key)

    def is_importable(self, module: str) -> bool:
        """Whether generated code can import `module`, which then is a file."""
        project = getattr(self.program, "project", None)
        return project is not None and project.module(module).path is not None

    def is_live(self) -> bool:
        """Whether the outer values exist, so that generated code finds them."""
        return isinstance(self.program, LiveProgram)

    def _renamed(self, definition: Definition) -> Definition:
        outers: dict[str, OuterValue] = {}
        names: dict[str, str] = {}
        for id, value in definition.outers.items():
            names[id] = new = self._outer_name(definition.key, id)
            outers[new] = value if new == id else self._moved(value, new, names)
        function = definition.function
        for cls in _classes(function.body):
            if self.is_live():
                names[cls.spelling] = self._outer_name(definition.key, cls.spelling)
            else:
                names[cls.spelling] = self._function_name(cls.key, cls.spelling)
        own = locals_of(function)
        body = _block(
            function.body, lambda expr: rewrite(expr, lambda part: self._part(part, names, own))
        )
        params = tuple(self._param(param, names) for param in function.params)
        name = self._function_name(definition.key, function.name)
        function = replace(function, name=name, params=params, body=body)
        return replace(definition, function=function, outers=outers)

    def _param(self, param: Param, names: dict[str, str]) -> Param:
        if param.default is None:
            return param
        return replace(param, default=rewrite(param.default, lambda part: self._part(part, names)))

    def _part(self, part: Expr, names: dict[str, str], own: frozenset[str] = frozenset()) -> Expr:
        """`part` of a function with the variables `own`, under names that mean one thing."""
        match part:
            case Outer(id=id):
                return part if names.get(id, id) == id else replace(part, id=names[id])
            case Class(spelling=spelling):
                name = names.get(spelling, spelling)
                return part if name == spelling else replace(part, spelling=name)
            case Callee(key=key) if asked_for(key) is not None:
                return part  # it gets its name when it is written
            case Callee(key=key, spelling=spelling):
                name = self._function_name(key, key.rpartition(":")[2], own)
                if name in own:
                    _refuse_hidden(name, part.at)
                return part if name == spelling else replace(part, spelling=name)
            case _:
                return part

    def _moved(self, value: OuterValue, new: str, names: dict[str, str]) -> OuterValue:
        """A constant of another module, under its new name."""
        if value.source is None or value.value is None:
            return value
        right = rewrite(value.value, lambda part: self._part(part, names))
        return replace(value, source=f"{new} = {show(right)}", value=right)

    def _outer_name(self, key: str, id: str) -> str:
        if self._is_at_home(key, id):
            return id
        module = key.partition(":")[0]
        place = (key if self.is_live() else module, id)
        if place not in self._outers:
            root = f"{module.rpartition('.')[2]}_{id.replace('.', '_')}"
            new = self._free(root)
            self._outers[place] = new
            if self.is_live():
                self.homes[new] = Home(key, id)
        return self._outers[place]

    def _is_at_home(self, key: str, id: str) -> bool:
        """Whether `id` means in the function `key` what it means in the entry."""
        if key == self.entry:
            return True
        if not isinstance(self.program, LiveProgram):
            return key.partition(":")[0] == self.entry.partition(":")[0]
        here, there = self.program.function(self.entry), self.program.function(key)
        root = id.partition(".")[0]
        cells = (*here.__code__.co_freevars, *there.__code__.co_freevars)
        return here.__globals__ is there.__globals__ and root not in cells

    def _function_name(self, key: str, name: str, avoided: frozenset[str] = frozenset()) -> str:
        """The name of the function `key`: its own, if nothing else has it."""
        if key not in self._functions:
            plain = _method_name(key) or re.split("[#@]", name)[0].rpartition(".")[2]
            module = key.partition(":")[0].rpartition(".")[2]
            free = plain not in self._taken and plain not in avoided
            self._functions[key] = plain if free else self._free(f"{module}_{plain}")
            self._taken.add(self._functions[key])
        return self._functions[key]

    def _free(self, root: str) -> str:
        name, count = root, 1
        while name in self._taken or self._is_of_entry(name):
            count += 1
            name = f"{root}{count}"
        self._taken.add(name)
        return name

    def _is_of_entry(self, name: str) -> bool:
        """Whether the live function that was asked for may mean something by `name`."""
        if not isinstance(self.program, LiveProgram):
            return False
        entry = self.program.function(self.entry)
        return name in entry.__globals__ or name in entry.__code__.co_freevars


def _method_name(key: str) -> str:
    """``Spring_energy`` for the method `energy` of `Spring`; "" for other functions.

    Classes have methods of the same names, which functions and variables have, too.
    """
    path = re.split("[#@~]", key.rpartition(":")[2])[0].split(".")
    around, name = path[-2:] if len(path) > 1 else ("", "")
    return f"{around}_{name.strip('_')}" if around.isidentifier() else ""


def _stand_in(definition: Definition, asked: Asked) -> Definition:
    """A derivative of `definition` before it is written: its parameters, and what it reaches."""
    function = definition.function
    extra = taken_beside(asked, function.params)
    params = (*function.params, *(Param(id, keyword_only=True) for id in extra))
    call = Call(Callee(definition.key, function.name), tuple(Name(p.id) for p in function.params))
    stand = Function(function.name, params, (Return(call),), origin=function.origin)
    return replace(definition, key=asked.key, function=stand)


def _classes(block: Block) -> list[Class]:
    """The classes that `block` calls."""
    return [
        part
        for stmt in statements(block)
        for expr in own_expressions(stmt)
        for part in subexpressions(expr)
        if isinstance(part, Class)
    ]


def _refuse_hidden(name: str, at: Span | None) -> None:
    """A variable has the name of a function that the function at hand calls by a longer one."""
    report = Diagnostics()
    title = "a variable has the name of a function that is called here"
    report.refuse("RG216", at, f"`{name}`", title=title)
    report.raise_if_any()


def _block(block: Block, change: Callable[[Expr], Expr]) -> Block:
    return tuple(_statement(stmt, change) for stmt in block)


def _statement(stmt: Stmt, change: Callable[[Expr], Expr]) -> Stmt:
    """`stmt` with `change` applied to what it reads; its text is given up if that changes it."""
    inner = map_blocks(stmt, lambda block: _block(block, change))
    if isinstance(inner, Define):
        function = replace(inner.function, body=_block(inner.function.body, change))
        return replace(inner, function=function)
    if all(change(expr) is expr for expr in own_expressions(stmt)):
        return inner
    return replace(map_expressions(inner, change), origin=inner.origin.rewritten())
