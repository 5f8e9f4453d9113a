"""Whether the gradient of a program is right: against differences, and against itself made otherwise.

`judge` compiles a program in every way that must not matter and raises a `Failure` at the first way
that does. A program that differences cannot judge, being close to a kink, is `Unjudged`.
"""

import copy
import io
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from retrograd.runtime.pytrees import flatten, leaves, unflatten
from retrograd.transforms.diagnostics.report import UnsupportedError
from retrograd.transforms.frontend.annotations import parse_kind
from retrograd.transforms.frontend.read import FileProgram, read_text
from retrograd.transforms.frontend.request import Request
from retrograd.transforms.frontend.values import kind_of_value
from retrograd.transforms.pipeline import compile_module
from tests.properties.programs import Program

#: Two ways to the same derivative differ by rounding, which a program may amplify.
RTOL: Final = 1e6 * np.finfo(np.float64).eps


class Failure(Exception):
    """The compiler did not do well on a program; `sort` says how, and `way` how it was compiled."""

    def __init__(self, sort: str, way: str, details: str) -> None:
        super().__init__(f"{sort}, {way}: {details}")
        self.sort = sort
        self.way = way


class Wrong(Failure):
    """A derivative is not what it is, or something was changed; `sort` says what."""


class Crash(Failure):
    """The compiler or what it wrote raised something; `sort` is the type of that."""


class Refused(Failure):
    """The compiler does not take the program; `sort` is the code."""


class Unjudged(Exception):
    """Nothing can be said of this program at this point."""


@dataclass(frozen=True, slots=True)
class Differences:
    """Central differences, and what each may be off by; what the program prints at the point."""

    value: float
    slopes: Any
    doubt: Any
    printed: str


#: The ways to compile a program, none of which may matter.
WAYS: Final = ("kinds of values", "safe answers", "forward mode", "no kinds", "named extents")

#: Those that judge what the compiler means; the others, what it knows of the arguments.
ESSENTIAL: Final = WAYS[:3]


def judge(program: Program, ways: Sequence[str] = WAYS) -> None:
    """Compile `program` in all `ways` and compare.

    Raises:
        Failure: an outcome is not what it must be.
        Unjudged: the program has no value here, or its derivative jumps.
    """
    primal = namespace(program.text)[program.name]
    expected = differences(primal, program)
    source = read_text(program.text, program.name)
    seen = None
    for way in ways:
        request = _request(program, way)
        function = _compiled(source, request, way)
        if function is None:
            continue
        if request.mode == "jvp":
            _judge_tangent(program, function, expected)
            continue
        gradient = _gradient(program, function, request, expected, way)
        _compare(gradient, expected.slopes, expected.doubt, "gradient", way)
        again = _gradient(program, function, request, expected, way)
        _compare(again, gradient, np.zeros_like(gradient), "second call", way, 0.0)
        if seen is not None:
            _compare(gradient, seen, np.zeros_like(seen), "gradient of two ways", way, RTOL)
        seen = gradient


def _request(program: Program, way: str) -> Request:
    """What to ask of the compiler for one of `WAYS`."""
    kinds = tuple((name, kind_of_value(value)) for name, value in program.args.items())
    match way:
        case "no kinds":
            return Request(program.wrt)
        case "named extents":
            types = {name: parse_kind(named_kinds(value)) for name, value in program.args.items()}
            return Request(program.wrt, "value_and_grad", tuple(types.items()))
        case "forward mode":
            return Request(program.wrt, "jvp", kinds)
        case _:
            return Request(program.wrt, "grad", kinds, safe=way == "safe answers")


def _gradient(
    program: Program,
    function: Callable[..., Any],
    request: Request,
    expected: Differences,
    way: str,
) -> Any:
    """The gradient as one vector; the value, if there is one, must be that of the primal."""
    result = _called(program, function, (), expected.printed, way)
    if request.mode == "value_and_grad":
        value, result = result
        if not abs(value - expected.value) <= RTOL * max(1.0, abs(expected.value)):
            raise Wrong("value", way, f"{value} and not {expected.value}")
    like = [program.args[name] for name in program.wrt]
    try:
        return flatten([result] if len(program.wrt) == 1 else list(result), like=like)
    except ValueError as problem:
        raise Wrong("structure", way, f"{problem}") from problem


def _judge_tangent(program: Program, function: Callable[..., Any], expected: Differences) -> None:
    """The tangent along a direction is the product of the gradient with it."""
    along = np.cos(np.arange(expected.slopes.size))
    tangents = unflatten(along, [program.args[name] for name in program.wrt])
    printed = expected.printed
    value, tangent = _called(program, function, tangents, printed, "forward mode")
    if not abs(value - expected.value) <= RTOL * max(1.0, abs(expected.value)):
        raise Wrong("value", "forward mode", f"{value} and not {expected.value}")
    found, slope = np.array([float(tangent)]), np.array([expected.slopes @ along])
    doubt = np.array([expected.doubt @ np.abs(along)])
    _compare(found, slope, doubt, "tangent", "forward mode")


def _called(
    program: Program, function: Callable[..., Any], more: Sequence[Any], printed: str, way: str
) -> Any:
    """What `function` returns; it must leave its arguments alone, and print what the primal does."""
    args = copy.deepcopy(program.args)
    said = io.StringIO()
    try:
        with np.errstate(all="ignore"), redirect_stdout(said):
            result = function(*args.values(), *more)
    except Exception as problem:
        raise Crash(type(problem).__name__, way, f"{problem}") from problem
    for (path, before), (_, after) in zip(leaves(program.args), leaves(args), strict=True):
        if not np.array_equal(before, after):
            raise Wrong("changed argument", way, path)
    if said.getvalue() != printed:
        raise Wrong("printed", way, f"\n  found    {said.getvalue()!r}\n  expected {printed!r}")
    return result


def _compiled(source: FileProgram, request: Request, way: str) -> Callable[..., Any] | None:
    """The function asked for; None if it was rightly refused."""
    try:
        text, asked, _ = compile_module(source, [(source.entry, request)])
    except UnsupportedError as refusal:
        if not request.kinds:
            return None  # without kinds, `s += e` might change an array in place
        sort = Crash if refusal.code.startswith("RG9") else Refused
        raise sort(refusal.code, way, f"\n{refusal}") from refusal
    except Exception as problem:
        raise Crash(f"{type(problem).__name__} of the compiler", way, f"{problem}") from problem
    return namespace(text)[asked[-1]]


def namespace(text: str) -> dict[str, Any]:
    """What the module `text` defines."""
    found: dict[str, Any] = {"__name__": "judged"}
    exec(compile(text, "<judged>", "exec"), found)
    return found


# ---------------------------------------------------------------- differences


def differences(primal: Callable[..., Any], program: Program) -> Differences:
    """Central differences with three steps; where they disagree, or the sides do, nothing is said.

    Raises:
        Unjudged: there is no moderate value, or a kink nearby.
    """
    like = [program.args[name] for name in program.wrt]
    point = flatten(like)

    def value(moved: Any) -> float:
        wrt = dict(zip(program.wrt, unflatten(moved, like), strict=True))
        args = {name: wrt.get(name, arg) for name, arg in copy.deepcopy(program.args).items()}
        with np.errstate(all="ignore"), redirect_stdout(io.StringIO()) as said:
            result = float(primal(*args.values()))
            printed.append(said.getvalue())
            return result

    printed: list[str] = []
    try:
        here = value(point)
        found = [_slopes(value, point, here, k) for k in range(point.size)]
    except Exception as problem:
        raise Unjudged(f"{type(problem).__name__} {problem}") from problem
    slopes, doubt = (np.array(column) for column in zip(*found, strict=True))
    if not (np.all(np.isfinite(slopes)) and abs(here) < 1e4 and np.all(np.abs(slopes) < 1e4)):
        raise Unjudged("large")
    return Differences(here, slopes, doubt, printed[0])


def _slopes(value: Callable[[Any], float], point: Any, here: float, k: int) -> tuple[float, float]:
    """The derivative by entry `k`, and what it may be off by."""

    def sides(step: float) -> tuple[float, float]:
        moved = point.copy()
        moved[k] = point[k] + step
        ahead = (value(moved) - here) / step
        moved[k] = point[k] - step
        return ahead, (here - value(moved)) / step

    step = 1e-5
    (ahead, behind), (far_ahead, far_behind), close = sides(step), sides(2 * step), sides(step / 2)
    slope = (ahead + behind) / 2
    doubt = abs((far_ahead + far_behind) / 2 - slope) + abs(sum(close) / 2 - slope)
    doubt += 1e-15 * abs(here) / step
    gap, far_gap = abs(ahead - behind), abs(far_ahead - far_behind)
    jumps = gap > 1e-4 * max(1.0, abs(slope)) and far_gap < 1.5 * gap
    if jumps or not doubt < 1e-4 * max(1.0, abs(slope)):
        raise Unjudged("kink")
    return slope, doubt


def _compare(
    found: Any, expected: Any, doubt: Any, sort: str, way: str, rtol: float = 1e-6
) -> None:
    scale = max(1.0, float(np.max(np.abs(expected))))
    bad = ~(np.abs(found - expected) <= rtol * scale + 10 * doubt)
    if np.any(bad):
        raise Wrong(sort, way, f"\n  found    {found}\n  expected {expected}")


def named_kinds(value: Any) -> str:
    """The kind of `value` as one writes it for ``--types``; equal extents have equal names."""
    match value:
        case np.ndarray():
            extents = ("1" if extent == 1 else f"d{extent}" for extent in value.shape)
            return f"float[{', '.join(extents)}]"
        case dict():
            return f"{{{', '.join(f'{key}: {named_kinds(x)}' for key, x in value.items())}}}"
        case list():
            return f"[{', '.join(map(named_kinds, value))}]"
        case tuple():
            return f"({', '.join(map(named_kinds, value))})"
        case _:
            return type(value).__name__
