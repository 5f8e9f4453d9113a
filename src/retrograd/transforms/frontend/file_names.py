"""The names around a function in a file, followed through imports without running anything."""

import ast
import builtins
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import libcst as cst

from retrograd.transforms.diagnostics.report import (
    Diagnostics,
    SourceUnavailable,
    UnsupportedError,
)
from retrograd.transforms.diagnostics.span import Span
from retrograd.transforms.frontend.classes import ClassShape
from retrograd.transforms.frontend.constants import (
    can_change,
    holds_changeable,
    is_copyable,
    is_only_read,
    kind_of_constant,
)
from retrograd.transforms.frontend.derivatives import Asked, Way, text_asked
from retrograd.transforms.frontend.expressions import Expressions, identifier
from retrograd.transforms.frontend.file_classes import Around, class_in_file, namedtuple_call
from retrograd.transforms.frontend.modules import (
    Constant,
    Defined,
    DefinedClass,
    FunctionNode,
    ImportedModule,
    ImportedName,
    ModuleFile,
    bindings_of,
)
from retrograd.transforms.frontend.names import (
    CHECKPOINT,
    NEEDED,
    TRANSPARENT,
    Namespace,
    OuterValue,
    Refusal,
    Resolution,
    is_library,
    refused_class,
    spellings,
)
from retrograd.transforms.frontend.project import Project
from retrograd.transforms.frontend.public_names import RUNTIME, helper_key
from retrograd.transforms.ir.kinds import UNKNOWN
from retrograd.transforms.ir.nodes import Callee, Class, Expr, Known, Outer
from retrograd.transforms.ir.show import show
from retrograd.transforms.ir.walk import rewrite

#: Through how many files an import is followed.
_FURTHEST: Final = 20

_BUILTINS: Final = frozenset(name for name in dir(builtins) if not name.startswith("_"))


class FileNames:
    """The names around the functions of one file.

    `outers` collects the constants that were asked for, each after those that it needs; only
    constants above the line `before` count, if it is given.
    """

    def __init__(self, project: Project, module: ModuleFile, before: int | None = None) -> None:
        self.project = project
        self.module = module
        self.before = before
        self.outers: dict[str, OuterValue] = {}

    def resolve(self, dotted: str) -> Resolution:
        """What `dotted` stands for."""
        name, *rest = dotted.split(".")
        if has_own_rule(self.project, self.module, dotted):
            return Refusal("RG102", OWN_RULE.format(dotted))
        if name in self.module.bindings:
            try:
                return self._bound(self.module, name, rest, dotted, frozenset())
            except (UnsupportedError, SourceUnavailable):
                return Refusal(
                    "RG304", "the file that it comes from is not Python that we can read"
                )
        if self.module.star is not None:
            return Refusal("RG105", "any name may come from here", self.module.star_span())
        return Known(dotted, dotted) if name in _BUILTINS else None

    def bring_in(self, text: str) -> None:
        """Let the import statement `text` count as one of the file's."""
        bindings = {**self.module.bindings, **bindings_of(text)}
        self.module = replace(self.module, bindings=bindings)

    def needed_module(self, name: str) -> str | None:
        """The module that the file calls `name`, if generated code may call functions of it."""
        match self.module.bindings.get(name):
            case ImportedModule(path=path):
                return path if path.partition(".")[0] in NEEDED else None
            case _:
                return None

    def aliases(self) -> dict[str, str]:
        """How the file spells the modules that it imports."""
        return spellings(
            (binding.path, name)
            for name, binding in self.module.bindings.items()
            if isinstance(binding, ImportedModule)
        )

    def _bound(
        self,
        module: ModuleFile,
        name: str,
        rest: list[str],
        spelling: str,
        seen: frozenset[tuple[str, str]],
    ) -> Resolution:
        """What `name` in `module`, and `rest` behind its dots, stands for."""
        if (module.name, name) in seen:
            return Refusal("RG304", "the imports go round in a circle")
        seen |= {(module.name, name)}
        match module.bindings[name]:
            case Refusal() as refusal:
                return refusal
            case Defined(node=node):
                if rest:
                    return None
                if has_own_rule(self.project, module, name):
                    return Refusal("RG102", OWN_RULE.format(name))
                if node.decorator_list and (made := self._made_by(module, node)) is not None:
                    return Callee(Asked(f"{module.name}:{name}", *made).key, spelling)
                for _, decorator in untold_decorators(self.project, module, node):
                    return Refusal("RG102", f"`{name}` is decorated with `{decorator}`")
                return Callee(f"{module.name}:{name}", spelling)
            case DefinedClass():
                return self._class(module, name, rest, spelling)
            case Constant() as constant if self.shape_in(module, name) is not None:
                return self._class(module, name, rest, spelling)
            case Constant(value=ast.Call() as call) if (
                not rest and (key := self._derivative(module, call)) is not None
            ):
                return Callee(key, spelling)
            case Constant() as constant:
                return None if rest else self._outer(module, name, constant, spelling)
            case ImportedModule(path=path):
                return self._member(module, path, 0, rest, spelling, seen)
            case ImportedName(module=source, level=level, name=original):
                if level == 0 and source.startswith(RUNTIME) and not rest:
                    return _of_runtime(source, original, spelling)
                if level == 0 and self._is_library(source, module):
                    return Known(".".join((source, original, *rest)), spelling)
                target = self.project.find(source, level, module)
                if target is not None and original in target.bindings:
                    return self._bound(target, original, rest, spelling, seen)
                inside = f"{source}.{original}" if source else original
                return self._member(module, inside, level, rest, spelling, seen)

    def _derivative(self, module: ModuleFile, call: ast.Call) -> str | None:
        """The key of the derivative that ``rg.grad(g)`` in `module` makes, None for other calls."""
        names = FileNames(self.project, module)
        if not call.args or not isinstance(call.args[0], ast.Name | ast.Attribute | ast.Call):
            return None
        made = text_asked(call, names.public(ast.unparse(call.func)), 1)
        if made is None:
            return None
        inner = call.args[0]
        if isinstance(inner, ast.Call):
            key = self._derivative(module, inner)
        else:
            found = names.resolve(identifier(ast.unparse(inner)))
            key = found.key if isinstance(found, Callee) else None
        return None if key is None else Asked(key, *made).key

    def is_derivative(self, node: FunctionNode) -> bool:
        """Whether `node` is decorated to be a derivative of what it says."""
        return self._made_by(self.module, node) is not None

    def _made_by(
        self, module: ModuleFile, node: FunctionNode
    ) -> tuple[Way, tuple[int | str, ...]] | None:
        """Which derivative of `node` its one decorator makes, None if that is none of ours."""
        if len(node.decorator_list) != 1:
            return None
        (decorator,) = node.decorator_list
        names = FileNames(self.project, module)
        if isinstance(decorator, ast.Call):
            return text_asked(decorator, names.public(ast.unparse(decorator.func)), 0)
        call = ast.Call(decorator, [], [])
        return text_asked(call, names.public(ast.unparse(decorator)), 0)

    def _class(
        self, module: ModuleFile, name: str, rest: list[str], spelling: str
    ) -> Class | Callee | Refusal | None:
        """A class, or the function of a class that `rest` names."""
        shape = self.shape_in(module, name)
        if shape is None:
            return refused_class(f"`{name}` is a class")
        if not rest:
            if shape.obstacle:
                return refused_class(shape.obstacle)
            return shape.called(spelling)
        method = shape.methods.get(rest[0]) if len(rest) == 1 else None
        if method is None or method.form not in ("method", "static"):
            return refused_class(f"`{name}` is a class")
        return Callee(method.key, spelling)

    def shape(self, dotted: str) -> ClassShape | None:
        """The class that `dotted` stands for, None if it is none whose instances are data."""
        match self.resolve_class(dotted):
            case (module, name):
                return self.shape_in(module, name)
            case None:
                return None

    def shape_in(self, module: ModuleFile, name: str) -> ClassShape | None:
        """The class that is called `name` in `module`; None while it is being read."""
        names = FileNames(self.project, module)
        around = Around(names.public, names.shape)
        if (module.name, name) in self.project.open_classes:
            return None
        self.project.open_classes.append((module.name, name))
        try:
            match module.bindings.get(name):
                case DefinedClass(node=node):
                    return class_in_file(module, node, around)
                case Constant(value=value):
                    return namedtuple_call(f"{module.name}:{name}", value, around)
                case _:
                    return None
        finally:
            self.project.open_classes.pop()

    def public(self, dotted: str) -> str:
        """The public name of what `dotted` stands for in a library or in Python, else ""."""
        name = dotted.partition(".")[0]
        if isinstance(self.module.bindings.get(name), DefinedClass | Defined | Constant):
            return ""
        match self.resolve(dotted) if identifier(name).isidentifier() else None:
            case Known(path=path):
                return path
            case _:
                return ""

    def resolve_class(self, dotted: str) -> tuple[ModuleFile, str] | None:
        """The file and the name there of a class of the project."""
        module, parts = self.module, dotted.split(".")
        for _ in range(_FURTHEST):
            match module.bindings.get(parts[0]):
                case DefinedClass() | Constant() if len(parts) == 1:
                    return module, parts[0]
                case ImportedName(module=source, level=level, name=original):
                    target = self.project.find(source, level, module)
                    inner = f"{source}.{original}" if source else original
                    if target is None or original not in target.bindings:
                        target, parts = self.project.find(inner, level, module), parts[1:]
                    else:
                        parts = [original, *parts[1:]]
                case ImportedModule(path=path) if len(parts) > 1:
                    target, parts = self.project.find(path, 0, module), parts[1:]
                case _:
                    return None
            if target is None or not parts:
                return None
            module = target
        return None

    def _member(
        self,
        importer: ModuleFile,
        path: str,
        level: int,
        rest: list[str],
        spelling: str,
        seen: frozenset[tuple[str, str]],
    ) -> Resolution:
        """What `rest` stands for in the module `path`; its first parts may be modules themselves."""
        if level == 0 and self._is_library(path, importer):
            return Known(".".join((path, *rest)), spelling) if rest else _namespace(spelling)
        found = False
        for depth in range(len(rest) + 1):
            target = self.project.find(".".join((path, *rest[:depth])), level, importer)
            if target is None:
                continue
            found = True
            if depth == len(rest):
                return _namespace(spelling)
            if rest[depth] in target.bindings:
                return self._bound(target, rest[depth], rest[depth + 1 :], spelling, seen)
        if found:
            return Refusal("RG212", f"`{path}` has no `{rest[0]}`")
        where = "." * level + path
        return Refusal("RG304", f"`{where}` is not in this project, nor a library with rules")

    def _is_library(self, module: str, importer: ModuleFile) -> bool:
        return is_library(module) and self.project.find(module, 0, importer) is None

    def _outer(
        self, module: ModuleFile, name: str, constant: Constant, spelling: str
    ) -> Outer | Refusal:
        if isinstance(constant.value, ast.Lambda):
            return Refusal("RG219", f"`{name}` is a lambda; write it with `def`")
        line = constant.node.lineno
        if self.before is not None and module is self.module and line >= self.before:
            return Refusal("RG104", f"`{name}` has no value yet in line {self.before}")
        id = spelling.replace(".", "_")
        while id != spelling and id in self.module.bindings:
            id += "_"
        if id not in self.outers:
            self.outers[id] = self._value(module, name, constant, id)
        return Outer(id)

    def _value(self, module: ModuleFile, name: str, constant: Constant, id: str) -> OuterValue:
        around = FileNames(self.project, module, before=constant.node.lineno)
        value = around.constant(constant.value)
        if value is None:
            return OuterValue(UNKNOWN, None)
        kind = kind_of_constant(value, around.outers)
        if not is_copyable(value, around.outers):
            return OuterValue(kind, None)
        if holds_changeable(value) or (
            can_change(value) and not is_only_read(name, ast.parse(module.text))
        ):
            return OuterValue(UNKNOWN, None)
        if module is self.module:
            self.outers.update(around.outers)
            if isinstance(constant.node, ast.Assign) and id == name:
                return OuterValue(kind, ast.get_source_segment(module.text, constant.node), value)
        else:
            value = _inlined(value, around.outers)
        return OuterValue(kind, f"{id} = {show(value)}", value)

    def constant(self, node: ast.expr) -> Expr | None:
        """The IR of a module-level expression, None if the IR cannot say it."""

        def resolve(dotted: str, at: Span | None, called: bool) -> Expr | None:
            match self.resolve(dotted):
                case Known() | Outer() as resolved:
                    return resolved
                case None if "." in dotted or dotted == "__name__":
                    return None
                case _:
                    diagnostics.refuse("RG202", None, dotted)
                    return None

        diagnostics = Diagnostics()
        text = ast.get_source_segment(self.module.text, node)
        builder = Expressions(resolve, lambda node: None, diagnostics)
        built = builder.build(cst.parse_expression(f"({text})"))
        return None if diagnostics else built


def _inlined(value: Expr, outers: dict[str, OuterValue]) -> Expr:
    """`value` with the other constants of its module written out."""

    def written_out(expr: Expr) -> Expr:
        inner = outers[expr.id].value if isinstance(expr, Outer) else None
        return expr if inner is None else _inlined(inner, outers)

    return rewrite(value, written_out)


def _of_runtime(module: str, name: str, spelling: str) -> Known | Callee:
    """A helper of generated code: its own text, where there is no rule for it."""
    key = helper_key(f"{module}.{name}")
    return Known(f"{RUNTIME}.{name}", spelling) if key is None else Callee(key, spelling)


def _namespace(spelling: str) -> Namespace:
    return Namespace(f"`{spelling}` is a module")


OWN_RULE: Final = "`{}` has a derivative of its own, which counts where the module is imported"


def has_own_rule(project: Project, module: ModuleFile, dotted: str) -> bool:
    """Whether `module` gives the function that it calls `dotted` a rule."""
    for binding in module.bindings.values():
        for decorator in binding.node.decorator_list if isinstance(binding, Defined) else ():
            match decorator:
                case ast.Call(func=function, args=[given, *_]) if ast.unparse(given) == dotted:
                    match FileNames(project, module).resolve(identifier(ast.unparse(function))):
                        case Known(path="retrograd.rule"):
                            return True
                        case _:
                            pass
                case _:
                    pass
    return False


def untold_decorators(
    project: Project, module: ModuleFile, node: FunctionNode, ours: bool = False
) -> Iterator[tuple[ast.expr, str]]:
    """The decorators of `node` that may change what it returns; our own are among them unless `ours`."""
    names = FileNames(project, module)
    for decorator in node.decorator_list:
        function = decorator.func if isinstance(decorator, ast.Call) else decorator
        text = ast.unparse(function)
        match names.resolve(identifier(text)):
            case Known(path=path) if path in TRANSPARENT | CHECKPOINT or (
                ours and path.startswith("retrograd.")
            ):
                pass
            case _:
                yield decorator, text
