"""The draft of a survey: begun from what is published, saved revision by revision, undone and redone.

Two editors at once lose nothing: a save says which revision it was made from, and one that comes too late changes
nothing and shows what the other changed.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from bot.editing.steps import Steps, steps
from conversations.amending import Edit
from conversations.amending import amended as amended_source
from conversations.differences import Difference, differences
from conversations.problems import Problem
from conversations.reading import draft as read_draft
from conversations.surveys import Survey
from storage.drafts import DraftRow
from storage.unit import Unit

NOT_BEGUN: Final = 0
"""The revision of what is published, as long as no draft of it is being written."""


class Saved(msgspec.Struct, frozen=True):
    """A draft as it stands now, what it says as far as it can be read, and what is wrong with it."""

    row: DraftRow
    survey: Survey | None
    problems: tuple[Problem, ...] = ()


class Behind(msgspec.Struct, frozen=True):
    """Somebody else saved first: nothing was changed. `changed` is what they did to what you had before you."""

    newest: Saved
    changed: tuple[Difference, ...]


class Late(msgspec.Struct, frozen=True):
    """Somebody else saved first, as `Behind` before anybody has read it: what stands, and the text it was made from."""

    newest: DraftRow
    made_from: str | None

    def read(self) -> Behind:
        """Return it with what they changed."""
        changed = _between(self.made_from, self.newest.source) if self.made_from is not None else ()
        return Behind(looked_at(self.newest), changed)


class NoDraft(Exception):
    """No draft of that survey is being written. What is published can be opened as one."""

    def __init__(self, key: str) -> None:
        super().__init__(f"no draft of {key!r} is being written")
        self.key = key


class NothingPublished(Exception):
    """There is nothing of that key to begin a draft from."""

    def __init__(self, key: str) -> None:
        super().__init__(f"no survey {key!r} was ever published")
        self.key = key


def opened(unit: Unit, brand: int, key: str, actor: str, now: int) -> Saved:
    """Return the draft of a survey, begun from its newest version if there is none. Raises NothingPublished."""
    standing = unit.drafts.newest(brand, key)
    if standing is None:
        versions = unit.surveys.versions(brand, key)
        if not versions:
            raise NothingPublished(key)
        standing = _added(unit, brand, key, versions[0].source, actor, "", now, based_on=versions[0].number)
    return looked_at(standing)


def begun(unit: Unit, brand: int, key: str, source: str, actor: str, what: str, now: int) -> Saved | Behind:
    """Begin a draft with a text of one's own, as from a file; one that is being written stays, and is shown."""
    standing = unit.drafts.newest(brand, key)
    if standing is not None:
        return Behind(looked_at(standing), _between(standing.source, source))
    versions = unit.surveys.versions(brand, key)
    based_on = versions[0].number if versions else None
    return looked_at(_added(unit, brand, key, source, actor, what, now, based_on=based_on))


def saved(unit: Unit, brand: int, key: str, base: int, source: str, actor: str, what: str, now: int) -> Saved | Behind:
    """Keep what an editor made of revision `base`; the same text again keeps nothing. Raises NoDraft."""
    done = kept(unit, brand, key, base, source, actor, what, now)
    return done.read() if isinstance(done, Late) else looked_at(done)


def kept(unit: Unit, brand: int, key: str, base: int, source: str, actor: str, what: str, now: int) -> DraftRow | Late:
    """Keep as `saved` does, and read nothing: for whoever reads it elsewhere than on the database's thread.

    Of `NOT_BEGUN` a draft is begun. Raises NoDraft and NothingPublished.
    """
    if base == NOT_BEGUN and unit.drafts.newest(brand, key) is None:
        base = opened(unit, brand, key, actor, now).row.revision
    standing = _standing(unit, brand, key)
    if standing.revision != base:
        return Late(standing, text_of(unit, brand, key, base))
    if source == standing.source:
        return standing
    return _added(unit, brand, key, source, actor, what, now, based_on=standing.based_on)


def at_hand(unit: Unit, brand: int, key: str) -> DraftRow:
    """Return the draft as it stands; where none is being written, the newest version as `NOT_BEGUN`.

    To look at a survey begins no draft. Raises NothingPublished.
    """
    standing = unit.drafts.newest(brand, key)
    if standing is not None:
        return standing
    newest = next(iter(unit.surveys.versions(brand, key)), None)
    if newest is None:
        raise NothingPublished(key)
    return DraftRow(0, brand, key, NOT_BEGUN, newest.source, newest.number, "", "", newest.published_at, None)


def text_of(unit: Unit, brand: int, key: str, revision: int) -> str | None:
    """Return the text of a revision, of the newest version for `NOT_BEGUN`; None when there is no such."""
    if revision == NOT_BEGUN:
        return next((each.source for each in unit.surveys.versions(brand, key)), None)
    row = unit.drafts.at(brand, key, revision)
    return row.source if row is not None else None


def amended(
    unit: Unit, brand: int, key: str, base: int, edits: Sequence[Edit], actor: str, what: str, now: int
) -> Saved | Behind:
    """Change single places of revision `base`, and keep that. Raises NoDraft and CannotAmend."""
    made_from = unit.drafts.at(brand, key, base)
    if made_from is None:
        raise NoDraft(key)
    return saved(unit, brand, key, base, amended_source(made_from.source, edits), actor, what, now)


def undone(unit: Unit, brand: int, key: str, actor: str, now: int) -> Saved | None:
    """Go back one step, and one more each time; None when this is how it began. Raises NoDraft."""
    row = stepped_back(unit, brand, key, actor, now)
    return looked_at(row) if row is not None else None


def redone(unit: Unit, brand: int, key: str, actor: str, now: int) -> Saved | None:
    """Take back the last undo, and one more each time; None when there is none. Raises NoDraft."""
    row = stepped_on(unit, brand, key, actor, now)
    return looked_at(row) if row is not None else None


def stepped_back(unit: Unit, brand: int, key: str, actor: str, now: int) -> DraftRow | None:
    """Undo, and read nothing."""
    standing, taken = _standing(unit, brand, key), steps_of(unit, brand, key)
    return _showing(unit, standing, taken.done[-2], actor, now) if taken.can_undo else None


def stepped_on(unit: Unit, brand: int, key: str, actor: str, now: int) -> DraftRow | None:
    """Redo, and read nothing."""
    standing, taken = _standing(unit, brand, key), steps_of(unit, brand, key)
    return _showing(unit, standing, taken.undone[-1], actor, now) if taken.can_redo else None


def steps_of(unit: Unit, brand: int, key: str) -> Steps:
    """Return the steps of the draft that is being written; none where none is."""
    return steps(unit.drafts.revisions(brand, key))


def thrown_away(unit: Unit, brand: int, key: str, now: int) -> bool:
    """End a draft without publishing it; what is published stays. False when there was none."""
    return unit.drafts.end(brand, key, now) > 0


def thrown(unit: Unit, brand: int, key: str) -> DraftRow | None:
    """Return the draft that was thrown away last, as it stood; None while another is written, or if it was published.

    It can be brought back for as long as its revisions are there.
    """
    if unit.drafts.newest(brand, key) is not None:
        return None
    ended = unit.drafts.last_ended(brand, key)
    if ended is None:
        return None
    came_of_it = (ended.source, ended.ended_at)
    versions = unit.surveys.versions(brand, key)
    return None if any((each.source, each.published_at) == came_of_it for each in versions) else ended


def brought_back(unit: Unit, brand: int, key: str) -> Saved | None:
    """Go on with the draft that was thrown away last, with all its steps; None when there is none."""
    ended = thrown(unit, brand, key)
    if ended is None or ended.ended_at is None:
        return None
    unit.drafts.reopen(brand, key, ended.ended_at)
    return looked_at(ended)


def looked_at(row: DraftRow) -> Saved:
    """Return a draft with what it says and what reading finds wrong with it."""
    found = read_draft(row.source, f"{row.key}.toml")
    return Saved(row, found.survey, found.problems)


def _standing(unit: Unit, brand: int, key: str) -> DraftRow:
    standing = unit.drafts.newest(brand, key)
    if standing is None:
        raise NoDraft(key)
    return standing


def _showing(unit: Unit, standing: DraftRow, revision: int, actor: str, now: int) -> DraftRow | None:
    brand, key = standing.brand_id, standing.key
    earlier = unit.drafts.at(brand, key, revision)
    if earlier is None:
        return None
    return _added(unit, brand, key, earlier.source, actor, "", now, based_on=standing.based_on, shows=revision)


def _added(
    unit: Unit,
    brand: int,
    key: str,
    source: str,
    actor: str,
    what: str,
    now: int,
    *,
    based_on: int | None,
    shows: int | None = None,
) -> DraftRow:
    revision = unit.drafts.last(brand, key) + 1
    row = unit.drafts.add(brand, key, revision, source, actor, what, now, based_on=based_on, shows=shows)
    if row is None:  # nobody comes between: the unit is alone in writing
        raise NoDraft(key)
    return row


def _between(before: str, after: str) -> tuple[Difference, ...]:
    was, now = read_draft(before).survey, read_draft(after).survey
    return differences(was, now) if was is not None and now is not None else ()
