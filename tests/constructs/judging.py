"""What becomes of an entry: the gradient of the function, a refusal, or something that must not be.

`outcome` calls the gradient as a user would, holds it against central differences, calls it again,
and compiles the program in two other ways that must not matter.
"""

import contextlib
import copy
import io
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from inspect import Parameter
from types import CellType
from typing import Any, Final

import numpy as np

import retrograd as rg
from retrograd.runtime.checking import compare_gradients
from retrograd.runtime.linking import link, pseudo_filename
from retrograd.runtime.pytrees import flatten, leaves, unflatten
from retrograd.runtime.signature import with_floats
from retrograd.surroundings import surroundings
from retrograd.transforms.diagnostics.report import UnsupportedError
from retrograd.transforms.frontend.read import read_live
from retrograd.transforms.frontend.request import Mode, Request
from retrograd.transforms.frontend.values import kind_of_value
from retrograd.transforms.pipeline import compile_module
from tests.constructs.entries import DIFFERENTIATED, Entry

#: Two ways to the same derivative differ by rounding in sums of some hundred terms.
RTOL: Final = 1e4 * np.finfo(np.float64).eps


def outcome(entry: Entry) -> str:
    """``differentiated``, or the code of the diagnostic with which the entry is refused.

    Raises:
        AssertionError: the gradient is wrong, or changes something, or depends on how it was made.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            return _Judge(entry).outcome()
        except UnsupportedError as refusal:
            codes = [one.code for one in refusal.diagnostics]
            return entry.refused if entry.refused in codes else codes[0]


@dataclass
class Heard:
    """What a call said to the world: printed, logged, warned."""

    out: io.StringIO = field(default_factory=io.StringIO)
    err: io.StringIO = field(default_factory=io.StringIO)
    logged: list[str] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)

    def all(self) -> tuple[str, str, list[str], list[str]]:
        """Everything, to be compared."""
        return self.out.getvalue(), self.err.getvalue(), self.logged, self.warned


@dataclass(frozen=True)
class Result:
    """How a call ended: with a value, or with an exception; and what it said until then."""

    value: Any
    problem: Exception | None
    heard: Heard


class _Judge:
    """Judges one entry."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        values = entry.values()
        self.wrt = entry.wrt(values)
        self.names = list(values)
        self.values = {
            name: with_floats(value) if name in self.wrt else value
            for name, value in values.items()
        }

    def outcome(self) -> str:
        gradient = rg.grad(self.entry.function, argnames=self.wrt)
        given = self.entry.values()
        before = copy.deepcopy(given)
        first = called(gradient, self.entry, given, unchanged=False)
        if isinstance(first.problem, UnsupportedError):
            raise first.problem
        primal = called(self.entry.function, self.entry, self.values)
        assert first.heard.all() == primal.heard.all(), "it prints, logs or warns something else"
        if primal.problem is not None:
            problem = first.problem
            assert type(problem) is type(primal.problem), f"{problem!r}, not {primal.problem!r}"
            assert str(problem) == str(primal.problem), f"{problem!r}, not {primal.problem!r}"
            return DIFFERENTIATED
        if first.problem is not None:
            raise AssertionError(f"it raises {first.problem!r}") from first.problem
        assert same(before, given), f"the arguments were changed: {given}"
        found = [first.value] if len(self.wrt) == 1 else list(first.value)
        self._compare_with_differences(found)
        self._check_dtypes(found)
        again = called(gradient, self.entry, self.entry.values())
        second = [again.value] if len(self.wrt) == 1 else list(again.value)
        self._assert_close(second, found, "a second call")
        self._compare_with_safe_answers(found)
        of_floats = called(self.entry.function, self.entry, self.values)
        self._compare_with_forward_mode(found, of_floats.value)
        return DIFFERENTIATED

    def _like(self) -> list[Any]:
        return [self.values[name] for name in self.wrt]

    def _compare_with_differences(self, found: list[Any]) -> None:
        expected = self.entry.expected(self.values)
        if expected is not None:
            self._assert_close(found, [expected[name] for name in self.wrt], "by hand")
            return

        def primal(*args: Any) -> Any:
            given = dict(zip(self.names, args, strict=True))
            return called(self.entry.function, self.entry, given).value

        compared = compare_gradients(
            primal,
            list(self.values.values()),
            found,
            argnums=[self.names.index(name) for name in self.wrt],
            names=self.names,
        )
        wrong = [str(one) for one in compared if not one.agrees and one.apart > RTOL]
        assert not wrong, "\n".join(wrong)

    def _check_dtypes(self, found: list[Any]) -> None:
        for name, gradient in zip(self.wrt, found, strict=True):
            pairs = zip(leaves(self.values[name]), leaves(gradient), strict=True)
            for (path, value), (_, slope) in pairs:
                if isinstance(value, np.ndarray) and value.dtype.kind == "f":
                    dtype = np.asarray(slope).dtype
                    assert dtype == value.dtype, f"{name}{path}: {dtype} for {value.dtype}"

    def _compare_with_safe_answers(self, found: list[Any]) -> None:
        safe = called(self._compiled("grad", safe=True), self.entry, self.values)
        if safe.problem is not None:
            raise AssertionError(f"with safe answers: {safe.problem!r}") from safe.problem
        value = [safe.value] if len(self.wrt) == 1 else list(safe.value)
        self._assert_close(value, found, "with safe answers")

    def _compare_with_forward_mode(self, found: list[Any], value: Any) -> None:
        like = self._like()
        if not like:
            return
        random = np.random.default_rng(0)
        along = random.normal(size=flatten(like).size)
        try:
            push = self._compiled("jvp")
        except UnsupportedError as refusal:
            codes = {one.code for one in refusal.diagnostics}
            if codes == {self.entry.fields.get("forward")}:
                return
            raise AssertionError(f"forward mode refuses it: {codes}\n{refusal}") from refusal
        pushed = called(push, self.entry, self._with_defaults(), more=unflatten(along, like))
        if pushed.problem is not None:
            raise AssertionError(f"in forward mode: {pushed.problem!r}") from pushed.problem
        assert np.allclose(pushed.value[0], value, rtol=self._rtol), "value of forward mode"
        terms = flatten(found, like=like) * along
        error = abs(float(pushed.value[1]) - float(np.sum(terms)))
        assert error <= self._rtol * max(
            1.0, float(np.sum(np.abs(terms)))
        ), f"forward mode: {pushed.value[1]}, and {np.sum(terms)} by the gradient"

    def _with_defaults(self) -> dict[str, Any]:
        """A value for every parameter."""
        defaults = {name: param.default for name, param in self.entry.params.items()}
        return {name: self.values.get(name, default) for name, default in defaults.items()}

    def _assert_close(self, found: list[Any], expected: list[Any], what: str) -> None:
        """The entries of two gradients differ by no more than rounding."""
        left, right = (flatten(one, like=self._like()) for one in (found, expected))
        largest = float(np.max(np.abs(right), initial=1.0))
        assert np.allclose(
            left, right, rtol=self._rtol, atol=self._rtol * largest
        ), f"{what}: {left}, and not {right}"

    @property
    def _rtol(self) -> float:
        """What rounding may do, for the coarsest floats in play."""
        coarse = any(np.asarray(leaf).dtype == np.float32 for _, leaf in leaves(self._like()))
        return float(self.entry.fields.get("rtol", 1e-4 if coarse else RTOL))

    def _compiled(self, mode: Mode, *, safe: bool = False) -> Callable[..., Any]:
        around = surroundings(self.entry.function)
        program = read_live(around.function)
        kinds = tuple((name, kind_of_value(value)) for name, value in self.values.items())
        request = Request(self.wrt, mode, kinds, safe)
        made = compile_module(program, [(program.entry, request)])
        function = around.function
        cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
        for name, home in made.homes.items():
            cells[name] = CellType(around.value(home.key, home.name))
        filename = pseudo_filename(made.names[-1], made.text)
        functions = link(made.text, filename=filename, scope=function.__globals__, cells=cells)
        return functions[made.names[-1]]


# ---------------------------------------------------------------- calling


def called(
    function: Callable[..., Any],
    entry: Entry,
    values: Mapping[str, Any],
    *,
    more: Any = (),
    unchanged: bool = True,
) -> Result:
    """How the call of `function` ends; it gets copies of `values` if they are to be unchanged."""
    given = copy.deepcopy(dict(values)) if unchanged else values
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    for name, value in given.items():
        match entry.params[name].kind:
            case Parameter.VAR_POSITIONAL:
                args += value
            case Parameter.KEYWORD_ONLY if not more:
                kwargs[name] = value
            case _:
                args.append(value)
    heard = Heard()
    with _listening(heard):
        try:
            return Result(function(*args, *more, **kwargs), None, heard)
        except Exception as problem:
            return Result(None, problem, heard)


@contextlib.contextmanager
def _listening(heard: Heard) -> Iterator[None]:
    """While this holds, what is printed, logged or warned goes to `heard`."""
    handler = logging.Handler()
    handler.emit = lambda record: heard.logged.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        with (
            contextlib.redirect_stdout(heard.out),
            contextlib.redirect_stderr(heard.err),
            warnings.catch_warnings(record=True) as caught,
        ):
            warnings.simplefilter("always")
            warnings.simplefilter("ignore", RuntimeWarning)
            yield
    finally:
        logging.getLogger().removeHandler(handler)
        heard.warned += [str(one.message) for one in caught]


# ---------------------------------------------------------------- comparing


def same(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    """Whether two nestings of numbers and arrays are equal to the bit."""
    pairs = list(zip(leaves(dict(left)), leaves(dict(right)), strict=False))
    count = sum(1 for _ in leaves(dict(left)))
    return count == sum(1 for _ in leaves(dict(right))) and all(
        p == q and (not isinstance(x, np.ndarray | float | int | str) or np.array_equal(x, y))
        for (p, x), (q, y) in pairs
    )
