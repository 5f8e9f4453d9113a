"""The grammar of random programs, as data: what expressions and statements may look like.

A hole ``<2,3>`` takes an expression of that shape, ``<>`` one of a number. In statements ``{a}`` is
the array, list or dict that is changed, ``{i}`` an index into it, ``{p}`` a new name for a part of
it, ``{s}`` a number that is assigned.
"""

from collections.abc import Mapping
from typing import Final

Shape = tuple[int, ...]
NUMBER: Final[Shape] = ()

#: How often a new variable has which shape.
SHAPES: Final[Mapping[Shape, int]] = {
    NUMBER: 8,
    (3,): 6,
    (2,): 2,
    (4,): 2,
    (2, 3): 4,
    (1, 3): 1,
    (2, 1): 1,
    (2, 2, 3): 2,
}

#: What may be broadcast to a shape, beside itself.
SPREADS: Final[Mapping[Shape, tuple[Shape, ...]]] = {
    NUMBER: (),
    (2,): ((1,), NUMBER),
    (3,): ((1,), NUMBER),
    (4,): ((1,), NUMBER),
    (1, 3): ((3,), (1,), NUMBER),
    (2, 1): ((1,), NUMBER),
    (2, 3): ((3,), (1, 3), (2, 1), NUMBER),
    (2, 2, 3): ((2, 3), (3,), (2, 1), NUMBER),
}

# ---------------------------------------------------------------- expressions

#: How values of one shape are made from others.
FORMS: Final[Mapping[Shape, tuple[str, ...]]] = {
    NUMBER: (
        "np.sum(<3>)",
        "np.sum(<2,3>)",
        "np.mean(<2,2,3>)",
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
        "max(<>, <>, 0.3)",
        "sum([<>, <>])",
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
        "<3>[[0, 2]]",
        "<2,2,3>[:, 1, 0]",
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
        "<2,2,3>[0, 1]",
        "<4>[np.array([0, 0, 2])]",
    ),
    (4,): (
        "np.concatenate([<3>, <1>])",
        "np.array([<>, 0.1, <>, <>])",
        "(np.linspace(0.1, 0.9, 4) * <>)",
        "np.reshape(np.outer(<2>, <2>), (4,))",
        "np.cumsum(<4>)",
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
        "<2,2,3>[1]",
        "<2,2,3>[:, 0]",
        "np.sum(<2,2,3>, axis=1)",
        "<2,3>[::-1]",
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
    (2, 2, 3): (
        "np.stack([<2,3>, <2,3>])",
        "(<2,3>[None] * <2,2,3>)",
        "(<2,1> * <2,2,3>)",
        "(np.ones((2, 1, 1)) * <2,3>)",
    ),
}

#: Functions of one number.
OF_NUMBER: Final = (
    "math.sin(<>)",
    "math.tanh(<>)",
    "math.exp(-abs(<>))",
    "math.sqrt(1.0 + <> ** 2)",
    "math.atan(<>)",
    "abs(<>)",
    "math.log(2.0 + <> ** 2)",
    "max(<>, 0.2)",
    "min(<>, 0.9)",
)

#: Functions of an array, entry by entry; ``{}`` is the operand.
OF_ARRAY: Final = (
    "np.sin({})",
    "np.tanh({})",
    "np.exp(-np.abs({}))",
    "np.sqrt(1.2 + ({0}) ** 2)",
    "np.square({})",
    "np.log1p(({0}) ** 2)",
    "np.maximum({}, 0.1)",
    "-{}",
    "np.clip({}, -1.0, 1.0)",
    "np.logaddexp(0.0, {})",
    "np.minimum({}, 0.7)",
)

#: Two operands, of which one may be broadcast.
OF_TWO: Final = (
    "({} + {})",
    "({} - {})",
    "({} * {})",
    "({} * {})",
    "({} / (1.5 + {} ** 2))",
    "(({} + {}) ** 2)",
    "(({} - {}) ** 3)",
)

# ---------------------------------------------------------------- statements

#: In place, one entry, slice, row, column or mask after the other.
STORES: Final[Mapping[Shape, tuple[str, ...]]] = {
    (2,): ("{a}[0] = <>", "{a}[-1] *= <>", "{a} += <2>"),
    (3,): (
        "{a}[{i}] = <>",
        "{a}[{i}] = <>",
        "{a}[{i}] += <>",
        "{a}[{i}] -= <>",
        "{a}[{i}] *= <>",
        "{a}[{i}] /= 1.5 + <> ** 2",
        "{a}[{i}] = {a}[{i}] * <>",
        "{a}[{i}] = 0.4",
        "{a}[1:] = <2>",
        "{a}[:-1] += <2>",
        "{a}[1:] = {a}[:-1]",
        "{a}[1:] *= {a}[:-1]",
        "{a}[::2] *= <>",
        "{a}[::-1] = <3>",
        "{a}[[0, 2]] -= <2>",
        "{a}[np.array([1, 1, 2])] += <3>",
        "{a}[{a} > 0.35] *= <>",
        "{a}[:] = <3>",
        "{a}[...] = <>",
        "{a} += <3>",
        "{a} *= <>",
        "{a} -= <1>",
        "{a}[0], {a}[2] = {a}[2], {a}[0]",
        "{a}[{i}] = {a}[0] = <>",
        "np.multiply({a}, <3>, out={a})",
    ),
    (4,): ("{a}[2] = <>", "{a}[1:3] += <2>", "{a}[1:] = <3>", "{a}[::2] = <2>", "{a} *= <4>"),
    (2, 3): (
        "{a}[0, {i}] = <>",
        "{a}[1, {i}] += <>",
        "{a}[-1, {i}] *= <>",
        "{a}[0][{i}] = <>",
        "{a}[1] = <3>",
        "{a}[0] += <3>",
        "{a}[:, {i}] = <2>",
        "{a}[:, 0] *= <>",
        "{a}[..., 1] += <2>",
        "{a}[:, 1:] = <2,1>",
        "{a}[0] = {a}[1] * <>",
        "{a}[[1, 0]] = {a}",
        "{a}[{a} < -0.3] = 0.1",
        "{a} += <2,3>",
        "{a} -= <3>",
        "{a} *= <2,1>",
    ),
    (2, 2, 3): (
        "{a}[0, 1, {i}] = <>",
        "{a}[1] = <2,3>",
        "{a}[:, 0] += <3>",
        "{a}[..., {i}] *= <>",
        "{a}[1, 0] = {a}[0, 1] * <>",
        "{a} *= <2,1>",
    ),
}

#: A second name for an array or a part of it, then changes through either of the two.
VIEWS: Final[Mapping[Shape, tuple[tuple[str, ...], ...]]] = {
    (3,): (
        ("{p} = {a}", "{p} *= <>"),
        ("{p} = {a}", "{p}[{i}] = <>", "{a}[{i}] += <>"),
        ("{p} = {a}[1:]", "{p}[0] = <>", "{s} = np.sum({p} * {p})"),
        ("{p} = {a}[:2]", "{a}[1] = <>", "{p} += <2>"),
        ("{p} = {a}[::-1]", "{p}[0] *= <>"),
        ("{p} = {a}", "{a} = 0.7 * <3>", "{p}[0] = <>", "{a}[1] = {p}[0] * <>"),
        ("{p} = {a}.copy()", "{p}[{i}] = <>", "{a}[0] = {p}[{i}] * <>"),
    ),
    (2, 3): (
        ("{p} = {a}[1]", "{p}[{i}] = <>"),
        ("{p} = {a}[0]", "{p} *= <3>", "{p}[{i}] += <>"),
        ("{p} = {a}[0]", "{a}[0, {i}] = <>", "{s} = np.sum({p} ** 2)"),
        ("{p} = {a}[:, 1]", "{p} += <2>", "{p}[0] = <>"),
        ("{p} = {a}.T", "{p}[{i}] = <2>"),
        ("for {p} in {a}:", "    {p} *= <>", "    {p}[{i}] = <>"),
        ("for {p} in {a}:", "    {p}[{i}] += {p}[0] * <>"),
    ),
    (2, 2, 3): (
        ("{p} = {a}[0]", "{p}[1] = <3>", "{p}[0, {i}] *= <>"),
        ("{p} = {a}[:, 1]", "{p} *= <>"),
    ),
}

#: Arrays of our own that begin as constants.
BLANK: Final = ("np.zeros({})", "np.ones({})", "np.full({}, 0.5)", "np.zeros({})")

#: Changes to a list of numbers; ``{i}`` is the index of an item that is there.
LIST_CHANGES: Final = (
    "{a}.append(<>)",
    "{a}.append(<>)",
    "{a}[{i}] = <>",
    "{a}[{i}] *= <>",
    "{a}[-1] += <>",
    "{a}.insert(0, <>)",
    "{a}.extend([<>, <>])",
    "{a} += [<>]",
    "{a}[0], {a}[-1] = {a}[-1], {a}[0]",
    "{a}.append(<>); {s} = {a}.pop()",
    "{a}.append(<>); {s} = {a}.pop(0)",
)

#: What a list of numbers, perhaps empty, gives.
OF_LIST: Final = (
    "sum({a})",
    "sum([0.7 * item for item in {a}])",
    "np.sum(np.array({a} + [0.5]) ** 2)",
    "len({a}) * <>",
    "max({a} + [0.4])",
    "sum(item * item for item in {a} if item > 0.15)",
)

#: Changes to a dict of numbers.
DICT_CHANGES: Final = (
    '{a}["{k}"] = <>',
    '{a}["{k}"] += <>',
    '{a}["{k}"] *= <>',
    "{a}.update({k}=<>)",
    '{a}.update({{"{k}": <>}})',
)

#: What a dict of numbers gives.
OF_DICT: Final = (
    "sum({a}.values())",
    "sum(value * value for value in {a}.values())",
    '{a}.get("{k}", 0.3)',
    '{a}.get("missing", <>)',
    "sum(0.5 * {a}[key] for key in {a})",
)

#: Statements that say or check something, and change nothing.
SILENT: Final = (
    'print("now", <>)',
    "print(f'at {<>:.3f} and {<3>}')",
    'assert abs(<>) < 1e9, "far away"',
    "assert <3>.shape == (3,)",
    "pass",
    '"""A remark."""',
)
