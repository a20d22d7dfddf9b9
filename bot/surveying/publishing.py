"""What changes, publishing it, the versions there were, going back to one, putting a survey aside."""

from collections.abc import Callable
from typing import Final

from bot.editing import drafts, versions
from bot.surveying.changing import CHANGED_SINCE, MOST_SHOWN
from bot.surveying.desk import Choice, Room
from bot.surveying.sheet import Sheet, missing
from bot.surveying.telling import called, difference_lines, in_rows, problem_lines, who_is
from bot.surveying.tree import MISSING, back, show_tree
from bot.wall_clock import wall_moment
from conversations.phrases import Phrase, phrase
from conversations.problems import Problem, SurveyInvalid
from storage.surveys import SurveyVersion

MOST_VERSIONS: Final = 8
ASKED_NOW: Final = phrase("asked now")
NOT_YOURS: Final = phrase("Publishing is for whoever has that right. Tell them that the draft is ready.")


def show_changes(room: Room) -> None:
    """Show what publishing would change, what must be mended first, and what cannot be compared any more."""
    sheet = room.sheet()
    if sheet is None or sheet.draft is None:
        room.tell(phrase("There is no draft: nothing differs from what customers are asked."))
        show_tree(room)
        return
    preview = versions.previewed(room.unit, room.brand, sheet.key)
    errors = [problem for problem in preview.problems if problem.severity == "error"]
    advice = [problem for problem in preview.problems if problem.severity != "error"]
    parts = [
        room.say(phrase("{title}: what publishing changes", title=called(room, sheet))),
        _differ(room, sheet, preview),
    ]
    if errors:
        parts.append("\n".join((room.say(phrase("To be mended first:")), *_lines(room, sheet, errors))))
    parts += ["\n".join(problem_lines(room, advice, 3)), *_beside(room, preview)]
    rows: list[list[Choice]] = []
    if not errors and room.may_publish:
        parts.append(room.say(phrase("Whoever is answering now goes on with the questions they began with.")))
        rows.append([(room.say(phrase("Publish now")), "pp")])
    elif not errors:
        parts.append(room.say(NOT_YOURS))
    if missing(sheet):
        rows.append([(room.say(phrase("Languages")), "g")])
    rows.append([(room.say(phrase("Try it")), "y"), back(room)])
    room.show("\n\n".join(part for part in parts if part), rows)


def _lines(room: Room, sheet: Sheet, errors: list[Problem]) -> list[str]:
    lines = problem_lines(room, sheet.to_say(errors))
    if count := len(missing(sheet)):
        lines.append(room.say(Phrase(MISSING.sentence, {"count": count})))
    return lines


def _differ(room: Room, sheet: Sheet, preview: versions.Preview) -> str:
    if sheet.published is None:
        return room.say(phrase("It is asked for the first time, questions: {count}.", count=len(sheet.asked())))
    lines = difference_lines(room, preview.differences[: 2 * MOST_SHOWN])
    if len(preview.differences) > 2 * MOST_SHOWN:
        lines.append(room.say(phrase("… and {count} more", count=len(preview.differences) - 2 * MOST_SHOWN)))
    return "\n".join(lines) or room.say(phrase("Nothing that customers notice."))


def _beside(room: Room, preview: versions.Preview) -> list[str]:
    """Return what happens to other surveys, and whether somebody else published meanwhile."""
    lines = []
    for key in preview.replaces:
        words = phrase("⚠ {survey} is asked at the same touchpoint; this one takes its place there.", survey=key)
        lines.append(room.say(words))
    if preview.behind is not None:
        words = phrase(
            "⚠ Version {number} was published since this draft was begun. What it changed is not in the draft.",
            number=preview.behind,
        )
        lines.append(room.say(words))
    return lines


def publish(room: Room) -> None:
    """Publish the draft as it was shown; when it was changed since, show it anew instead."""
    if not room.may_publish:
        room.tell(NOT_YOURS)
        show_changes(room)
        return
    try:
        done = versions.published(
            room.unit, room.brand, room.state.key, room.state.revision, room.talk.actor, room.talk.now
        )
    except (versions.Changed, drafts.NoDraft):
        room.tell(CHANGED_SINCE)
        show_changes(room)
    except SurveyInvalid:
        show_changes(room)
    else:
        _went_out(room, done.version)


def _went_out(room: Room, version: SurveyVersion) -> None:
    room.talk.out.published = True
    room.forget_sheet()
    room.tell(
        phrase(
            "✓ Version {number} is asked from now on. Whoever is answering now goes on with the questions they began"
            " with.",
            number=version.number,
        )
    )
    show_tree(room)


# --- versions -------------------------------------------------------------------------------------------------------


def show_versions(room: Room) -> None:
    """Show the versions there were, who published each and when, with a tap back to any of them."""
    sheet = room.sheet()
    rows_of = room.unit.surveys.versions(room.brand, room.state.key)
    if sheet is None or not rows_of:
        room.tell(phrase("There is no version yet: it was never published."))
        show_tree(room)
        return
    lines, choices = [room.say(phrase("Versions of {title}", title=called(room, sheet)))], []
    who = _publishers(room)
    for version in rows_of[:MOST_VERSIONS]:
        when = wall_moment(version.published_at, room.talk.house.zone, room.language)
        asked = f" · {room.say(ASKED_NOW)}" if version.retired_at is None else ""
        lines.append(f"{version.number} · {when} · {who(version)}{asked}")
        if version.retired_at is not None and room.may_publish:
            label = room.say(phrase("Roll back to {number}", number=version.number))
            choices.append((label, f"vr.{version.number}"))
    lines.append(room.say(phrase("Going back is a new version with the earlier text. A draft stays as it is.")))
    room.show("\n".join(lines), [*in_rows(choices, 2), [back(room)]])


def _publishers(room: Room) -> Callable[[SurveyVersion], str]:
    """Return a function that says who published a version, and from which it came when that was a step back."""
    lines = {
        line.detail: line
        for line in room.unit.history.of(f"survey:{room.state.key}")
        if line.what.startswith(("SurveyPublished", "SurveyRolledBack"))
    }

    def who(version: SurveyVersion) -> str:
        line = lines.get(str(version.number))
        if line is None:
            return room.say(phrase("comes with makegood") if version.origin == "library" else phrase("from a file"))
        _, _, number = line.what.partition(":")
        name = who_is(room, line.actor)
        return room.say(phrase("{name}, back to version {number}", name=name, number=number)) if number else name

    return who


def roll_back(room: Room, number: str) -> None:
    """Publish an earlier version anew."""
    if not room.may_publish or not number.isdecimal():
        room.tell(NOT_YOURS)
        show_versions(room)
        return
    try:
        done = versions.rolled_back(room.unit, room.brand, room.state.key, int(number), room.talk.actor, room.talk.now)
    except versions.NoSuchVersion:
        show_versions(room)
    except SurveyInvalid as refused:
        room.tell(phrase("⚠ That version cannot be asked any more:"))
        room.news += problem_lines(room, refused.problems)
        show_versions(room)
    else:
        _went_out(room, done.version)


# --- putting aside --------------------------------------------------------------------------------------------------


def confirm_retiring(room: Room) -> None:
    """Ask once more before nobody is asked with a survey any more."""
    text = room.say(
        phrase(
            "Retire it? Nobody is asked with it any more. What was answered stays, and whoever is answering now goes"
            " on to the end. Rolling back to a version brings it back."
        )
    )
    room.show(text, [[(room.say(phrase("Yes, retire it")), "r.y"), back(room)]])


def retire(room: Room) -> None:
    """Put a survey aside."""
    if not room.may_publish:
        room.tell(NOT_YOURS)
        show_tree(room)
        return
    words: Phrase
    try:
        versions.retired(room.unit, room.brand, room.state.key, room.talk.actor, room.talk.now)
    except versions.Needed:
        words = phrase("makegood itself asks with this one after a case, so it cannot be retired.")
    except drafts.NothingPublished:
        words = phrase("Nobody is asked with it anyway.")
    else:
        room.talk.out.published = True
        words = phrase("✓ Retired. Nobody is asked with it any more.")
    room.forget_sheet()
    room.tell(words)
    show_tree(room)


def confirm_throwing(room: Room) -> None:
    """Ask once more before a draft goes."""
    text = room.say(phrase("Throw the draft away? What customers are asked stays as it is."))
    room.show(text, [[(room.say(phrase("Yes, throw it away")), "d.y"), back(room)]])


def throw_away(room: Room) -> None:
    """End the draft; it can be brought back."""
    sheet = room.sheet()
    if sheet is not None and sheet.revision != room.state.revision:
        room.tell(CHANGED_SINCE)
        show_tree(room)
        return
    drafts.thrown_away(room.unit, room.brand, room.state.key, room.talk.now)
    room.forget_sheet()
    rows = [[(room.say(phrase("Bring it back")), "db")], [(room.say(phrase("‹ All surveys")), "l")]]
    room.show(room.say(phrase("✓ The draft is thrown away.")), rows)


def bring_back(room: Room) -> None:
    """Go on with the draft that was thrown away last."""
    if drafts.brought_back(room.unit, room.brand, room.state.key) is not None:
        room.tell(phrase("✓ The draft is back."))
    room.forget_sheet()
    show_tree(room)


def step(room: Room, forward: bool) -> None:
    """Undo or redo one step of the draft as it was shown."""
    sheet = room.sheet()
    if sheet is None or sheet.draft is None or sheet.revision != room.state.revision:
        room.tell(CHANGED_SINCE)
        show_tree(room)
        return
    take = drafts.redone if forward else drafts.undone
    if take(room.unit, room.brand, sheet.key, room.talk.actor, room.talk.now) is None:
        room.tell(phrase("There is nothing to redo.") if forward else phrase("There is nothing to undo."))
    else:
        room.tell(phrase("✓ Redone.") if forward else phrase("✓ Undone."))
    room.forget_sheet()
    show_tree(room)
