"""Jacobians written as text: one call of a derivative for each number in an argument, or in the value.

    def g_jacobian(x, c):
        columns = [g_pushforward(x, c, axis) for axis in np.eye(np.size(x))]
        return np.stack(columns, axis=-1)

The text calls derivatives of the function, and is read and differentiated again like any other.
"""

from collections.abc import Callable, Iterator

from retrograd.transforms.backend.read_again import read_text
from retrograd.transforms.frontend.derivatives import WRITTEN
from retrograd.transforms.frontend.read import Definition
from retrograd.transforms.ir.kinds import (
    COMPLEX,
    FLOAT,
    UNKNOWN,
    Array,
    Kind,
    Scalar,
    Sequence,
    holds_complex,
    is_complex,
    with_parts,
)
from retrograd.transforms.ir.kinds import Mapping as MappingKind
from retrograd.transforms.ir.nodes import Callee
from retrograd.transforms.ir.walk import Fresh


def is_spread_out(kind: Kind) -> bool:
    """Whether a value of `kind` is a number or an array, or holds a known number of them."""
    match kind:
        case Scalar() | Array(dtype="bool" | "int" | "float" | "complex"):
            return True
        case Sequence(items=tuple() as parts):
            return bool(parts) and all(map(is_spread_out, parts))
        case MappingKind(items=tuple() as pairs):
            return bool(pairs) and all(is_spread_out(part) for _, part in pairs)
        case _:
            return False


def obstacle(value: Kind, argument: Kind) -> str:
    """Why there is no text for the Jacobian of a `value` by an `argument` of these kinds, "" if there is."""
    if not is_spread_out(argument):
        return "how many numbers are in the argument is not known"
    if holds_complex(argument):
        return "the argument is complex, and a Jacobian has one number for each pair of real ones"
    if any(not _is_float(kind) for _, kind in _leaves(argument)):
        return "not all that the argument holds are floats"
    if not is_spread_out(value):
        return "how many numbers are in the value is not known"
    return ""


def jacobian_kind(value: Kind, argument: Kind) -> Kind:
    """The kind of the Jacobian of a `value` by an `argument` of these kinds."""
    if obstacle(value, argument):
        return UNKNOWN
    return _each(value, lambda one: _each(argument, lambda other: _block_kind(one, other)))


def _block_kind(value: Kind, argument: Kind) -> Kind:
    number = COMPLEX if is_complex(value) else FLOAT
    if isinstance(value, Scalar) and isinstance(argument, Scalar):
        return number
    dims: list[str] = []
    for kind in (value, argument):
        if isinstance(kind, Array):
            if kind.dims is None:
                return Array(number.dtype, None)
            dims += kind.dims
    return Array(number.dtype, tuple(dims))


def _each(kind: Kind, changed: Callable[[Kind], Kind]) -> Kind:
    """`kind` with each number and array in it `changed`."""
    if isinstance(kind, Scalar | Array):
        return changed(kind)
    return with_parts(kind, lambda part: part if part == UNKNOWN else _each(part, changed))


def columns(
    name: str,
    params: tuple[str, ...],
    by: str,
    push: Callee,
    kinds: tuple[Kind, Kind],
    around: Definition,
) -> Definition:
    """The Jacobian with respect to the parameter `by`, from derivatives along tangents of it.

    `kinds` are those of the value and of the argument.
    """
    value, argument = kinds
    fresh = Fresh({*params, push.spelling, "np"})
    axis = fresh("axis")
    lines: list[str] = []
    found: list[tuple[str, Kind, str]] = []  # derivatives by each part, its kind, and its text
    for place, kind in _leaves(argument):
        part = f"{by}{place}"
        unit = _unit(argument, by, place, _of_shape(axis, part, kind))
        call = f"{push.spelling}({', '.join((*params, unit))})"
        if isinstance(kind, Scalar):
            held = fresh("column")
            lines.append(f"{held} = {call}")
        else:
            held = fresh("columns")
            lines.append(f"{held} = [{call} for {axis} in {_units(part)}]")
        found.append((held, kind, part))

    def entry(place: str, kind: Kind) -> str:
        blocks = iter(_column_block(place, kind, *one) for one in found)
        return _display(argument, "", lambda *_: next(blocks))

    return _read(name, params, by, push, [*lines, f"return {_display(value, '', entry)}"], around)


def _column_block(place: str, value: Kind, held: str, kind: Kind, part: str) -> str:
    """The derivative of what is at `place` of the value by a part of the argument."""
    if isinstance(kind, Scalar):
        return f"{held}{place}"
    parts = f"[column{place} for column in {held}]" if place else held
    whole = f"np.stack({parts}, axis=-1)"
    if isinstance(kind, Array) and kind.rank == 1:
        return whole
    shape = f"np.shape({part})"
    if isinstance(value, Array):
        shape = f"(*np.shape({held}[0]{place}), *{shape})"
    return f"np.reshape({whole}, {shape})"


def rows(
    name: str,
    params: tuple[str, ...],
    by: str,
    of: Callee,
    pull: Callee,
    argument: Kind,
    around: Definition,
) -> Definition:
    """The Jacobian with respect to the parameter `by` of an array, from cotangents of its numbers.

    The array is what the function `of` gives.
    """
    fresh = Fresh({*params, of.spelling, pull.spelling, "np"})
    value, axis, held = fresh("value"), fresh("axis"), fresh("rows")
    passed = ", ".join(params)
    own = {param.id for param in around.function.params if param.keyword_only}
    by_name = not of.key.startswith(WRITTEN)
    primal = ", ".join(f"{id}={id}" if by_name and id in own else id for id in params)
    unit = f"np.reshape({axis}, np.shape({value}))"
    lines = [
        f"{value} = {of.spelling}({primal})",
        f"{held} = [{pull.spelling}({passed}, {unit})[0] for {axis} in {_units(value)}]",
    ]

    def block(place: str, kind: Kind) -> str:
        parts = f"[row{place} for row in {held}]" if place else held
        shape = f"np.shape({value})"
        if isinstance(kind, Array):
            shape = f"(*{shape}, *np.shape({by}{place}))"
        return f"np.reshape(np.stack({parts}), {shape})"

    lines.append(f"return {_display(argument, '', block)}")
    return _read(name, params, by, pull, lines, around, of)


def several(
    name: str,
    params: tuple[str, ...],
    singles: tuple[Callee, ...],
    around: Definition,
    *,
    in_blocks: bool,
) -> Definition:
    """The Jacobians by several parameters, of which each is one of the functions `singles`.

    With `in_blocks` the value has as many parts, and all blocks of one of them stand together.
    """
    calls = [f"{one.spelling}({', '.join(params)})" for one in singles]
    lines, shown = [], ", ".join(calls)
    if in_blocks:
        fresh = Fresh({*params, *(one.spelling for one in singles)})
        held = [fresh(f"by_{count}") for count in range(len(singles))]
        lines = [f"{one} = {call}" for one, call in zip(held, calls, strict=True)]
        rows = (", ".join(f"{one}[{row}]" for one in held) for row in range(len(held)))
        shown = ", ".join(f"({row})" for row in rows)
    lines.append(f"return {shown}")
    text = f"def {name}({', '.join(params)}):\n" + "".join(f"    {line}\n" for line in lines)
    return read_text(name, text, {one.spelling: one for one in singles}, around)


def turned(kind: Kind) -> Kind:
    """The kind of a tuple of tuples, as many in it as in each, whose rows are the other's columns."""
    assert isinstance(kind, Sequence)
    rows = [row.items for row in kind.items or () if isinstance(row, Sequence)]
    if not rows or None in rows:
        return UNKNOWN
    columns = zip(*(row for row in rows if row is not None), strict=True)
    return Sequence("tuple", tuple(Sequence("tuple", one, UNKNOWN) for one in columns), UNKNOWN)


def _read(
    name: str,
    params: tuple[str, ...],
    by: str,
    derivative: Callee,
    lines: list[str],
    around: Definition,
    *others: Callee,
) -> Definition:
    """The function with the statements `lines`."""
    doc = f"Jacobian of `{around.function.name}` with respect to {by}."
    text = f'def {name}({", ".join(params)}):\n    """{doc}"""\n'
    text += "".join(f"    {line}\n" for line in lines)
    own = {one.spelling: one for one in (derivative, *others)}
    return read_text(name, text, own, around)


def _units(part: str) -> str:
    return f"np.eye(np.size({part}), dtype={part}.dtype)"


def _of_shape(axis: str, part: str, kind: Kind) -> str:
    """What is 1 in one place of a number or an array, where `axis` is that for one of one axis."""
    if isinstance(kind, Scalar):
        return "1.0"
    if isinstance(kind, Array) and kind.rank == 1:
        return axis
    return f"np.reshape({axis}, np.shape({part}))"


def _unit(argument: Kind, by: str, place: str, one: str) -> str:
    """What is like the argument `by`, and zero except at `place`, where it is `one`."""

    def zero(at: str, kind: Kind) -> str:
        if at == place:
            return one
        return "0.0" if isinstance(kind, Scalar) else f"np.zeros_like({by}{at})"

    return _display(argument, "", zero)


def _display(kind: Kind, place: str, leaf: Callable[[str, Kind], str]) -> str:
    """The text of a structure like a value of `kind`, of what `leaf` gives for its parts."""
    match kind:
        case Sequence(form=form, items=tuple() as items):
            parts = [_display(part, f"{place}[{k}]", leaf) for k, part in enumerate(items)]
            listed = ", ".join(parts)
            if form == "list":
                return f"[{listed}]"
            return f"({listed},)" if len(parts) == 1 else f"({listed})"
        case MappingKind(items=tuple() as pairs):
            entries = (
                f"{key!r}: {_display(part, f'{place}[{key!r}]', leaf)}" for key, part in pairs
            )
            return f"{{{', '.join(entries)}}}"
        case _:
            return leaf(place, kind)


def _leaves(kind: Kind, place: str = "") -> Iterator[tuple[str, Kind]]:
    """The places of the numbers and arrays in a value of `kind`, as subscripts, and their kinds."""
    match kind:
        case Sequence(items=tuple() as items):
            for k, part in enumerate(items):
                yield from _leaves(part, f"{place}[{k}]")
        case MappingKind(items=tuple() as pairs):
            for key, part in pairs:
                yield from _leaves(part, f"{place}[{key!r}]")
        case _:
            yield place, kind


def _is_float(kind: Kind) -> bool:
    return isinstance(kind, Scalar | Array) and kind.dtype == "float"
