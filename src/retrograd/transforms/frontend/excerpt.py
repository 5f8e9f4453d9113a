"""The text of one function, where it stands in its file, and its syntax tree."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from retrograd.transforms.diagnostics.report import SourceUnavailable
from retrograd.transforms.diagnostics.span import Span
from retrograd.transforms.frontend.lambdas import FoundLambda


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A function definition with its indentation; `line` is its first line in the file, from 1."""

    filename: str
    line: int
    text: str

    def parse(self) -> "ParsedFunction":
        """The syntax tree of the function.

        Raises:
            SourceUnavailable: the text does not hold one function definition.
        """
        indented = self.text[:1] in (" ", "\t")
        try:
            module = cst.parse_module(f"if True:\n{self.text}" if indented else self.text)
        except cst.ParserSyntaxError as error:
            raise _cannot_be_parsed(self.filename, self.line, error) from error
        statement: cst.CSTNode | None = module.body[0] if module.body else None
        if indented and isinstance(statement, cst.If):
            statement = statement.body.body[0]
        if not isinstance(statement, cst.FunctionDef):
            raise SourceUnavailable(
                f"at {self.filename}:{self.line} there is no `def` of the function"
            )
        shift = self.line - 1 - indented
        positions = _positions(module)
        return ParsedFunction(
            self.filename, self.line, statement, positions, shift, self.text.split("\n")
        )


def parse_lambda(
    filename: str, found: FoundLambda, defaults: Mapping[str, object]
) -> "ParsedFunction":
    """A lambda as the function of the same parameters that returns its body.

    `defaults` are those that it has; what their text says may mean nothing outside of it.

    Raises:
        SourceUnavailable: the text does not hold one lambda.
    """
    # In parentheses it may have many lines, and where it stands in its file it keeps its columns.
    text = f"(\n{' ' * found.column}{found.text}\n)"
    try:
        module = cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        raise _cannot_be_parsed(filename, found.line, error) from error
    positions = {**_positions(module)}
    node = cst.ensure_type(module.body[0], cst.SimpleStatementLine).body[0]
    made = cst.ensure_type(cst.ensure_type(node, cst.Expr).value, cst.Lambda)
    body = made.body
    if len(found.lines) > 1 and not body.lpar:
        body = body.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    stated = cst.Return(body)
    function = cst.FunctionDef(
        name=cst.Name(found.name),
        params=_with_defaults(made.params, defaults),
        body=cst.IndentedBlock([cst.SimpleStatementLine([stated])]),
    )
    positions |= {body: positions[made.body], stated: positions[made.body]}
    positions[function.name] = positions[made]
    lines = [line.rstrip("\r\n") for line in found.lines]
    return ParsedFunction(filename, found.line, function, positions, found.line - 2, lines)


def _with_defaults(node: cst.Parameters, values: Mapping[str, object]) -> cst.Parameters:
    """The parameters `node` with those of the default `values` that are numbers, text and the like."""

    def param(one: cst.Param) -> cst.Param:
        value = values.get(one.name.value)
        literal = value is None or type(value) in (bool, int, str)
        if one.default is None or not (literal or _is_finite(value)):
            return one
        return one.with_changes(default=cst.parse_expression(repr(value)))

    groups = ("params", "kwonly_params", "posonly_params")
    return node.with_changes(**{name: [*map(param, getattr(node, name))] for name in groups})


def _is_finite(value: object) -> bool:
    return type(value) is float and math.isfinite(value)


def _cannot_be_parsed(filename: str, line: int, error: cst.ParserSyntaxError) -> SourceUnavailable:
    return SourceUnavailable(f"the text at {filename}:{line} cannot be parsed: {error.message}")


def _positions(module: cst.Module) -> Mapping[cst.CSTNode, CodeRange]:
    return MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)


@dataclass(frozen=True, slots=True, eq=False)
class ParsedFunction:
    """The tree of the text that begins in a `line` of a file; there, a line is `shift` further down."""

    filename: str
    line: int
    node: cst.FunctionDef
    positions: Mapping[cst.CSTNode, CodeRange]
    shift: int
    lines: list[str]

    def span(self, node: cst.CSTNode) -> Span | None:
        """Where `node` stands in the file."""
        position = self.positions.get(node)
        if position is None:
            return None
        line = position.start.line + self.shift
        return Span(
            self.filename,
            line,
            position.start.column,
            position.end.line + self.shift,
            position.end.column,
            self.lines[line - self.line],
        )

    @property
    def source(self) -> str:
        """The text of the function without decorators and indentation."""
        bare = self.node.with_changes(decorators=(), leading_lines=(), lines_after_decorators=())
        return cst.Module([]).code_for_node(bare)

    @property
    def decorators(self) -> list[str]:
        """What stands behind the ``@`` of each decorator."""
        nodes = [decorator.decorator for decorator in self.node.decorators]
        return [cst.Module([]).code_for_node(node).strip() for node in nodes]
