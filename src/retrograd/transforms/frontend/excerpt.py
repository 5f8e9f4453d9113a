"""The text of one function, where it stands in its file, and its syntax tree."""

from collections.abc import Mapping
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from retrograd.transforms.diagnostics.report import SourceUnavailable
from retrograd.transforms.diagnostics.span import Span


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
            raise SourceUnavailable(
                f"the text at {self.filename}:{self.line} cannot be parsed: {error.message}"
            ) from error
        statement: cst.CSTNode | None = module.body[0] if module.body else None
        if indented and isinstance(statement, cst.If):
            statement = statement.body.body[0]
        if not isinstance(statement, cst.FunctionDef):
            raise SourceUnavailable(
                f"at {self.filename}:{self.line} there is no `def`: retrograd reads functions that "
                "are written with `def`, not a lambda"
            )
        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        positions = wrapper.resolve(PositionProvider)
        shift = self.line - 1 - indented
        return ParsedFunction(self, statement, positions, shift, self.text.split("\n"))


@dataclass(frozen=True, slots=True, eq=False)
class ParsedFunction:
    """The tree of an excerpt; a line of the tree is `shift` lines further down in the file."""

    excerpt: Excerpt
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
            self.excerpt.filename,
            line,
            position.start.column,
            position.end.line + self.shift,
            position.end.column,
            self.lines[line - self.excerpt.line],
        )

    @property
    def source(self) -> str:
        """The text of the function without decorators and indentation."""
        bare = self.node.with_changes(decorators=(), leading_lines=(), lines_after_decorators=())
        return cst.Module([]).code_for_node(bare)
