"""Classes as files show them: their fields and methods, read without running anything.

class Point(NamedTuple):           @dataclass
    x: float                       class Model:           Spring = namedtuple("Spring", "k x")
    y: float = 0.0                     W: np.ndarray
"""

import ast
import builtins
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from retrograd.transforms.frontend.annotations import kind_of_annotation
from retrograd.transforms.frontend.classes import ClassShape, Field, Form, Method
from retrograd.transforms.frontend.modules import FunctionNode, ModuleFile
from retrograd.transforms.frontend.protocols import OF_TUPLES
from retrograd.transforms.ir.kinds import UNKNOWN, Kind, Other, Scalar, Sequence

#: Bases that add nothing to the instances of a class.
_EMPTY_BASES: Final = frozenset(
    {"object", "abc.ABC", "typing.Generic", "typing.Protocol", "typing.NamedTuple"}
)

#: Decorators of methods, and what they make of them.
_METHOD_FORMS: Final = {"property": "property", "staticmethod": "static", "classmethod": "class"}

#: What can be written in annotations where nothing is imported.
_BUILTIN_TYPES: Final = frozenset(
    {"float", "int", "bool", "str", "list", "tuple", "dict", "object"}
)


@dataclass(frozen=True, slots=True)
class Around:
    """What a class sees around it.

    `public` gives the public name of what a dotted name of a library stands for, "" for anything
    else; `shape` gives the class that a dotted name stands for.
    """

    public: Callable[[str], str]
    shape: Callable[[str], ClassShape | None]

    def kind(self, annotation: str) -> Kind:
        """The kind that an annotation promises."""

        def record(dotted: str) -> Kind | None:
            shape = self.shape(dotted)
            return None if shape is None else shape.kind

        return kind_of_annotation(annotation, record)


def class_in_file(module: ModuleFile, node: ast.ClassDef, around: Around) -> ClassShape | None:
    """The class that `node` defines; None if attributes of its instances may mean more than data."""
    return _Reader(module, node, around).shape()


def namedtuple_call(key: str, node: ast.expr, around: Around) -> ClassShape | None:
    """The class that ``namedtuple("Point", "x y")`` makes; None for any other expression."""
    match node:
        case ast.Call(func=func, args=[ast.Constant(value=str(name)), listed], keywords=[]):
            pass
        case _:
            return None
    fields: list[tuple[str, Kind]]
    match around.public(ast.unparse(func)), listed:
        case "collections.namedtuple", ast.Constant(value=str(text)):
            fields = [(word, UNKNOWN) for word in text.replace(",", " ").split()]
        case "collections.namedtuple", ast.List(elts=items) | ast.Tuple(elts=items):
            fields = [(str(ast.literal_eval(item)), UNKNOWN) for item in items]
        case "typing.NamedTuple", ast.List(elts=items):
            pairs = [item.elts for item in items if isinstance(item, ast.Tuple)]
            fields = [(str(ast.literal_eval(a)), around.kind(ast.unparse(b))) for a, b in pairs]
        case _:
            return None
    names = tuple(field for field, _ in fields)
    text = f"{name} = namedtuple({name!r}, {names!r})"
    made = tuple(Field(field, kind) for field, kind in fields)
    needs = "from collections import namedtuple"
    return ClassShape(key, "namedtuple", made, {}, text=text, needs=needs)


def _is_exception(public: str) -> bool:
    found = getattr(builtins, public, None)
    return isinstance(found, type) and issubclass(found, BaseException)


class _Reader:
    """Reads one class."""

    def __init__(self, module: ModuleFile, node: ast.ClassDef, around: Around) -> None:
        self.module = module
        self.node = node
        self.around = around
        self.obstacle = ""
        self.keyword_only = False

    def shape(self) -> ClassShape | None:
        """What the class is."""
        form: Form = "object"
        for decorator in self.node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if self.around.public(ast.unparse(called)) != "dataclasses.dataclass":
                return None
            form = "dataclass"
            self.options(decorator)
        inherits = False
        inherited: dict[str, Field] = {}
        methods: dict[str, Method] = {}
        for base in reversed(self.node.bases):
            dotted = ast.unparse(base.value if isinstance(base, ast.Subscript) else base)
            public = self.around.public(dotted)
            if public == "typing.NamedTuple":
                form = "namedtuple"
            if public in _EMPTY_BASES:
                continue
            above = self.around.shape(dotted)
            if _is_exception(public) or (above is not None and above.form == "exception"):
                return self.exception(above)
            if above is None or above.form == "namedtuple" or inherits:
                return None
            inherits = True
            inherited |= {field.name: field for field in above.fields}
            methods |= above.methods
            if form == "object":
                form = above.form
            self.obstacle = self.obstacle or above.obstacle
        own = self.attributes() if form == "object" else self.declared()
        fields = inherited | {field.name: field for field in own}
        methods |= self.methods()
        if {"__getattribute__", "__setattr__"} & methods.keys():
            return None
        if form == "namedtuple" and OF_TUPLES & methods.keys():
            return None
        for special in ("__new__", "__init__", "__post_init__"):
            if special in methods:
                self.obstacle = f"`{self.node.name}.{special}` runs when one is made"
        if form == "object" and not self.obstacle:
            self.obstacle = f"`{self.node.name}` is neither a dataclass nor a namedtuple"
        key = f"{self.module.name}:{self.node.name}"
        all_fields = tuple(fields.values())
        needs, text = self.text(form, all_fields)
        return ClassShape(key, form, all_fields, methods, self.obstacle, text, needs)

    def exception(self, above: ClassShape | None) -> ClassShape:
        """What the class is if it is one of exceptions, perhaps below another one."""
        text = ast.unparse(self.node)
        if above is not None:
            text = f"{above.text}\n\n\n{text}"
        return ClassShape(f"{self.module.name}:{self.node.name}", "exception", (), {}, text=text)

    def options(self, decorator: ast.expr) -> None:
        """What the keywords of ``@dataclass(...)`` ask for."""
        for keyword in decorator.keywords if isinstance(decorator, ast.Call) else []:
            match keyword:
                case ast.keyword(arg="kw_only", value=ast.Constant(value=value)):
                    self.keyword_only = bool(value)
                case ast.keyword(arg="init", value=ast.Constant(value=False)):
                    self.obstacle = f"`{self.node.name}` is a dataclass without `__init__`"
                case _:
                    pass

    def declared(self) -> Iterator[Field]:
        """The fields that are declared with annotations."""
        for stmt in self.node.body:
            match stmt:
                case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                    written = ast.unparse(annotation).strip("'\"")
                    if "ClassVar" in written:
                        continue
                    if "InitVar" in written or written.endswith("KW_ONLY"):
                        self.obstacle = f"`{self.node.name}` declares `{name}: {written}`"
                        continue
                    kind = self.around.kind(written)
                    default = None if value is None else self.default(name, value)
                    yield Field(name, kind, default, self.keyword_only)
                case _:
                    pass

    def default(self, name: str, value: ast.expr) -> Kind | None:
        """The kind of what a field holds by default."""
        match value:
            case ast.Call(func=func, keywords=keywords) if (
                self.around.public(ast.unparse(func)) == "dataclasses.field"
            ):
                for keyword in keywords:
                    match keyword:
                        case ast.keyword(arg="default", value=inner):
                            return _kind_of_literal(inner)
                        case ast.keyword(arg="repr" | "compare" | "hash" | "metadata"):
                            pass
                        case ast.keyword(arg="default_factory", value=ast.Name(id="list")):
                            return Sequence("list", (), UNKNOWN)
                        case _:
                            self.obstacle = f"`{self.node.name}.{name}` is made by a `field(...)`"
                            return UNKNOWN
                return None
            case _:
                return _kind_of_literal(value)

    def attributes(self) -> Iterator[Field]:
        """The fields that ``__init__`` gives to ``self``."""
        for stmt in self.node.body:
            if isinstance(stmt, ast.FunctionDef) and stmt.name == "__init__" and stmt.args.args:
                yield from self.assigned(stmt, stmt.args.args[0].arg)

    def assigned(self, init: ast.FunctionDef, me: str) -> Iterator[Field]:
        hints = {
            param.arg: self.around.kind(ast.unparse(param.annotation))
            for param in (*init.args.args, *init.args.kwonlyargs)
            if param.annotation is not None
        }
        found: dict[str, Kind] = {}
        for node in ast.walk(init):
            match node:
                case ast.Assign(targets=[target], value=value):
                    kind = hints.get(value.id, UNKNOWN) if isinstance(value, ast.Name) else UNKNOWN
                case ast.AnnAssign(target=target, annotation=annotation):
                    kind = self.around.kind(ast.unparse(annotation))
                case _:
                    continue
            for part in ast.walk(target):
                match part:
                    case ast.Attribute(value=ast.Name(id=id), attr=name) if id == me:
                        single = part is target and found.get(name, kind) == kind
                        found[name] = kind if single else UNKNOWN
                    case _:
                        pass
        return (Field(name, kind) for name, kind in found.items())

    def methods(self) -> dict[str, Method]:
        """The functions that the class defines; those that something unknown decorates are missing."""
        found: dict[str, Method] = {}
        for stmt in self.node.body:
            if isinstance(stmt, FunctionNode):
                forms = [_METHOD_FORMS.get(ast.unparse(d), "") for d in stmt.decorator_list]
                key = f"{self.module.name}:{self.node.name}.{stmt.name}"
                match forms:
                    case []:
                        found[stmt.name] = Method(key, "method")
                    case ["property" | "static" | "class" as form]:
                        found[stmt.name] = Method(key, form)
                    case _:
                        pass
        return found

    def text(self, form: Form, fields: tuple[Field, ...]) -> tuple[str, str]:
        """A class of the same fields, as text that needs nothing of the module's but an import."""
        if form == "object":
            return "", ""
        annotations: dict[str, str] = {}
        defaults: dict[str, str] = {}
        for stmt in self.node.body:
            if isinstance(stmt, ast.AnnAssign) and isinstance(stmt.target, ast.Name):
                written = ast.unparse(stmt.annotation).strip("'\"")
                annotations[stmt.target.id] = written if written in _BUILTIN_TYPES else "object"
                if stmt.value is not None:
                    defaults[stmt.target.id] = f" = {ast.unparse(stmt.value)}"
        if form == "namedtuple":
            needs, head = "from typing import NamedTuple", [f"class {self.node.name}(NamedTuple):"]
        else:
            decorator = ast.unparse(self.node.decorator_list[0]).partition("(")[2]
            options = f"({decorator}" if decorator else ""
            needed = (
                "dataclass, field" if any("field(" in d for d in defaults.values()) else "dataclass"
            )
            needs = f"from dataclasses import {needed}"
            head = [f"@dataclass{options}", f"class {self.node.name}:"]
        lines = [
            f"    {field.name}: {annotations.get(field.name, 'object')}{defaults.get(field.name, '')}"
            for field in fields
        ]
        return needs, "\n".join([*head, *lines])


def _kind_of_literal(node: ast.expr) -> Kind:
    match node:
        case ast.Constant(value=bool()):
            return Scalar("bool")
        case ast.Constant(value=int()):
            return Scalar("int")
        case ast.Constant(value=float()):
            return Scalar("float")
        case ast.Constant(value=None):
            return Other("None")
        case ast.Constant(value=str()):
            return Other("text")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _kind_of_literal(operand)
        case _:
            return UNKNOWN
