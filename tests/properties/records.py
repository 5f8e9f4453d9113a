"""Random classes: dataclasses whose methods read their fields, and one that changes them.

Two classes of a program have methods of the same names, as classes have.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from tests.properties.grammar import NUMBER, Shape
from tests.properties.scope import Helper, Scope
from tests.properties.statements import Writer

#: What a field of each shape is called, and said to be.
FIELDS: Final = {
    "gain": (NUMBER, "float"),
    "bias": ((3,), "np.ndarray"),
    "shift": (NUMBER, "float"),
    "mesh": ((2, 3), "np.ndarray"),
}


@dataclass(frozen=True)
class Record:
    """A dataclass: its `fields` with their shapes, and methods, the last of which changes them."""

    name: str
    fields: tuple[tuple[str, Shape], ...]
    methods: tuple[Helper, ...]

    def made(self, writer: Writer) -> None:
        """Write a line that makes an object; from then on it may be read, asked and changed."""
        name = writer.new("cell")
        values = [writer.fresh(shape) for _, shape in self.fields]
        if writer.chance(0.3):
            values = [f"{f}={value}" for (f, _), value in zip(self.fields, values, strict=True)]
        writer.line(f"{name} = {self.name}({', '.join(values)})")
        writer.scope.shapes.update({f"{name}.{field}": shape for field, shape in self.fields})
        *asked, changing = (
            Helper(f"{name}.{m.name}", m.params, m.default, m.result) for m in self.methods
        )
        writer.scope.helpers += asked
        writer.scope.changing[name] = changing


def random_record(random: Random, name: str, helpers: Sequence[Helper]) -> tuple[Record, str]:
    """A class and its text; its methods may call `helpers`."""
    chosen = random.sample(list(FIELDS), random.randint(1, 3))
    fields = {field: FIELDS[field][0] for field in FIELDS if field in chosen}
    lines = [f"@dataclass\nclass {name}:"]
    lines += [f"    {field}: {FIELDS[field][1]}" for field in fields]
    methods: list[Helper] = []
    for method in ("respond", "energy", "nudge"):
        params = [(f"a{k}", random.choice((NUMBER, (3,)))) for k in range(random.randint(0, 2))]
        own = {f"self.{field}": shape for field, shape in fields.items()}
        known = [Helper(f"self.{m.name}", m.params, m.default, m.result) for m in methods]
        scope = Scope(shapes={**own, **dict(params)}, helpers=[*helpers, *known])
        scope.shared = {param for param, shape in params if shape}
        result: Shape = NUMBER
        if method == "nudge":
            writer = Writer(random, scope, deepest=3)
            writer.weights["overwrite"] *= 4
        else:
            scope.shared |= {place for place, shape in own.items() if shape}
            scope.fixed = set(own)
            result = random.choice((NUMBER, NUMBER, (3,)))
            writer = Writer(random, scope, returns=result, deepest=3)
        writer.indent = 2
        writer.statements(random.randint(method == "nudge", 2))
        writer.line(f"return {writer.expr(result, 2)}")
        lines += [f"\n    def {method}({', '.join(['self', *dict(params)])}):", *writer.lines]
        methods.append(Helper(method, tuple(params), False, result))
    return Record(name, tuple(fields.items()), tuple(methods)), "\n".join(lines) + "\n"
