"""Derivatives of live functions: where the compiler and the runtime meet.

A `Derivative` compiles nothing until it is called. Each kind of arguments then gets a variant of
its own: generated source, kept on disk, linked into the user's module.
"""

import inspect
import os
import sys
import tempfile
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import update_wrapper
from pathlib import Path
from types import CellType, FunctionType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeVar, overload

from retrograd import __version__
from retrograd.cache import SourceCache, digest
from retrograd.direct import Direct, direct, has_text
from retrograd.native import check_numba
from retrograd.runtime.linking import link, pseudo_filename
from retrograd.runtime.pulling import Halves
from retrograd.runtime.signature import check_plain, signature, with_floats
from retrograd.surroundings import Surroundings, around_arguments, surroundings
from retrograd.transforms.diagnostics.report import RetrogradError, brief_refusals

if TYPE_CHECKING:
    from retrograd.runtime.native.boundary import Form
    from retrograd.transforms.explain.page import Explanation
    from retrograd.transforms.ir.nodes import Checkpoint

T = TypeVar("T")
Function = Callable[..., Any]
Argnums = int | Sequence[int]
Argnames = str | Sequence[str]
Types = str | Mapping[str, str]
CheckpointAsked = Literal["sqrt", "recursive"] | int | None
Mode = Literal["grad", "value_and_grad", "jvp", "pushforward", "split"]


class Derivative:
    """A derivative of a function: callable like it, and readable as source.

    Attributes:
        primal: the function.
        source: what runs, as text: of the variant called last, or before any call of the one that
            the annotations ask for. Numbers, text and small arrays that it reads from the primal's
            module are written out above it; a comment names what cannot be.
    """

    def __init__(
        self,
        primal: Function,
        wrt: tuple[int | str, ...],
        mode: Mode,
        types: Types | None,
        *,
        jit: bool = False,
        checkpoint: "Checkpoint" = "",
    ) -> None:
        if not callable(primal):
            raise TypeError(f"expected a function, got {primal!r}")
        update_wrapper(self, primal)
        if isinstance(primal, Derivative):
            primal = primal.in_numpy  # the text that is read to be differentiated again
        self.primal = primal
        self._wrt = wrt
        self._mode: Mode = mode
        self._types = types
        self._jit = jit
        self._checkpoint = checkpoint
        self._variants: dict[Hashable, Function] = {}
        self._last: _Source | None = None
        self._kinds: Mapping[str, Any] = {}
        self._around: Surroundings | None = None
        self._places: tuple[int, ...] | None = None
        #: Whether the primal is read as the function that it is, and the derivatives if not.
        self._has_text = is_read(primal)
        self._directs: dict[Hashable, Derivative] = {}
        #: Of a derivative of a derivative, or of what has no text: what made the variant called last.
        self._inner: Derivative | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The derivative at the arguments, which are those of the primal.

        Raises:
            UnsupportedError: the primal is outside the language that we differentiate.
            ValueError: the primal's value is not a number.
        """
        try:
            return self._variant(args, kwargs)
        except RetrogradError as error:
            raise error.with_traceback(None) from None
        except Exception as error:
            if self._jit and (refusal := self._refusal(error)):
                raise refusal from None
            raise

    def _variant(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if not self._has_text:
            derivative, args = self._direct(args, kwargs)
            return derivative._variant(args, {})
        self._look_around_if_needed()
        args, kwargs = self._floated(args, kwargs)
        key: Hashable = tuple([signature(arg) for arg in args])
        if kwargs:
            key = key, tuple([(name, signature(value)) for name, value in kwargs.items()])
        variant = self._variants.get(key)
        if variant is None:
            variant = self._variants[key] = self._made(args, kwargs)
        return variant(*args, **kwargs)

    @brief_refusals
    def specialize(self, *args: Any, **kwargs: Any) -> Function:
        """The generated function for arguments like these, without dispatch.

        Of a function without a text of its own it takes those of its arguments that are no options.
        """
        if not self._has_text:
            derivative, args = self._direct(args, kwargs)
            return derivative.specialize(*args)
        self._look_around()
        args, kwargs = self._floated(args, kwargs)
        return self._made(args, kwargs)

    @brief_refusals
    def at(self, args: tuple[Any, ...]) -> tuple[Function, tuple[Any, ...]]:
        """The generated function for arguments like `args`, all there are, and these as it takes them."""
        self._look_around_if_needed()
        args, _ = self._floated(args, {})
        key: Hashable = tuple([signature(arg) for arg in args])
        variant = self._variants.get(key)
        if variant is None:
            given = inspect.signature(self.primal).bind_partial()
            given.arguments.update(zip(given.signature.parameters, args, strict=True))
            variant = self._variants[key] = self._made(given.args, given.kwargs)
        return variant, args

    @property
    def asked(self) -> tuple[str, tuple[int | str, ...], Function]:
        """What this is: the way that it is called, by which parameters, of what."""
        return self._mode, self._wrt, self.primal

    @property
    def in_numpy(self) -> "Derivative":
        """This derivative without native code."""
        if not self._jit:
            return self
        return Derivative(
            self.primal, self._wrt, self._mode, self._types, checkpoint=self._checkpoint
        )

    @property
    def value_and_grad(self) -> "Derivative":
        """The function that returns the value and the gradient."""
        return self._of(self.primal, self._wrt, "value_and_grad", self._types)

    def _of(
        self, primal: Function, wrt: tuple[int | str, ...], mode: Mode, types: Types | None
    ) -> "Derivative":
        """A derivative of another function, or in another mode, with the options of this one."""
        return Derivative(primal, wrt, mode, types, jit=self._jit, checkpoint=self._checkpoint)

    @property
    def written(self) -> "Written":
        """What was generated for the arguments that it was called with last, and what it is made of."""
        assert self._last is not None
        assert self._around is not None
        found = self._last
        return Written(
            found.text,
            found.names[-1],
            self._values_for(found),
            tuple(self._around.functions.values()),
            lambda text: self._linked(found, text)[found.names[-1]],
        )

    @property
    @brief_refusals
    def source(self) -> str:
        """The generated source."""
        if not self._has_text and self._inner is None:
            self._direct(None, {})
        if self._inner is not None:
            return self._inner.source
        if isinstance(self.primal, Derivative):
            raise ValueError(
                "the source of a derivative of a derivative is there once it was called"
            )
        if self._last is None:
            self._look_around()
            self._last = self._found({})
        from retrograd.written_out import written_out

        return written_out(self._last.text, self._values_for(self._last))

    def _values_for(self, found: "_Source") -> Callable[[str], object]:
        """Gives the values of names that generated text takes from around the primal."""
        assert self._around is not None
        home = self._around.value_at_home
        return lambda name: found.values[name] if name in found.values else home(name)

    @brief_refusals
    def explain(self) -> "Explanation":
        """What is active and why, what is saved, and what remains open, beside the primal's source.

        It speaks of the variant called last, or before any call of the one that the annotations ask
        for; `str` of it is plain text.

        Raises:
            UnsupportedError: the primal is outside the language that we differentiate.
        """
        from retrograd.compiling import explain_live

        if not self._has_text and self._inner is None:
            self._direct(None, {})
        if self._inner is not None:
            return self._inner.explain()
        self._look_around_if_needed()
        assert self._around is not None
        return explain_live(
            self._around.function,
            self._wrt,
            self._mode,
            _told(self._types),
            self._kinds,
            self._checkpoint,
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write `source` to `path`; a file that is there is replaced whole or not at all."""
        target = Path(path)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=target.parent, delete=False, newline="\n"
        ) as file:
            file.write(self.source)
        os.chmod(file.name, 0o644)
        os.replace(file.name, target)

    def __repr__(self) -> str:
        name = getattr(self.primal, "__qualname__", repr(self.primal))
        return (
            f"<retrograd {self._mode} of {name} with respect to {', '.join(map(str, self._wrt))}>"
        )

    def _repr_html_(self) -> str:
        """The source, highlighted, for notebooks."""
        from rich.console import Console
        from rich.syntax import Syntax

        with open(os.devnull, "w") as nowhere:
            console = Console(record=True, file=nowhere, width=100)
            console.print(Syntax(self.source, "python", theme="ansi_light"))
        return console.export_html(inline_styles=True, code_format="<pre>{code}</pre>")

    # ---- functions without a text of their own

    def direct(
        self, args: Sequence[Any] | None, kwargs: Mapping[str, Any], wrt: Sequence[int | str] = ()
    ) -> Direct:
        """This derivative of the function that does at `args` what the primal does.

        `wrt` are parameters by which it is differentiated once more.
        """
        found = at_arguments(self.primal, args, kwargs, (*self._wrt, *wrt))
        own, others = found.wrt[: len(self._wrt)], found.wrt[len(self._wrt) :]
        derivative = self._directs.get((found.function, own))
        if derivative is None:
            derivative = self._of(found.function, own, self._mode, self._types)
            self._directs[found.function, own] = derivative
        self._inner = derivative
        return found._replace(function=derivative, wrt=others)

    def _direct(
        self, args: Sequence[Any] | None, kwargs: Mapping[str, Any]
    ) -> tuple["Derivative", tuple[Any, ...]]:
        found = self.direct(args, kwargs)
        assert isinstance(found.function, Derivative)
        return found.function, found.args

    # ---- variants

    @property
    def places(self) -> tuple[int, ...]:
        """The positions of the parameters differentiated by, in the order asked for."""
        return places_in(self.primal, self._wrt)

    def _look_around_if_needed(self) -> None:
        if isinstance(self.primal, Derivative):
            self.primal._look_around_if_needed()
            if self._around is not self.primal._around:
                self._look_around()
        elif self._around is None or self._around.has_changed():
            self._look_around()

    def _look_around(self) -> None:
        """Take in what the function sees; forget the variants made for anything else."""
        self._places = tuple(sorted(self.places))
        if isinstance(self.primal, Derivative):
            self.primal._look_around_if_needed()
            self._around = self.primal._around
        else:
            self._around = surroundings(self.primal)
        self._variants = {}

    def _floated(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        assert self._places is not None
        for place in self._places:
            if place < len(args):
                if type(args[place]) is not float:
                    args = (*args[:place], with_floats(args[place]), *args[place + 1 :])
            elif kwargs:
                name = list(inspect.signature(self.primal).parameters)[place]
                if name in kwargs:
                    kwargs = {**kwargs, name: with_floats(kwargs[name])}
        return args, kwargs

    def _made(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Function:
        from retrograd.transforms.frontend.values import kind_of_value

        given = inspect.signature(self.primal).bind(*args, **kwargs)
        given.apply_defaults()
        for value in given.arguments.values():
            check_plain(value)
        if isinstance(self.primal, Derivative):
            # differentiated is the text that the derivative has for these arguments
            inner = self.primal.specialize(*given.args, **given.kwargs)
            self._inner = self._of(inner, self._wrt, self._mode, None)
            self._around = self.primal._around  # which looking for the text renewed
            return self._inner.specialize(*given.arguments.values())
        self._kinds = kinds = {name: kind_of_value(v) for name, v in given.arguments.items()}
        found = self._last = self._found(kinds)
        if self._jit:
            return self._native(found, given)
        made = self._linked(found, found.text)
        if self._mode == "split":
            forward, backward = (made[name] for name in found.names)
            return Halves(forward, backward, len(given.arguments))
        return made[found.names[-1]]

    def _linked(self, found: "_Source", text: str) -> dict[str, Function]:
        """The functions of `text`, which reads the names that `found` reads."""
        assert self._around is not None
        function = self._around.function
        cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
        cells.update({name: CellType(value) for name, value in found.values.items()})
        filename = pseudo_filename(found.names[-1], text)
        return link(text, filename=filename, scope=function.__globals__, cells=cells)

    def _native(self, found: "_Source", given: inspect.BoundArguments) -> Function:
        from retrograd.native import compiled, guarded

        assert self._around is not None
        functions = tuple(self._around.functions.values())
        form = _FORMS[self._mode]
        made = compiled(
            found.text,
            found.names[-1],
            self._values_for(found),
            given,
            self.places,
            form,
            functions,
        )
        return made if form != "along tangents" else guarded(made, found.text, functions)

    def _refusal(self, error: Exception) -> RetrogradError | None:
        """What Numba says when a call has it compile for arguments of another type, in our words."""
        from retrograd.native import refused_later

        if self._last is None or self._around is None:
            return None
        return refused_later(error, self._last.text, self._around.functions.values())

    def _found(self, kinds: Mapping[str, Any]) -> "_Source":
        """The generated source for arguments of `kinds`, from disk or from the compiler."""
        assert self._around is not None
        types = _told(self._types)
        asked = (repr(self._wrt), self._mode, repr(self._checkpoint))
        request = (*asked, repr(sorted(types.items())), repr(kinds))
        given = around_arguments(kinds.values(), self._around.function)
        self._around = replace(
            self._around,
            watched=self._around.watched + given.watched,
            functions={**given.functions, **self._around.functions},
        )
        fingerprints = (self._around.fingerprint, given.fingerprint)
        key = digest(*fingerprints, *request, __version__, sys.version)
        cache = SourceCache.of_user()
        entry = cache.get(key)
        if entry is not None and "names" in entry.meta and "homes" in entry.meta:
            values = {name: self._around.value(*home) for name, home in entry.meta["homes"].items()}
            return _Source(entry.text, tuple(entry.meta["names"]), values)
        from retrograd.compiling import compile_live

        made, values = compile_live(
            self._around.function, self._wrt, self._mode, types, kinds, self._checkpoint
        )
        homes = {name: (home.key, home.name) for name, home in made.homes.items()}
        if not any("#" in key for key, _ in homes.values()):  # closures have no name to be found by
            cache.put(key, made.text, {"names": made.names, "homes": homes})
        return _Source(made.text, made.names, values)


def is_read(f: object) -> bool:
    """Whether `f`, or what it is the derivative of, is read as the function that it is."""
    while isinstance(f, Derivative):
        f = f.primal
    return has_text(f)


def at_arguments(
    f: Function, args: Sequence[Any] | None, kwargs: Mapping[str, Any], wrt: Sequence[int | str]
) -> Direct:
    """What is read in place of `f`, which has no text of its own, for a call with these arguments."""
    if isinstance(f, Derivative):
        return f.direct(args, kwargs, wrt)
    return direct(f, args, kwargs, wrt)


class Written(NamedTuple):
    """Generated text and what stands around it.

    Attributes:
        text: a module.
        entry: the derivative in it.
        value: gives what a name stands for that `text` leaves open.
        functions: those of the user's that `text` was made of.
        link: the function `entry` of a text that leaves no other names open.
    """

    text: str
    entry: str
    value: Callable[[str], object]
    functions: tuple[FunctionType, ...]
    link: Callable[[str], Function]


class _Source(NamedTuple):
    """Generated text, its functions, and the values of other modules by the names they have in it."""

    text: str
    names: tuple[str, ...]
    values: Mapping[str, object]


def _told(types: Types | None) -> dict[str, str]:
    if types is None:
        return {}
    if isinstance(types, str):
        return {"": types}
    return dict(types)


#: What native code gives in each mode; the halves of a split one pass lists that Numba does not.
_FORMS: Final[Mapping[Mode, "Form"]] = {
    "grad": "gradient",
    "value_and_grad": "value and gradient",
    "jvp": "along tangents",
    "pushforward": "along tangents",
}


def places_asked(argnums: Argnums, argnames: Argnames | None) -> tuple[int | str, ...]:
    """The parameters asked for, by position or name.

    Raises:
        TypeError: they are neither.
    """
    if argnames is not None:
        names = (argnames,) if isinstance(argnames, str) else tuple(argnames)
        if not names or not all(isinstance(name, str) for name in names):
            raise TypeError(f"argnames must be names of parameters, got {argnames!r}")
        return names
    places = (argnums,) if isinstance(argnums, int) else tuple(argnums)
    if not places or not all(type(place) is int for place in places):
        raise TypeError(f"argnums must be an integer or several, got {argnums!r}")
    return places


def places_in(f: Function, wrt: Iterable[int | str]) -> tuple[int, ...]:
    """The positions of the parameters `wrt` of `f`.

    Raises:
        ValueError: it has no such parameter.
    """
    params = list(inspect.signature(f).parameters)
    return tuple(_place(one, params) for one in wrt)


def _place(one: int | str, params: list[str]) -> int:
    if isinstance(one, str) and one in params:
        return params.index(one)
    if isinstance(one, int) and -len(params) <= one < len(params):
        return one % len(params)
    raise ValueError(
        f"no parameter {one!r} to differentiate by; the parameters are: {', '.join(params) or 'none'}"
    )


def check_options(jit: bool) -> None:
    """Refuse native code without Numba.

    Raises:
        ImportError: `jit` is asked for, and Numba is not installed.
    """
    if jit:
        check_numba()


def checkpoint_asked(checkpoint: object) -> "Checkpoint":
    """Which states of loops are kept.

    Raises:
        TypeError: `checkpoint` is neither a text nor a number of bytes.
        ValueError: it is another text than ``"sqrt"`` or ``"recursive"``, or no positive number.
    """
    if checkpoint is None:
        return ""
    if isinstance(checkpoint, str):
        if checkpoint == "sqrt" or checkpoint == "recursive":
            return checkpoint  # type: ignore[return-value]
        raise ValueError(
            'checkpoint= is "sqrt", "recursive", a number of bytes, or None for every state, '
            f"got {checkpoint!r}"
        )
    if type(checkpoint) is not int:
        raise TypeError(f"checkpoint= is a name or a whole number of bytes, got {checkpoint!r}")
    if checkpoint < 1:
        raise ValueError(f"checkpoint= as a number of bytes is positive, got {checkpoint}")
    return checkpoint


def stop_gradient(x: T) -> T:
    """`x` itself; in a function that is differentiated, as if it did not depend on anything.

    Args:
        x: any value: a number, an array, a container of them.
    """
    return x


def checkpoint(x: T, scheme: Literal["sqrt", "recursive"] | int = "sqrt") -> T:
    """`x` itself; in a function that is differentiated, what to compute again instead of keeping it.

    ``for t in rg.checkpoint(range(n)):`` and ``while rg.checkpoint(error > tol):`` keep a few states
    of the loop, and run the iterations between them again before these are reversed. With
    ``rg.checkpoint(step)(x)`` the call of a function keeps its arguments, and `step` runs again.

    Args:
        x: what a loop runs over, the test of a ``while``, or a function defined in a module.
        scheme: which states of a loop are kept, as `checkpoint=` of `grad` says it for all loops; a
            literal. Of a function it says nothing.
    """
    return x


@overload
def grad(
    f: Function,
    *,
    argnums: Argnums = 0,
    argnames: Argnames | None = None,
    jit: bool = False,
    checkpoint: CheckpointAsked = None,
    types: Types | None = None,
) -> Derivative: ...
@overload
def grad(
    f: None = None,
    *,
    argnums: Argnums = 0,
    argnames: Argnames | None = None,
    jit: bool = False,
    checkpoint: CheckpointAsked = None,
    types: Types | None = None,
) -> Callable[[Function], Derivative]: ...
def grad(
    f: Function | None = None,
    *,
    argnums: Argnums = 0,
    argnames: Argnames | None = None,
    jit: bool = False,
    checkpoint: CheckpointAsked = None,
    types: Types | None = None,
) -> Derivative | Callable[[Function], Derivative]:
    """The gradient of `f`: a function, or a decorator with or without arguments.

    That by a complex ``z = x + iy`` is ``df/dx + i df/dy``, so that ``z - t * gradient`` descends.

    Args:
        f: a function of floats or complex numbers, arrays and nestings of lists, tuples, dicts,
            namedtuples, dataclasses and plain objects of them, whose value is a real number. What is in
            them beside such numbers is constant: the gradient has zero in the place of an integer, None in that of text.
        argnums: the parameters to differentiate with respect to, by position. One gives a gradient
            with the structure of that argument, several give a tuple.
        argnames: the same by name; takes precedence over `argnums`.
        jit: whether Numba compiles the gradient to native code, for floats, arrays and containers of
            them whose parts are known. Compiled code is kept on disk. Indices are checked, and
            whole numbers have 64 bits.
        checkpoint: how many states of a loop are kept for the reverse sweep, which computes the others
            again; it concerns each loop, of `f` and of functions that it calls, that is in no
            other loop of its function, unless ``rg.checkpoint`` says other. None keeps all n,
            ``"sqrt"`` about the root of n, and runs each iteration twice, ``"recursive"`` about
            log2(n), and runs each a few times; a number keeps what fits into so many bytes.
        types: what is known of the parameters beyond the arguments of the call, for instance
            ``"w: float[d], X: float[n, d]"`` or ``{"w": "float[d]"}``.

    Raises:
        ImportError: `jit` is asked for, and Numba is not installed.
        TypeError: `checkpoint` is none of these.
        SourceUnavailable: on the first call; `f` has no source text.
        UnsupportedError: on the first call; `f` is outside the language that we differentiate, or
            with `jit` outside that which Numba compiles.
        ValueError: on a call; the value of `f` is not a number, or `f` has no such parameter.
    """
    found: Derivative | Callable[[Function], Derivative]
    found = _derivative("grad", f, argnums, argnames, jit, checkpoint, types)
    return found


def value_and_grad(
    f: Function | None = None,
    *,
    argnums: Argnums = 0,
    argnames: Argnames | None = None,
    jit: bool = False,
    checkpoint: CheckpointAsked = None,
    types: Types | None = None,
) -> Any:
    """The function that returns ``(value, gradient)``; arguments and errors are those of `grad`."""
    return _derivative("value_and_grad", f, argnums, argnames, jit, checkpoint, types)


def _derivative(
    mode: Mode,
    f: Function | None,
    argnums: Argnums,
    argnames: Argnames | None,
    jit: bool,
    checkpoint: object,
    types: Types | None,
) -> Any:
    check_options(jit)
    kept = checkpoint_asked(checkpoint)
    wrt = places_asked(argnums, argnames)

    def decorate(function: Function) -> Derivative:
        return Derivative(function, wrt, mode, types, jit=jit, checkpoint=kept)

    return decorate if f is None else decorate(f)


@brief_refusals
def gradient_source(
    source: str,
    name: str,
    *,
    argnums: Argnums = 0,
    argnames: Argnames | None = None,
    mode: Literal["grad", "value_and_grad", "split"] = "grad",
    checkpoint: CheckpointAsked = None,
    types: Types | None = None,
    standalone: bool = False,
) -> str:
    """The text of a module with a derivative of the function `name` in `source`: text in, text out.

    Nothing is executed. Same arguments, same bytes.

    Args:
        source: the text of a module.
        name: a function in it.
        argnums: the parameters to differentiate with respect to, by position.
        argnames: the same by name; takes precedence over `argnums`.
        mode: ``"grad"``, ``"value_and_grad"``, or ``"split"`` for `name`_fwd and `name`_bwd.
        checkpoint: how many states of loops are kept, as for `grad`.
        types: what is known of the parameters, as for `grad`.
        standalone: copy in what the module would import from retrograd.

    Raises:
        UnsupportedError: the function is outside the language that we differentiate.
        ValueError: it has no such parameter, or `types` cannot be read.
    """
    from retrograd.compiling import compile_text

    return compile_text(
        source,
        name,
        places_asked(argnums, argnames),
        mode,
        _told(types),
        standalone,
        checkpoint_asked(checkpoint),
    )
