"""Python files as they are read, without running them: what each name at the top level is."""

import ast
import io
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from retrograd.transforms.diagnostics.report import (
    Diagnostics,
    SourceUnavailable,
)
from retrograd.transforms.diagnostics.span import Span
from retrograd.transforms.frontend.names import (
    Refusal,
)

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class ImportedModule:
    """``import a.b as m`` is a.b; ``import a.b`` binds a."""

    path: str


@dataclass(frozen=True, slots=True)
class ImportedName:
    """``from ..module import name``, with as many dots as `level`."""

    module: str
    level: int
    name: str


@dataclass(frozen=True, slots=True)
class Defined:
    """``def name(...): ...``."""

    node: FunctionNode


@dataclass(frozen=True, slots=True)
class DefinedClass:
    """``class name: ...``."""

    node: ast.ClassDef


@dataclass(frozen=True, slots=True)
class Constant:
    """``name = value``, at the top level and only there."""

    node: ast.Assign | ast.AnnAssign
    value: ast.expr


Binding: TypeAlias = ImportedModule | ImportedName | Defined | DefinedClass | Constant | Refusal


@dataclass(frozen=True, slots=True, eq=False)
class ModuleFile:
    """One file: its dotted name, its text with "\\n" at the end of lines, and what it binds.

    `functions` has every `def` outside other functions by its qualified name, methods too; which of
    several of one name is meant, `bindings` tells. `star` is the line of an ``import *``, which may
    bind any name that is not among `bindings`.
    """

    name: str
    path: Path | None
    filename: str
    text: str
    bindings: dict[str, Binding]
    functions: dict[str, FunctionNode]
    star: int | None
    lines: list[str] = field(repr=False)

    def star_span(self) -> Span:
        """Where the ``import *`` stands."""
        assert self.star is not None
        text = self.lines[self.star - 1]
        start = len(text) - len(text.lstrip())
        return Span(self.filename, self.star, start, self.star, len(text.rstrip()), text)

    def span(self, node: ast.expr | FunctionNode) -> Span:
        """Where `node` stands; of a definition, its first line."""
        text = self.lines[node.lineno - 1]
        compound = isinstance(node, FunctionNode) or node.end_lineno != node.lineno
        end = len(text) if compound else _column(text, node.end_col_offset or 0)
        start = _column(text, node.col_offset)
        return Span(self.filename, node.lineno, start, node.lineno, end, text)


def _column(line: str, offset: int) -> int:
    """The column of a place that `ast` gives in bytes of UTF-8."""
    return len(line.encode()[:offset].decode(errors="replace"))


def read_module(name: str, path: Path) -> ModuleFile:
    """The module in the file `path`.

    Raises:
        SourceUnavailable: there is no such file, or it is not text.
        UnsupportedError: it is not Python.
    """
    try:
        data = path.read_bytes()
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        text = data.decode(encoding)
    except OSError as error:
        raise SourceUnavailable(f"{path} cannot be read: {error.strerror}") from error
    except (SyntaxError, UnicodeDecodeError) as error:
        raise SourceUnavailable(f"{path} cannot be decoded: {error}") from error
    return parse_module(name, path, str(path), text)


def parse_module(name: str, path: Path | None, filename: str, text: str) -> ModuleFile:
    """The module with the text `text`.

    Raises:
        UnsupportedError: it is not Python.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    try:
        tree = _tree_of(text, filename)
    except (SyntaxError, ValueError) as error:
        diagnostics = Diagnostics()
        diagnostics.refuse("RG101", _place_of(error, filename, lines), str(error.args[0]))
        diagnostics.raise_if_any()
        raise
    found = _Bindings()
    found.read(tree)
    functions = dict(_functions(tree, ""))
    return ModuleFile(name, path, filename, text, found.bindings, functions, found.star, lines)


def bindings_of(text: str) -> dict[str, Binding]:
    """What the statements `text` bind at the top level of a module."""
    found = _Bindings()
    found.read(ast.parse(text))
    return found.bindings


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, FunctionNode]]:
    """The functions in a module or class, not those inside functions, by qualified name."""
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield prefix + child.name, child
            case ast.ClassDef():
                yield from _functions(child, f"{prefix}{child.name}.")
            case ast.stmt() | ast.ExceptHandler() | ast.match_case():
                yield from _functions(child, prefix)
            case _:
                pass


def _tree_of(text: str, filename: str) -> ast.Module:
    """The syntax tree; compiling it, and no more, finds the errors that parsing leaves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text, filename)
        compile(tree, filename, "exec", dont_inherit=True)
    return tree


def _place_of(error: Exception, filename: str, lines: list[str]) -> Span | None:
    if not isinstance(error, SyntaxError) or error.lineno is None:
        return Span(filename, 1, 0, 1, 1, lines[0].replace("\0", " "))
    line = min(max(error.lineno, 1), len(lines))
    column = max(0, (error.offset or 1) - 1)
    return Span(filename, line, column, line, column + 1, lines[line - 1])


class _Bindings:
    """Collects what the top level of a module binds.

    A name that is bound in two ways, changed later, or given a value only under a condition has no
    meaning that reading could tell: it becomes a `Refusal`, which is raised only where it is used.
    """

    def __init__(self) -> None:
        self.bindings: dict[str, Binding] = {}
        self.star: int | None = None
        self._lines: dict[str, int] = {}

    def read(self, tree: ast.Module) -> None:
        """Everything that `tree` binds."""
        for stmt in tree.body:
            self._statement(stmt, conditional=False)
        for node in ast.walk(tree):
            for name, what in _changes(node):
                bound = self.bindings.get(name)
                may_change = isinstance(bound, DefinedClass) or (
                    isinstance(bound, Constant) and not _is_number(bound.value)
                )
                if may_change or isinstance(node, ast.Global):
                    label = f"`{name}` is {what} in line {getattr(node, 'lineno', 0)}"
                    self.bindings[name] = Refusal("RG104", label)
        if self.star is not None:
            for name, line in self._lines.items():
                if line < self.star:
                    del self.bindings[name]

    def _bind(self, name: str, binding: Binding, line: int) -> None:
        before = self.bindings.get(name)
        if before is not None and before != binding:
            label = f"`{name}` is bound in line {self._lines[name]} and in line {line}"
            binding = Refusal("RG104", label)
        self.bindings[name] = binding
        self._lines.setdefault(name, line)

    def _statement(self, stmt: ast.stmt, conditional: bool) -> None:
        line = stmt.lineno
        match stmt:
            case ast.Import(names=aliases):
                for alias in aliases:
                    top = alias.name.partition(".")[0]
                    path = alias.name if alias.asname else top
                    self._bind(alias.asname or top, ImportedModule(path), line)
            case ast.ImportFrom(module=module, names=aliases, level=level):
                for alias in aliases:
                    if alias.name == "*":
                        self.star = line
                    else:
                        imported = ImportedName(module or "", level, alias.name)
                        self._bind(alias.asname or alias.name, imported, line)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                self._bind(name, Defined(stmt), line)
            case ast.ClassDef(name=name):
                self._bind(name, DefinedClass(stmt), line)
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if not conditional:
                self._bind(name, Constant(stmt, value), line)
                self._unclear(value)
            case ast.AnnAssign(
                target=ast.Name(id=name), value=ast.expr() as value
            ) if not conditional:
                self._bind(name, Constant(stmt, value), line)
                self._unclear(value)
            case ast.AnnAssign(value=None):
                pass
            case _:
                self._parts(stmt)

    def _parts(self, node: ast.AST) -> None:
        """The parts of a statement whose statements run under a condition, or more than once."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                self._statement(child, conditional=True)
            elif isinstance(child, ast.ExceptHandler | ast.match_case):
                if isinstance(child, ast.ExceptHandler) and child.name is not None:
                    self._bind(child.name, _sometimes(child.name), child.lineno)
                self._parts(child)
            else:
                self._unclear(child)

    def _unclear(self, node: ast.AST) -> None:
        """Names that an expression, a target or a pattern binds."""
        for part in ast.walk(node):
            match part:
                case ast.Name(id=str(name), ctx=ast.Store() | ast.Del()):
                    self._bind(name, _sometimes(name), part.lineno)
                case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                    self._bind(name, _sometimes(name), part.lineno)
                case ast.MatchMapping(rest=str(name)):
                    self._bind(name, _sometimes(name), part.lineno)
                case _:
                    pass


#: Methods that tell a logger something; the numbers and arrays that we copy have none of them.
_LOGGING: Final = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})


def _sometimes(name: str) -> Refusal:
    return Refusal("RG104", f"`{name}` gets its value when the module is run")


def _changes(node: ast.AST) -> Iterator[tuple[str, str]]:
    """The names whose value `node` may change, and how."""
    match node:
        case ast.Global(names=names):
            for name in names:
                yield name, "written by a function"
        case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(
            ctx=ast.Store() | ast.Del()
        ):
            yield _root(node), "changed"
        case ast.Expr(value=ast.Call(func=ast.Name(id="print") | ast.Attribute(attr="print"))):
            pass
        case ast.Expr(value=ast.Call(func=func, args=args)):
            if not isinstance(func, ast.Attribute) or func.attr not in _LOGGING:
                for part in (func, *args):
                    if not isinstance(part, ast.Name) or part is not func:
                        yield _root(part), "perhaps changed"
        case _:
            pass


def _is_number(node: ast.expr) -> bool:
    """Whether `node` is a number or text as written, which nothing can change in place."""
    return isinstance(node.operand if isinstance(node, ast.UnaryOp) else node, ast.Constant)


def _root(node: ast.expr) -> str:
    """The variable at the beginning of ``a.b[c].d``, "" if there is none."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
