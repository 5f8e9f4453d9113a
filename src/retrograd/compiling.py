"""The compiler as the rest of the package calls it: on live functions, on files, on text."""

import hashlib
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, Literal

import retrograd.runtime as runtime
from retrograd import __version__
from retrograd.transforms.analyses.activity import Activity
from retrograd.transforms.analyses.kinds_and_ranks import Kinds
from retrograd.transforms.analyses.partials import Partials
from retrograd.transforms.analyses.to_be_recorded import Recorded
from retrograd.transforms.explain.explain import explain
from retrograd.transforms.explain.page import Explanation
from retrograd.transforms.frontend.annotations import parse_kind, parse_types
from retrograd.transforms.frontend.object_names import value_at
from retrograd.transforms.frontend.read import (
    FileProgram,
    functions_in,
    read_file,
    read_live,
    read_text,
)
from retrograd.transforms.frontend.request import Mode, Request
from retrograd.transforms.ir.kinds import UNKNOWN, Array, Kind
from retrograd.transforms.ir.nodes import Checkpoint, Function, Stmt
from retrograd.transforms.ir.show import show
from retrograd.transforms.pipeline import Facts, Generated, compile_module

__all__ = [
    "compile_file",
    "compile_live",
    "compile_text",
    "explain_file",
    "explain_live",
    "file_stages",
    "functions_in",
]


def compile_live(
    function: FunctionType,
    wrt: tuple[int | str, ...],
    mode: Mode,
    types: Mapping[str, str],
    kinds: Mapping[str, Kind],
    checkpoint: Checkpoint = "",
) -> tuple[Generated, dict[str, object]]:
    """The source of a derivative of a live function, and the values that it borrows."""
    program = read_live(function)
    request = _live_request(wrt, mode, types, kinds, checkpoint)
    made = compile_module(program, [(program.entry, request)])
    values = {
        name: value_at(home.key, home.name, program.function) for name, home in made.homes.items()
    }
    return made, values


def explain_live(
    function: FunctionType,
    wrt: tuple[int | str, ...],
    mode: Mode,
    types: Mapping[str, str],
    kinds: Mapping[str, Kind],
    checkpoint: Checkpoint = "",
) -> Explanation:
    """What the compiler finds out about a derivative of a live function."""
    return explain(read_live(function), _live_request(wrt, mode, types, kinds, checkpoint))


def _live_request(
    wrt: tuple[int | str, ...],
    mode: Mode,
    types: Mapping[str, str],
    kinds: Mapping[str, Kind],
    checkpoint: Checkpoint,
) -> Request:
    known = {name: kind for name, kind in kinds.items() if kind != UNKNOWN}
    told = tuple({**known, **_kinds(types)}.items())
    return Request(wrt, mode, told, checkpoint=checkpoint)


def compile_text(
    source: str,
    name: str,
    wrt: tuple[int | str, ...],
    mode: Mode,
    types: Mapping[str, str],
    standalone: bool,
    checkpoint: Checkpoint = "",
) -> str:
    """The source of a derivative of the function `name` of a text."""
    program = read_text(source, name)
    request = Request(wrt, mode, tuple(_kinds(types).items()), checkpoint=checkpoint)
    helpers = helper_sources if standalone else None
    return compile_module(program, [(program.entry, request)], helpers=helpers).text


def compile_file(
    path: Path,
    names: Sequence[str],
    *,
    wrt: str | None = None,
    mode: Literal["grad", "split"] = "grad",
    types: str | None = None,
    value: bool = False,
    standalone: bool = False,
    checkpoint: Checkpoint = "",
    warn: Callable[[str], None] = lambda text: None,
) -> str:
    """A module with derivatives of the functions `names` of a file, none of which is executed.

    Args:
        path: the file.
        names: functions in it.
        wrt: parameters by name, separated by commas; None for the first of each function.
        mode: ``"grad"``, or ``"split"`` for a forward and a backward half.
        types: kinds of parameters, as ``"w: float[d], b: float"``.
        value: also return the value; only in mode ``"grad"``.
        checkpoint: which states of the outermost loops to keep, all of them by default.
        standalone: copy in what the module would import from retrograd.
        warn: is told of gradients that can only raise, for their functions return no number.

    Raises:
        UnsupportedError: a function is outside the language that we differentiate.
        ValueError: a parameter does not exist, or `types` cannot be read.
    """
    asked = None if wrt is None else tuple(part.strip() for part in wrt.split(","))
    told = {} if types is None else parse_types(types)
    if value and mode == "split":
        raise ValueError("--value belongs to --mode grad: a forward half returns the value anyway")
    programs = [read_file(path, name) for name in names]
    requests = []
    for program in programs:
        params = {param.id for param in program.definition(program.entry).function.params}
        mine = tuple((name, kind) for name, kind in told.items() if name in params)
        form: Mode = "value_and_grad" if value else mode
        request = Request(asked, form, mine, checkpoint=checkpoint)
        requests.append((program.entry, request))
    _check_told(told, programs)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    header = (
        f"Derivatives of {', '.join(names)} in {path.name}, written by retrograd {__version__}.",
        f"Source: sha256 {digest}. Do not edit: change the source and compile it again.",
    )
    helpers = helper_sources if standalone else None
    entries = {program.entry for program in programs} if mode == "grad" else set()

    def watch(stage: str, result: object) -> None:
        core = result.core if isinstance(result, Facts) else None
        if core and core.definition.key in entries and _is_array(core.kinds.result):
            name = core.definition.function.name
            warn(
                f"{name} gives an array and no number: its gradient can only raise; write the "
                f"halves of its pullback with --mode split, or call retrograd.vjp({name}, ...), "
                f"retrograd.jvp({name}, ...) or retrograd.jacobian({name})"
            )

    return compile_module(programs[0], requests, header=header, helpers=helpers, watch=watch).text


def _is_array(kind: Kind) -> bool:
    """Whether a value of `kind` surely has axes."""
    return isinstance(kind, Array) and bool(kind.dims)


def _check_told(told: Mapping[str, Kind], programs: Sequence[FileProgram]) -> None:
    params = {
        param.id
        for program in programs
        for param in program.definition(program.entry).function.params
    }
    unknown = [name for name in told if name not in params]
    if unknown:
        raise ValueError(f"types for {', '.join(unknown)}: no function has such a parameter")


def file_stages(
    path: Path,
    name: str,
    wrt: str | None = None,
    mode: Literal["grad", "split"] = "grad",
    types: str | None = None,
    seen: list[tuple[str, str]] | None = None,
) -> list[tuple[str, str]]:
    """What each stage of the compiler makes of a function of a file: pairs of stage and text.

    They are added to `seen` as they are made: a later stage may refuse the function.
    """
    seen = [] if seen is None else seen
    program = read_file(path, name)
    request = _file_request(wrt, mode, types)

    def watch(stage: str, result: object) -> None:
        if not isinstance(result, Facts):
            seen.append((stage, described(result)))

    generated = compile_module(program, [(program.entry, request)], watch=watch)
    seen.append(("emit", generated.text))
    return seen


def explain_file(
    path: Path,
    name: str,
    wrt: str | None = None,
    mode: Literal["grad", "split"] = "grad",
    types: str | None = None,
    checkpoint: Checkpoint = "",
) -> Explanation:
    """What the compiler finds out about a function of a file, which is not executed."""
    request = replace(_file_request(wrt, mode, types), checkpoint=checkpoint)
    return explain(read_file(path, name), request)


def _file_request(wrt: str | None, mode: Literal["grad", "split"], types: str | None) -> Request:
    asked = None if wrt is None else tuple(part.strip() for part in wrt.split(","))
    return Request(asked, mode, tuple(({} if types is None else parse_types(types)).items()))


def helper_sources(names: tuple[str, ...]) -> dict[str, str]:
    """The source text of functions of the runtime and of those that they call, in order of need."""
    sources: dict[str, str] = {}

    def add(name: str, function: Callable[..., Any]) -> None:
        if name in sources:
            return
        sources[name] = ""
        scope = function.__globals__
        for mentioned in _mentioned(function.__code__):
            inner = scope.get(mentioned)
            if isinstance(inner, FunctionType) and inner.__module__.startswith(runtime.__name__):
                add(mentioned, inner)
        sources[name] = inspect.getsource(function)

    for name in names:
        add(name, getattr(runtime, name))
    return sources


def _mentioned(code: CodeType) -> Iterator[str]:
    """The global names that `code` may read; comprehensions have code of their own."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _mentioned(constant)


def _kinds(types: Mapping[str, str]) -> dict[str, Kind]:
    if set(types) == {""}:
        return parse_types(types[""])
    return {name: parse_kind(text) for name, text in types.items()}


def described(result: object) -> str:
    """What a stage made, as text: a function as Python, facts by the statement that they are about."""
    match result:
        case Function():
            return show(result)
        case Kinds(after=after):
            return _by_statement(after, lambda env: ", ".join(f"{n}: {k}" for n, k in env.items()))
        case Activity(varied=varied):
            return _by_statement(varied, lambda names: f"varied before: {_listed(names)}")
        case Recorded():
            groups = (("before", result.before), ("after", result.after))
            found = {
                stmt: f"saved {when}: {_listed(id for save in saves for id in save.ids)}"
                for when, group in groups
                for stmt, saves in group.items()
                if saves
            }
            tops = [
                f"saved on entering {_head(inside.stmt)}: {', '.join(save.ids)}"
                for inside, saves in result.top.items()
                for save in saves
            ]
            return "\n".join(filter(None, [*tops, _by_statement(found, str)])) or "nothing is saved"
        case Mapping():
            return _by_statement(result, _adjoint)
        case _:
            return str(result)


def _by_statement(facts: Mapping[Any, Any], described: Callable[[Any], str]) -> str:
    return "\n".join(f"{_head(stmt)}\n    # {described(fact)}" for stmt, fact in facts.items())


def _head(stmt: Stmt) -> str:
    return stmt.origin.spelling or show(stmt).split("\n")[0]


def _adjoint(parts: Partials) -> str:
    lines = [f"{show(t.target)} = {show(t.value)}" for t in parts.temporaries]
    lines += [f"{show(c.place)}: {show(c.value)}" for c in parts.contributions]
    return "; ".join(lines) or "nothing"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
