"""Generated code made native: compiled by Numba for the arguments at hand, or refused in our words."""

import inspect
import re
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from types import FunctionType
from typing import TYPE_CHECKING, Any

from retrograd import __version__
from retrograd.cache import SourceCache
from retrograd.transforms.diagnostics.report import Diagnostics, RetrogradError
from retrograd.transforms.diagnostics.span import Span
from retrograd.transforms.frontend.object_names import undecorated

if TYPE_CHECKING:
    from retrograd.runtime.native.boundary import Form
    from retrograd.runtime.native.refusing import NotNative

Function = Callable[..., Any]


def check_numba() -> None:
    """Make sure that there is a compiler for native code.

    Raises:
        ImportError: Numba is not installed, or SciPy, whose linear algebra it calls.
    """
    missing = [name for name in ("numba", "scipy") if find_spec(name) is None]
    if missing:
        raise ImportError(
            f"native code (jit=True) needs {' and '.join(missing)}: "
            'pip install "retrograd[jit]", or leave jit=True out for NumPy'
        )


def compiled(
    text: str,
    entry: str,
    values: Callable[[str], object],
    given: inspect.BoundArguments,
    wrt: Iterable[int],
    form: "Form",
    functions: Iterable[FunctionType],
) -> Function:
    """The function `entry` of the generated `text` as native code.

    Args:
        values: the value of a name that the text leaves open.
        given: the arguments to compile for, with defaults.
        wrt: the positions of the parameters that it is a derivative by.
        form: what it gives.
        functions: the functions of the user's that `text` was made of.

    Raises:
        UnsupportedError: Numba cannot compile it.
    """
    from retrograd.runtime.native.boundary import native_function
    from retrograd.runtime.native.refusing import NotNative

    folder = SourceCache.of_user().folder
    try:
        return native_function(
            text,
            entry,
            values=values,
            below=undecorated,
            given=given,
            wrt=tuple(wrt),
            form=form,
            folder=None if folder is None else folder / "native",
            version=__version__,
        )
    except NotNative as refusal:
        raise refused(refusal, text, functions) from None


def guarded(function: Function, text: str, functions: Iterable[FunctionType]) -> Function:
    """`function`, refusing in our words what a later call brings about."""

    def call(*args: Any) -> Any:
        try:
            return function(*args)
        except Exception as error:
            raise refused_later(error, text, functions) or error from None

    return call


def refused_later(
    error: Exception, text: str, functions: Iterable[FunctionType]
) -> RetrogradError | None:
    """What to raise for an `error` of Numba's, which a call brought about; None for other errors."""
    from retrograd.runtime.native.refusing import NotNative, reason_of

    if isinstance(error, NotNative):  # of a function that was made again
        return refused(error, text, functions)
    if type(error) is TypeError and re.fullmatch(r"expected [\w, ()]+, got None", str(error)):
        return refused(NotNative("a variable is None before it is a number"), text, functions)
    if not type(error).__module__.startswith("numba."):
        return None
    return refused(NotNative(reason_of(error)), text, functions)


def refused(refusal: "NotNative", text: str, functions: Iterable[FunctionType]) -> RetrogradError:
    """The error for a `refusal`, at the place in the user's text that it is about."""
    found = Diagnostics()
    span, line = _place(refusal, text, functions)
    shown = f"{refusal.reason}, for `{line}`" if line else refusal.reason
    found.refuse("RG501", span, shown)
    try:
        found.raise_if_any()
    except RetrogradError as error:
        return error
    raise AssertionError("a refusal was noted")


def _place(
    refusal: "NotNative", text: str, functions: Iterable[FunctionType]
) -> tuple[Span | None, str]:
    """The user's statement, and the line of generated code that the refusal is about if it is another."""
    written = {name: _lines(function) for function in functions for name in [function.__name__]}
    if refusal.function in written and not re.search(rf"^def {refusal.function}\(", text, re.M):
        filename, first, lines = written[refusal.function]
        return _span(filename, first + refusal.line - 1, lines[refusal.line - 1]), ""
    generated = text.splitlines()
    line = generated[refusal.line - 1].strip() if refusal.line else ""
    # Above an adjoint statement stands the user's as a comment; others are the user's own.
    for candidate in _upwards(generated, refusal.line):
        for filename, first, lines in written.values():
            for k, user in enumerate(lines):
                if _bare(user) == _bare(candidate):
                    span = _span(filename, first + k, user)
                    return span, "" if _bare(candidate) == _bare(line) else line
    for filename, first, lines in written.values():
        heads = [k for k, user in enumerate(lines) if user.lstrip().startswith("def ")]
        if heads:
            return _span(filename, first + heads[0], lines[heads[0]]), line
    return None, line


def _upwards(lines: list[str], number: int) -> Iterable[str]:
    """The line with a number, then the comments above it, up to the head of its function."""
    if not number:
        return
    yield lines[number - 1]
    for line in reversed(lines[: number - 1]):
        if line.startswith("def "):
            return
        if line.lstrip().startswith("# "):
            yield line.lstrip()[2:]


def _bare(line: str) -> str:
    return re.sub(r"\s+#.*", "", line).strip()


def _lines(function: FunctionType) -> tuple[str, int, list[str]]:
    try:
        lines, first = inspect.getsourcelines(function.__code__)
    except (OSError, TypeError):
        return "", 0, []
    return function.__code__.co_filename, max(first, 1), [line.rstrip("\n") for line in lines]


def _span(filename: str, number: int, text: str) -> Span:
    start = len(text) - len(text.lstrip())
    return Span(filename, number, start, number, len(_bare(text)) + start, text)
