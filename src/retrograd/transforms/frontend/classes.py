"""What is known of a class whose instances are records: its fields, how it is called, its methods."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from retrograd.transforms.ir.kinds import EXCEPTION, Kind, Record
from retrograd.transforms.ir.nodes import Class

Form: TypeAlias = Literal["namedtuple", "dataclass", "object", "exception"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: what it holds if nothing else is told (`kind`), and how a call gives it.

    `default` is the kind of what it holds when a call leaves it out, None where a call has to tell.
    """

    name: str
    kind: Kind
    default: Kind | None = None
    keyword_only: bool = False


@dataclass(frozen=True, slots=True)
class Method:
    """A function of a class: `key` finds it in the program; `form` says what it is called with."""

    key: str
    form: Literal["method", "property", "static", "class"]


@dataclass(frozen=True, slots=True)
class ClassShape:
    """A class: `key` is "module:qualname".

    `constants` has the kinds of what a class that exists holds beside functions: instances that have
    no field of such a name show that. `obstacle` tells why its calls are not understood, "" if they are. `text` makes a class like it
    where there is no module to import it from, and `needs` is the import that this takes.
    """

    key: str
    form: Form
    fields: tuple[Field, ...]
    methods: Mapping[str, Method]
    obstacle: str = ""
    text: str = ""
    needs: str = ""
    constants: Mapping[str, Kind] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """The kind of an instance of which nothing else is known."""
        if self.form == "exception":
            return EXCEPTION
        return Record(self.key, self.form, tuple((field.name, field.kind) for field in self.fields))

    def called(self, spelling: str) -> Class:
        """The class as something to be called."""
        positional = tuple(field.name for field in self.fields if not field.keyword_only)
        fields = tuple((field.name, field.default) for field in self.fields)
        return Class(self.key, spelling, self.form, fields, positional)
