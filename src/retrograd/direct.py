"""Callables without a text of their own, as functions that have one.

Functions with a rule, methods of arrays, `functools.partial`, methods and instances of classes of
the user's: for the arguments at hand each is written as a function of what varies, and that is read
like any other.

    np.cumsum at (x, axis=1)                     def cumsum(a):
                                          ->         return np.cumsum(a, axis=1)

    partial(fit, scale=s) at (w,)                def fit_call(w):
                                          ->         return fit(w, scale=scale)
"""

import ast
import inspect
import keyword
import math
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from inspect import Parameter, Signature
from types import FunctionType, MethodType
from typing import Any, Final, NamedTuple

from retrograd.runtime.linking import link, pseudo_filename
from retrograd.transforms.diagnostics.report import SourceUnavailable
from retrograd.transforms.frontend.derivatives import object_asked
from retrograd.transforms.frontend.lambdas import name_of
from retrograd.transforms.frontend.object_names import undecorated
from retrograd.transforms.frontend.own_functions import OwnFunction, own_function
from retrograd.transforms.frontend.public_names import is_library_function, public_name
from retrograd.transforms.frontend.values import form_of_class

Function = Callable[..., Any]


class Direct(NamedTuple):
    """A function with text that computes, of `args`, what a callable does of its arguments.

    `kept` has for each of `args` its place among the arguments that were given by position, None
    for what was given otherwise; `wrt` has the places of those that are differentiated by.
    """

    function: Function
    args: tuple[Any, ...]
    kept: tuple[int | None, ...]
    wrt: tuple[int, ...]


def has_text(f: object) -> bool:
    """Whether `f` is read as the function that it is: of libraries, what no rule speaks of."""
    below = undecorated(f)
    if not isinstance(below, FunctionType) or own_function(f) is not None:
        return False
    return not is_library_function(below) or _path(below) is None


def direct(
    f: Function,
    args: Sequence[Any] | None,
    kwargs: Mapping[str, Any],
    wrt: Sequence[int | str] = (),
) -> Direct:
    """`f`, which has no text of its own, as a function of those of its arguments that may vary.

    Options (None, text, integers that no derivative is asked for) become part of the text, and what
    a `partial` holds is a constant, unless it is differentiated by. Where `args` is None there is no
    call yet: the arguments are those that every call has.

    Raises:
        SourceUnavailable: there is no rule for `f`, and nothing to read.
        TypeError: the arguments do not fit.
        ValueError: there is no parameter that `wrt` names.
    """
    called, held = _held(f)
    target = _target(called)
    if args is None:
        slots = list(_needed(target.signature, held))
    else:
        slots = list(_slots(target.signature, held, args, kwargs))
    asked = [_asked(one, slots, target.signature) for one in wrt]
    call = _Call(target)
    for slot in slots:
        call.give(slot, slot.name in asked)
    given = list(call.params.values())
    names = [slot.name for slot in given]
    return Direct(
        call.function(),
        tuple(slot.value for slot in given),
        tuple(slot.place for slot in given),
        tuple(map(names.index, asked)),
    )


# ---------------------------------------------------------------- arguments


@dataclass
class _Slot:
    """An argument: the parameter it is for, where it was given, and whether a partial holds it."""

    name: str
    param: Parameter
    value: Any
    place: int | None = None
    held: bool = False


class _Held(NamedTuple):
    """The arguments that partials hold."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]


def _held(f: Function) -> tuple[Function, _Held]:
    """The function inside of partials, and what they hold."""
    held = _Held((), {})
    while isinstance(f, partial):
        held = _Held((*f.args, *held.args), {**f.keywords, **held.kwargs})
        f = f.func
    return f, held


def _slots(
    signature: Signature, held: _Held, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> Iterator[_Slot]:
    """Every argument of a call, in the order of the parameters."""
    bound = signature.bind(*held.args, *args, **{**held.kwargs, **kwargs}).arguments
    before, behind = len(held.args), len(held.args) + len(args)
    place = 0
    for param in signature.parameters.values():
        if param.name not in bound:
            continue
        value = bound[param.name]
        match param.kind:
            case Parameter.VAR_POSITIONAL:
                for k, item in enumerate(value):
                    name = f"{param.name.removesuffix('s')}{k}"
                    yield _Slot(name, param, item, place - before, place < before)
                    place += 1
            case Parameter.VAR_KEYWORD:
                for name, item in value.items():
                    yield _Slot(name, param, item, None, name not in kwargs)
            case _ if place < behind and param.kind is not Parameter.KEYWORD_ONLY:
                yield _Slot(param.name, param, value, place - before, place < before)
                place += 1
            case _:
                yield _Slot(param.name, param, value, None, param.name not in kwargs)


def _needed(signature: Signature, held: _Held) -> Iterator[_Slot]:
    """The arguments that every call has, before there is one."""
    bound = signature.bind_partial(*held.args, **held.kwargs).arguments
    first, named = [], {}
    for param in signature.parameters.values():
        if param.name not in bound and param.default is param.empty:
            if param.kind in _BY_POSITION and not held.kwargs:
                first.append(param.empty)
            elif param.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD):
                named[param.name] = param.empty
    return _slots(signature, held, first, named)


_BY_POSITION: Final = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


def _asked(one: int | str, slots: list[_Slot], signature: Signature) -> str:
    """The name of the argument to be differentiated by; of one that was not given, the default's."""
    held = {slot.name for slot in slots if slot.held}
    given = [slot.name for slot in slots if slot.place is not None and slot.place >= 0]
    others = [
        param.name
        for param in signature.parameters.values()
        if param.name not in held and param.kind in _BY_POSITION
    ]
    names = list(dict.fromkeys([*given, *others]))
    if isinstance(one, int) and -len(names) <= one < len(names):
        one = names[one]
    known = {slot.name for slot in slots} | set(signature.parameters)
    if isinstance(one, int) or one not in known:
        listed = ", ".join(names) or "none"
        raise ValueError(f"no parameter {one!r} to differentiate by; the parameters are: {listed}")
    if all(slot.name != one for slot in slots):
        param = signature.parameters[one]
        slots.append(_Slot(param.name, param, param.default))
    return one


# ---------------------------------------------------------------- what is called


class _Target(NamedTuple):
    """What is called: as text, where the first name of that stands for `root`.

    `module` is where the user wrote it, "" for what comes with a library.
    """

    text: str
    root: Any
    signature: Signature
    module: str


def _target(f: Any) -> _Target:
    """What `f` is.

    Raises:
        SourceUnavailable: neither its text nor a rule tells its derivative.
    """
    owner = getattr(f, "__self__", None)
    name = name_of(f) if isinstance(f, FunctionType) else getattr(f, "__name__", "")
    own = own_function(f)
    if own is not None:
        return _Target(own.name, f, _own_signature(own), "")
    if has_text(f):
        return _Target(name, f, inspect.signature(f), f.__module__)
    if isinstance(f, MethodType) and _is_of_user(f.__func__):
        cls = owner if isinstance(owner, type) else type(owner)
        root = cls.__name__ if cls is owner else _name_of(cls)
        return _Target(f"{root}.{_attribute(f)}", owner, inspect.signature(f), f.__module__)
    call = inspect.getattr_static(type(f), "__call__", None)
    if form_of_class(type(f)) and _is_of_user(call):
        return _Target(_name_of(type(f)), f, inspect.signature(f), call.__module__)
    if (asked := object_asked(f)) is not None:
        return _Target(_name_of(type(f)), f, _signature_of_derivative(*asked), "derivatives")
    path = _path(f)
    if path is None:
        raise SourceUnavailable(
            f"{f!r} is not a Python function and has no rule: there is no source text to read; "
            "wrap it in a function that is written with `def`"
        )
    if type(owner).__name__ == "ndarray":
        return _Target(f"array.{name}", owner, _signature(f, path, 1), "")
    module, _, last = path.rpartition(".")
    if not module:
        return _Target(last, f, _signature(f, path), "")
    if module.partition(".")[0] == "numpy":
        numpy = sys.modules["numpy"]
        return _Target(f"np{path.removeprefix('numpy')}", numpy, _signature(f, path), "")
    root = owner if isinstance(f, MethodType) else sys.modules[module]
    return _Target(f"{module.rpartition('.')[2]}.{last}", root, _signature(f, path), "")


def _attribute(method: MethodType) -> str:
    """The attribute of an object by which a `method` of it is reached.

    Raises:
        SourceUnavailable: there is none, as for what an overriding method calls through `super()`.
    """
    owner, name = method.__self__, method.__func__.__name__
    for known in (name, *dir(owner)):
        found = inspect.getattr_static(owner, known, None)
        if getattr(found, "__func__", found) is method.__func__ and known.isidentifier():
            return known
    raise SourceUnavailable(
        f"`{method.__func__.__qualname__}` is no method that {type(owner).__name__} has by a name; "
        "call it in a function that is written with `def`"
    )


def _signature_of_derivative(way: str, _: tuple[int | str, ...], primal: Any) -> Signature:
    """The signature of a derivative: that of its primal, behind which a product has the vector."""
    inner = object_asked(primal)
    of_primal = inspect.signature(primal) if inner is None else _signature_of_derivative(*inner)
    if way != "hvp":
        return of_primal
    params = list(of_primal.parameters.values())
    name = "v"
    while name in of_primal.parameters:
        name += "_"
    place = sum(param.kind in _BY_POSITION for param in params)
    plain = [param.replace(default=Parameter.empty) for param in params[:place]]
    return Signature([*plain, Parameter(name, Parameter.POSITIONAL_OR_KEYWORD), *params[place:]])


def _is_of_user(f: object) -> bool:
    return isinstance(f, FunctionType) and not is_library_function(f)


def _path(f: Any) -> str | None:
    """The public name by which the rules know `f`, None if none does."""
    from retrograd.transforms.rules.table import method_path, rule_for

    owner, name = getattr(f, "__self__", None), getattr(f, "__name__", "")
    if type(owner).__name__ == "ndarray":
        path = method_path(name)
    elif isinstance(f, MethodType):  # of a distribution
        path = f"{public_name(owner)}.{name}"
    else:
        path = public_name(f)
    return path if path is not None and rule_for(path) is not None else None


def _signature(f: Any, path: str, skipped: int = 0) -> Signature:
    """The signature of a library's function; where it tells none, that of its rule."""
    from retrograd.transforms.rules.rule import constant
    from retrograd.transforms.rules.table import all_rules, rule_for

    if not isinstance(f, MethodType):
        with suppress(ValueError, TypeError):
            return inspect.signature(f)
    rule = rule_for(path)
    assert rule is not None
    if sum(one.path == path for one in all_rules()) > 1:  # each for a number of arguments
        return Signature([Parameter(rule.params[0].name, Parameter.VAR_POSITIONAL)])
    params = [
        Parameter(
            param.name,
            (
                Parameter.VAR_POSITIONAL
                if param.variadic
                else Parameter.KEYWORD_ONLY if param.keyword_only else _BY_POSITION[1]
            ),
            default=Parameter.empty if param.default is None else constant(param.default),
        )
        for param in rule.params[skipped:]
    ]
    return Signature(params)


def _own_signature(own: OwnFunction) -> Signature:
    """The signature of a function with a rule of the user's, as the rule has it."""
    return Signature(
        [
            Parameter(
                param.name,
                Parameter.KEYWORD_ONLY if param.keyword_only else _BY_POSITION[1],
                default=(
                    Parameter.empty if param.default is None else ast.literal_eval(param.default)
                ),
            )
            for param in own.params
        ]
    )


def _name_of(cls: type) -> str:
    """What an instance of `cls` is called: ``heat_model`` for ``HeatModel``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()


# ---------------------------------------------------------------- what is written


@dataclass
class _Call:
    """A call as it is being written: its arguments, and what it takes from around it."""

    target: _Target
    params: dict[str, _Slot] = field(default_factory=dict)
    args: list[str] = field(default_factory=list)
    scope: dict[str, Any] = field(default_factory=dict)

    def give(self, slot: _Slot, active: bool) -> None:
        """Pass an argument on, as a parameter, a constant from around or an option in the text."""
        name = f"{slot.name}_" if keyword.iskeyword(slot.name) else slot.name
        text = name if active else self.option(slot.value)
        if text is None and slot.held:
            text = name
            if type(slot.value) is float and math.isfinite(slot.value):
                text = repr(slot.value)
            else:
                self.scope[name] = slot.value
        elif text is None or active:
            text = name
            self.params[name] = slot
        by_name = slot.place is None and slot.param.kind not in _ONLY_BY_POSITION
        self.args.append(f"{slot.name}={text}" if by_name else text)

    def option(self, value: Any) -> str | None:
        """An argument that is no number to be computed with, as text; None for other arguments."""
        if value is None or isinstance(value, bool | str) or type(value) is int:
            return repr(value)
        if type(value) is tuple and value:
            items = [self.option(item) for item in value]
            known = [item for item in items if item is not None]
            if len(known) == len(items):
                return f"({', '.join(known)}{',' * (len(known) == 1)})"
        path = public_name(value) if isinstance(value, type) else None
        if path is not None and path.startswith("numpy."):
            self.scope["np"] = sys.modules["numpy"]
            return f"np.{path.removeprefix('numpy.')}"
        return None

    def function(self) -> FunctionType:
        """The function that makes the call."""
        root, *rest = self.target.text.split(".")
        while root in self.params or (
            root in self.scope and self.scope[root] is not self.target.root
        ):
            root += "_"
        scope = {**self.scope, root: self.target.root}
        name = rest[-1] if rest and not self.target.module else "_".join((root, *rest))
        if name in scope:
            name += "_call"
        return _linked(
            f"def {name}({', '.join(self.params)}):\n"
            f"    return {'.'.join((root, *rest))}({', '.join(self.args)})\n",
            name,
            scope,
            self.target.module or "library",
        )


_ONLY_BY_POSITION: Final = (Parameter.POSITIONAL_ONLY, Parameter.VAR_POSITIONAL)

#: The functions that were made last, by their text and what is around them.
_MADE: Final[dict[tuple[Any, ...], FunctionType]] = {}
_MANY: Final = 256


def _linked(text: str, name: str, scope: dict[str, Any], module: str) -> FunctionType:
    """The function that `text` defines: the same one for the same text among the same objects."""
    key = text, module, *((around, id(value)) for around, value in scope.items())
    if key not in _MADE:
        while len(_MADE) >= _MANY:
            del _MADE[next(iter(_MADE))]
        filename = pseudo_filename(name, text)
        made = link(text, filename=filename, scope={"__name__": module, **scope})[name]
        assert isinstance(made, FunctionType)
        _MADE[key] = made  # it keeps the objects alive, and so their ids theirs
    return _MADE[key]
