"""The names that a function binds anywhere, and that are therefore local in all of it."""

import libcst as cst

from retrograd.transforms.frontend.expressions import identifier


class LocalNames(cst.CSTVisitor):
    """The names that a function body binds, which are local in all of it.

    `variables` has the place of the first binding; `declared` are names bound by statements that
    are refused (definitions, `global`), about which nothing more needs to be said. `imported` are
    bound by `imports`, statements that mean what they would at the top of the module.
    """

    def __init__(self) -> None:
        self.variables: dict[str, cst.CSTNode] = {}
        self.declared: set[str] = set()
        self.imported: dict[str, cst.CSTNode] = {}
        self.imports: list[cst.Import | cst.ImportFrom] = []
        self.generator = False

    def _bind(self, target: cst.CSTNode) -> None:
        match target:
            case cst.Name(value=name):
                self.variables.setdefault(identifier(name), target)
            case cst.Tuple(elements=elements) | cst.List(elements=elements):
                for element in elements:
                    self._bind(element.value)
            case cst.StarredElement(value=value):
                self._bind(value)
            case _:
                pass

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
        self._bind(node.target)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        self._bind(node.target)

    def visit_AugAssign(self, node: cst.AugAssign) -> None:
        self._bind(node.target)

    def visit_For(self, node: cst.For) -> None:
        self._bind(node.target)

    def visit_NamedExpr(self, node: cst.NamedExpr) -> None:
        self._bind(node.target)

    def visit_AsName(self, node: cst.AsName) -> None:
        self._bind(node.name)

    def visit_MatchAs(self, node: cst.MatchAs) -> None:
        if node.name is not None:
            self._bind(node.name)

    def visit_MatchStar(self, node: cst.MatchStar) -> None:
        if node.name is not None:
            self._bind(node.name)

    def visit_MatchMapping(self, node: cst.MatchMapping) -> None:
        if node.rest is not None:
            self._bind(node.rest)

    def visit_Del(self, node: cst.Del) -> None:
        self._bind(node.target)

    def visit_Yield(self, node: cst.Yield) -> None:
        self.generator = True

    def visit_NameItem(self, node: cst.NameItem) -> None:
        self.declared.add(identifier(node.name.value))

    def visit_Import(self, node: cst.Import) -> None:
        self.imports.append(node)

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        self.imports.append(node)

    def visit_ImportAlias(self, node: cst.ImportAlias) -> bool:
        name: cst.CSTNode = node.asname.name if node.asname is not None else node.name
        while isinstance(name, cst.Attribute):
            name = name.value
        if isinstance(name, cst.Name):
            self.imported.setdefault(identifier(name.value), name)
        return False

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        self._bind(node.name)
        return False

    def visit_ClassDef(self, node: cst.ClassDef) -> bool:
        self.declared.add(identifier(node.name.value))
        return False

    def visit_Lambda(self, node: cst.Lambda) -> bool:
        return False
