"""Functions to the text of a module: the last step that looks at the IR.

A statement that still means what the user wrote is printed as the user wrote it, any other from the
IR; comments stay with their statements. Every name gets its spelling here, so that none of ours
collides with one of the user's.
"""

import ast
import builtins
import io
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from textwrap import indent
from typing import NamedTuple

from retrograd.transforms.backend.imports import RUNTIME, Import, Imports
from retrograd.transforms.backend.layout import LINE_LENGTH, layout
from retrograd.transforms.backend.naming import Naming
from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.ir.nodes import (
    Callee,
    Class,
    Expr,
    Function,
    Known,
    Name,
    Outer,
    Stmt,
)
from retrograd.transforms.ir.show import (
    Written,
    show_docstring,
    show_function,
    show_statement,
)
from retrograd.transforms.ir.walk import assigned, own_expressions, statements, subexpressions


@dataclass(frozen=True, slots=True)
class CopiedClass:
    """A class as text, and those of its methods that are called by name, each below its decorator."""

    text: str
    methods: tuple[tuple[str, Function], ...] = ()


@dataclass(frozen=True, slots=True)
class Module:
    """What a generated module consists of.

    Attributes:
        functions: the functions, in order.
        header: comment lines at the top, without their ``# ``.
        docstring: of the module.
        imports: import statements that annotations and constants need; those that the functions
            need are found in them.
        constants: the text of assignments, in order.
        classes: copies of the user's, in order.
        aliases: how the user's file spells modules, ``{"numpy": "xp"}``.
    """

    functions: tuple[Function, ...]
    header: tuple[str, ...] = ()
    docstring: str | None = None
    imports: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()
    classes: tuple[CopiedClass, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def all_functions(self) -> tuple[Function, ...]:
        """The functions, and the methods of the classes."""
        methods = (method for cls in self.classes for _, method in cls.methods)
        return (*self.functions, *methods)


class Emitted(NamedTuple):
    """The text of a module; `own` has the paths of functions with a rule of the user's by name."""

    text: str
    own: Mapping[str, str]


def emit(
    module: Module, *, helpers: Mapping[str, str] | None = None, line_length: int = LINE_LENGTH
) -> Emitted:
    """The text of `module`, laid out.

    Args:
        helpers: source text of the runtime's functions by name, in order, with those that they
            call. They are copied in instead of imported: the module then stands alone. The imports
            that they need are among those of `module`.

    Raises:
        UnsupportedError: RG901, the text is not Python.
    """
    emitter = _Emitter(module, helpers)
    text = _laid_out(emitter.text(), line_length)
    return Emitted(text, emitter.imports.own())


def runtime_functions(functions: Iterable[Function]) -> tuple[str, ...]:
    """The names of the runtime's functions that `functions` use, sorted."""
    return tuple(
        sorted(
            {
                known.path.removeprefix(f"{RUNTIME}.")
                for function in functions
                for stmt in statements(function.body)
                for known in _knowns(stmt)
                if known.path.startswith(f"{RUNTIME}.")
            }
        )
    )


def _laid_out(text: str, line_length: int) -> str:
    try:
        ast.parse(text)
        return layout(text, line_length)
    except (SyntaxError, ValueError) as problem:
        found = Diagnostics()
        found.refuse("RG901", None, f"the generated text is not Python: {problem}")
        found.raise_if_any()
        raise


class _Emitter:
    """Holds the names of one module while its text is made."""

    def __init__(self, module: Module, helpers: Mapping[str, str] | None) -> None:
        self.module = module
        self.helpers = helpers
        self.locals = {f: frozenset(variables_of(f)) for f in module.all_functions}
        self.imports = Imports({*_definitions(module), *_surroundings(module)})
        for line in module.imports:
            self.imports.ask(line)

    def text(self) -> str:
        """The whole text, not yet laid out."""
        # The user's own text claims its names first; what we wrote can be spelled otherwise.
        for function in self.module.all_functions:
            for stmt in statements(function.body):
                if stmt.origin.spelling is not None:
                    self._keeps_its_meaning(stmt, function)
        helpers = self._helpers()
        functions = [self._function(function) for function in self.module.functions]
        classes = map(self._class, self.module.classes)
        constants = "\n".join([*classes, *self.module.constants])
        body = "\n\n\n".join([*functions, *helpers])
        top = [
            "\n".join(f"# {line}".rstrip() for line in self.module.header),
            "" if self.module.docstring is None else show_docstring(self.module.docstring),
            self._import_lines(f"{constants}\n{body}"),
            constants,
        ]
        return "\n\n".join([*filter(None, top), body]) + "\n"

    def _import_lines(self, text: str) -> str:
        try:
            tree = ast.parse(text)
        except SyntaxError:
            return ""  # the whole is refused once it is put together
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        defined = {*_definitions(self.module), *(self.helpers or ()), *self.imports.names}
        missing = _in_annotations(tree) - (defined - _surroundings(self.module)) - {*dir(builtins)}
        if missing:
            used.add(self.imports.bind("annotations", Import("__future__", "annotations")))
        return self.imports.lines(used, without=None if self.helpers is None else RUNTIME)

    def _spell(self, known: Known, function: Function) -> str:
        root, dot, rest = known.spelling.partition(".")
        module = known.path.removesuffix(f".{rest}") if rest else ""
        if (module, root) == ("numpy", "np") or module == f"scipy.{root}":
            known = replace(known, spelling=self.module.aliases.get(module, root) + dot + rest)
        standalone = self.helpers is not None and known.path.startswith(f"{RUNTIME}.")
        return self.imports.spell(known, self._all_locals if standalone else self.locals[function])

    @property
    def _all_locals(self) -> frozenset[str]:
        return frozenset().union(*self.locals.values())

    def _keeps_its_meaning(self, stmt: Stmt, function: Function) -> bool:
        """Whether the library functions in `stmt` all keep the spelling that they have in it."""
        spelled = [(known, self._spell(known, function)) for known in _knowns(stmt)]
        return all(known.spelling == spelling for known, spelling in spelled)

    def _function(self, function: Function) -> str:
        for stmt in statements(function.body):
            self._keeps_its_meaning(stmt, function)
        naming = Naming({*self.locals[function], *self.imports.names})

        def spell(name: Name | Known) -> str:
            return naming.spell(name) if isinstance(name, Name) else self._spell(name, function)

        def write(stmt: Stmt) -> Written:
            origin = stmt.origin
            text = origin.spelling
            if text is None or not self._keeps_its_meaning(stmt, function):
                text = show_statement(stmt, spell).text
            return Written(text, origin.leading, origin.trailing)

        return show_function(function, spell, write)

    def _class(self, cls: CopiedClass) -> str:
        methods = (f"{decorator}{self._function(method)}" for decorator, method in cls.methods)
        return "\n\n".join([cls.text, *(indent(method, "    ") for method in methods)])

    def _helpers(self) -> list[str]:
        """The runtime's functions to copy in, under names that mean nothing else here."""
        if self.helpers is None:
            return []
        names = {
            name: self.imports.bind(name, Import(RUNTIME, name), self._all_locals)
            for name in self.helpers
        }
        return [_renamed(text, names).strip("\n") for text in self.helpers.values()]


def _knowns(stmt: Stmt) -> list[Known]:
    """The library functions and constants in `stmt` itself."""
    return [
        part
        for expr in own_expressions(stmt)
        for part in subexpressions(expr)
        if isinstance(part, Known)
    ]


def _expressions(function: Function) -> Iterator[Expr]:
    """Every expression in `function`, with all its parts."""
    for param in function.params:
        if param.default is not None:
            yield from subexpressions(param.default)
    for stmt in statements(function.body):
        for expr in own_expressions(stmt):
            yield from subexpressions(expr)


def variables_of(function: Function) -> set[str]:
    """The parameters and the user's variables of `function`."""
    read = {part.id for part in _expressions(function) if isinstance(part, Name) and not part.role}
    params = (param.id for param in function.params if not param.role)
    return {*params, *assigned(function.body), *read}


def _definitions(module: Module) -> set[str]:
    """The names that the text of `module` defines: its functions and constants."""
    constants = ast.parse("\n".join([*(cls.text for cls in module.classes), *module.constants]))
    stored = {
        node.id
        for node in ast.walk(constants)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    classes = {node.name for node in constants.body if isinstance(node, ast.ClassDef)}
    return stored | classes | {function.name for function in module.functions}


def _surroundings(module: Module) -> set[str]:
    """The names by which the functions of `module` reach what stands around them."""
    return {
        (part.id if isinstance(part, Outer) else part.spelling).partition(".")[0]
        for function in module.all_functions
        for part in _expressions(function)
        if isinstance(part, Outer | Callee | Class)
    } - _definitions(module)


def _in_annotations(tree: ast.Module) -> set[str]:
    """The names in the annotations of all signatures in `tree`."""
    annotations = (
        annotation
        for node in ast.walk(tree)
        for annotation in (
            [node.annotation]
            if isinstance(node, ast.arg)
            else [node.returns] if isinstance(node, ast.FunctionDef) else []
        )
        if annotation is not None
    )
    return {
        node.id
        for annotation in annotations
        for node in ast.walk(annotation)
        if isinstance(node, ast.Name)
    }


def _renamed(text: str, names: Mapping[str, str]) -> str:
    """Python source `text` with names exchanged; attributes of the same name stay."""
    if all(old == new for old, new in names.items()):
        return text
    lines = text.splitlines(keepends=True)
    before = ""
    edits: list[tuple[int, int, str]] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME and token.string in names and before != ".":
            edits.append((*token.start, token.string))
        before = token.string
    for row, column, old in reversed(edits):
        line = lines[row - 1]
        lines[row - 1] = line[:column] + names[old] + line[column + len(old) :]
    return "".join(lines)
