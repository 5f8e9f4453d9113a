"""Generated functions as functions of the program: what was written is read, as the user's text is.

    def g_grad(x):                     g_grad, which may be called, put in place
        x_bar = 2.0 * x         ->     and differentiated like any function of
        return x_bar                   the user's

Generated text is in the language that we read, so a derivative of a derivative needs nothing of its
own. The names in it mean what they do in the functions that it was made from.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from retrograd.transforms.backend.around import positional
from retrograd.transforms.backend.emit import variables_of
from retrograd.transforms.backend.naming import Naming, numbered
from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.frontend.build import build_function
from retrograd.transforms.frontend.derivatives import WRITTEN
from retrograd.transforms.frontend.excerpt import Excerpt
from retrograd.transforms.frontend.names import Resolution
from retrograd.transforms.frontend.public_names import helper_key
from retrograd.transforms.frontend.read import Definition
from retrograd.transforms.ir.nodes import (
    Block,
    Call,
    Callee,
    Class,
    Expr,
    Function,
    Known,
    Name,
    Outer,
    Param,
    Stmt,
)
from retrograd.transforms.ir.show import Written, show_function, show_statement
from retrograd.transforms.ir.walk import (
    functions_inside,
    map_blocks,
    map_expressions,
    own_expressions,
    rewrite,
    statements,
    subexpressions,
)


def read_again(
    functions: Sequence[Function],
    around: Sequence[Definition],
    made: str,
    params: Callable[[Callee], Sequence[Param]],
) -> list[Definition]:
    """Generated `functions` as definitions that can be compiled.

    Args:
        functions: the functions; they may call each other, by keys that begin with `made`.
        around: the definitions that they were made from, with all the outer values that they read.
        made: begins the keys of generated functions.
        params: those of a function of the program.
    """
    outers = {id: value for definition in around for id, value in definition.outers.items()}
    from_user = [part for one in around for part in _parts(one.function)]
    found = []
    for function in map(positional, functions):
        meanings = _Meanings({})
        for part in (*from_user, *_parts(function)):
            meanings.learn(part, made)
        text = _text(function, meanings)
        filename = f"<{function.name}>"
        parsed = Excerpt(filename, 1, text).parse()
        diagnostics = Diagnostics()
        read = build_function(parsed.node, parsed.span, meanings, diagnostics)
        diagnostics.raise_if_any()
        body = _respelled(read.body) if meanings.aliased else read.body
        read = replace(read, body=_with_keywords(body, params))
        own = {part.id for part in _parts(read) if isinstance(part, Outer)}
        first = around[0]
        found.append(
            Definition(
                WRITTEN + function.name,
                read,
                {id: value for id, value in outers.items() if id in own},
                first.aliases,
                filename,
                parsed.source,
                first.record,
            )
        )
    return found


#: What the texts that we write say of NumPy, and of Python.
_NUMPY: Final = {
    f"np.{name}": Known(f"numpy.{name}", f"np.{name}")
    for name in (
        *("array", "atleast_1d", "broadcast_to", "concatenate", "copy", "eye", "isfinite"),
        *("linalg.solve", "reshape", "shape", "size", "stack", "sum", "tile", "zeros"),
        "zeros_like",
    )
} | {"zip": Known("zip", "zip")}


def read_text(
    name: str, text: str, named: Mapping[str, Known | Callee], around: Definition
) -> Definition:
    """The function `name` that we wrote as `text`, where the names in it are NumPy's and those `named`."""
    filename = f"<{name}>"
    parsed = Excerpt(filename, 1, text).parse()
    diagnostics = Diagnostics()
    function = build_function(parsed.node, parsed.span, _Meanings({**_NUMPY, **named}), diagnostics)
    diagnostics.raise_if_any()
    return Definition(
        WRITTEN + name, function, {}, around.aliases, filename, parsed.source, around.record
    )


@dataclass
class _Meanings:
    """What the names in a generated function stand for."""

    meanings: dict[str, Known | Callee | Class | Outer]
    aliased: bool = False

    def learn(self, part: Expr, made: str) -> None:
        """Take in what `part` names; a generated function gets the key that it will have."""
        match part:
            case Outer(id=id):
                self.meanings[id] = part
            case Callee(key=key, spelling=spelling):
                written = WRITTEN + key.removeprefix(made) if key.startswith(made) else key
                self.meanings[spelling] = replace(part, key=written)
            case Known(path=path, spelling=spelling):
                helper = helper_key(path)
                self.meanings[spelling] = part if helper is None else Callee(helper, spelling)
            case Class(spelling=spelling):
                self.meanings[spelling] = part
            case _:
                pass

    def spell(self, known: Known, variables: frozenset[str]) -> str:
        """How to write `known` where `variables` have names of their own."""
        root, dot, rest = known.spelling.partition(".")
        meant = self.meanings[known.spelling]
        meant = meant if isinstance(meant, Callee) else known
        if root not in variables and meant == self.meanings[known.spelling]:
            return known.spelling
        self.aliased = True
        number = 2
        while numbered(root, number) in variables:
            number += 1
        spelling = numbered(root, number) + dot + rest
        self.meanings[spelling] = replace(meant, spelling=known.spelling)
        return spelling

    def resolve(self, dotted: str) -> Resolution:
        return self.meanings.get(dotted)

    def bring_in(self, text: str) -> None:
        """Imports inside the function mean what they did when it was read first."""

    def needed_module(self, name: str) -> str | None:
        return None


def _text(function: Function, meanings: _Meanings) -> str:
    """The text of `function`: that of the user where it still holds."""
    variables = frozenset(variables_of(function))
    naming = Naming({*variables, *(name.partition(".")[0] for name in meanings.meanings)})

    def spell(name: Name | Known) -> str:
        return naming.spell(name) if isinstance(name, Name) else meanings.spell(name, variables)

    def write(stmt: Stmt) -> Written:
        origin = stmt.origin
        text = origin.spelling
        return Written(
            show_statement(stmt, spell).text if text is None else text,
            origin.leading,
            origin.trailing,
        )

    return show_function(function, spell, write)


def _parts(function: Function) -> Iterator[Expr]:
    """Every expression in `function`, with all its parts."""
    for inner in (function, *functions_inside(function.body)):
        for param in inner.params:
            if param.default is not None:
                yield from subexpressions(param.default)
        for stmt in statements(inner.body):
            for expr in own_expressions(stmt):
                yield from subexpressions(expr)


def _with_keywords(block: Block, params: Callable[[Callee], Sequence[Param]]) -> Block:
    """`block` with arguments by name where the user's functions want them so."""

    def named(expr: Expr) -> Expr:
        match expr:
            case Call(func=Callee(key=key) as callee, args=args, kwargs=()) if not key.startswith(
                WRITTEN
            ):
                wanted = params(callee)
                first = sum(not param.keyword_only for param in wanted)
                if len(args) <= first or len(args) != len(wanted):
                    return expr
                ids = (param.id for param in wanted[first:])
                pairs = tuple(zip(ids, args[first:], strict=True))
                return replace(expr, args=args[:first], kwargs=pairs)
            case _:
                return expr

    def statement(stmt: Stmt) -> Stmt:
        stmt = map_blocks(stmt, lambda inner: _with_keywords(inner, params))
        return map_expressions(stmt, lambda expr: rewrite(expr, named))

    return tuple(map(statement, block))


def _respelled(block: Block) -> Block:
    """`block` without its text, which has other names for some functions than we give them."""

    def statement(stmt: Stmt) -> Stmt:
        stmt = map_blocks(stmt, _respelled)
        return replace(stmt, origin=replace(stmt.origin.rewritten(), quote=""))

    return tuple(map(statement, block))
