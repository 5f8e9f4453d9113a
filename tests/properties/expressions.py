"""Random expressions over what is in scope."""

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final, TypeVar

from tests.properties.grammar import (
    FORMS,
    NUMBER,
    OF_ARRAY,
    OF_DICT,
    OF_LIST,
    OF_NUMBER,
    OF_TWO,
    SHAPES,
    SPREADS,
    Shape,
)
from tests.properties.scope import Helper, Scope

_HOLE: Final = re.compile(r"<([\d,]*)>")

T = TypeVar("T")


class Expressions:
    """Writes expressions of a wanted shape.

    Attributes:
        random: the only source of choice.
        scope: what may be read.
    """

    def __init__(self, random: Random, scope: Scope) -> None:
        self.random = random
        self.scope = scope

    # ---- choosing

    def pick(self, options: Sequence[T]) -> T:
        """One of `options`."""
        return self.random.choice(options)

    def chance(self, probability: float) -> bool:
        """True so often."""
        return self.random.random() < probability

    def shape(self) -> Shape:
        """A shape for a new variable."""
        return self.random.choices(list(SHAPES), list(SHAPES.values()))[0]

    def spread(self, shape: Shape) -> Shape:
        """A shape that broadcasts to `shape`, most often itself."""
        return self.pick((shape, shape, *SPREADS.get(shape, ())))

    def index(self) -> str:
        """An index below 3."""
        indices = self.scope.indices
        return self.pick(["0", "1", "-1", *indices, *indices, *(f"{i} - 1" for i in indices)])

    # ---- expressions

    def fresh(self, shape: Shape) -> str:
        """An expression that makes a new value."""
        return f"{self.pick(('0.5', '1.2', 'RATE'))} * {self.expr(shape, self.pick((1, 1, 2)))}"

    def expr(self, shape: Shape, depth: int) -> str:
        """An expression of `shape`."""
        if depth <= 0 or self.chance(0.15):
            return self.leaf(shape)
        roll = self.random.random()
        if roll < 0.38:
            return self.binary(shape, depth)
        if roll < 0.55:
            return self.unary(shape, depth)
        if roll < 0.7:
            calls = [h for h in self.scope.helpers if h.result == shape and not h.changes]
            if calls:
                return self.call(self.pick(calls), depth - 1)
        if roll < 0.78:
            return self.choice(shape, depth)
        return self.filled(self.pick(FORMS[shape]), depth - 1)

    def leaf(self, shape: Shape, far: int = 1) -> str:
        """A variable, an entry or a literal; or at most `far` steps from one."""
        options = self.scope.leaves(shape)
        if shape == NUMBER:
            options = options + self._numbers()
        elif self.scope.generator and shape in ((3,), (2, 3)) and self.chance(0.1):
            return f"{self.scope.generator}.normal(size={shape})"
        if not options and far:
            return self.filled(self.pick(FORMS[shape]), 0, far - 1)
        found = self.pick(options or [f"np.full({shape}, 0.6)"])
        return _HOLE.sub(lambda _: self.pick(["0.4", "-0.7", *self.scope.names(NUMBER)]), found)

    def _numbers(self) -> list[str]:
        """Numbers that are not variables: literals, counts, items, draws; some with holes."""
        scope = self.scope
        found = ["0.4", "1.3", "RATE", *scope.indices, *scope.counts]
        found += [f"{name}[{self.index()}]" for name in scope.names((3,))]
        found += [
            f"{name}[{self.pick((0, 1, -1))}, {self.index()}]" for name in scope.names((2, 3))
        ]
        found += [f"{name}[0, 1, {self.index()}]" for name in scope.names((2, 2, 3))]
        for name, count in scope.lists.items():
            found += [f"{name}[{self.pick((0, -1, count - 1))}]"] if count else []
            found.append(self.pick(OF_LIST).replace("{a}", name))
        for name, keys in scope.dicts.items():
            found.append(f'{name}["{self.pick(keys)}"]')
            found.append(self.pick(OF_DICT).replace("{a}", name).replace("{k}", self.pick(keys)))
        if scope.generator:
            draws = ("uniform()", "normal()", "standard_normal()", "uniform(0.2, 0.9)")
            found.append(f"{scope.generator}.{self.pick(draws)}")
        return found

    def condition(self) -> str:
        """A comparison of numbers, or two."""
        first = f"{self.expr(NUMBER, self.pick((0, 1)))} {self.pick('<>')} {self.leaf(NUMBER)}"
        options = [first, first, first, f"not {first}", f"{first} and {self.leaf(NUMBER)} < 2.0"]
        options += [f"{first} or {self.leaf(NUMBER)} > 1.0", f"-0.5 < {self.leaf(NUMBER)} <= 0.8"]
        if self.scope.indices:
            index = self.scope.indices[-1]
            options += [f"{index} == 1", f"{index} % 2 == 0", f"{index} > 0 and {first}"]
        return self.pick(options)

    def binary(self, shape: Shape, depth: int) -> str:
        """Two operands, of which one may be broadcast."""
        operands = [self.expr(shape, depth - 1), self.expr(self.spread(shape), depth - 1)]
        self.random.shuffle(operands)
        return self.pick(OF_TWO).format(*operands)

    def unary(self, shape: Shape, depth: int) -> str:
        """A function of one operand."""
        if shape == NUMBER and self.chance(0.5):
            return self.filled(self.pick(OF_NUMBER), depth - 1)
        return f"({self.pick(OF_ARRAY).format(self.expr(shape, depth - 1))})"

    def choice(self, shape: Shape, depth: int) -> str:
        """One of two values."""
        a, b = self.expr(shape, depth - 1), self.expr(shape, depth - 1)
        if shape == NUMBER or self.chance(0.3):
            test = f"{self.leaf(NUMBER)} {self.pick('<>')} {self.leaf(NUMBER)}"
            return f"({a} if {test} else {b})"
        against = self.expr(self.spread(shape), depth - 1)
        return f"np.where({self.leaf(shape)} > {against}, {a}, {self.pick((b, '0.3'))})"

    def call(self, helper: Helper, depth: int, first: str = "") -> str:
        """A call of a helper, its arguments given in one of the ways that Python has."""
        given = [(name, self.expr(shape, depth)) for name, shape in helper.params]
        if first:
            given[0] = given[0][0], first
        if helper.default and self.chance(0.5):
            given.pop()
        by_place = self.random.randint(min(1, len(given)), len(given))
        if self.chance(0.6):
            by_place = len(given)
        args = [text for _, text in given[:by_place]]
        args += [f"{name}={text}" for name, text in given[by_place:]]
        if len(args) > 1 and by_place == len(given) and self.chance(0.1):
            args = [args[0], f"*[{', '.join(args[1:])}]"]
        return f"{helper.name}({', '.join(args)})"

    def filled(self, form: str, depth: int, far: int = 1) -> str:
        """`form` with its holes filled."""
        fill: Callable[[Shape], str]
        fill = (lambda s: self.expr(s, depth)) if depth > 0 else (lambda s: self.leaf(s, far))

        def hole(found: re.Match[str]) -> str:
            return fill(tuple(int(extent) for extent in found[1].split(",") if extent))

        return _HOLE.sub(hole, form)

    def result(self) -> str:
        """A number that depends on as much as possible."""
        parts: list[Any] = []
        for name, shape in {**self.scope.shapes, **self.scope.places}.items():
            if self.chance(0.7):
                reduce = self.pick(("np.sum", "np.mean", "np.sum"))
                parts.append(name if shape == NUMBER else f"{reduce}({name})")
        parts += [f"sum({name})" for name in self.scope.lists]
        parts += [f"sum({name}.values())" for name in self.scope.dicts]
        parts.append(self.expr(NUMBER, 1))
        terms = [f"{self.pick(('0.5', '1.5', '2.0'))} * {part}" for part in parts]
        return " + ".join(terms)
