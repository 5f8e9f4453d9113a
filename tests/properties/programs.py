"""Random programs in the language that we differentiate, small and well behaved.

`random_program` draws one: a function of numbers, arrays and containers that returns a number, with
its helpers and arguments. What it draws keeps to shapes that fit and values that stay moderate;
every variable is bound before it is read. Everything follows from the random generator it is given.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import numpy as np

Shape = tuple[int, ...]
NUMBER: Final[Shape] = ()

#: How values of one shape are made from others; a hole ``<2,3>`` takes an expression of that shape.
FORMS: Final[Mapping[Shape, tuple[str, ...]]] = {
    (): (
        "np.sum(<3>)",
        "np.sum(<2,3>)",
        "np.mean(<2,3>)",
        "np.mean(<4>)",
        "<3>.sum()",
        "<2,3>.mean()",
        "np.max(<3>)",
        "np.min(<2,3>)",
        "np.dot(<3>, <3>)",
        "(<4> @ <4>)",
        "np.var(<4>)",
        "np.prod(<3>)",
        "(<> if <> > 0.1 else <>)",
        "float(<>)",
        "np.linalg.norm(1.5 + <3> ** 2)",
    ),
    (1,): ("<3>[1:2]", "np.array([<>])"),
    (2,): (
        "<3>[1:]",
        "<4>[::2]",
        "<2,3>[:, 0]",
        "<2,3>[:, -1]",
        "(<2,3> @ <3>)",
        "np.sum(<2,3>, axis=1)",
        "np.max(<2,3>, axis=-1)",
        "np.dot(<2,3>, <3>)",
    ),
    (3,): (
        "<4>[1:]",
        "<4>[:-1]",
        "<2,3>[0]",
        "<2,3>[-1]",
        "<2,3>[1, :]",
        "np.sum(<2,3>, axis=0)",
        "np.mean(<2,3>, axis=0)",
        "np.std(<2,3> + np.array([[0.0], [3.0]]), axis=0)",
        "(<2> @ <2,3>)",
        "np.concatenate([<2>, <1>])",
        "np.array([<>, <>, 0.5])",
        "np.stack([<>, <>, <>])",
        "np.full(3, <>)",
        "<3>[::-1]",
        "np.ravel(<1,3>)",
        "(<2,3>.T @ <2>)",
    ),
    (4,): (
        "np.concatenate([<3>, <1>])",
        "np.array([<>, 0.1, <>, <>])",
        "(np.linspace(0.1, 0.9, 4) * <>)",
        "np.reshape(np.outer(<2>, <2>), (4,))",
    ),
    (2, 3): (
        "np.outer(<2>, <3>)",
        "(<2,1> * <3>)",
        "(<1,3> + <2,1>)",
        "np.stack([<3>, <3>])",
        "(<2,1> @ <1,3>)",
        "np.reshape(np.concatenate([<3>, <3>]), (2, 3))",
        "(np.ones((2, 3)) * <3>)",
        "np.concatenate([<1,3>, <1,3>], axis=0)",
        "(<2,3> @ np.outer(<3>, <3>))",
        "np.transpose(np.outer(<3>, <2>))",
    ),
    (1, 3): (
        "np.sum(<2,3>, axis=0, keepdims=True)",
        "<2,3>[:1]",
        "<3>[None, :]",
        "<3>.reshape(1, 3)",
    ),
    (2, 1): (
        "np.mean(<2,3>, axis=1, keepdims=True)",
        "<2>[:, None]",
        "<2,3>[:, :1]",
        "np.reshape(<2>, (2, 1))",
    ),
}
_HOLE: Final = re.compile(r"<([\d,]*)>")


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


@dataclass(frozen=True)
class Helper:
    """A function of the module: shapes of its parameters, the last of which may be left out."""

    name: str
    params: tuple[tuple[str, Shape], ...]
    default: bool
    result: Shape | tuple[Shape, Shape]

    @property
    def gives_two(self) -> bool:
        """Whether it returns a pair."""
        return bool(self.result) and isinstance(self.result[0], tuple)


def random_program(random: Random) -> Program:
    """A program, its arguments and what to differentiate with respect to."""
    helpers: list[Helper] = []
    texts: list[str] = []
    for k in range(random.choice((0, 0, 0, 1, 1, 2))):
        helper, text = _helper(random, f"helper{k + 1}", helpers)
        helpers.append(helper)
        texts.append(text)
    params = _params(random)
    writer = Writer(random, helpers)
    for name, value in params.items():
        writer.declare(name, value)
    writer.statements(random.randint(2, 5))
    writer.line(f"return {writer.result()}")
    head = f"def model({', '.join(params)}):\n"
    text = "\n\n".join(["import math\n\nimport numpy as np\n\nRATE = 0.75\n", *texts, head])
    text += "\n".join(writer.lines) + "\n"
    floats = [name for name, value in params.items() if not isinstance(value, int)]
    wrt = random.sample(floats, random.randint(1, len(floats)))
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
        "row": lambda: array(1, 3),
        "col": lambda: array(2, 1),
        "one": lambda: array(1),
        "p": lambda: {"a": number(), "W": array(3), "b": array(2, 3)},
        "pair": lambda: (number(), array(3)),
        "items": lambda: [number(), number()],
    }
    for name in sorted(random.sample(list(extras), random.randint(1, 5))):
        params[name] = extras[name]()
    return {**params, "n": random.randint(1, 3)}


def _helper(random: Random, name: str, known: Sequence[Helper]) -> tuple[Helper, str]:
    params = [(f"a{k}", random.choice((NUMBER, NUMBER, (3,)))) for k in range(random.randint(1, 3))]
    default = random.random() < 0.4
    if default:
        params.append(("scale", NUMBER))
    writer = Writer(random, known, in_helper=True)
    for param, shape in params:
        writer.scope[param] = shape
    writer.statements(random.randint(0, 2))
    result: Any = random.choice((NUMBER, NUMBER, (3,)))
    if random.random() < 0.25:
        result = (NUMBER, random.choice((NUMBER, (3,))))
        value = f"{writer.expr(result[0], 2)}, {writer.expr(result[1], 2)}"
    else:
        value = writer.expr(result, 2)
        if random.random() < 0.3:
            writer.line(f"if {writer.condition()}:")
            writer.line(f"    return {writer.expr(result, 1)}")
    writer.line(f"return {value}")
    listed = [param for param, _ in params[: len(params) - default]]
    listed += ["scale=0.8"] if default else []
    text = f"def {name}({', '.join(listed)}):\n" + "\n".join(writer.lines) + "\n"
    return Helper(name, tuple(params), default, result), text


@dataclass
class Writer:
    """Writes the body of one function.

    Attributes:
        random: the only source of choice.
        helpers: what may be called.
        scope: the shape of every variable that is bound here.
        entries: expressions that read an entry of a container, and their shapes.
        indices: integers in scope that are below 3.
        lines: what has been written.
    """

    random: Random
    helpers: Sequence[Helper]
    in_helper: bool = False
    scope: dict[str, Shape] = field(default_factory=dict)
    entries: dict[str, Shape] = field(default_factory=dict)
    indices: list[str] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    indent: int = 1
    loops: int = 0
    made: int = 0

    # ---- names

    def declare(self, name: str, value: Any) -> None:
        """Let expressions read a parameter of the value `value`."""
        match value:
            case int():
                self.counts.append(name)
            case dict():
                self.entries.update({f'{name}["{key}"]': np.shape(x) for key, x in value.items()})
            case list() | tuple():
                self.entries.update({f"{name}[{k}]": np.shape(x) for k, x in enumerate(value)})
            case _:
                self.scope[name] = np.shape(value)

    def fresh(self, root: str) -> str:
        """A name that nothing has yet."""
        self.made += 1
        return f"{root}{self.made}"

    def names(self, shape: Shape) -> list[str]:
        """The variables of `shape`."""
        return [name for name, found in self.scope.items() if found == shape]

    def line(self, text: str) -> None:
        """Write a line."""
        self.lines.append("    " * self.indent + text)

    @contextmanager
    def block(self, header: str) -> Iterator[None]:
        """Write a compound statement; what is bound only inside is forgotten after it."""
        self.line(header)
        self.indent += 1
        scope, indices = dict(self.scope), list(self.indices)
        yield
        self.indent -= 1
        self.scope = {name: self.scope[name] for name in scope}
        self.indices = indices

    @contextmanager
    def without_accumulators(self) -> Iterator[None]:
        """Inside, no expression reads an array that is updated in place."""
        whole = self.scope
        self.scope = {name: shape for name, shape in whole.items() if not name.startswith("acc")}
        yield
        self.scope = whole

    # ---- statements

    def statements(self, count: int) -> None:
        """Write about `count` statements, at least one line."""
        before = len(self.lines)
        for _ in range(count):
            self.statement()
        if len(self.lines) == before:
            self.assign()

    def statement(self) -> None:
        """Write a statement of any sort."""
        simple = [self.assign] * 6 + [self.overwrite] * 5 + [self.augment] * 3
        simple += (
            [self.accumulate] * 2 + [self.unpack] * 2 + [self.swap, self.annotated, self.alias]
        )
        nested = [self.branch] * 3 + [self.count_loop] * 2 + [self.each_loop, self.pair_loop]
        nested += [self.numbered_loop, self.while_loop, self.while_far]
        if not self.loops and not self.in_helper and self.indent == 1:
            nested += [self.early_return]
        deep = self.indent >= (2 if self.in_helper else 4)
        self.random.choice(simple if deep else simple + nested)()

    def shape(self) -> Shape:
        """A shape for a new variable, most often that of a number."""
        return self.random.choice(
            (
                NUMBER,
                NUMBER,
                NUMBER,
                NUMBER,
                (3,),
                (3,),
                (3,),
                (2,),
                (4,),
                (2, 3),
                (2, 3),
                (1, 3),
                (2, 1),
            )
        )

    def assign(self) -> None:
        """A new variable."""
        shape = self.shape()
        value = self.fresh_expr(shape)
        name = self.fresh("s" if shape == NUMBER else "v")
        self.line(f"{name} = {value}")
        self.scope[name] = shape

    def annotated(self) -> None:
        """A new variable that says it is a float."""
        value = self.fresh_expr(NUMBER)
        name = self.fresh("s")
        self.line(f"{name}: float = {value}")
        self.scope[name] = NUMBER

    def overwrite(self) -> None:
        """A new value for a variable, most often made from the old one."""
        name = self.pick(self.assignable())
        shape = self.scope[name]
        if self.random.random() < 0.6:
            other = self.expr(self.spread(shape), 1)
            function = self.random.choice(("np.sin", "np.tanh", "0.7 * ", "np.cos"))
            self.line(f"{name} = {function}({name} {self.random.choice('+-*')} {other})")
        else:
            self.line(f"{name} = {self.fresh_expr(shape)}")

    def augment(self) -> None:
        """``s += e`` and the like on a number that was made here."""
        names = [name for name in self.assignable() if self.scope[name] == NUMBER]
        if not names:
            return self.assign()
        name = self.pick(names)
        op = self.random.choice(("+=", "-=", "*=", "/="))
        value = self.expr(NUMBER, 2)
        self.line(f"{name} {op} {f'(1.5 + abs({value}))' if op == '/=' else value}")
        return None

    def accumulate(self) -> None:
        """``acc += e`` on an array of our own, which is begun if there is none."""
        names = [name for name in self.scope if name.startswith("acc")]
        if not names or self.random.random() < 0.3:
            shape = self.random.choice(((3,), (2, 3)))
            name = self.fresh("acc")
            start = f"np.zeros({shape})" if self.random.random() < 0.5 else self.fresh_expr(shape)
            self.line(f"{name} = {start}")
            self.scope[name] = shape
            return
        name = self.pick(names)
        op = self.random.choice(("+=", "-=", "+=", "*="))
        self.line(f"{name} {op} {self.expr(self.spread(self.scope[name]), 2)}")

    def unpack(self) -> None:
        """Two variables at once; what they get may share memory, so it is not an accumulator."""
        two = [helper for helper in self.helpers if helper.gives_two]
        left, right = self.fresh("s"), self.fresh("v")
        with self.without_accumulators():
            if two and self.random.random() < 0.7:
                helper = self.pick(two)
                shapes, value = helper.result, self.call(helper, 1)
            elif self.random.random() < 0.3 and self.names((2,)):
                shapes, value = (NUMBER, NUMBER), self.pick(self.names((2,)))
            else:
                shapes = self.shape(), self.shape()
                value = f"{self.expr(shapes[0], 2)}, {self.expr(shapes[1], 2)}"
        self.line(f"{left}, {right} = {value}")
        self.scope[left], self.scope[right] = shapes

    def swap(self) -> None:
        """Two variables of one shape change places."""
        for shape in (NUMBER, (3,), (2, 3)):
            names = [name for name in self.movable() if self.scope[name] == shape]
            if len(names) > 1:
                a, b = self.random.sample(names, 2)
                extra = f" + {self.expr(NUMBER, 1)}" if self.random.random() < 0.4 else ""
                return self.line(f"{a}, {b} = {b}, {a}{extra}")
        return self.assign()

    def alias(self) -> None:
        """A second name for a value."""
        source = self.pick([name for name in self.scope if not name.startswith("acc")])
        name = self.fresh("s" if self.scope[source] == NUMBER else "v")
        self.line(f"{name} = {source}")
        self.scope[name] = self.scope[source]

    def assignable(self) -> list[str]:
        """The variables that may be given a new value."""
        return [name for name in self.scope if not name.startswith(("item", "left", "right"))]

    def movable(self) -> list[str]:
        """The variables whose values may go by another name."""
        return [name for name in self.assignable() if not name.startswith("acc")]

    def branch(self) -> None:
        """``if`` with or without ``elif`` and ``else``."""
        with self.block(f"if {self.condition()}:"):
            self.statements(self.random.randint(1, 2))
        if self.random.random() < 0.3:
            with self.block(f"elif {self.condition()}:"):
                self.statements(1)
        if self.random.random() < 0.6:
            with self.block("else:"):
                self.statements(self.random.randint(1, 2))
        if self.random.random() < 0.3:
            name, shape = self.fresh("s"), self.shape()
            with self.block(f"if {self.condition()}:"):
                self.line(f"{name} = {self.fresh_expr(shape)}")
            with self.block("else:"):
                self.line(f"{name} = {self.fresh_expr(shape)}")
            self.scope[name] = shape

    def early_return(self) -> None:
        """A way out before the end."""
        with self.block(f"if {self.condition()}:"):
            if self.random.random() < 0.5:
                self.statements(1)
            self.line(f"return {self.result()}")

    def loop_body(self) -> None:
        """What a loop does; it must not change what it counts with."""
        self.loops += 1
        self.statements(self.random.randint(1, 2))
        self.loops -= 1

    def count_loop(self) -> None:
        """``for i in range(...)``."""
        index = self.fresh("i")
        ends = ["2", "3", "1, 3", *self.counts, "len(u)" if "u" in self.scope else "2"]
        with self.block(f"for {index} in range({self.random.choice(ends)}):"):
            self.indices.append(index)
            self.loop_body()

    def each_loop(self) -> None:
        """``for x in xs``: the items of an array are numbers or rows."""
        source, shape = self.random.choice(self.walkable())
        item = self.fresh("item")
        with self.block(f"for {item} in {source}:"):
            self.scope[item] = shape
            self.loop_body()

    def pair_loop(self) -> None:
        """``for a, b in zip(x, y)``."""
        (one, first), (two, second) = (self.random.choice(self.walkable()) for _ in range(2))
        left, right = self.fresh("left"), self.fresh("right")
        with self.block(f"for {left}, {right} in zip({one}, {two}):"):
            self.scope[left], self.scope[right] = first, second
            self.loop_body()

    def numbered_loop(self) -> None:
        """``for i, x in enumerate(xs)``."""
        source, shape = self.random.choice(self.walkable(longest=3))
        index, item = self.fresh("i"), self.fresh("item")
        with self.block(f"for {index}, {item} in enumerate({source}):"):
            self.indices.append(index)
            self.scope[item] = shape
            self.loop_body()

    def while_loop(self) -> None:
        """A ``while`` that counts."""
        count = self.fresh("k")
        self.line(f"{count} = 0")
        end = self.random.choice(["2", *self.counts])
        far = f" and abs({self.leaf(NUMBER)}) < 5.0" if self.random.random() < 0.3 else ""
        with self.block(f"while {count} < {end}{far}:"):
            self.loop_body()
            self.line(self.random.choice((f"{count} = {count} + 1", f"{count} += 1")))

    def while_far(self) -> None:
        """A ``while`` that goes on until a number has grown."""
        time = self.fresh("time")
        self.line(f"{time} = 0.1 + 0.2 * abs({self.expr(NUMBER, 1)})")
        with self.block(f"while {time} < 1.0:"):
            self.loop_body()
            self.line(f"{time} = {time} + 0.4 + 0.1 * abs({self.leaf(NUMBER)})")
        self.scope[time] = NUMBER

    def walkable(self, longest: int = 4) -> list[tuple[str, Shape]]:
        """What a loop can go through, and the shapes of its items."""
        found = [
            (name, shape[1:])
            for name, shape in {**self.scope, **self.entries}.items()
            if shape and shape[0] <= longest and not name.startswith("acc")
        ]
        return found or [("(0.3, 0.6)", NUMBER)]

    # ---- expressions

    def result(self) -> str:
        """A number that depends on as much as possible."""
        parts = []
        for name, shape in self.scope.items():
            if self.random.random() < 0.7:
                reduce = self.random.choice(("np.sum", "np.mean", "np.sum"))
                parts.append(name if shape == NUMBER else f"{reduce}({name})")
        parts.append(self.expr(NUMBER, 1))
        terms = [f"{self.random.choice((0.5, 1.5, 2.0))} * {part}" for part in parts]
        return " + ".join(terms)

    def condition(self) -> str:
        """A comparison of numbers, or two."""
        op = self.random.choice("<>")
        first = f"{self.expr(NUMBER, 1)} {op} {self.expr(NUMBER, 1)}"
        return self.random.choice(
            (first, first, first, f"not {first}", f"{first} and {self.leaf(NUMBER)} < 2.0")
            + ((f"{self.indices[-1]} == 1", f"{self.indices[-1]} % 2 == 0") if self.indices else ())
        )

    def pick(self, options: Sequence[Any]) -> Any:
        """One of `options`."""
        return self.random.choice(list(options))

    def spread(self, shape: Shape) -> Shape:
        """A shape that broadcasts to `shape`, most often itself."""
        options = {
            NUMBER: [NUMBER],
            (2, 3): [(2, 3), (2, 3), (3,), (1, 3), (2, 1), NUMBER],
            (1, 3): [(1, 3), (3,), (1,), NUMBER],
            (2, 1): [(2, 1), (1,), NUMBER],
        }.get(shape, [shape, shape, (1,), NUMBER])
        return self.pick(options)  # type: ignore[no-any-return]

    def fresh_expr(self, shape: Shape) -> str:
        """An expression that makes a new value."""
        return f"{self.random.choice(('0.5', '1.2', 'RATE'))} * {self.expr(shape, 2)}"

    def leaf(self, shape: Shape, far: int = 1) -> str:
        """A variable, an entry or a literal; or at most `far` steps from one."""
        options = self.names(shape) + [e for e, found in self.entries.items() if found == shape]
        if shape == NUMBER:
            options += ["0.4", "1.3", "RATE", *self.indices, *self.counts]
            options += [f"{name}[{self.index()}]" for name in self.names((3,))]
            options += [
                f"{name}[{self.pick((0, 1, -1))}, {self.index()}]" for name in self.names((2, 3))
            ]
        if not options and far:
            return self.filled(shape, lambda wanted: self.leaf(wanted, far - 1))
        return self.pick(options or [f"np.full({shape}, 0.6)"])  # type: ignore[no-any-return]

    def index(self) -> str:
        """An index below 3."""
        return str(self.pick(["0", "1", "-1", *self.indices, *self.indices]))

    def expr(self, shape: Shape, depth: int) -> str:
        """An expression of `shape`."""
        if depth <= 0 or self.random.random() < 0.15:
            return self.leaf(shape)
        roll = self.random.random()
        if roll < 0.4:
            return self.binary(shape, depth)
        if roll < 0.6:
            return self.unary(shape, depth)
        if roll < 0.7:
            calls = [h for h in self.helpers if h.result == shape]
            if calls:
                return self.call(self.pick(calls), depth - 1)
        if roll < 0.78:
            return self.choice(shape, depth)
        return self.made_of(shape, depth - 1)

    def binary(self, shape: Shape, depth: int) -> str:
        """Two operands, of which one may be broadcast."""
        left, right = self.expr(shape, depth - 1), self.expr(self.spread(shape), depth - 1)
        if self.random.random() < 0.5:
            left, right = right, left
        match self.random.randrange(6):
            case 0:
                return f"({left} + {right})"
            case 1:
                return f"({left} - {right})"
            case 2 | 3:
                return f"({left} * {right})"
            case 4:
                return f"({left} / (1.5 + {right} ** 2))"
            case _:
                return f"(({left} + {right}) ** {self.pick((2, 2, 3))})"

    def unary(self, shape: Shape, depth: int) -> str:
        """A function of one operand."""
        inner = self.expr(shape, depth - 1)
        if shape == NUMBER and self.random.random() < 0.5:
            form = (
                "math.sin({})",
                "math.tanh({})",
                "math.exp(-{0} * {0})",
                "math.sqrt(1.0 + {0} * {0})",
            )
            form += ("math.atan({})", "abs({})", "math.log(2.0 + {0} * {0})", "max({}, 0.2)")
        else:
            form = ("np.sin({})", "np.tanh({})", "np.exp(-np.abs({}))", "np.sqrt(1.2 + {0} * {0})")
            form += ("np.square({})", "np.log1p({0} * {0})", "np.maximum({}, 0.1)", "-{}")
            form += ("np.clip({}, -1.0, 1.0)", "np.logaddexp(0.0, {})", "np.minimum({}, 0.7)")
        return f"({self.pick(form).format(inner)})"

    def choice(self, shape: Shape, depth: int) -> str:
        """One of two values."""
        a, b = self.expr(shape, depth - 1), self.expr(shape, depth - 1)
        if shape == NUMBER or self.random.random() < 0.3:
            return f"({a} if {self.condition()} else {b})"
        against = self.expr(self.spread(shape), depth - 1)
        return f"np.where({self.leaf(shape)} > {against}, {a}, {self.pick((b, '0.3'))})"

    def call(self, helper: Helper, depth: int) -> str:
        """A call of a helper, its arguments given in one of the ways that Python has."""
        given = [(name, self.expr(shape, depth)) for name, shape in helper.params]
        if helper.default and self.random.random() < 0.5:
            given.pop()
        named = self.random.randint(0, len(given)) if self.random.random() < 0.4 else len(given)
        args = [text for _, text in given[:named]]
        args += [f"{name}={text}" for name, text in given[named:]]
        return f"{helper.name}({', '.join(args)})"

    def made_of(self, shape: Shape, depth: int) -> str:
        """Something of another shape, brought to `shape`."""
        return self.filled(shape, lambda wanted: self.expr(wanted, depth))

    def filled(self, shape: Shape, fill: Callable[[Shape], str]) -> str:
        """One of `FORMS`, its holes filled."""

        def hole(found: re.Match[str]) -> str:
            return fill(tuple(int(extent) for extent in found[1].split(",") if extent))

        return _HOLE.sub(hole, self.pick(FORMS[shape]))
