"""From the syntax tree of a function to the IR, refusing what the IR cannot say.

    total: float = 0.0  # so far          Assign(Name("total"), Const("0.0"), Origin(...))
    total += np.sin(x)             ->     AugAssign(Name("total"), "+", Call(Known("numpy.sin"), ...))

Every statement that is not understood here is refused; refusals are collected, not raised.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

import libcst as cst

from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.diagnostics.span import Span
from retrograd.transforms.frontend.derivatives import MAKERS, plain_path
from retrograd.transforms.frontend.expressions import (
    PLACEHOLDER,
    Expressions,
    dotted_name,
    identifier,
    parameters,
)
from retrograd.transforms.frontend.local_names import LocalNames
from retrograd.transforms.frontend.names import TRANSPARENT, VECTORIZE, Names, Namespace, Refusal
from retrograd.transforms.frontend.patterns import pattern_test
from retrograd.transforms.ir.nodes import (
    Assert,
    Assign,
    Attribute,
    AugAssign,
    Block,
    BoolOp,
    Break,
    Call,
    Callee,
    Class,
    Const,
    Continue,
    Define,
    Delete,
    Do,
    Expr,
    For,
    Function,
    If,
    Import,
    Index,
    Known,
    Name,
    Origin,
    Outer,
    Param,
    Pass,
    Raise,
    Return,
    Starred,
    Stmt,
    Target,
    Tuple,
    Unary,
    While,
    With,
)
from retrograd.transforms.ir.verify import unbound_reads
from retrograd.transforms.ir.walk import statements, subexpressions
from retrograd.transforms.ir.ways import goes_on

SpanOf: TypeAlias = Callable[[cst.CSTNode], Span | None]

_AUGMENTED: Final[Mapping[type[cst.CSTNode], str]] = {
    cst.AddAssign: "+",
    cst.SubtractAssign: "-",
    cst.MultiplyAssign: "*",
    cst.DivideAssign: "/",
    cst.FloorDivideAssign: "//",
    cst.ModuloAssign: "%",
    cst.PowerAssign: "**",
    cst.MatrixMultiplyAssign: "@",
    cst.BitAndAssign: "&",
    cst.BitOrAssign: "|",
    cst.BitXorAssign: "^",
    cst.LeftShiftAssign: "<<",
    cst.RightShiftAssign: ">>",
}

#: Statements with a refusal of their own: code and words under the caret.
_REFUSED: Final[Mapping[type[cst.CSTNode], tuple[str, str]]] = {
    cst.Global: ("RG208", "a name outside the function is written"),
    cst.Nonlocal: ("RG208", "a name outside the function is written"),
    cst.Try: ("RG204", "an exception can leave this block after any line"),
    cst.TryStar: ("RG204", "an exception can leave this block after any line"),
    cst.ClassDef: ("RG223", "a class is defined here"),
}

#: The word under which the caret of a compound statement stands.
_KEYWORDS: Final[Mapping[type[cst.CSTNode], str]] = {
    cst.Try: "try",
    cst.TryStar: "try",
    cst.With: "with",
    cst.ClassDef: "class",
    cst.For: "for",
}


#: Stands for the end of a function that returns nothing, where Python returns None.
END: Final = Origin(spelling="")

#: What shows that a line end may belong to a string or follow a backslash.
_FIXED_LINES: Final = ('"""', "'''", "\\\n")


def expression(text: str, resolve: Callable[[str], Expr | None]) -> Expr:
    """The IR of the expression `text`, where `resolve` says what its dotted names are.

    A name that `resolve` gives None for is a `Name`, or an attribute of what stands before its dot.

    Raises:
        UnsupportedError: `text` holds an expression that the IR cannot say.
    """
    diagnostics = Diagnostics()
    builder = Expressions(lambda name, at, called: resolve(name), lambda node: None, diagnostics)
    built = builder.build(cst.parse_expression(text))
    diagnostics.raise_if_any()
    return built


def build_function(
    node: cst.FunctionDef, span: SpanOf, names: Names, diagnostics: Diagnostics
) -> Function:
    """The IR of `node`; its decorators are left to the reader of the module.

    `span` says where a node stands, `names` what the function sees around it. If `diagnostics` has
    refusals afterwards, the result is not the user's function.
    """
    params = tuple(_Parameters(span, names, diagnostics).build(node.params))
    return _function(node, params, span, names, diagnostics, frozenset())


def without_first(node: cst.FunctionDef) -> cst.FunctionDef:
    """`node` without its first parameter, which a call of a class method does not give."""
    params = node.params
    if params.posonly_params:
        params = params.with_changes(posonly_params=params.posonly_params[1:])
    else:
        params = params.with_changes(params=params.params[1:])
    return node.with_changes(params=params)


def _function(
    node: cst.FunctionDef,
    params: tuple[Param, ...],
    span: SpanOf,
    names: Names,
    diagnostics: Diagnostics,
    around: frozenset[str],
) -> Function:
    """The IR of `node`, which sees the variables `around` it."""
    here = span(node.name)
    if node.asynchronous is not None:
        diagnostics.refuse("RG221", here, "this function is a coroutine")
    if node.type_parameters is not None:
        diagnostics.refuse("RG201", span(node.type_parameters), "type parameters are not supported")
    bindings = LocalNames()
    node.body.visit(bindings)
    for statement in bindings.imports:
        names.bring_in(_code(statement))
    places = {name: span(where) for name, where in bindings.variables.items()}
    for name, at in (*places.items(), *((param.id, param.at) for param in params)):
        module = names.needed_module(name)
        if module is not None and name not in bindings.declared:
            diagnostics.refuse("RG216", at, f"`{name}` is `{module}` in this file")
        elif name in bindings.imported:
            diagnostics.refuse("RG216", at, f"`{name}` is imported in this function")
    local = frozenset((*bindings.variables, *bindings.declared, *(param.id for param in params)))
    statements = _Statements(span, names, diagnostics, local | around, frozenset(bindings.declared))
    body = statements.function_body(node)
    if not statements.returns_value and not bindings.generator:
        body = (*body, *(Return(Const("None"), END) for _ in range(goes_on(body))))
    elif not bindings.generator:
        for at in statements.bare_returns:
            diagnostics.refuse("RG217", at, "nothing is returned here")
        if goes_on(body):
            diagnostics.refuse("RG217", here, "its end can be reached without a `return`")
    function = Function(
        identifier(node.name.value),
        params,
        body,
        node.get_docstring(),
        Origin(here, trailing=_comment_behind(node.body)),
    )
    if not diagnostics:
        for stmt, problem in unbound_reads(function, around):
            diagnostics.refuse("RG213", stmt.origin.span, problem)
    return function


def returns(block: Block) -> bool:
    """Does some way through `block` meet a `return`?"""
    return any(isinstance(stmt, Return) for stmt in statements(block))


def _comment_behind(suite: cst.BaseSuite) -> str:
    """The comment behind the colon of an indented block."""
    if isinstance(suite, cst.IndentedBlock) and suite.header.comment is not None:
        return suite.header.comment.value
    return ""


def _comments(lines: Sequence[cst.EmptyLine]) -> list[str]:
    """Comment lines as text, blank lines as ""."""
    return ["" if line.comment is None else line.comment.value for line in lines]


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node).strip()


def _spelling(node: cst.BaseSmallStatement) -> str | None:
    """The text of `node`, None where indenting its lines anew could change its meaning."""
    text = _code(node.with_changes(semicolon=cst.MaybeSentinel.DEFAULT))
    return None if "\n" in text and any(mark in text for mark in _FIXED_LINES) else text


def _resolved(
    names: Names, diagnostics: Diagnostics, dotted: str, at: Span | None, called: bool
) -> Expr | None:
    """What `dotted` stands for outside the function; None if it is an attribute of something."""
    match names.resolve(dotted):
        case None:
            if "." in dotted:
                return None
            diagnostics.refuse("RG212", at, f"there is no `{dotted}`")
        case Refusal(code=code, label=label, at=cause, instead=instead):
            diagnostics.refuse(code, cause or at, label, instead=instead)
        case Namespace(label=label):
            diagnostics.refuse("RG219", at, label)
        case Class(form=form) if not called and form != "exception":
            instead = "pass what is needed of it as arguments"
            diagnostics.refuse("RG219", at, f"`{dotted}` is a class", instead=instead)
        case Known() | Callee() | Class() | Outer() as resolved:
            return replace(resolved, at=at)
    return PLACEHOLDER


class _Parameters:
    """Builds the parameters; their defaults see the module, not the function."""

    def __init__(self, span: SpanOf, names: Names, diagnostics: Diagnostics) -> None:
        def resolve(dotted: str, at: Span | None, called: bool) -> Expr | None:
            return _resolved(names, diagnostics, dotted, at, called)

        self.span = span
        self.diagnostics = diagnostics
        self.expressions = Expressions(resolve, span, diagnostics)

    def build(self, node: cst.Parameters) -> Iterator[Param]:
        """The parameters in the order of the text."""
        yield from parameters(node, self.span, self._default)

    def _default(self, node: cst.BaseExpression) -> Expr:
        built = self.expressions.build(node)
        if not _is_constant(built):
            self.diagnostics.refuse("RG218", self.span(node), "computed when `def` is executed")
        return built


def _is_constant(expr: Expr) -> bool:
    match expr:
        case Const() | Known() | Outer():
            return True
        case Unary(op="-" | "+", operand=Const()):
            return True
        case Tuple(items=items):
            return all(map(_is_constant, items))
        case _:
            return False


class _Statements:
    """Builds statements in the order of the text.

    `local` are the function's own names; those of them in `declared` belong to a statement that is
    refused. Comments that stand above nothing (at the end of a block, behind an `else:`) wait in
    `pending` for the next statement.
    """

    def __init__(
        self,
        span: SpanOf,
        names: Names,
        diagnostics: Diagnostics,
        local: frozenset[str],
        declared: frozenset[str],
    ) -> None:
        self.span = span
        self.names = names
        self.diagnostics = diagnostics
        self.local = local
        self.declared = declared
        self.expressions = Expressions(self._resolve, span, diagnostics, self._is_taken)
        self.pending: list[str] = []
        self.returns_value = False
        self.bare_returns: list[Span | None] = []

    def function_body(self, node: cst.FunctionDef) -> Block:
        """The statements of the function but for its docstring."""
        body = self._block(node.body)
        return body if node.get_docstring() is None else body[1:]

    def _resolve(self, dotted: str, at: Span | None, called: bool) -> Expr | None:
        root = dotted.partition(".")[0]
        if root not in self.local:
            resolved = _resolved(self.names, self.diagnostics, dotted, at, called)
            if isinstance(resolved, Outer) and resolved.id in self.local:
                title = "a variable has the name that a constant has in the gradient"
                self.diagnostics.refuse("RG216", at, f"becomes `{resolved.id}`", title=title)
            return resolved
        return None

    def _is_taken(self, name: str) -> bool:
        found = self.names.resolve(name)
        return name in self.local or not (found is None or isinstance(found, Refusal))

    # ------------------------------------------------------------ blocks

    def _block(self, suite: cst.BaseSuite) -> Block:
        match suite:
            case cst.IndentedBlock(body=body, footer=footer):
                statements = tuple(stmt for node in body for stmt in self._statement(node))
                self.pending += filter(None, _comments(footer))
                return statements
            case cst.SimpleStatementSuite(body=body, trailing_whitespace=behind):
                return tuple(self._line(body, (), behind))
            case _:
                self.diagnostics.refuse("RG201", self.span(suite), "this block is not known")
                return ()

    def _statement(self, node: cst.BaseStatement) -> Iterator[Stmt]:
        match node:
            case cst.SimpleStatementLine(
                body=body, leading_lines=above, trailing_whitespace=behind
            ):
                yield from self._line(body, above, behind)
            case cst.If():
                yield self._if(node)
            case cst.For():
                yield self._for(node)
            case cst.While():
                yield self._while(node)
            case cst.With(asynchronous=None):
                yield self._with(node)
            case cst.Match():
                yield from self._match(node)
            case cst.FunctionDef():
                yield from self._define(node)
            case _:
                self._refuse(node)
                for suite in _suites(node):
                    yield from self._block(suite)

    def _refuse(self, node: cst.CSTNode) -> None:
        if isinstance(node, cst.With):
            self.diagnostics.refuse("RG221", self._keyword(node), "this context is a coroutine's")
            return
        if isinstance(node, cst.Try | cst.TryStar) and node.handlers:
            for jump in _raised(node.body):
                self.diagnostics.refuse("RG224", self.span(jump), "the handler goes on from here")
        code, label = _REFUSED.get(type(node), ("RG201", "this statement is not known"))
        self.diagnostics.refuse(code, self._keyword(node), label)

    def _keyword(self, node: cst.CSTNode) -> Span | None:
        """The first word of a compound statement, all of a simple one."""
        span = self.span(node)
        word = _KEYWORDS.get(type(node))
        if span is None or word is None:
            return span
        column = span.text.find(word, span.column)
        return replace(span, column=column, end_line=span.line, end_column=column + len(word))

    def _above(self, lines: Sequence[cst.EmptyLine]) -> tuple[str, ...]:
        """The comments above the next statement."""
        comments = (*self.pending, *_comments(lines))
        self.pending = []
        return comments

    # ------------------------------------------------------------ compound statements

    def _if(self, node: cst.If) -> If:
        origin = Origin(
            self.span(node.test),
            self._above(node.leading_lines),
            _comment_behind(node.body),
            f"if {_code(node.test)}",
        )
        test = self.expressions.build(node.test)
        then = self._block(node.body)
        orelse: Block = ()
        match node.orelse:
            case cst.If() as elif_:
                orelse = (self._if(elif_),)
            case cst.Else() as else_:
                orelse = self._else(else_)
            case None:
                pass
        return If(test, then, orelse, origin=origin)

    def _else(self, node: cst.Else) -> Block:
        comments = (*_comments(node.leading_lines), _comment_behind(node.body))
        self.pending += filter(None, comments)
        return self._block(node.body)

    def _for(self, node: cst.For) -> For:
        if node.asynchronous is not None:
            self.diagnostics.refuse("RG221", self._keyword(node), "this loop is a coroutine's")
        origin = Origin(
            self.span(node.target),
            self._above(node.leading_lines),
            _comment_behind(node.body),
            f"for {_code(node.target)} in {_code(node.iter)}",
        )
        target = self._loop_target(node.target)
        iterable = self.expressions.build(node.iter)
        return For(target, iterable, *self._loop_blocks(node), origin=origin)

    def _while(self, node: cst.While) -> While:
        origin = Origin(
            self.span(node.test),
            self._above(node.leading_lines),
            _comment_behind(node.body),
            f"while {_code(node.test)}",
        )
        return While(self.expressions.build(node.test), *self._loop_blocks(node), origin=origin)

    def _loop_blocks(self, node: cst.For | cst.While) -> tuple[Block, Block]:
        body = self._block(node.body)
        return body, () if node.orelse is None else self._else(node.orelse)

    def _with(self, node: cst.With) -> With:
        """``with a, b: body`` as ``with a: with b: body``."""
        above, behind = self._above(node.leading_lines), _comment_behind(node.body)
        contexts = []
        for item in node.items:
            contexts.append(self.expressions.build(item.item))
            if item.asname is not None:
                self.diagnostics.refuse("RG205", self.span(item.asname.name), "is given a name")
        first, *others = contexts
        body = self._block(node.body)
        for item, context in reversed(list(zip(node.items[1:], others, strict=True))):
            origin = Origin(self.span(item), (), behind, f"with {_code(item.item)}")
            body, behind = (With(context, body, origin),), ""
        item = node.items[0]
        return With(first, body, Origin(self.span(item), above, behind, f"with {_code(item.item)}"))

    def _match(self, node: cst.Match) -> Iterator[Stmt]:
        """A `match` whose patterns are literals, as an `if` for each case."""
        above, at = self._above(node.leading_lines), self.span(node.subject)
        subject = self.expressions.build(node.subject)
        origin = Origin(at, above, quote=f"match {_code(node.subject)}")
        if not isinstance(subject, Name | Const):
            name = Name(self.expressions.fresh("subject"))
            self.local |= {name.id}
            yield Assign(name, subject, origin)
            subject, origin = name, Origin(at)
        cases = []
        for case in node.cases:
            test = pattern_test(case.pattern, subject, self.expressions)
            if case.guard is not None:
                guard = self.expressions.build(case.guard)
                test = guard if test is None else BoolOp("and", test, guard)
            here = Origin(self.span(case.pattern), self._above(case.leading_lines))
            cases.append((test, self._block(case.body), here))
        orelse: Block = ()
        for test, body, here in reversed(cases):
            orelse = body if test is None else (If(test, body, orelse, here),)
        match orelse:
            case (If() as first,) if cases[0][0] is not None:
                comments = (*origin.leading, *first.origin.leading)
                yield replace(first, origin=replace(first.origin, leading=comments))
            case _:
                yield from orelse

    # ------------------------------------------------------------ functions inside

    def _define(self, node: cst.FunctionDef) -> Iterator[Stmt]:
        """A function inside the function; its defaults are computed where it stands."""
        above = self._above(node.leading_lines)
        makers = [found for one in node.decorators if (found := self._maker(one)) is not None]
        for decorator in node.decorators if len(node.decorators) != len(makers) else ():
            self._check_decorator(decorator)
        params = tuple(parameters(node.params, self.span, self.expressions.build))
        function = _function(node, params, self.span, self.names, self.diagnostics, self.local)
        yield Define(function, Origin(self.span(node.name), above))
        for maker in reversed(makers):
            name = Name(function.name, at=self.span(node.name))
            made = replace(maker, args=(name, *maker.args))
            yield Assign(Name(function.name), made, Origin(self.span(node.name)))

    def _maker(self, node: cst.Decorator) -> Call | None:
        """A decorator that makes another function of the function, as a call that lacks it."""
        built = self.expressions.build(node.decorator) if self._names_maker(node) else None
        match built:
            case Known():
                return Call(built, at=self.span(node))
            case Call():
                return built
            case _:
                return None

    def _names_maker(self, node: cst.Decorator) -> bool:
        called = node.decorator
        if isinstance(called, cst.Call):
            called = called.func
        dotted = dotted_name(called)
        known = None if dotted is None else self.names.resolve(dotted)
        return isinstance(known, Known) and plain_path(known.path) in {*MAKERS, VECTORIZE}

    def _check_decorator(self, node: cst.Decorator) -> None:
        """Refuse a decorator that may change what the function returns."""
        called = node.decorator
        while isinstance(called, cst.Call):
            called = called.func
        dotted = dotted_name(called)
        known = None if dotted is None else self.names.resolve(dotted)
        if not isinstance(known, Known) or known.path not in TRANSPARENT:
            text = _code(called)
            self.diagnostics.refuse("RG102", self.span(node), f"what `{text}` does is not known")

    # ------------------------------------------------------------ simple statements

    def _line(
        self,
        nodes: Sequence[cst.BaseSmallStatement],
        above: Sequence[cst.EmptyLine],
        behind: cst.TrailingWhitespace,
    ) -> Iterator[Stmt]:
        """The statements of one line, which are separated by semicolons."""
        leading = self._above(above)
        trailing = "" if behind.comment is None else behind.comment.value
        for place, node in enumerate(nodes):
            origin = Origin(
                self.span(node),
                leading if place == 0 else (),
                trailing if place == len(nodes) - 1 else "",
                _spelling(node),
            )
            yield from self._simple(node, origin)

    def _simple(self, node: cst.BaseSmallStatement, origin: Origin) -> Iterator[Stmt]:
        match node:
            case cst.Assign(targets=targets, value=value):
                yield from self._assign([target.target for target in targets], value, origin)
            case cst.AnnAssign(target=cst.Name(), value=None):
                yield Pass(origin)
            case cst.AnnAssign(target=target, value=cst.BaseExpression() as value):
                yield Assign(self._target(target), self.expressions.build(value), origin)
            case cst.AugAssign(target=target, operator=operator, value=value):
                yield from self._augmented(target, operator, value, origin)
            case cst.Return(value=value):
                yield self._return(value, origin)
            case cst.Pass():
                yield Pass(origin)
            case cst.Raise(exc=cst.BaseExpression() as value, cause=None):
                yield Raise(self.expressions.build(value), origin)
            case cst.Raise():
                label = "no exception of its own is raised here"
                self.diagnostics.refuse("RG215", origin.span, label)
            case cst.Assert(test=test, msg=message):
                built = None if message is None else self.expressions.build(message)
                yield Assert(self.expressions.build(test), built, origin)
            case cst.Del(target=target):
                yield Delete(tuple(self._removed(target)), origin)
            case cst.Import() | cst.ImportFrom():
                yield Import(_code(node), origin)
            case cst.Break():
                yield Break(origin)
            case cst.Continue():
                yield Continue(origin)
            case cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString() | cst.Ellipsis()):
                yield Pass(origin)
            case cst.Expr(value=value):
                yield Do(self.expressions.build(value), origin)
            case _:
                self._refuse(node)

    def _assign(
        self, targets: Sequence[cst.BaseExpression], value: cst.BaseExpression, origin: Origin
    ) -> Iterator[Stmt]:
        """``a = b = e`` is ``a = e`` and ``b = a``.

        A name goes first, though Python assigns from left to right: one that no other target reads.
        """
        built = self.expressions.build(value)
        if len(targets) == 1:
            yield Assign(self._target(targets[0]), built, origin)
            return
        places = [(self._target(target), _code(target)) for target in targets]
        first = next((k for k, (place, _) in enumerate(places) if _stands_alone(k, places)), None)
        source: Name
        if first is None:
            name = self.expressions.fresh("value")
            source, spelling = Name(name), None
        else:
            place, code = places.pop(first)
            assert isinstance(place, Name)
            source, spelling = place, f"{code} = {_code(value)}"
            name = code
        yield Assign(source, built, replace(origin, trailing="", spelling=spelling))
        for k, (place, code) in enumerate(places):
            last = k == len(places) - 1
            again = Origin(
                origin.span,
                trailing=origin.trailing if last else "",
                spelling=f"{code} = {name}" if first is not None else None,
                quote=f"{code} = {name}",
            )
            yield Assign(place, source, again)

    def _augmented(
        self,
        target: cst.BaseExpression,
        operator: cst.BaseAugOp,
        value: cst.BaseExpression,
        origin: Origin,
    ) -> Iterator[Stmt]:
        op = _AUGMENTED.get(type(operator))
        place = self._target(target)
        built = self.expressions.build(value)
        if op is None or isinstance(place, Tuple | Starred):
            self.diagnostics.refuse("RG201", origin.span, "this assignment is not known")
        else:
            yield AugAssign(place, op, built, origin)

    def _return(self, node: cst.BaseExpression | None, origin: Origin) -> Return:
        if node is None:
            self.bare_returns.append(origin.span)
            return Return(Const("None"), origin)
        self.returns_value = True
        return Return(self.expressions.build(node), origin)

    def _removed(self, node: cst.BaseExpression) -> Iterator[Expr]:
        """What ``del node`` removes."""
        match node:
            case cst.Tuple(elements=elements) | cst.List(elements=elements):
                for element in elements:
                    yield from self._removed(element.value)
            case cst.Attribute():
                self.diagnostics.refuse("RG215", self.span(node), "an attribute is removed here")
            case _:
                yield self.expressions.build(node)

    # ------------------------------------------------------------ targets

    def _target(self, node: cst.BaseExpression) -> Target:
        at = self.span(node)
        match node:
            case cst.Name(value=name):
                return Name(identifier(name), at=at)
            case cst.Tuple(elements=elements) | cst.List(elements=elements):
                return Tuple(tuple(map(self._item, elements)), at)
            case cst.Subscript(value=value, slice=subscripts) if self._is_outside(value):
                self.expressions.subscripts(subscripts, at)
                self.diagnostics.refuse("RG404", at, "this is not a variable of the function")
            case cst.Attribute(value=value) if self._is_outside(value):
                self.diagnostics.refuse("RG404", at, "this is not a variable of the function")
            case cst.Subscript():
                element = self.expressions.build(node)
                if isinstance(element, Index):
                    return element
            case cst.Attribute():
                place = self.expressions.build(node)
                if isinstance(place, Attribute):
                    return place
            case _:
                self.diagnostics.refuse("RG201", at, "this target is not known")
        return Name("_", at=at)

    def _is_outside(self, node: cst.BaseExpression) -> bool:
        """Does ``a[i].b`` begin with a name from outside the function?"""
        while isinstance(node, cst.Subscript | cst.Attribute):
            node = node.value
        name = dotted_name(node)
        return name is not None and name not in self.local and self.names.resolve(name) is not None

    def _item(self, element: cst.BaseElement) -> Target:
        target = self._target(element.value)
        starred = isinstance(element, cst.StarredElement)
        return Starred(target, self.span(element)) if starred else target

    def _loop_target(self, node: cst.BaseExpression) -> Target:
        target = self._target(node)
        if not _only_names(target):
            self.diagnostics.refuse("RG201", target.at, "a loop can only assign to names")
        return target


def _only_names(target: Expr) -> bool:
    match target:
        case Name():
            return True
        case Tuple(items=items):
            return all(map(_only_names, items))
        case Starred(value=value):
            return _only_names(value)
        case _:
            return False


def _stands_alone(k: int, places: Sequence[tuple[Target, str]]) -> bool:
    """Whether target number `k` is a name that no other target binds or reads."""
    place, _ = places[k]
    others = [other for j, (other, _) in enumerate(places) if j != k]
    return isinstance(place, Name) and all(place not in subexpressions(other) for other in others)


def _raised(node: cst.CSTNode) -> Iterator[cst.Raise]:
    """The `raise` statements in `node`, not those of functions and classes inside."""
    for child in node.children:
        if isinstance(child, cst.Raise):
            yield child
        elif not isinstance(child, cst.FunctionDef | cst.ClassDef | cst.BaseExpression):
            yield from _raised(child)


def _suites(node: cst.CSTNode) -> Iterator[cst.BaseSuite]:
    """The blocks of a compound statement that is refused; not those of a function or class."""
    if isinstance(node, cst.FunctionDef | cst.ClassDef):
        return
    for child in node.children:
        if isinstance(child, cst.BaseSuite):
            yield child
        elif not isinstance(child, cst.BaseExpression):
            yield from _suites(child)
