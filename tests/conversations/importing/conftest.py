"""What tests of imports share: a definition is read, checked and walked through, whatever it is."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from conversations import importing
from conversations.checking import check
from conversations.importing import Import
from conversations.rehearsing import walk

Imported = Callable[..., Import]


def read_whole(name: str, content: bytes, source: str | None = None, part: str | None = None) -> Any:
    """Return the import of a definition; what becomes a survey passes the check and ends on every branch."""
    made = importing.read(name, content, source, part=part)
    if made.survey is not None:
        assert [str(problem) for problem in check(made.toml) if problem.severity == "error"] == []
        walked = walk(made.survey)
        assert walked.ended
        assert (walked.stuck, walked.unasked, walked.untaken, walked.whole) == ((), (), (), True)
    return made


@pytest.fixture
def imported() -> Imported:
    """Reads a definition that a test wrote as values, as its file would be read."""

    def reading(definition: Any, source: str | None = None, part: str | None = None) -> Any:
        return read_whole("definition.json", json.dumps(definition).encode(), source, part)

    return reading


@pytest.fixture
def changes() -> Callable[[Import], dict[str, tuple[str, ...]]]:
    """Returns what an import changed: the places by the English sentence."""

    def said(made: Import) -> dict[str, tuple[str, ...]]:
        return {
            group.what.sentence.format_map(group.what.places): group.places for group in importing.grouped(made.changes)
        }

    return said
