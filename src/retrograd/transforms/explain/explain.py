"""Say what the compiler found out about a function, and what it made of that."""

from dataclasses import dataclass, field

from retrograd.transforms.explain.notes import part
from retrograd.transforms.explain.page import Explanation
from retrograd.transforms.frontend.read import Program
from retrograd.transforms.frontend.request import Request
from retrograd.transforms.ir.nodes import Function
from retrograd.transforms.pipeline import Facts, compile_module


def explain(program: Program, request: Request) -> Explanation:
    """What `request` makes of the function asked for, and of those that it calls.

    Raises:
        UnsupportedError: a function is outside the language that we differentiate.
    """
    watcher = _Watcher()
    made = compile_module(program, [(program.entry, request)], watch=watcher)
    parts = [part(seen.facts, seen.made) for seen in watcher.seen]
    return Explanation(tuple(reversed(parts)), made.text)


@dataclass
class _Seen:
    """The facts about one function, and the functions that were made with them."""

    facts: Facts
    made: list[Function] = field(default_factory=list)


class _Watcher:
    """Keeps the facts about each function as the compiler comes by them."""

    def __init__(self) -> None:
        self.seen: list[_Seen] = []

    def __call__(self, stage: str, result: object) -> None:
        match result:
            case Facts():
                self.seen.append(_Seen(result))
            case Function() if stage == "simplify":
                self.seen[-1].made.append(result)
            case _:
                pass
