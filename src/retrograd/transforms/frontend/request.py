"""What is asked of the compiler: a derivative of one function, of what, in which form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from retrograd.transforms.frontend.annotations import (
    RecordNamed,
    kind_of_annotation,
    looked_up,
)
from retrograd.transforms.ir.kinds import FLOAT, Array, Kind, Scalar
from retrograd.transforms.ir.nodes import Checkpoint, Param

Mode = Literal["grad", "value_and_grad", "split", "jvp", "pushforward"]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be made of one function.

    `wrt` are parameters by name or position, None for the first; `kinds` is what is known of the
    arguments beside annotations. With `safe` every analysis gives its safe answer: everything is
    active, everything overwritten is recorded; the gradient must come out the same. `checkpoint` is
    that of every loop that is in no other one, unless the text of the function says another.
    """

    wrt: tuple[int | str, ...] | None = None
    mode: Mode = "grad"
    kinds: tuple[tuple[str, Kind], ...] = ()
    safe: bool = False
    checkpoint: Checkpoint = ""


def wrt_names(params: Sequence[Param], wrt: tuple[int | str, ...] | None) -> tuple[str, ...]:
    """The parameters to differentiate with respect to, by name.

    Raises:
        ValueError: there is no such parameter.
    """
    ids = [param.id for param in params]
    starred = {param.id: param.star for param in params if param.star}
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
    for name in found:
        if name in starred:
            raise ValueError(
                f"`{starred[name]}{name}` takes the arguments that are left over; only parameters "
                "of one argument can be differentiated by"
            )
    if len(set(found)) < len(found):
        raise ValueError(f"a parameter is named twice: {', '.join(found)}")
    return tuple(found)


def param_kinds(
    params: Sequence[Param],
    known: tuple[tuple[str, Kind], ...],
    wrt: tuple[str, ...],
    record: RecordNamed,
) -> dict[str, Kind]:
    """The kind of every parameter: as told, else as annotated; integers asked for are floats.

    `record` gives the kind of the instances of a class by its name.
    """
    told = {name: looked_up(kind, record) for name, kind in known}
    unknown = [name for name in told if all(param.id != name for param in params)]
    if unknown:
        raise ValueError(f"types given for {', '.join(unknown)}, which the function does not have")
    kinds = {p.id: told.get(p.id, kind_of_annotation(p.annotation, record)) for p in params}
    for name in wrt:
        match kinds[name]:
            case Scalar(dtype=dtype) if dtype != "complex":
                kinds[name] = FLOAT
            case Array(dtype="int" | "bool", dims=dims):
                kinds[name] = Array("float", dims)
            case _:
                pass
    return kinds
