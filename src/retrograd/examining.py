"""Whether the functions of files differentiate: each is compiled, and none of them runs."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from retrograd.transforms.diagnostics.catalogue import kind_of
from retrograd.transforms.diagnostics.kind import DiagnosticKind
from retrograd.transforms.diagnostics.report import (
    Diagnostic,
    SourceUnavailable,
    UnsupportedError,
)
from retrograd.transforms.diagnostics.span import Span
from retrograd.transforms.frontend.annotations import parse_types
from retrograd.transforms.frontend.modules import ModuleFile
from retrograd.transforms.frontend.project import Project
from retrograd.transforms.frontend.read import Definition, FileProgram
from retrograd.transforms.frontend.request import Request, param_kinds
from retrograd.transforms.ir.kinds import Array, Kind, Other, Scalar
from retrograd.transforms.ir.nodes import Const, Param
from retrograd.transforms.pipeline import compile_module

#: Annotations of what is no number.
_NO_NUMBERS: Final = ("str", "bytes", "None", "Callable", "type", "Path")


@dataclass(frozen=True, slots=True)
class Examined:
    """One function, or a file that cannot be read: where it is, and what stands in the way.

    `wrt` are the parameters that may hold floats, by which it was differentiated; without any,
    there is nothing to differentiate.
    """

    filename: str
    line: int
    name: str
    wrt: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def examine(paths: Sequence[Path], types: str | None = None) -> Iterator[Examined]:
    """The functions of the files `paths`, methods too, in the order of the text; not `__init__`.

    `types` gives kinds to all parameters of the names in it.

    Raises:
        ValueError: `types` cannot be read.
    """
    told = {} if types is None else parse_types(types)
    known: Project | None = None
    projects: list[Project] = []
    for path in paths:
        try:
            known = Project.of(path) if known is None else known.beside(path)
        except (UnsupportedError, SourceUnavailable) as error:
            yield Examined(str(path), 1, "", (), _diagnostics(error))
        else:
            projects.append(known)
    definitions: dict[str, Definition] = {}
    for project in projects:
        for name in project.entry.functions:
            if name.endswith(".__init__"):  # which gives nothing back
                continue
            yield _examined(project, name, told, definitions)


def _examined(
    project: Project, name: str, told: Mapping[str, Kind], definitions: dict[str, Definition]
) -> Examined:
    module = project.entry
    found = Examined(module.filename, module.functions[name].lineno, name, (), ())
    try:
        program = FileProgram(project, name, definitions)
        definition = program.definition(program.entry)
        params = definition.function.params
        mine = {param.id: told[param.id] for param in params if param.id in told}
        mine = _instance(definition, module, name) | mine
        kinds = param_kinds(params, tuple(mine.items()), (), definition.record)
        wrt = tuple(_floats(params, kinds, mine, module, name))
        found = replace(found, wrt=wrt)
        if wrt:
            request = Request(wrt, "split", tuple(mine.items()))
            compile_module(program, [(program.entry, request)])
    except (UnsupportedError, SourceUnavailable) as error:
        return replace(found, diagnostics=_diagnostics(error))
    except Exception as error:  # whatever it is, it is ours, and the next function has its turn
        return replace(found, diagnostics=(_ours(module, found.line, error),))
    return found


def _instance(definition: Definition, module: ModuleFile, name: str) -> dict[str, Kind]:
    """The kind of the object that a method belongs to, if its class can be read."""
    params = definition.function.params
    cls = name.rpartition(".")[0]
    if not cls or not params:
        return {}
    if _is_decorated(module, name, "staticmethod", "classmethod"):
        return {}
    kind = definition.record(cls)
    return {} if kind is None else {params[0].id: kind}


def _floats(
    params: Sequence[Param],
    kinds: Mapping[str, Kind],
    told: Collection[str],
    module: ModuleFile,
    name: str,
) -> Iterator[str]:
    """The parameters that may hold floats; not the object that a method belongs to, nor what is left over."""
    for place, param in enumerate(params):
        if place == 0 and "." in name and not _is_decorated(module, name, "staticmethod"):
            continue
        if param.star:
            continue
        match kinds[param.id]:
            case Scalar(dtype="int" | "bool") | Array(dtype="int" | "bool") | Other():
                continue
            case _ if _says_no_number(param) and param.id not in told:
                continue
            case _:
                yield param.id


def _is_decorated(module: ModuleFile, name: str, *decorators: str) -> bool:
    found = module.functions[name].decorator_list
    return any(getattr(decorator, "id", "") in decorators for decorator in found)


def _says_no_number(param: Param) -> bool:
    """Whether annotation or default say that `param` is something else than floats."""
    if param.annotation is not None:
        return param.annotation.strip("'\"").partition("[")[0].endswith(_NO_NUMBERS)
    return isinstance(param.default, Const) and not isinstance(param.default.value, float)


def _diagnostics(error: UnsupportedError | SourceUnavailable) -> tuple[Diagnostic, ...]:
    if isinstance(error, UnsupportedError):
        return error.diagnostics
    return (_diagnostic(kind_of("RG304"), None, str(error)),)


def _ours(module: ModuleFile, line: int, error: Exception) -> Diagnostic:
    text = module.lines[line - 1]
    span = Span(module.filename, line, len(text) - len(text.lstrip()), line, len(text), text)
    return _diagnostic(kind_of("RG901"), span, f"{type(error).__name__}: {error}")


def _diagnostic(kind: DiagnosticKind, span: Span | None, label: str) -> Diagnostic:
    return Diagnostic(kind.code, span, label, kind.title, kind.why, kind.instead)
