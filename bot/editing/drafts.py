"""The draft of a survey: begun from what is published, saved revision by revision, undone and redone.

Two editors at once lose nothing: a save says which revision it was made from, and one that comes too late changes
nothing and shows what the other changed.
"""

from collections.abc import Sequence

import msgspec

from conversations.amending import Edit
from conversations.amending import amended as amended_source
from conversations.differences import Difference, differences
from conversations.problems import Problem
from conversations.reading import draft as read_draft
from conversations.surveys import Survey
from storage.drafts import DraftRow
from storage.unit import Unit


class Saved(msgspec.Struct, frozen=True):
    """A draft as it stands now, what it says as far as it can be read, and what is wrong with it."""

    row: DraftRow
    survey: Survey | None
    problems: tuple[Problem, ...] = ()


class Behind(msgspec.Struct, frozen=True):
    """Somebody else saved first: nothing was changed. `changed` is what they did to what you had before you."""

    newest: Saved
    changed: tuple[Difference, ...]


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
    standing = _standing(unit, brand, key)
    if standing.revision != base:
        made_from = unit.drafts.at(brand, key, base)
        changed = _between(made_from.source, standing.source) if made_from is not None else ()
        return Behind(looked_at(standing), changed)
    if source == standing.source:
        return looked_at(standing)
    return looked_at(_added(unit, brand, key, source, actor, what, now, based_on=standing.based_on))


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
    standing = _standing(unit, brand, key)
    done, _ = _steps(unit.drafts.revisions(brand, key))
    return _showing(unit, standing, done[-2], actor, now) if len(done) > 1 else None


def redone(unit: Unit, brand: int, key: str, actor: str, now: int) -> Saved | None:
    """Take back the last undo, and one more each time; None when there is none. Raises NoDraft."""
    standing = _standing(unit, brand, key)
    _, undone_ = _steps(unit.drafts.revisions(brand, key))
    return _showing(unit, standing, undone_[-1], actor, now) if undone_ else None


def _steps(revisions: list[tuple[int, int | None]]) -> tuple[list[int], list[int]]:
    """Return the steps that count, the last one standing now, and those undone, the next to be redone last.

    `revisions` are numbers, each with the one that it repeats after an undo or redo.
    """
    done: list[int] = []
    undone_: list[int] = []
    for revision, shows in revisions:
        if shows is None:
            done.append(revision)
            undone_.clear()
        elif undone_ and undone_[-1] == shows:
            done.append(undone_.pop())
        else:
            undone_.append(done.pop())
    return done, undone_


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


def _showing(unit: Unit, standing: DraftRow, revision: int, actor: str, now: int) -> Saved | None:
    brand, key = standing.brand_id, standing.key
    earlier = unit.drafts.at(brand, key, revision)
    if earlier is None:
        return None
    return looked_at(
        _added(unit, brand, key, earlier.source, actor, "", now, based_on=standing.based_on, shows=revision)
    )


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
