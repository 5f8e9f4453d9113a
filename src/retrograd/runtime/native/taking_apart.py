"""Containers of known parts become tuples and variables, which is what Numba has.

params_bar = dict.fromkeys(params)
params_bar["W"] = x * g              ->      params_bar_W = x * g
params_bar["b"] = g * params["c"]            params_bar_b = g * params[2]
return params_bar                            return (params_bar_W, params_bar_b, None)
"""

import ast
import re
from collections.abc import Iterator

from retrograd.runtime.native.structures import (
    VARIABLE,
    Inference,
    Names,
    Structure,
    Whole,
    key_of,
    path_of,
)

_FILLED = frozenset(("zeros_like", "copied", "duplicate", "owned", "accumulate"))


def take_apart(tree: ast.FunctionDef, names: Names, module: Inference) -> None:
    """Rewrite the function `tree` by what is known of its names."""
    if not names.of:
        return
    apart = _TakingApart(tree, names, module)
    given = [arg.arg for arg in tree.args.args if arg.arg in names.split]
    apart.visit(tree)
    entry = [
        ast.Assign([apart.whole(name, ast.Store())], ast.Name(name, ast.Load())) for name in given
    ]
    start = 1 if ast.get_docstring(tree) is not None else 0
    for stmt in entry:
        ast.copy_location(stmt, tree.body[0])
    tree.body[start:start] = entry
    ast.fix_missing_locations(tree)


class _TakingApart(ast.NodeTransformer):
    def __init__(self, tree: ast.FunctionDef, names: Names, module: Inference) -> None:
        self.tree = tree
        self.names = names
        self.module = module
        self.taken = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        self.variables: dict[tuple[object, ...], str] = {}
        #: Parts that are given a value at the top of the function, so on every way through it.
        self.given = {
            path
            for stmt in tree.body
            if isinstance(stmt, ast.Assign)
            for path in self._written(stmt.targets[0])
        }

    def _written(self, target: ast.expr) -> Iterator[tuple[str, ...]]:
        root, keys = path_of(target)
        if root is not None and len(keys) == 1 and keys[0] is not VARIABLE:
            yield root, str(keys[0])

    # ---- statements

    def visit_Assign(self, node: ast.Assign) -> ast.stmt | list[ast.stmt]:
        target = node.targets[0]
        if (
            len(node.targets) == 1
            and isinstance(target, ast.Name)
            and target.id in self.names.split
        ):
            made = self._made(target.id, node.value)
            if made is not None:
                return [ast.copy_location(stmt, node) for stmt in made]
        self.generic_visit(node)
        return node

    def _made(self, name: str, value: ast.expr) -> list[ast.stmt] | None:
        """The statements that give each part of `name` what `value` has for it."""
        if not isinstance(value, ast.Call):
            return None
        called = self.module.called(value)
        whole = self.names.of[name]
        if called in ("dict.fromkeys", "SimpleNamespace"):
            like = value.args[0] if value.args else None
            return list(self._nothing(name, whole, like))
        if called not in _FILLED:
            return None
        return [
            ast.Assign(
                [self._variable(name, path, ast.Store())],
                ast.Call(value.func, [self._part(arg, path) for arg in value.args], []),
            )
            for path in _leaves(whole)
        ]

    def _nothing(self, name: str, whole: Whole, like: ast.expr | None) -> Iterator[ast.stmt]:
        """Zeros for the parts that may be read before they are given a value."""
        for path in _leaves(whole):
            if len(path) == 1 and (name, str(whole.keys[path[0]])) in self.given:
                continue
            zero: ast.expr = ast.Constant(0.0)
            if like is not None:
                zero = ast.Call(ast.Name("zeros_like", ast.Load()), [self._part(like, path)], [])
            yield ast.Assign([self._variable(name, path, ast.Store())], zero)

    def _part(self, value: ast.expr, path: tuple[int, ...]) -> ast.expr:
        """The part of the value of an expression that has a structure."""
        if isinstance(value, ast.Name) and value.id in self.names.split:
            return self._variable(value.id, path, ast.Load())
        found: ast.expr = self.visit(ast.parse(ast.unparse(value), mode="eval").body)
        for place in path:
            found = ast.Subscript(found, ast.Constant(place), ast.Load())
        return found

    # ---- expressions

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        return self._of_path(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self._of_path(node)

    def _of_path(self, node: ast.Subscript | ast.Attribute) -> ast.expr:
        root, keys = path_of(node)
        if root is None or root not in self.names.of or VARIABLE in keys[:1]:
            self.generic_visit(node)
            return self._numbered(node)
        whole: Structure = self.names.of[root]
        places: list[int] = []
        for key in keys:
            place = None if whole is None or key is VARIABLE else whole.place(key)
            if place is None or whole is None:
                break
            places.append(place)
            whole = whole.parts[place]
        found: ast.expr
        if not places:
            self.generic_visit(node)
            return node
        if root in self.names.split:
            found = self._pick(root, tuple(places), whole, node.ctx)
        else:
            found = ast.Name(root, ast.Load())
            for place in places:
                found = ast.Subscript(found, ast.Constant(place), ast.Load())
        rest = _steps(node)[len(places) :]
        for step in rest:
            found = self._stepped(found, step)
        return ast.copy_location(found, node)

    def _stepped(self, found: ast.expr, step: ast.expr) -> ast.expr:
        """The step ``[...]`` or ``.name`` from `found` on."""
        if isinstance(step, ast.Attribute):
            return ast.Attribute(found, step.attr, step.ctx)
        assert isinstance(step, ast.Subscript)
        return ast.Subscript(found, self.visit(step.slice), step.ctx)

    def _numbered(self, node: ast.Subscript | ast.Attribute) -> ast.expr:
        """``layers[k].W`` where the items of `layers` are alike: a number in place of the key."""
        original = node.value
        whole = _structure_behind(original, self.names)
        if whole is None:
            return node
        key = key_of(node)
        place = None if key is VARIABLE else whole.place(key)
        if place is None:
            return node
        return ast.copy_location(ast.Subscript(node.value, ast.Constant(place), node.ctx), node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.names.split:
            return ast.copy_location(self.whole(node.id, node.ctx), node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        called = self.module.called(node)
        if called == "restructure" and isinstance(node.args[0], ast.Name):
            name = node.args[0].id
            if name in self.names.split:
                return ast.copy_location(self.whole(name, ast.Load()), node)
            if name in self.names.of:
                return node.args[0]
        if called == "len" and isinstance(node.args[0], ast.Name):
            whole = self.names.of.get(node.args[0].id)
            if whole is not None:
                return ast.copy_location(ast.Constant(len(whole.parts)), node)
        if ast.unparse(node.func) in self.module.records:
            keys = self.module.records[ast.unparse(node.func)]
            named = {one.arg: one.value for one in node.keywords}
            items = [*node.args, *(named[key] for key in keys[len(node.args) :])]
            return ast.copy_location(
                ast.Tuple([self.visit(item) for item in items], ast.Load()), node
            )
        self.generic_visit(node)
        return node

    def whole(self, name: str, ctx: ast.expr_context) -> ast.expr:
        """All parts of `name` as a tuple."""
        return self._pick(name, (), self.names.of[name], ctx)

    def _pick(
        self, name: str, path: tuple[int, ...], whole: Structure, ctx: ast.expr_context
    ) -> ast.expr:
        if whole is None:
            return self._variable(name, path, ctx)
        parts = [self._pick(name, (*path, k), part, ctx) for k, part in enumerate(whole.parts)]
        return ast.Tuple(parts, ctx)

    def _variable(self, name: str, path: tuple[int, ...], ctx: ast.expr_context) -> ast.Name:
        """The variable for a part of `name`."""
        if (name, path) not in self.variables:
            words = []
            whole: Structure = self.names.of[name]
            for place in path:
                assert whole is not None
                words.append(re.sub(r"\W", "_", str(whole.keys[place])))
                whole = whole.parts[place]
            wanted = "_".join((name, *words))
            while wanted in self.taken:
                wanted += "_"
            self.taken.add(wanted)
            self.variables[name, path] = wanted
        return ast.Name(self.variables[name, path], ctx)


def _leaves(whole: Structure, path: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """The paths to the numbers and arrays in a structure."""
    if whole is None:
        yield path
        return
    for k, part in enumerate(whole.parts):
        yield from _leaves(part, (*path, k))


def _steps(node: ast.expr) -> list[ast.expr]:
    """The subscripts and attributes that lead from a name to `node`, in order."""
    steps: list[ast.expr] = []
    while isinstance(node, ast.Subscript | ast.Attribute):
        steps.insert(0, node)
        node = node.value
    return steps


def _structure_behind(node: ast.expr, names: Names) -> Structure:
    """The structure of ``name[k]`` for an unknown ``k``, where all items of `name` are alike."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        whole = names.of.get(node.value.id)
        parts = set() if whole is None else set(whole.parts)
        return parts.pop() if len(parts) == 1 else None
    return None
