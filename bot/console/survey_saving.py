"""Keeping what a page about a survey changed: place by place, on top of what others did meanwhile.

Two people who change different places both keep theirs. Where both changed the same place nothing is done, and the
page shows both to whoever came second.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from bot.console.desk import nothing_here
from bot.editing import drafts
from bot.editing.drafts import NothingPublished
from conversations import toml
from conversations.amending import CannotAmend, Drop, Edit, Put, amended
from conversations.phrases import Phrase
from conversations.problems import KeyPath
from storage.drafts import DraftRow
from storage.unit import Unit


class Wish(msgspec.Struct, frozen=True):
    """A value that somebody wants at a place, empty for nothing there; `before` is what they saw there."""

    path: KeyPath
    before: Any
    value: Any


class Torn(msgspec.Struct, frozen=True):
    """A place that somebody else changed meanwhile: what they made of it, and what was wanted."""

    path: KeyPath
    theirs: Any
    wanted: Any


class Kept(msgspec.Struct, frozen=True):
    """What became of a save. Nothing was done where something is `torn` or `refused`."""

    revision: int
    changed: int = 0
    torn: tuple[Torn, ...] = ()
    refused: Phrase | None = None


def at_hand(unit: Unit, brand: int, key: str) -> DraftRow:
    """Return the draft, else the newest version as one that is not begun. Raises Problem where there is nothing."""
    try:
        return drafts.at_hand(unit, brand, key)
    except NothingPublished:
        nothing_here()


def table_of(source: str) -> Mapping[str, Any] | None:
    """Return the table of a survey file, None for one that is no TOML at the moment."""
    try:
        return toml.loads(source.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None


def value_at(table: Any, path: KeyPath) -> Any:
    """Return what stands at a place, None where nothing does."""
    for part in path:
        try:
            table = table[part]
        except (KeyError, IndexError, TypeError):
            return None
    return table


def edit_of(wish: Wish) -> Edit:
    """Return the edit that fulfils a wish."""
    return Drop(wish.path) if wish.value is None or wish.value == "" else Put(wish.path, wish.value)


def keep(unit: Unit, brand: int, key: str, wishes: list[Wish], actor: str, what: str, now: int) -> Kept:
    """Fulfil wishes on the draft as it stands, begun with them when none is being written."""
    standing = at_hand(unit, brand, key)
    table = table_of(standing.source)
    torn = tuple(
        Torn(wish.path, theirs, wish.value)
        for wish in wishes
        if not _same(theirs := value_at(table, wish.path), wish.before) and not _same(theirs, wish.value)
    )
    if torn:
        return Kept(standing.revision, torn=torn)
    edits = [edit_of(wish) for wish in wishes if not _same(value_at(table, wish.path), wish.value)]
    try:
        source = amended(standing.source, edits)
    except CannotAmend as error:
        return Kept(standing.revision, refused=error.said)
    done = drafts.kept(unit, brand, key, standing.revision, source, actor, what, now)
    return Kept(done.revision if isinstance(done, DraftRow) else standing.revision, len(edits))


def change(unit: Unit, standing: DraftRow, edits: Sequence[Edit], actor: str, what: str, now: int) -> bool:
    """Make edits to the draft as it stands; False when there are none, or they do not fit it."""
    try:
        source = amended(standing.source, edits)
    except CannotAmend:
        return False
    if edits:
        drafts.kept(unit, standing.brand_id, standing.key, standing.revision, source, actor, what, now)
    return bool(edits)


def _same(one: Any, other: Any) -> bool:
    return one == other or (one in (None, "") and other in (None, ""))
