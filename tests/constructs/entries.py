"""The entries of the construct table, read from the modules beside this one.

An entry is a function of a module whose docstring names a construct:

    def store_element(x, v):
        '''`a[i] = e`

        at: x=0.7, v=np.array([0.4, -1.1])
        '''

Its parameters have their values from the module's `AT`, unless `at` gives them. An entry that begins
with ``Harder:`` is a harder case of the construct above it. Other fields are

    refused: RG402           the code of the diagnostic, where it must be refused
    wrt: k, x                parameters to differentiate by; else all that hold floats
    expect: x=2.0 * x        what the gradient is, where differences would say something else
    forward: RG211           the code with which forward mode refuses it, if only that does
    rtol: 1e-6               what two ways to it may differ by, where float32 is inside
"""

import copy
import importlib
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any, Final

from retrograd.runtime.pytrees import is_active, leaves

#: The modules with entries, and what their section of the table is called.
SECTIONS: Final[Mapping[str, str]] = {
    "mutation": "Mutation",
    "control_flow": "Control flow",
    "expressions": "Assignment and expressions",
    "functions": "Functions",
    "kinds": "Kinds",
    "statements": "Statements with no derivative",
    "random_numbers": "Random numbers",
    "in_and_out": "In and out",
    "must_refuse": "Refused",
    "leaks": "No zero that nobody asked for",
}

#: What becomes of an entry that is not refused.
DIFFERENTIATED: Final = "differentiated"

_FIELD: Final = re.compile(r"^(at|refused|forward|wrt|expect|rtol): (.*)$", re.MULTILINE)


@dataclass(frozen=True, eq=False)
class Entry:
    """One program of the table.

    Attributes:
        function: the program.
        construct: what it is about, as Markdown.
        harder: what makes it harder than the first one of that construct; "" for the first.
        fields: what its docstring says beside that.
    """

    function: Callable[..., Any]
    construct: str
    harder: str
    fields: Mapping[str, str]

    @property
    def id(self) -> str:
        """Module and function: ``mutation.store_element``."""
        return f"{self.module.__name__.rpartition('.')[2]}.{self.function.__name__}"

    @property
    def module(self) -> ModuleType:
        """The module that defines it."""
        return importlib.import_module(self.function.__module__)

    @property
    def refused(self) -> str:
        """The code with which it must be refused, "" if it must not."""
        return self.fields.get("refused", "")

    @property
    def declared(self) -> str:
        """What must become of it."""
        return self.refused or DIFFERENTIATED

    @cached_property
    def params(self) -> Mapping[str, inspect.Parameter]:
        """Its parameters by name."""
        return inspect.signature(self.function).parameters

    def values(self) -> dict[str, Any]:
        """Fresh values of its parameters by name, those with a default only if `at` gives them."""
        if "at" in self.fields:
            given = self._evaluated(f"dict({self.fields['at']})", {})
            return {name: given[name] for name in self.params if name in given}
        point = inspect.getmodule(self.function).AT  # type: ignore[union-attr]
        return {name: copy.deepcopy(point[name]) for name in self.params}

    def wrt(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """The parameters to differentiate by."""
        if "wrt" in self.fields:
            return tuple(name.strip() for name in self.fields["wrt"].split(","))
        return tuple(
            name
            for name, value in values.items()
            if self.params[name].kind is not inspect.Parameter.VAR_POSITIONAL
            and any(is_active(leaf) for _, leaf in leaves(value))
        )

    def expected(self, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """The gradient by parameter, if the entry gives one."""
        text = self.fields.get("expect")
        return None if text is None else self._evaluated(f"dict({text})", values)

    def _evaluated(self, text: str, values: Mapping[str, Any]) -> Any:
        return eval(text, dict(vars(self.module)), dict(values))


def entries(section: str) -> Iterator[Entry]:
    """The entries of one module, in the order in which it defines them."""
    module = importlib.import_module(f"tests.constructs.{section}")
    construct = ""
    for function in vars(module).values():
        docstring = inspect.getdoc(function) if inspect.isroutine(function) else None
        if docstring is None or getattr(function, "__module__", "") != module.__name__:
            continue
        title, _, rest = docstring.partition("\n\n")
        harder = title.removeprefix("Harder: ").rstrip(".") if title.startswith("Harder: ") else ""
        construct = construct if harder else title
        yield Entry(function, construct, harder, dict(_FIELD.findall(rest)))


def all_entries() -> Iterator[Entry]:
    """Every entry of every section."""
    for section in SECTIONS:
        yield from entries(section)
