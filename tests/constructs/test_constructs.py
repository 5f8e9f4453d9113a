"""Every construct: its gradient is right, however it is made, or it is refused with the code that it names."""

import pytest

from tests.constructs.entries import SECTIONS, all_entries, entries
from tests.constructs.judging import outcome

ENTRIES = {entry.id: entry for entry in all_entries()}


@pytest.mark.parametrize("name", ENTRIES)
def test_construct(name: str) -> None:
    assert outcome(ENTRIES[name]) == ENTRIES[name].declared


def test_names_are_unique() -> None:
    assert len(ENTRIES) == sum(1 for section in SECTIONS for _ in entries(section))
