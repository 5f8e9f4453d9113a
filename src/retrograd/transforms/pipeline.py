"""The order of the passes: from a request for a derivative to the text of a module.

Read `Compiler.core` (the user's function in the core language, and its facts), then
`Compiler.reverse` (what the reverse sweep is made of), then `Compiler.joint` and `Compiler.split`
(the two forms it takes) and `Compiler.tangent` (forward mode), then `compile_module`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from retrograd.transforms.analyses.activity import activity, everything_active
from retrograd.transforms.analyses.aliasing import exclusive
from retrograd.transforms.analyses.coverage import check_coverage
from retrograd.transforms.analyses.kinds_and_ranks import Kinds, kinds_and_ranks
from retrograd.transforms.analyses.liveness import liveness
from retrograd.transforms.analyses.partials import CalleePlan, partials
from retrograd.transforms.analyses.to_be_recorded import to_be_recorded
from retrograd.transforms.backend.emit import Module, emit, runtime_functions
from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.frontend.annotations import kind_of_annotation
from retrograd.transforms.frontend.one_module import Home, OneModule
from retrograd.transforms.frontend.read import Definition, Program
from retrograd.transforms.ir.algebra import ONE
from retrograd.transforms.ir.kinds import FLOAT, Array, Kind, Other, Scalar
from retrograd.transforms.ir.kinds import Mapping as MappingKind
from retrograd.transforms.ir.nodes import (
    MADE,
    Assign,
    AugAssign,
    Call,
    Callee,
    Const,
    Expr,
    Function,
    Index,
    Known,
    Name,
    Outer,
    Param,
    Stmt,
)
from retrograd.transforms.ir.walk import (
    assigned,
    children,
    own_expressions,
    statements,
    subexpressions,
)
from retrograd.transforms.passes.adjoint import Halves, Wanted, joint, split
from retrograd.transforms.passes.desugar import desugar, rebind
from retrograd.transforms.passes.drop_unread import drop_unread
from retrograd.transforms.passes.name_operands import name_operands
from retrograd.transforms.passes.share import share
from retrograd.transforms.passes.simplify import simplify
from retrograd.transforms.passes.sweeps import Sweeps
from retrograd.transforms.passes.tangent import tangent
from retrograd.transforms.passes.unfold_choices import unfold_choices

Mode = Literal["grad", "value_and_grad", "split", "jvp"]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be made of one function.

    `wrt` are parameters by name or position, None for the first; `kinds` is what is known of the
    arguments beside annotations. With `safe` every analysis gives its safe answer: everything is
    active, everything overwritten is recorded; the gradient must come out the same.
    """

    wrt: tuple[int | str, ...] | None = None
    mode: Mode = "grad"
    kinds: tuple[tuple[str, Kind], ...] = ()
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Core:
    """A function in the core language, with the kinds of its variables."""

    definition: Definition
    function: Function
    kinds: Kinds
    fresh: "Fresh"
    params: Mapping[str, Kind]


class Fresh:
    """Makes names that a function does not have yet: ``k``, ``k2``, ``k3``."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken

    def __call__(self, root: str) -> str:
        count = 1
        while (name := root if count == 1 else f"{root}{count}") in self.taken:
            count += 1
        self.taken.add(name)
        return name


class Compiler:
    """Compiles one function of a program, and those that it calls."""

    def __init__(
        self, program: OneModule, *, safe: bool = False, watch: "Watch | None" = None
    ) -> None:
        self.program = program
        self.safe = safe
        self.watch = watch or (lambda stage, result: None)
        self.cores: dict[tuple[str, tuple[Kind, ...]], Core] = {}
        self.halves: dict[tuple[str, tuple[Kind, ...], tuple[bool, ...]], CalleePlan] = {}
        self.tangents: dict[tuple[str, tuple[Kind, ...], tuple[bool, ...]], Callee] = {}
        self.functions: list[Function] = []
        self.names = Fresh(set())
        self.open: list[str] = []

    # ---- one function

    def core(self, key: str, kinds: tuple[Kind, ...]) -> Core:
        """The function `key` in the core language, for arguments of `kinds`."""
        if (key, kinds) not in self.cores:
            self.cores[key, kinds] = self._core(key, kinds)
        return self.cores[key, kinds]

    def _core(self, key: str, kinds: tuple[Kind, ...]) -> Core:
        definition = self.program.definition(key)
        report = Diagnostics()
        if key in self.open:
            report.refuse(
                "RG306",
                definition.function.origin.span,
                f"`{definition.function.name}` calls itself",
            )
            report.raise_if_any()
        self.open.append(key)
        function = definition.function
        self.watch("read", function)
        fresh = Fresh(_names_in(function))
        function = desugar(function, fresh, self._params, report)
        params = dict(zip((param.id for param in function.params), kinds, strict=True))
        outers = {id: value.kind for id, value in definition.outers.items()}
        facts = kinds_and_ranks(function, params, outers, self._callee_kind)
        _check_augmented(function, facts, report)
        function = rebind(function, lambda stmt: _is_scalar(stmt, facts))
        self.watch("desugar", function)
        core = self._with(Core(definition, function, facts, fresh, params), function)
        self.watch("kinds", core.kinds)
        report.raise_if_any()
        self.open.remove(key)
        return core

    def _with(self, core: Core, function: Function) -> Core:
        """`core` with `function`, and the kinds in it."""
        outers = {id: value.kind for id, value in core.definition.outers.items()}
        kinds = kinds_and_ranks(function, core.params, outers, self._callee_kind)
        return replace(core, function=function, kinds=kinds)

    def reverse(self, core: Core, wrt: tuple[str, ...], seed: Expr) -> tuple[Core, Sweeps]:
        """What the reverse sweep of a function is made of, for the cotangent `seed` of its result."""
        report = Diagnostics()
        active = activity(core.function, frozenset(wrt), core.kinds)
        self.watch("activity", active)
        check_coverage(core.function, active.varied, core.kinds, report)
        if isinstance(core.kinds.result, Other):
            what = core.kinds.result.what
            report.refuse("RG308", core.definition.function.origin.span, f"a result of kind {what}")
        report.raise_if_any()
        core = self._with(core, unfold_choices(core.function, active, core.kinds, core.fresh))
        active = activity(core.function, frozenset(wrt), core.kinds)
        core = self._with(core, name_operands(core.function, active, core.kinds, core.fresh))
        function, kinds = core.function, core.kinds
        find = everything_active(function, kinds) if self.safe else None
        active = find or activity(function, frozenset(wrt), kinds)
        parts = partials(function, active, kinds, self._split, core.fresh, seed, report)
        self.watch("partials", parts)
        report.raise_if_any()
        recorded = to_be_recorded(
            function,
            parts,
            active.useful,
            kinds,
            liveness(function),
            core.fresh,
            report,
            everything=self.safe,
        )
        self.watch("to_be_recorded", recorded)
        report.raise_if_any()
        value = Name(core.fresh("value"), "made")
        return core, Sweeps(
            parts, recorded, active.useful, kinds, core.fresh, _split_dicts(core), True, value
        )

    def joint(self, key: str, request: Request) -> Function:
        """The gradient of `key` in one function."""
        definition = self.program.definition(key)
        params = definition.function.params
        wrt = wrt_names(params, request.wrt)
        kinds = param_kinds(params, request.kinds, wrt)
        core = self.core(key, tuple(kinds.values()))
        core, sweeps = self.reverse(core, wrt, ONE)
        with_value = request.mode == "value_and_grad"
        name = self.names(f"{core.function.name}_{'value_and_' if with_value else ''}grad")
        function = joint(core.function, sweeps, Wanted(name, wrt, kinds, with_value))
        self.watch("adjoint", function)
        return self._tidied(function, core)

    def split(self, key: str, kinds: tuple[Kind, ...], wrt: tuple[str, ...]) -> tuple[Halves, str]:
        """The two halves of `key` for arguments of `kinds`, and the name they go by."""
        core = self.core(key, kinds)
        seed = Name(core.fresh("out_bar"), "made")
        core, sweeps = self.reverse(core, wrt, seed)
        root, count = core.function.name, 1
        while f"{root}_bwd" in self.names.taken:
            count += 1
            root = f"{core.function.name}{count}"
        self.names.taken |= {f"{root}_fwd", f"{root}_bwd"}
        params = dict(zip((param.id for param in core.function.params), kinds, strict=True))
        halves = split(core.function, sweeps, Wanted(root, wrt, params), seed, core.fresh)
        if halves.forward is not None:
            forward = self._tidied(halves.forward, core)
            self.functions.append(forward)
            halves = replace(halves, forward=forward)
        backward = self._tidied(halves.backward, core)
        self.functions.append(backward)
        return replace(halves, backward=backward), root

    def tangent(self, key: str, kinds: tuple[Kind, ...], wrt: tuple[str, ...]) -> Function:
        """`key` for arguments of `kinds`, with tangents of `wrt` carried forward."""
        core = self.core(key, kinds)
        name = self.names(f"{core.function.name}_jvp")
        report = Diagnostics()
        active = activity(core.function, frozenset(wrt), core.kinds)
        self.watch("activity", active)
        check_coverage(core.function, active.varied, core.kinds, report)
        report.raise_if_any()
        if self.safe:
            active = everything_active(core.function, core.kinds)
        function = tangent(
            core.function, active, core.kinds, name, wrt, self._push, core.fresh, report
        )
        report.raise_if_any()
        self.watch("tangent", function)
        return self._tidied(function, core)

    def _tidied(self, function: Function, core: Core) -> Function:
        """`function`, made from `core`, as short as it gets."""
        function = drop_unread(function, liveness(function))
        function = simplify(function, core.kinds.anywhere)
        function = drop_unread(function, liveness(function))
        function = share(function, core.fresh)
        self.watch("simplify", function)
        return function

    # ---- callees

    def _params(self, callee: Callee) -> tuple[Param, ...]:
        return self.program.definition(callee.key).function.params

    def _callee_kind(self, call: Call, kinds: tuple[Kind, ...]) -> Kind:
        assert isinstance(call.func, Callee)
        return self.core(call.func.key, kinds).kinds.result

    def _split(self, call: Call, kinds: tuple[Kind, ...], active: tuple[bool, ...]) -> CalleePlan:
        assert isinstance(call.func, Callee)
        key = call.func.key
        if (key, kinds, active) not in self.halves:
            params = self._params(call.func)
            wrt = tuple(p.id for p, flag in zip(params, active, strict=True) if flag)
            halves, root = self.split(key, kinds, wrt)
            ids = tuple(param.id for param in params)
            self.halves[key, kinds, active] = CalleePlan(
                Callee(_MADE + f"{root}_fwd", f"{root}_fwd"),
                Callee(_MADE + f"{root}_bwd", f"{root}_bwd"),
                ids,
                tuple(ids.index(name) for name in halves.needs),
                tuple(ids.index(name) for name in wrt),
                halves.keeps,
            )
        return self.halves[key, kinds, active]

    def _push(self, call: Call, kinds: tuple[Kind, ...], active: tuple[bool, ...]) -> Callee:
        assert isinstance(call.func, Callee)
        key = call.func.key
        if (key, kinds, active) not in self.tangents:
            params = self._params(call.func)
            wrt = tuple(p.id for p, flag in zip(params, active, strict=True) if flag)
            function = self.tangent(key, kinds, wrt)
            self.functions.append(function)
            self.tangents[key, kinds, active] = Callee(_MADE + function.name, function.name)
        return self.tangents[key, kinds, active]


_MADE = "made here:"

#: Is shown what each stage makes.
Watch = Callable[[str, object], None]


def wrt_names(params: Sequence[Param], wrt: tuple[int | str, ...] | None) -> tuple[str, ...]:
    """The parameters to differentiate with respect to, by name.

    Raises:
        ValueError: there is no such parameter.
    """
    ids = [param.id for param in params]
    found = []
    for one in (0,) if wrt is None else wrt:
        if isinstance(one, str) and one in ids:
            found.append(one)
        elif isinstance(one, int) and -len(ids) <= one < len(ids):
            found.append(ids[one])
        else:
            listed = ", ".join(ids) or "none"
            raise ValueError(
                f"no parameter {one!r} to differentiate by; the parameters are: {listed}"
            )
    if len(set(found)) < len(found):
        raise ValueError(f"a parameter is named twice: {', '.join(found)}")
    return tuple(found)


def param_kinds(
    params: Sequence[Param], known: tuple[tuple[str, Kind], ...], wrt: tuple[str, ...]
) -> dict[str, Kind]:
    """The kind of every parameter: as told, else as annotated; integers asked for are floats."""
    told = dict(known)
    unknown = [name for name in told if all(param.id != name for param in params)]
    if unknown:
        raise ValueError(f"types given for {', '.join(unknown)}, which the function does not have")
    kinds = {p.id: told.get(p.id, kind_of_annotation(p.annotation)) for p in params}
    for name in wrt:
        match kinds[name]:
            case Scalar():
                kinds[name] = FLOAT
            case Array(dtype="int" | "bool", dims=dims):
                kinds[name] = Array("float", dims)
            case _:
                pass
    return kinds


class Generated(NamedTuple):
    """The text of a module, the functions in it that were asked for, and whose values it borrows.

    `homes` tells of each name that stands for a live value of another module where that value is.
    """

    text: str
    names: tuple[str, ...]
    homes: Mapping[str, Home]


def compile_module(
    source: Program,
    requests: Sequence[tuple[str, Request]],
    *,
    header: Sequence[str] = (),
    docstring: str | None = None,
    helpers: Callable[[tuple[str, ...]], Mapping[str, str]] | None = None,
    watch: Watch | None = None,
    line_length: int = 88,
) -> Generated:
    """The module with what `requests` ask for of functions of `source`.

    `helpers` gives the source text of functions of the runtime, to be copied in.
    """
    program = OneModule(source)
    functions: list[Function] = []
    asked: list[str] = []
    definitions: dict[str, Definition] = {}
    names = Fresh(_names_around(program, [key for key, _ in requests]))
    for key, request in requests:
        compiler = Compiler(program, safe=request.safe, watch=watch)
        compiler.names = names
        if request.mode == "split":
            made, root = compiler.split(key, *_split_request(program, key, request))
            functions += compiler.functions
            if made.forward is None:
                functions.append(_plain_forward(program.definition(key).function, root))
            asked += [f"{root}_fwd", f"{root}_bwd"]
        else:
            if request.mode == "jvp":
                function = compiler.tangent(key, *_split_request(program, key, request))
            else:
                function = compiler.joint(key, request)
            asked.append(function.name)
            functions += [*compiler.functions, function]
        definitions.update(
            {core.definition.key: core.definition for core in compiler.cores.values()}
        )
    functions, used = _with_primals(functions, program, definitions)
    copied = helpers(runtime_functions(functions)) if helpers is not None else None
    module = Module(
        tuple(functions),
        header=tuple(header),
        docstring=docstring,
        imports=(*_imports(used, program), *(("import numpy as np",) if copied else ())),
        constants=_constants(used, program),
        aliases=program.definition(program.entry).aliases,
    )
    text = emit(module, helpers=copied, line_length=line_length)
    return Generated(text, tuple(asked), program.homes)


def _plain_forward(function: Function, root: str) -> Function:
    """The forward half of a function of which nothing has to be kept: the function itself."""
    docstring = f"{function.name}({', '.join(p.id for p in function.params)}); keeps nothing."
    return replace(_positional(function), name=f"{root}_fwd", docstring=docstring, origin=MADE)


def _split_request(
    program: OneModule, key: str, request: Request
) -> tuple[tuple[Kind, ...], tuple[str, ...]]:
    params = program.definition(key).function.params
    wrt = wrt_names(params, request.wrt)
    return tuple(param_kinds(params, request.kinds, wrt).values()), wrt


def _with_primals(
    functions: list[Function], program: OneModule, definitions: dict[str, Definition]
) -> tuple[list[Function], list[Definition]]:
    """`functions` behind the user functions that they call as they are; all definitions involved."""
    needed: dict[str, Definition] = {}
    todo = list(functions)
    while todo:
        for callee in _callees(todo.pop()):
            if not callee.key.startswith(_MADE) and callee.key not in needed:
                needed[callee.key] = program.definition(callee.key)
                todo.append(needed[callee.key].function)
    primals = [_positional(definition.function) for definition in needed.values()]
    return [*primals, *functions], list({**definitions, **needed}.values())


def _positional(function: Function) -> Function:
    """`function` with parameters that may all be given by position, as our calls do."""
    params = tuple(replace(param, keyword_only=False) for param in function.params)
    return replace(function, params=params)


def _names_around(program: OneModule, keys: Sequence[str]) -> set[str]:
    """Every name that means something in the functions `keys` and in those that they call."""
    taken: set[str] = set()
    seen: set[str] = set()
    todo = list(keys)
    while todo:
        key = todo.pop()
        if key not in seen:
            seen.add(key)
            function = program.definition(key).function
            taken |= {function.name, *_names_in(function)}
            todo += [callee.key for callee in _callees(function)]
    return taken


def _callees(function: Function) -> Iterator[Callee]:
    for stmt in statements(function.body):
        for expr in own_expressions(stmt):
            yield from (part for part in subexpressions(expr) if isinstance(part, Callee))


def _constants(definitions: Sequence[Definition], program: OneModule) -> tuple[str, ...]:
    """The assignments that make the module-level values the functions read; live ones are there."""
    if program.is_live():
        return ()
    report = Diagnostics()
    lines: dict[str, None] = {}
    for definition in definitions:
        for id, value in definition.outers.items():
            if value.source is None:
                report.refuse("RG404", definition.function.origin.span, f"the value of `{id}`")
            else:
                lines[value.source] = None
    report.raise_if_any()
    return tuple(lines)


def _imports(definitions: Sequence[Definition], program: OneModule) -> tuple[str, ...]:
    """The import statements that copied constants need."""
    if program.is_live():
        return ()
    lines: dict[str, None] = {}
    for definition in definitions:
        for value in definition.outers.values():
            for part in subexpressions(value.value) if value.value is not None else ():
                if isinstance(part, Known) and "." in part.path:
                    lines[_import_of(part)] = None
    return tuple(lines)


def _import_of(known: Known) -> str:
    """The statement that makes a library's function known as it is spelled."""
    root, *attributes = known.spelling.split(".")
    if attributes:
        module = ".".join(known.path.split(".")[: -len(attributes)])
        return f"import {module}" if module == root else f"import {module} as {root}"
    module, _, name = known.path.rpartition(".")
    return f"from {module} import {name}" + ("" if name == root else f" as {root}")


def _names_in(function: Function) -> set[str]:
    """Every name that means something in `function`."""
    taken = {param.id for param in function.params}
    for stmt in statements(function.body):
        for expr in own_expressions(stmt):
            for part in subexpressions(expr):
                match part:
                    case Name(id=id) | Outer(id=id):
                        taken.add(id.partition(".")[0])
                    case Known(spelling=spelling) | Callee(spelling=spelling):
                        taken.add(spelling.partition(".")[0])
                    case _:
                        pass
        if isinstance(stmt, Assign | AugAssign) or hasattr(stmt, "target"):
            taken |= {part.id for part in subexpressions(stmt.target) if isinstance(part, Name)}
    return taken


def _is_scalar(stmt: AugAssign, kinds: Kinds) -> bool:
    return stmt in kinds.after and isinstance(
        kinds.of(stmt.target, kinds.before[stmt]), Scalar | Other
    )


def _check_augmented(function: Function, kinds: Kinds, report: Diagnostics) -> None:
    """``x += e`` must not change an array that something else sees."""
    own = exclusive(function, lambda stmt: _is_scalar(stmt, kinds))
    for stmt in statements(function.body):
        match stmt:
            case AugAssign(target=Name(id=id)) if stmt in own:
                if id not in own[stmt] and not _is_scalar(stmt, kinds):
                    report.refuse("RG402", stmt.origin.span, f"`{id}` may be shared")
            case _:
                pass


def _split_dicts(core: Core) -> frozenset[str]:
    """The dict parameters of which only entries are read, each a number or an array."""
    found = set()
    for name, kind in core.kinds.before[core.function.body[0]].items():
        if isinstance(kind, MappingKind) and kind.items is not None:
            plain = all(isinstance(item, Scalar | Array) for _, item in kind.items)
            plain = plain and name not in assigned(core.function.body)
            if plain and not _is_read_whole(core.function, name):
                found.add(name)
    return frozenset(found)


def _is_read_whole(function: Function, name: str) -> bool:
    def whole(expr: Expr) -> bool:
        match expr:
            case Index(value=Name(id=id), index=Const(value=str())) if id == name:
                return False
            case Name(id=id, role=""):
                return id == name
            case _:
                return any(map(whole, children(expr)))

    return any(whole(expr) for stmt in statements(function.body) for expr in _all_expressions(stmt))


def _all_expressions(stmt: Stmt) -> tuple[Expr, ...]:
    return own_expressions(stmt)
