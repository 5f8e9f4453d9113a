"""The same program with the names of the model inside its helpers, where they mean something else.

What one function calls its variables is nobody else's business: a compiler that puts the text of one
into another has to keep them apart.
"""

import ast
import builtins
import keyword
from random import Random


def with_shared_names(text: str, random: Random) -> str:
    """`text`, a module of functions, with the variables of each called like those of the last one."""
    tree = ast.parse(text)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    outside = _outside(tree)
    pool = sorted(_own(functions[-1]) - outside)
    keywords: dict[str, dict[str, str]] = {}
    for function in functions[:-1]:
        own = sorted(_own(function) - outside)
        chosen = random.sample(pool, min(len(own), len(pool)))
        free = [name for name in own if name not in chosen]
        names = dict(zip(own, [*chosen, *free], strict=False))
        names = names if len(set(names.values())) == len(own) else {}
        keywords[function.name] = names
        _Renamer(names).visit(function)
    _Keywords(keywords).visit(tree)
    return ast.unparse(tree) + "\n"


def _own(function: ast.FunctionDef) -> set[str]:
    """The variables of `function` and of the functions in it."""
    found: set[str] = set()
    for node in ast.walk(function):
        match node:
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.FunctionDef(name=name) if node is not function:
                found.add(name)
            case _:
                pass
    return found


def _outside(tree: ast.Module) -> set[str]:
    """What names mean outside every function."""
    found = {*dir(builtins), *keyword.kwlist}
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
                found.add(name)
            case ast.Import(names=aliases):
                found |= {alias.asname or alias.name for alias in aliases}
            case _:
                pass
    return found


class _Renamer(ast.NodeTransformer):
    """Gives variables other names, all at once."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.names.get(node.id, node.id), node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(self.names.get(node.arg, node.arg), node.annotation)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        node.name = self.names.get(node.name, node.name)
        return node


class _Keywords(ast.NodeTransformer):
    """Calls the parameters of functions by their new names."""

    def __init__(self, names: dict[str, dict[str, str]]) -> None:
        self.names = names

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        names = self.names.get(node.func.id, {}) if isinstance(node.func, ast.Name) else {}
        for given in node.keywords:
            given.arg = names.get(given.arg, given.arg) if given.arg is not None else None
        return node
