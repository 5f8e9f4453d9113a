"""What there is to say about one kind of refusal, whichever program it meets."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DiagnosticKind:
    """A refusal: what it is called, why it is one, and what to write instead.

    `refused` is a program that gets it and `accepted` one that says the same and compiles; in both
    the function in question is ``f``, differentiated by its first argument. Our own bugs (RG9) have
    neither.
    """

    code: str
    title: str
    why: str
    instead: str
    refused: str
    accepted: str
