"""What a dict, record or tuple of known parts is, found out for every name of a native module.

A function gets such a value as a tuple, its parts in their order: ``params["W"]`` is ``params[0]``.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, TypeAlias

import numpy as np

from retrograd.runtime.arrays import field_names
from retrograd.runtime.native.refusing import NotNative


@dataclass(frozen=True)
class Whole:
    """A value of known parts.

    Attributes:
        keys: what stands between the brackets, or after the dot, for each part.
        parts: what they are, None for a number or array.
        is_record: whether parts are attributes (and, of a namedtuple, numbered too).
    """

    keys: tuple[Any, ...]
    parts: "tuple[Structure, ...]"
    is_record: bool = False

    def place(self, key: Any) -> int | None:
        """The place of the part `key`, None if it is none."""
        if key in self.keys and not isinstance(key, bool):
            return self.keys.index(key)
        if isinstance(key, int) and (self.is_record or self.keys == tuple(range(len(self.keys)))):
            return key % len(self.keys) if -len(self.keys) <= key < len(self.keys) else None
        return None


Structure: TypeAlias = Whole | None


def structure_of_value(value: Any) -> Structure:
    """The structure of an argument; a list of numbers goes in as it is."""
    if isinstance(value, dict):
        return Whole(tuple(value), tuple(map(structure_of_value, value.values())))
    names = field_names(value)
    if names is not None:
        return Whole(names, tuple(structure_of_value(getattr(value, n)) for n in names), True)
    if isinstance(value, tuple) or (isinstance(value, list) and not _all_numbers(value)):
        return Whole(tuple(range(len(value))), tuple(map(structure_of_value, value)))
    return None


def _all_numbers(value: list[Any]) -> bool:
    kinds = {type(item) for item in value}
    return len(kinds) == 1 and kinds <= {float, int, bool, complex, np.float64}


def taken_apart(structure: Structure, text: str) -> str:
    """The tuple for a value of this structure that `text` spells, as text."""
    if structure is None:
        return text
    spelled = f"{text}.{{}}" if structure.is_record else f"{text}[{{!r}}]"
    parts = [
        taken_apart(part, spelled.format(key))
        for key, part in zip(structure.keys, structure.parts, strict=True)
    ]
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


def parts_of(structure: Structure, value: Any) -> Any:
    """The tuple for a `value` of this structure."""
    if structure is None:
        return value
    items = value if not structure.is_record else None
    return tuple(
        parts_of(part, getattr(value, key) if items is None else items[key])
        for key, part in zip(structure.keys, structure.parts, strict=True)
    )


def put_together(structure: Structure, parts: Any) -> Any:
    """A cotangent of this structure as generated code has it, of the tuple of its `parts`."""
    if structure is None or parts is None:
        return parts
    items = [put_together(part, x) for part, x in zip(structure.parts, parts, strict=True)]
    if structure.keys == tuple(range(len(items))):
        return items
    found = dict(zip(structure.keys, items, strict=True))
    return SimpleNamespace(**found) if structure.is_record else found


# ---------------------------------------------------------------- the names of a function


@dataclass
class Names:
    """What is known of the names of one function.

    Attributes:
        of: the structures of names.
        result: the structure of what the function returns.
        split: names that native code keeps as one variable for each part, since parts are written.
    """

    of: dict[str, Whole]
    result: Structure
    split: set[str]


#: Functions whose result is built like their first argument that is structured.
_ALIKE = frozenset(("zeros_like", "copied", "duplicate", "owned", "accumulate", "as_float"))


class Inference:
    """Finds the structures of the names of all functions that are called, from the entry on."""

    def __init__(
        self,
        trees: Mapping[str, ast.FunctionDef],
        records: Mapping[str, tuple[str, ...]],
        helpers: Mapping[str, str],
    ) -> None:
        self.trees = trees
        self.records = records
        self.helpers = helpers
        self.done: dict[str, Names] = {}
        self.given: dict[str, tuple[Structure, ...]] = {}

    def called(self, call: ast.Call) -> str:
        """What a call calls: a helper of the runtime by its own name, anything else as it is written."""
        text = ast.unparse(call.func)
        return "" if text in self.trees or text in self.records else self.helpers.get(text, text)

    def infer(self, name: str, args: tuple[Structure, ...]) -> Names:
        """The names of the function `name`, called with arguments of these structures."""
        if name in self.done:
            if self.given[name] != args:
                line = self.trees[name].lineno
                raise NotNative(f"`{name}` is called with containers of two kinds", name, line)
            return self.done[name]
        tree = self.trees[name]
        params = [arg.arg for arg in tree.args.args]
        of = {param: one for param, one in zip(params, args, strict=False) if one is not None}
        self.given[name] = args
        names = self.done[name] = Names(of, None, set())
        one = _OneFunction(self, tree, names)
        one.run()
        return names


class _OneFunction:
    def __init__(self, module: Inference, tree: ast.FunctionDef, names: Names) -> None:
        self.module = module
        self.tree = tree
        self.names = names

    def run(self) -> None:
        grown = True
        while grown:
            before = dict(self.names.of)
            for node in ast.walk(self.tree):
                self._learn(node)
            grown = self.names.of != before
        self._call_everything()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Return) and node.value is not None:
                self.names.result = self.names.result or self.of(node.value)
        made = {name for name, _ in self._made()}
        stored = {root for root, constant in self._stores() if constant and root in self.names.of}
        variable = {root for root, constant in self._stores() if not constant}
        self.names.split = (made | stored) - {one for one in variable if self._is_list(one)}

    def _is_list(self, name: str) -> bool:
        whole = self.names.of.get(name)
        return whole is not None and whole.keys == tuple(range(len(whole.keys)))

    def _made(self) -> Iterator[tuple[str, ast.expr]]:
        """Names that are given new structures whose parts will be written, or may be."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                if name in self.names.of and isinstance(node.value, ast.Call):
                    called = self.module.called(node.value)
                    if called in _ALIKE or called in ("dict.fromkeys", "SimpleNamespace"):
                        yield name, node.value

    def _stores(self) -> Iterator[tuple[str, bool]]:
        """Names of which parts are written, and whether the part is a known one."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
                root, keys = path_of(node)
                if root is not None and root in self.names.of:
                    whole: Structure = self.names.of[root]
                    for key in keys:
                        if whole is None:
                            break
                        if key is VARIABLE:
                            yield root, False
                            break
                        place = whole.place(key)
                        whole = None if place is None else whole.parts[place]
                    else:
                        yield root, True
                        continue
                    if whole is None:
                        yield root, True

    # ---- learning

    def _learn(self, node: ast.AST) -> None:
        match node:
            case ast.Assign(targets=[target], value=value):
                self._bind(target, self.of(value))
            case ast.Call(args=[ast.Name(id=name), like]) if (
                self.module.called(node) == "restructure"
            ):
                self._note(name, self.of(like))
            case ast.For(target=target, iter=value):
                self._bind(target, self._item(self.of(value)))
            case _:
                pass
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="SimpleNamespace"))
            ) if (name not in self.names.of):
                fields = dict.fromkeys(
                    part.attr
                    for part in ast.walk(self.tree)
                    if isinstance(part, ast.Attribute)
                    and isinstance(part.value, ast.Name)
                    and part.value.id == name
                )
                likes = [
                    part
                    for part in ast.walk(self.tree)
                    if isinstance(part, ast.Call)
                    and self.module.called(part) == "restructure"
                    and ast.unparse(part.args[0]) == name
                ]
                if not likes:
                    self._note(name, Whole(tuple(fields), (None,) * len(fields), True))
            case _:
                pass

    def _item(self, whole: Structure) -> Structure:
        parts = set() if whole is None else set(whole.parts)
        return parts.pop() if len(parts) == 1 else None

    def _bind(self, target: ast.expr, whole: Structure) -> None:
        if whole is None:
            return
        match target:
            case ast.Name(id=name):
                self._note(name, whole)
            case ast.Tuple(elts=items) if len(items) == len(whole.parts):
                for item, part in zip(items, whole.parts, strict=True):
                    self._bind(item, part)
            case _:
                pass

    def _note(self, name: str, whole: Structure) -> None:
        if whole is None:
            return
        known = self.names.of.setdefault(name, whole)
        if known != whole and not _fits(known, whole):
            line = self.tree.lineno
            raise NotNative(f"`{name}` holds containers of two kinds", self.tree.name, line)

    def of(self, value: ast.expr) -> Structure:
        """The structure of the value of an expression."""
        match value:
            case ast.Name(id=name):
                return self.names.of.get(name)
            case ast.Subscript() | ast.Attribute():
                return self._of_path(value)
            case ast.Tuple(elts=items) if not any(isinstance(x, ast.Starred) for x in items):
                return Whole(tuple(range(len(items))), tuple(map(self.of, items)))
            case ast.Call():
                return self._of_call(value)
            case _:
                return None

    def _of_call(self, call: ast.Call) -> Structure:
        called = self.module.called(call)
        name = ast.unparse(call.func)
        if called == "restructure":
            return self.of(call.args[1])
        if called in _ALIKE:
            return next(filter(None, map(self.of, call.args)), None)
        if called == "dict.fromkeys":
            return self.of(call.args[0])
        if name in self.module.records:
            keys = self.module.records[name]
            return Whole(keys, (None,) * len(keys), True)
        if name in self.module.trees:
            return self.module.infer(name, self._arguments(call)).result
        return None

    def _of_path(self, value: ast.expr) -> Structure:
        assert isinstance(value, ast.Subscript | ast.Attribute)
        whole = self.of(value.value)
        if whole is None:
            return None
        key = key_of(value)
        if key is VARIABLE:
            return self._item(whole)
        place = whole.place(key)
        return None if place is None else whole.parts[place]

    def _arguments(self, call: ast.Call) -> tuple[Structure, ...]:
        """The structures of the arguments of a call, by the parameters of what it calls."""
        assert isinstance(call.func, ast.Name)
        params = [arg.arg for arg in self.module.trees[call.func.id].args.args]
        named = {one.arg: self.of(one.value) for one in call.keywords}
        given = [self.of(arg) for arg in call.args]
        given += [named.get(param) for param in params[len(given) :]]
        return tuple(given)

    def _call_everything(self) -> None:
        """Infer what is called for its effect alone, or whose result has no structure."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                self.of(node)


def _fits(one: Whole, other: Whole) -> bool:
    """Whether two structures go in the same way: a namedtuple may be a tuple of cotangents."""
    return len(one.parts) == len(other.parts) and all(
        p == q or (p is not None and q is not None and _fits(p, q))
        for p, q in zip(one.parts, other.parts, strict=True)
    )


#: Stands for a key that is not known.
VARIABLE = object()


def key_of(node: ast.expr) -> Any:
    """The key of a subscript or attribute."""
    if isinstance(node, ast.Attribute):
        return node.attr
    assert isinstance(node, ast.Subscript)
    try:
        return ast.literal_eval(node.slice)
    except ValueError:
        return VARIABLE


def path_of(node: ast.expr) -> tuple[str | None, list[Any]]:
    """``a["b"].c`` as the name ``a`` and the keys ``["b", "c"]``."""
    keys: list[Any] = []
    while isinstance(node, ast.Subscript | ast.Attribute):
        keys.insert(0, key_of(node))
        node = node.value
    return (node.id if isinstance(node, ast.Name) else None), keys
