"""Which line of the user's source a statement of the compiler's belongs to."""

from collections.abc import Iterator, Mapping

from retrograd.transforms.diagnostics.span import Span
from retrograd.transforms.ir.nodes import Assign, Block, Comment, For, Function, Stmt, While
from retrograd.transforms.ir.walk import blocks, bound_names, statements


def places(function: Function) -> Mapping[Stmt, Span]:
    """The place of every statement; one of our own making belongs to the user's that it serves.

    That is the next one of the user's, for what a statement needs is made before it, or the loop
    for what its header does and for the counter of its iterations.
    """
    found: dict[Stmt, Span] = {}
    waiting: list[Stmt] = []

    def visit(block: Block, loop: For | While | None) -> None:
        for stmt in block:
            at = stmt.origin.span
            if loop is not None and at is None and _is_of_header(stmt, loop):
                at = found.get(loop)
            else:
                waiting.append(stmt)
            if at is not None:
                found.update(dict.fromkeys([*waiting, stmt], at))
                waiting.clear()
            for inner in blocks(stmt):
                visit(inner, stmt if isinstance(stmt, For | While) else None)

    visit(function.body, None)
    end = max(found.values(), key=lambda span: span.line, default=function.origin.span)
    if end is not None:
        found.update(dict.fromkeys(waiting, end))
    return found


def _is_of_header(stmt: Stmt, loop: For | While) -> bool:
    """Whether `stmt`, in the body of `loop`, does what the header says, or counts."""
    if stmt.origin.spelling == "":
        return True
    return isinstance(stmt, Assign) and bound_names(stmt.target) == (loop.counter,)


class Reach:
    """Which statements a value that is saved somewhere can be saved for.

    They stand before it, or in the loop around it: the reverse sweep comes to them afterwards.
    """

    def __init__(self, function: Function) -> None:
        self._all = list(statements(function.body))
        self._end: dict[Stmt, int] = {}
        for stmt in function.body:
            self._see(stmt, None)

    def of(self, stmt: Stmt) -> list[Stmt]:
        """The statements for which a value can be saved at `stmt`."""
        return self._all[: self._end[stmt]]

    def _see(self, stmt: Stmt, loop_end: int | None) -> None:
        here = len(self._end)
        self._end[stmt] = -1
        size = sum(1 for block in blocks(stmt) for _ in statements(block)) + 1
        end = here + size if loop_end is None else loop_end
        self._end[stmt] = end
        is_loop = isinstance(stmt, For | While)
        for block in blocks(stmt):
            for inner in block:
                self._see(inner, end if is_loop else loop_end)


def adjoint_places(function: Function) -> Iterator[tuple[Stmt, Span]]:
    """The statements of a generated function with the place of what they are about, where known."""

    def inside(block: Block, around: Span | None) -> Iterator[tuple[Stmt, Span]]:
        here = around or next(filter(None, (stmt.origin.span for stmt in block)), None)
        for stmt in block:
            here = stmt.origin.span or here
            if here is not None and not isinstance(stmt, Comment):
                yield stmt, here
            for inner in blocks(stmt):
                yield from inside(inner, here)

    return inside(function.body, None)
