"""Random programs in the language that we differentiate, small and well behaved.

`random_program` draws one: a function of numbers, arrays and containers that returns a number, with
its helpers, classes and arguments. What it draws keeps to shapes that fit and values that stay moderate;
every variable is bound before it is read. Everything follows from the random generator it is given.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import numpy as np

from tests.properties.grammar import NUMBER, Shape
from tests.properties.hygiene import with_shared_names
from tests.properties.records import Record, random_record
from tests.properties.scope import Helper, Scope
from tests.properties.statements import Writer

PREAMBLE: Final = """import math
from dataclasses import dataclass

import numpy as np

RATE = 0.75
"""


@dataclass(frozen=True, eq=False)
class Program:
    """A module whose last function is differentiated, and the arguments to do it at.

    `args` are by name, in the order of the parameters; `wrt` are some of them.
    """

    text: str
    name: str
    args: dict[str, Any]
    wrt: tuple[str, ...]

    def __str__(self) -> str:
        return f"# wrt {', '.join(self.wrt)}, at {self.args!r}\n{self.text}"


def random_program(random: Random) -> Program:
    """A program, its arguments and what to differentiate with respect to."""
    helpers: list[Helper] = []
    texts: list[str] = []
    for k in range(random.choice((0, 0, 1, 1, 2, 3))):
        make = random.choice((_helper, _helper, _changing_helper, _recursive_helper))
        helper, text = make(random, f"helper{k + 1}", helpers)
        helpers.append(helper)
        texts.append(text)
    records: list[Record] = []
    for k in range(random.choice((0, 0, 1, 2))):
        record, text = random_record(random, f"Cell{k + 1}", helpers)
        records.append(record)
        texts.append(text)
    params = _params(random)
    writer = Writer(random, Scope(helpers=helpers), returns=NUMBER)
    writer.prefer(4)
    for name, value in params.items():
        _declare(writer.scope, name, value)
    if random.random() < 0.15:
        writer.line(f"rng = np.random.default_rng({random.randint(0, 99)})")
        writer.scope.generator = "rng"
    for record in records:
        record.made(writer)
    wanted = random.randint(5, 22)
    while len(writer.lines) < wanted:
        writer.statement()
    writer.line(f"return {writer.result()}")
    head = f"def model({', '.join(params)}):\n"
    text = "\n\n".join([PREAMBLE, *texts, head])
    text += "\n".join(writer.lines) + "\n"
    floats = [name for name, value in params.items() if not isinstance(value, int)]
    wrt = random.sample(floats, random.randint(1, len(floats)))
    if helpers and random.random() < 0.25:
        text = with_shared_names(text, random)
    return Program(text, "model", params, tuple(wrt))


def _params(random: Random) -> dict[str, Any]:
    """Arguments for the parameters of the model: always a number, an array and a count."""

    def number() -> float:
        return round(random.uniform(-1.5, 1.5), 3)

    def array(*shape: int) -> Any:
        return np.array([number() for _ in range(int(np.prod(shape)))]).reshape(shape)

    params: dict[str, Any] = {"x": number(), "u": array(3)}
    extras: dict[str, Callable[[], Any]] = {
        "y": number,
        "w": lambda: array(4),
        "M": lambda: array(2, 3),
        "T": lambda: array(2, 2, 3),
        "row": lambda: array(1, 3),
        "col": lambda: array(2, 1),
        "one": lambda: array(1),
        "p": lambda: {"a": number(), "W": array(3), "b": array(2, 3)},
        "pair": lambda: (number(), array(3)),
        "items": lambda: [number(), number()],
    }
    for name in sorted(random.sample(list(extras), random.randint(1, 5))):
        params[name] = extras[name]()
    return {**params, "n": random.randint(0, 3)}


def _declare(scope: Scope, name: str, value: Any) -> None:
    """Let expressions read a parameter of the value `value`."""
    match value:
        case int():
            scope.counts.append(name)
        case dict():
            scope.places.update({f'{name}["{key}"]': np.shape(x) for key, x in value.items()})
        case tuple():
            entries = {f"{name}[{k}]": np.shape(x) for k, x in enumerate(value)}
            scope.places.update(entries)
            scope.shared |= set(entries)  # `pair[1] += e` is an error
        case list():
            scope.lists[name] = len(value)
        case _:
            scope.shapes[name] = np.shape(value)


# ---------------------------------------------------------------- helpers


def _helper(random: Random, name: str, known: Sequence[Helper]) -> tuple[Helper, str]:
    """A helper that leaves its arguments alone."""
    params = _helper_params(random)
    default = random.random() < 0.4
    if default:
        params.append(("scale", NUMBER))
    scope = Scope(shapes=dict(params), helpers=list(known))
    scope.shared = {param for param, shape in params if shape}
    result: Any = random.choice((NUMBER, NUMBER, (3,)))
    writer = Writer(random, scope, returns=result, deepest=2)
    if random.random() < 0.25:
        writer.returns = None
        result = (NUMBER, random.choice((NUMBER, (3,))))
    writer.statements(random.randint(0, 3))
    if writer.returns is None:
        writer.line(f"return {writer.expr(result[0], 2)}, {writer.expr(result[1], 2)}")
    else:
        writer.line(f"return {writer.expr(result, 2)}")
    return Helper(name, tuple(params), default, result), _text(name, params, default, writer)


def _changing_helper(random: Random, name: str, known: Sequence[Helper]) -> tuple[Helper, str]:
    """A helper that writes to its first argument, an array."""
    shape: Shape = random.choice(((3,), (3,), (2, 3)))
    params = [("target", shape), *_helper_params(random)]
    scope = Scope(shapes=dict(params), helpers=list(known))
    scope.shared = {param for param, shape in params[1:] if shape}
    scope.fixed = {"target"}
    writer = Writer(random, scope, deepest=2)
    writer.store()
    writer.statements(random.randint(0, 2))
    result = NUMBER if random.random() < 0.5 else None
    if result is not None:
        writer.line(f"return {writer.expr(NUMBER, 2)}")
    return Helper(name, tuple(params), False, result, True), _text(name, params, False, writer)


def _recursive_helper(random: Random, name: str, known: Sequence[Helper]) -> tuple[Helper, str]:
    """A helper that calls itself, to a depth of three at most."""
    params = _helper_params(random)
    scope = Scope(shapes=dict(params), helpers=list(known))
    scope.shared = {param for param, shape in params if shape}
    writer = Writer(random, scope, deepest=2)
    writer.line("if depth <= 0:")
    writer.line(f"    return {writer.expr(NUMBER, 2)}")
    writer.statements(random.randint(0, 2))
    again = ", ".join(f"0.8 * {writer.expr(shape, 1)}" for _, shape in params)
    call = f"{name}({again}, depth - 1)"
    if random.random() < 0.5:
        writer.line(f"deeper = {call}")
        writer.scope.shapes["deeper"] = NUMBER
        writer.line(f"return {writer.expr(NUMBER, 2)} + deeper * {writer.leaf(NUMBER)}")
    else:
        writer.line(f"return {call} * {writer.leaf(NUMBER)} + {writer.expr(NUMBER, 1)}")
    text = _text(name, params, False, writer).replace("):", ", depth=2):", 1)
    return Helper(name, tuple(params), False, NUMBER), text


def _helper_params(random: Random) -> list[tuple[str, Shape]]:
    return [(f"a{k}", random.choice((NUMBER, NUMBER, (3,)))) for k in range(random.randint(1, 3))]


def _text(name: str, params: Sequence[tuple[str, Shape]], default: bool, writer: Writer) -> str:
    listed = [param for param, _ in params[: len(params) - default]]
    listed += ["scale=0.8"] if default else []
    return f"def {name}({', '.join(listed)}):\n" + "\n".join(writer.lines) + "\n"
