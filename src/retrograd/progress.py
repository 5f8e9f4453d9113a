"""A line on the terminal that shows how an optimizer loop is getting on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from retrograd.runtime.solvers.stopping import Callback, State

if TYPE_CHECKING:
    from rich.console import Console

#: How often the line changes, per second: loops take far more steps than anybody reads.
PER_SECOND = 10


@contextmanager
def progress_of(
    method: str, callback: Callback | None, wanted: bool, console: "Console | None" = None
) -> Iterator[Callback | None]:
    """`callback`, which if `wanted` also shows each step on a line of standard error.

    The last line stays. Where standard error is no terminal, nothing is written.
    """
    if not wanted:
        yield callback
        return
    from rich.console import Console  # only who wants to see it waits for it
    from rich.live import Live
    from rich.text import Text

    console = Console(stderr=True) if console is None else console
    if not console.is_terminal:
        yield callback
        return
    now: list[State] = []  # only the steps that are seen are written

    def line() -> Text:
        return Text(_line(method, now[0]) if now else f"{method} is starting")

    def following(state: State) -> bool | None:
        now[:] = [state]
        return None if callback is None else callback(state)

    with Live(get_renderable=line, console=console, refresh_per_second=PER_SECOND):
        yield following


def _line(method: str, state: State) -> str:
    parts = [f"{method} {state.nit:6d}", f"value {state.value:.8g}"]
    named = {"gradient_norm": "gradient", "cosine": "cosine", "rate": "rate", "damping": "damping"}
    parts += [
        f"{word} {state.record[key]:.2e}" for key, word in named.items() if key in state.record
    ]
    return "   ".join(parts)
