"""What a survey's text says and what is wrong with it, remembered by the text: to work it out takes up to 0.3 s.

Units of work run on the database's thread, where every customer's turn waits for them. So whoever is about to look at
what publishing does, or to publish, calls `ahead` first: the text is checked beside that thread, and the unit has only
to see that the draft still is at the revision that was looked at. A draft that was saved in between is checked in the
unit after all; only in the chat, whose turns are units, that is the rule (`bot.surveying.sheet.QUICK`).
"""

import asyncio
from functools import lru_cache
from typing import Final

import msgspec

from conversations.problems import Problem
from conversations.reading import draft as read_draft
from conversations.reading import read
from conversations.surveys import Survey
from storage.database import Database
from storage.unit import Unit

_MOST: Final = 64
"""Texts that are remembered: those of everybody who edits at the moment, with a few steps back."""


class Checked(msgspec.Struct, frozen=True):
    """A text as it was checked: its survey as far as there is one, and everything that is wrong with it."""

    survey: Survey | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return what must be mended before anybody is asked with it."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


@lru_cache(maxsize=_MOST)
def checked(source: str, name: str) -> Checked:
    """Return a text as it was checked. `name` is how its problems call the file. Slow when it is new."""
    from conversations.checking import check  # late: Jinja2 takes a sixth of a cold start

    return Checked(read_draft(source, name).survey, tuple(check(source, name)))


async def ahead(database: Database, brand: int, key: str, version: int | None = None) -> None:
    """Check the draft of a survey, or one of its versions, before a unit of work asks for it; nothing where none is."""
    source = await database.read(lambda unit: _text(unit, brand, key, version))
    if source is not None:
        await asyncio.to_thread(_look, source, f"{key}.toml")


def _look(source: str, name: str) -> None:
    if not checked(source, name).errors:
        read(source, name)  # remembered, too: publishing reads it


def _text(unit: Unit, brand: int, key: str, version: int | None) -> str | None:
    if version is None:
        row = unit.drafts.newest(brand, key)
        return row.source if row is not None else None
    return next((each.source for each in unit.surveys.versions(brand, key) if each.number == version), None)
