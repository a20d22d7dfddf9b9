"""Keeping a change to a survey, against what its editor saw; two editors at once lose nothing."""

from collections.abc import Sequence
from typing import Final

from bot.editing import drafts
from bot.editing.rebasing import rebased
from bot.phrases import say
from bot.surveying.desk import Room
from bot.surveying.sheet import problems_of
from bot.surveying.telling import difference_lines, who_is
from bot.surveying.tree import show_tree
from conversations.amending import CannotAmend, Edit, amended
from conversations.phrases import Phrase, phrase
from conversations.problems import KeyPath

CHANGED_SINCE: Final = phrase("⚠ The draft was changed since you looked at it. This is how it stands now.")
MOST_SHOWN: Final = 12
"""How many of the other's changes are told one by one."""


def change(room: Room, edits: Sequence[Edit], what: Phrase) -> bool:
    """Keep changes that were made to what was shown last; say whether they were kept.

    When somebody else was quicker nothing is changed: what they did is shown, and how to put these on top.
    """
    base, made_from = room.state.revision, drafts.text_of(room.unit, room.brand, room.state.key, room.state.revision)
    if made_from is None:  # shown days ago, and changed by somebody else since: what it was is not kept any more
        room.tell(CHANGED_SINCE)
        show_tree(room)
        return False
    try:
        source = amended(made_from, edits)
    except CannotAmend as refused:
        room.tell(refused.said)
        return True
    if source == made_from:
        return True
    kept = drafts.saved(
        room.unit,
        room.brand,
        room.state.key,
        base,
        source,
        room.talk.actor,
        say(what, room.talk.house.language),
        room.talk.now,
    )
    room.forget_sheet()
    if isinstance(kept, drafts.Behind):
        _show_behind(room, kept, tuple(edits), base, what)
        return False
    return True


def wrong_after(room: Room, edits: Sequence[Edit], at: KeyPath) -> list[str]:
    """Return what would be wrong at a place or below it after edits that is not wrong yet, with how to mend it."""
    sheet = room.sheet()
    if sheet is None:
        return []
    try:
        source = amended(sheet.source, edits)
    except CannotAmend as refused:
        return [room.say(refused.said)]
    known = {(problem.path, problem.said) for problem in sheet.problems}  # lines may shift
    return [
        f"⚠ {room.say(problem.said)} {room.say(problem.to_mend)}"
        for problem in problems_of(source, sheet.key)
        if problem.path[: len(at)] == at and problem.severity == "error" and (problem.path, problem.said) not in known
    ]


def _show_behind(room: Room, behind: drafts.Behind, edits: tuple[Edit, ...], base: int, what: Phrase) -> None:
    who = who_is(room, behind.newest.row.actor)
    lines = [room.say(phrase("⚠ {who} changed this survey while you were at it. Nothing of theirs is lost:", who=who))]
    lines += difference_lines(room, behind.changed[:MOST_SHOWN]) or [room.say(phrase("– nothing that customers see"))]
    if len(behind.changed) > MOST_SHOWN:
        lines.append(f"… +{len(behind.changed) - MOST_SHOWN}")
    lines += ["", room.say(phrase("Yours is kept here: {what}", what=what))]
    rows = [[(room.say(phrase("Put mine on top")), "k")], [(room.say(phrase("Leave mine")), "o")]]
    room.show("\n".join(lines), rows, late=edits, base=base, what=room.say(what))


def put_on_top(room: Room) -> bool:
    """Make changes that came too late to the survey as it is now; say whether they still fit."""
    made_from = drafts.text_of(room.unit, room.brand, room.state.key, room.state.base)
    standing = room.unit.drafts.newest(room.brand, room.state.key)
    source = rebased(room.state.late, made_from, standing.source) if made_from and standing else None
    if standing is None or source is None:
        room.tell(
            phrase("That does not fit any more: what you changed was taken away meanwhile. Please look at it anew.")
        )
        return False
    drafts.saved(
        room.unit,
        room.brand,
        room.state.key,
        standing.revision,
        source,
        room.talk.actor,
        room.state.what,
        room.talk.now,
    )
    room.forget_sheet()
    room.tell(phrase("✓ Yours stands on top of theirs."))
    return True
