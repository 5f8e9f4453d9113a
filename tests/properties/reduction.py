"""Make a program that fails smaller, as long as it fails in the same way."""

import ast
import operator
import signal
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any, Final

from tests.properties.judge import WAYS, Failure, judge
from tests.properties.programs import Program

#: A program that has lost the end of a loop never ends: so long it may take.
SECONDS: Final = 5.0


def reduced(program: Program, failure: Failure, seconds: float = 20.0) -> Program:
    """A program with as few statements and operands as can be found in `seconds`."""
    end = time.monotonic() + seconds
    best, place, changed = program, 0, False
    while time.monotonic() < end:
        text = smaller(best.text, place)
        if text is None:
            if not changed:
                return best
            place, changed = 0, False
            continue
        candidate = replace(best, text=text)
        if _fails_alike(candidate, failure):
            best, changed = candidate, True
        else:
            place += 1
    return best


def _fails_alike(program: Program, failure: Failure) -> bool:
    """Whether the compiler fails on `program`, in the same way."""
    ways = WAYS if failure.sort == "gradient of two ways" else (failure.way,)
    with warnings.catch_warnings(), time_limit(SECONDS):
        warnings.simplefilter("ignore")
        try:
            judge(program, ways)
        except Failure as found:
            return type(found) is type(failure) and found.sort == failure.sort
        except Exception:  # the program itself no longer runs
            return False
    return False


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TimeoutError` inside when it takes more time to compute; only in a main thread."""

    def too_long(signum: int, frame: Any) -> None:
        raise TimeoutError(f"more than {seconds} s")

    before = signal.signal(signal.SIGPROF, too_long)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


def smaller(text: str, place: int) -> str | None:
    """The program with one thing less: a statement, the header of a block, an operand.

    `place` says which; None if there are not so many.
    """
    tree = ast.parse(text)
    edit = next(islice(_edits(tree), place, None), None)
    if edit is None:
        return None
    edit()
    return f"{ast.unparse(ast.fix_missing_locations(tree))}\n"


def _edits(tree: ast.Module) -> Iterator[Callable[[], None]]:
    """What can be done to `tree`, in place; the largest parts first."""
    nodes = list(ast.walk(tree))
    for node in nodes:
        for block in (getattr(node, "body", None), getattr(node, "orelse", None)):
            if isinstance(block, list):
                yield from _edits_of_block(block)
    for node in nodes:
        if isinstance(node, ast.If | ast.For | ast.While) and node.orelse:
            yield partial(setattr, node, "orelse", [])
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr) and name not in ("target", "func", "annotation"):
                yield from _edits_of_operand(value, partial(setattr, node, name))
            elif isinstance(value, list) and not isinstance(node, ast.Assign | ast.Delete):
                for k, item in enumerate(value):
                    if isinstance(item, ast.expr) and not isinstance(item, ast.Starred):
                        yield from _edits_of_operand(item, partial(operator.setitem, value, k))


def _edits_of_block(block: list[ast.stmt]) -> Iterator[Callable[[], None]]:
    for k, stmt in enumerate(block):
        place = slice(k, k + 1)
        if len(block) > 1:
            yield partial(operator.setitem, block, place, [])
        for inner in (getattr(stmt, "body", None), getattr(stmt, "orelse", None)):
            if inner and isinstance(stmt, ast.If | ast.For | ast.While):
                yield partial(operator.setitem, block, place, inner)


def _edits_of_operand(
    operand: ast.expr, put: Callable[[ast.expr], None]
) -> Iterator[Callable[[], None]]:
    """`operand` replaced by a part of itself, or by a number."""
    for child in ast.iter_child_nodes(operand):
        if isinstance(child, ast.expr) and not isinstance(child, ast.Slice | ast.Starred):
            yield partial(put, child)
    if not isinstance(operand, ast.Constant | ast.Slice):
        yield partial(put, ast.Constant(0.5))
