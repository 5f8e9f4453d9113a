"""The language between Python text and Python text, on one page.

Expressions compare by value: `x * x` is one expression wherever it stands. Statements compare by
identity: two assignments are two events. Every statement remembers the user's text for it in its
`origin`, and whoever changes what a statement means clears that text (`Origin.rewritten`).

Nodes marked as surface language come from the front end and are gone after `desugar`: what passes
and analyses see is the core language.
"""

import ast
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal, TypeAlias

from retrograd.transforms.diagnostics.span import Span
from retrograd.transforms.ir.kinds import Kind

# ---------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True)
class Const:
    """A literal as spelled: ``2.0``, ``"W1"``, ``True``, ``None``, ``...``; numbers never negative."""

    text: str
    at: Span | None = field(default=None, compare=False, repr=False)

    @property
    def value(self) -> object:
        """The Python value of the literal."""
        return _literal(self.text)


@cache
def _literal(text: str) -> object:
    return ast.literal_eval(text)


#: What a name stands for beside the user's own variable `id`: its cotangent, its tangent, the tape
#: of its overwritten values, a value of our own making, or (between passes) what a statement is about
#: to give it. The backend alone spells them.
Role: TypeAlias = Literal["", "bar", "dot", "saved", "made", "out"]


@dataclass(frozen=True, slots=True)
class Name:
    """A parameter or local variable, or with a `role` something that belongs to it.

    What is "saved" of no variable in particular, with the id "", is the stack of a function that
    calls itself.
    """

    id: str
    role: Role = ""
    at: Span | None = field(default=None, compare=False, repr=False)


STACK = Name("", "saved")


@dataclass(frozen=True, slots=True)
class Outer:
    """A constant from outside the function: a module-level name or a closure variable; read only."""

    id: str
    at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """A public function or constant of a library or of Python: ``numpy.sin``, ``math.pi``, ``len``.

    `path` is its public name (builtins are bare: ``abs``); `spelling` is how this file says it.
    """

    path: str
    spelling: str = field(compare=False)
    at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Callee:
    """A function of the user's whose source can be read; `key` finds it in the program.

    `acts` tells whether calling it does more than give a value: it prints, or draws a number. What
    is called `again` keeps nothing for the reverse sweep, which calls it once more.
    """

    key: str
    spelling: str = field(compare=False)
    acts: bool = field(default=False, compare=False)
    at: Span | None = field(default=None, compare=False, repr=False)
    again: bool = False


@dataclass(frozen=True, slots=True)
class Class:
    """A class of the user's whose calls make records, or exceptions; `key` finds it in the program.

    `fields` has each field with the kind that it has by default, None if a call must give it;
    `positional` are those that a call may give by position.
    """

    key: str
    spelling: str = field(compare=False)
    form: Literal["namedtuple", "dataclass", "object", "exception"]
    fields: tuple[tuple[str, Kind | None], ...]
    positional: tuple[str, ...]
    at: Span | None = field(default=None, compare=False, repr=False)

    def given(self, call: "Call") -> dict[str, "Expr"]:
        """The fields that a call of the class gives, by name."""
        return dict(zip(self.positional, call.args, strict=False)) | dict(call.kwargs)


@dataclass(frozen=True, slots=True)
class Unary:
    """``-x``, ``+x``, ``~x``, ``not x``."""

    op: Literal["-", "+", "~", "not"]
    operand: "Expr"
    at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """``x + y`` and its kin: ``+ - * / ** @ // % & | ^ << >>``."""

    op: str
    left: "Expr"
    right: "Expr"
    at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """``a < b <= c``: as many operators as `rest` has operands."""

    first: "Expr"
    ops: tuple[str, ...]
    rest: tuple["Expr", ...]
    at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class BoolOp:
    """``a and b``, ``a or b``."""

    op: Literal["and", "or"]
    left: "Expr"
    right: "Expr"
    at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class IfExp:
    """``then if test else orelse``."""

    test: "Expr"
    then: "Expr"
    orelse: "Expr"
    at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """``func(*args, **kwargs)``; a method call has an `Attribute` as `func` until desugared.

    The key ``**`` stands before a dict whose entries are passed; surface language.
    """

    func: "Expr"
    args: tuple["Expr", ...] = ()
    kwargs: tuple[tuple[str, "Expr"], ...] = ()
    at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Attribute:
    """``value.name`` of a value that is not a module: ``x.shape``, ``x.T``.

    With `is_field` it is a part of a record, data of the user's whatever its name.
    """

    value: "Expr"
    name: str
    at: Span | None = field(default=None, compare=False, repr=False)
    is_field: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """``value[index]``; several subscripts are a `Tuple`."""

    value: "Expr"
    index: "Expr"
    at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Slice:
    """``start:stop:step`` inside a subscript."""

    start: "Expr | None"
    stop: "Expr | None"
    step: "Expr | None"
    at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Tuple:
    """``(a, b)``."""

    items: tuple["Expr", ...]
    at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class List:
    """``[a, b]``."""

    items: tuple["Expr", ...]
    at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Dict:
    """``{"a": x, "b": y}``."""

    items: tuple[tuple["Expr", "Expr"], ...]
    at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Starred:
    """``*value`` in a call, a display or a target; surface language."""

    value: "Expr"
    at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Named:
    """``(name := value)``; surface language."""

    target: Name
    value: "Expr"
    at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Lambda:
    """``lambda params: body``; `params` are names of the function's own; surface language."""

    params: tuple["Param", ...]
    body: "Expr"
    at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Clause:
    """``for target in iterable if test if test`` inside a comprehension."""

    target: "Target"
    iterable: "Expr"
    tests: tuple["Expr", ...] = ()


@dataclass(frozen=True, slots=True)
class Comprehension:
    """``[element for ...]``; of a dict, `element` is the pair of key and value; surface language.

    The targets of its clauses have names that nothing else in the function has.
    """

    form: Literal["list", "dict", "set", "generator"]
    element: "Expr"
    clauses: tuple[Clause, ...]
    at: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """``f"{a:.3f} of {b}"``: `values` between `pieces` of source text, one more of these."""

    pieces: tuple[str, ...]
    values: tuple["Expr", ...]
    at: Span | None = field(default=None, compare=False, repr=False)


Expr: TypeAlias = (
    Const | Name | Outer | Known | Callee | Class | Unary | Binary | Compare | BoolOp | IfExp
    | Call | Attribute | Index | Slice | Tuple | List | Dict | Text
    | Starred | Named | Lambda | Comprehension
)  # fmt: skip

# ---------------------------------------------------------------- statements


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a statement comes from, and how the user wrote it.

    `leading` holds the comment lines and blank lines ("") above it, `trailing` the comment behind
    it with its ``#``. `spelling` is the user's text for exactly this statement, for a compound one
    its header without the colon (``for i in range(n)``); None for statements of our own making,
    "" for what the header of the loop around it does.
    `quote` is that text too, and stays when the statement is rewritten: the adjoint quotes it.
    An `if` is `flat` where the user wrote its `orelse` behind it, for its `then` goes elsewhere.
    `reads` are variables that the text reads and the statement, where views have been resolved,
    does not.
    """

    span: Span | None = None
    leading: tuple[str, ...] = ()
    trailing: str = ""
    spelling: str | None = None
    quote: str = ""
    flat: bool = False
    reads: frozenset[str] = frozenset()

    def rewritten(self) -> "Origin":
        """This origin for a statement that no longer means what the user wrote."""
        quote = self.quote or self.spelling or ""
        return replace(self, spelling=None, quote=quote, reads=frozenset())

    def again(self) -> "Origin":
        """The origin of the same statement in the reverse sweep: its text, if that reads no more."""
        return Origin(spelling=None if self.reads else self.spelling or None)


MADE = Origin()


@dataclass(frozen=True, slots=True, eq=False)
class Assign:
    """``target = value``: gives a name, a tuple of names or an element one value."""

    target: "Target"
    value: Expr
    origin: Origin = MADE


@dataclass(frozen=True, slots=True, eq=False)
class AugAssign:
    """``target op= value``; mutates an array in place, rebinds a scalar."""

    target: "Name | Index | Attribute"
    op: str
    value: Expr
    origin: Origin = MADE


#: Of which states of a loop the reverse sweep computes the others again: of all if "", of about as many
#: as the root of their number, of about as many as it has digits, or of those that fit into so many bytes.
Checkpoint: TypeAlias = Literal["", "sqrt", "recursive"] | int


@dataclass(frozen=True, slots=True, eq=False)
class For:
    """``for target in iterable: body``; `counter` is the variable that counts the iterations begun.

    In the core language no loop has an `orelse`, and only one that may be left early has a counter
    and `exits`: variables that are True behind it if it was left where they were set. `checkpoint`
    says which of its states are kept; then it counts from zero.
    """

    target: "Target"
    iterable: Expr
    body: "Block"
    orelse: "Block" = ()
    counter: str = ""
    exits: tuple[str, ...] = ()
    origin: Origin = MADE
    checkpoint: Checkpoint = ""


@dataclass(frozen=True, slots=True, eq=False)
class While:
    """``while test: body``; `counter` is the variable that counts its iterations, if one does.

    `orelse`, `exits` and `checkpoint` are those of `For`.
    """

    test: Expr
    body: "Block"
    orelse: "Block" = ()
    counter: str = ""
    exits: tuple[str, ...] = ()
    origin: Origin = MADE
    checkpoint: Checkpoint = ""


@dataclass(frozen=True, slots=True, eq=False)
class If:
    """``if test: then else: orelse``; an ``elif`` is an `If` alone in `orelse`.

    `exit` is set where `test` will not do again and one branch always leaves the loop, or where
    `test` is a flag of the loop: the one of its `exits` that tells, in the last iteration begun,
    whether this happened. It is the loop's `counter` if nothing else ends the loop.
    """

    test: Expr
    then: "Block"
    orelse: "Block"
    origin: Origin = MADE
    exit: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Return:
    """``return value``."""

    value: Expr
    origin: Origin = MADE


@dataclass(frozen=True, slots=True, eq=False)
class Do:
    """An expression as a statement, for its effect: ``x_saved.append(x)``."""

    value: Expr
    origin: Origin = MADE


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """``pass``."""

    origin: Origin = MADE


@dataclass(frozen=True, slots=True, eq=False)
class Comment:
    """A comment line of our own, without its ``# ``; an empty one is a blank line."""

    text: str
    origin: Origin = MADE


@dataclass(frozen=True, slots=True, eq=False)
class With:
    """``with context: body``, of a context that neither makes nor swallows values we follow."""

    context: Expr
    body: "Block"
    origin: Origin = MADE


@dataclass(frozen=True, slots=True, eq=False)
class Break:
    """``break``. In the core language nothing comes behind it in its iteration."""

    origin: Origin = MADE


@dataclass(frozen=True, slots=True, eq=False)
class Continue:
    """``continue``. In the core language nothing comes behind it in its iteration."""

    origin: Origin = MADE


@dataclass(frozen=True, slots=True, eq=False)
class Raise:
    """``raise value``; what comes behind it never runs."""

    value: Expr
    origin: Origin = MADE


@dataclass(frozen=True, slots=True, eq=False)
class Assert:
    """``assert test, message``."""

    test: Expr
    message: Expr | None = None
    origin: Origin = MADE


@dataclass(frozen=True, slots=True, eq=False)
class Delete:
    """``del targets``; surface language where a name is unbound."""

    targets: tuple[Expr, ...]
    origin: Origin = MADE


@dataclass(frozen=True, slots=True, eq=False)
class Import:
    """An import inside the function, as `text`; its names are resolved where they are read."""

    text: str
    origin: Origin = MADE


@dataclass(frozen=True, slots=True, eq=False)
class Define:
    """``def``: a function inside the function, that sees its variables; surface language."""

    function: "Function"
    origin: Origin = MADE


Target: TypeAlias = Name | Index | Attribute | Tuple | Starred
Stmt: TypeAlias = (
    Assign | AugAssign | For | While | If | With | Return | Do | Raise | Assert | Break | Pass
    | Comment | Import | Delete | Continue | Define
)  # fmt: skip
Block: TypeAlias = tuple[Stmt, ...]

# ---------------------------------------------------------------- functions


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter; `annotation` is text as written, `default` an expression of constants.

    A `role` is that of a `Name`, for parameters of our own making. With a `star` it holds the
    positional arguments that are left over, as a tuple, or the keyword arguments, as a dict.
    """

    id: str
    annotation: str | None = None
    default: Expr | None = None
    keyword_only: bool = False
    role: Role = ""
    at: Span | None = field(default=None, compare=False, repr=False)
    positional_only: bool = False
    star: Literal["", "*", "**"] = ""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function definition; `docstring` is its text without quotes."""

    name: str
    params: tuple[Param, ...]
    body: Block
    docstring: str | None = None
    origin: Origin = MADE
