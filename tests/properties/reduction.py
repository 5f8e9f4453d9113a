"""Make a program that is wrong smaller, as long as it stays wrong in the same way."""

import ast
import operator
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice

from tests.properties.judge import WAYS, Wrong, judge
from tests.properties.programs import Program


def reduced(program: Program, wrong: Wrong, seconds: float = 20.0) -> Program:
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
        if _is_wrong_alike(candidate, wrong):
            best, changed = candidate, True
        else:
            place += 1
    return best


def _is_wrong_alike(program: Program, wrong: Wrong) -> bool:
    """Whether the compiler gets `program` wrong, in the same way."""
    ways = WAYS if wrong.sort == "gradient of two ways" else (wrong.way,)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            judge(program, ways)
        except Wrong as found:
            return found.sort == wrong.sort
        except Exception:  # the program itself no longer runs
            return False
    return False


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
    """What can be done to `tree`, in place; the largest parts first.

    What ends a `while` is left alone: its condition, and the last statement in it.
    """
    kept = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.While)
        for root in (node.test, node.body[-1])
        for part in ast.walk(root)
    }
    nodes = [node for node in ast.walk(tree) if id(node) not in kept]
    for node in nodes:
        for block in (getattr(node, "body", None), getattr(node, "orelse", None)):
            if isinstance(block, list):
                yield from _edits_of_block(block, kept)
    for node in nodes:
        if isinstance(node, ast.If) and node.orelse:
            yield partial(setattr, node, "orelse", [])
        for name, value in ast.iter_fields(node):
            if not isinstance(value, ast.expr) or name in ("target", "func", "annotation"):
                continue
            if id(value) not in kept:
                for child in ast.iter_child_nodes(value):
                    if isinstance(child, ast.expr) and not isinstance(child, ast.Slice):
                        yield partial(setattr, node, name, child)
                if not isinstance(value, ast.Constant):
                    yield partial(setattr, node, name, ast.Constant(0.5))


def _edits_of_block(block: list[ast.stmt], kept: set[int]) -> Iterator[Callable[[], None]]:
    for k, stmt in enumerate(block):
        if id(stmt) in kept:
            continue
        place = slice(k, k + 1)
        if len(block) > 1:
            yield partial(operator.setitem, block, place, [])
        for inner in (getattr(stmt, "body", None), getattr(stmt, "orelse", None)):
            if inner and isinstance(stmt, ast.If | ast.For | ast.While):
                yield partial(operator.setitem, block, place, inner)
