"""Which cases there are, and the whole story of one: /cases, /mine, /case N, each with buttons to go on from.

A case is named by its number, by replying to a message of it, or by writing in its topic.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from bot import case_buttons, case_card, case_words
from bot.access.policy import Act
from bot.case_readers import holder
from bot.case_story import story
from bot.channels.messages import Button, Message
from bot.channels.updates import Pressed
from bot.phrases import say
from bot.staff_talk import StaffTalk
from bot.wall_clock import wall_moment
from conversations.phrases import Phrase, phrase
from recovery import cases
from storage.cases import Case

CASES_PROMPT: Final = "cases"
PAGE: Final = 10
MOST: Final = 500
"""So many open cases are looked at for a list; a business with more has a larger trouble than its list."""

STORY: Final = 3_300
"""UTF-16 units that a story may take up in one message, so that its head fits in as well."""

NO_SUCH: Final = phrase("There is no case {number} that you work with. /cases lists those that are open.")
WHICH: Final = phrase("Which case? Write its number after it, as /{command} 17, or reply to a message of the case.")
NO_MORE: Final = phrase("There are no more.")


def case_named(talk: StaffTalk, rest: str, command: str) -> tuple[Case, str] | None:
    """Return the case that a command names, and what follows; None when there is none, which is said."""
    first, _, words = rest.partition(" ")
    digits = first.removeprefix("#")
    if digits.isascii() and digits.isdecimal() and len(digits) <= 12:
        case = talk.unit.cases.by_number(talk.house.brand, int(digits))
        if case is not None and talk.may(Act.SEE_CASE, case):
            return case, words.strip()
        talk.say(Phrase(NO_SUCH.sentence, {"number": int(digits)}))
        return None
    row = talk.unit.messages.by_ref(talk.address.id, talk.reply_to) if talk.reply_to else None
    if row is not None and row.case_id is not None:
        return talk.unit.cases.get(row.case_id), rest
    if talk.topic_of is not None:
        return talk.topic_of, rest
    talk.say(Phrase(WHICH.sentence, {"command": command}))
    return None


# --- lists -----------------------------------------------------------------------------------------------------------


def list_cases(talk: StaffTalk, rest: str) -> None:
    """Show what is open: one's own first, then what nobody has, the gravest first."""
    found = _open(talk)
    if not found:
        talk.say(phrase("No case is open. Everybody is looked after."))
    elif len(found) == 1:
        show(talk, found[0])
    else:
        text, rows = _page(talk, found, 0)
        talk.out.post(talk.address, Message(text, rows), "staff_reply")


def turn_page(talk: StaffTalk, update: Pressed, choice: str) -> Phrase | None:
    """Show another page of the list in the place of this one; return what to show in passing."""
    if not talk.may(Act.SEE_CASE):
        return phrase("You may not do this. Please ask a colleague who works cases.")
    start = int(choice) if choice.isascii() and choice.isdecimal() and len(choice) < 6 else 0
    found = _open(talk)
    if start >= len(found):
        return NO_MORE
    text, rows = _page(talk, found, start)
    before = talk.unit.messages.by_ref(talk.address.id, update.ref)
    if before is None:
        talk.out.post(talk.address, Message(text, rows), "staff_reply")
    else:
        talk.out.edit(talk.address, before, Message(text, rows), again=True)
    return None


def list_mine(talk: StaffTalk, rest: str) -> None:
    """Show what this staff member has to do something about, with the time that is left."""
    mine = [case for case in _open(talk) if holder(case) == talk.member.id]
    if not mine:
        talk.say(phrase("Nothing is with you at the moment. /cases lists all that is open."))
        return
    language = talk.member.language
    head = say(phrase("With you: {count}", count=len(mine)), language)
    lines = [_line(talk, case) for case in mine[: 2 * PAGE]]
    talk.out.post(talk.address, Message("\n\n".join((head, *lines)), _opening(talk, mine[: 2 * PAGE])), "staff_reply")


def _open(talk: StaffTalk) -> list[Case]:
    """Return the open cases that are this person's business, in the order in which they need somebody."""
    found = talk.unit.cases.open_ones(talk.house.brand, MOST)
    return sorted((case for case in found if talk.may(Act.SEE_CASE, case)), key=lambda case: _rank(talk, case))


def _rank(talk: StaffTalk, case: Case) -> tuple[int, int, int]:
    """One's own first, then what nobody has, then the others'; within each the gravest, then the longest waiting."""
    whose = holder(case)
    group = 0 if whose == talk.member.id else 1 if case.owner_id is None else 2
    return (group + 3 * (case.stage == "resolved"), -max(case.severity, 4 * case.urgent), case.opened_at)


def _page(talk: StaffTalk, found: Sequence[Case], start: int) -> tuple[str, tuple[tuple[Button, ...], ...]]:
    language = talk.member.language
    shown = found[start : start + PAGE]
    head = phrase("Open: {count}. Shown: {first} to {last}", count=len(found), first=start + 1, last=start + len(shown))
    rows = list(_opening(talk, shown))
    turns = []
    if start > 0:
        turns.append(_turn(phrase("‹ Before"), max(0, start - PAGE), language))
    if start + PAGE < len(found):
        turns.append(_turn(phrase("More ›"), start + PAGE, language))
    if turns:
        rows.append(tuple(turns))
    return "\n\n".join((say(head, language), *(_line(talk, case) for case in shown))), tuple(rows)


def _turn(label: Phrase, start: int, language: str) -> Button:
    return Button(say(label, language), f"1:{CASES_PROMPT}:{start}")


def _line(talk: StaffTalk, case: Case) -> str:
    """Return a case in a list: its title and how it stands, and by when something is owed."""
    language = talk.member.language
    mark = "🔴 " if case.urgent else "★ " if holder(case) == talk.member.id else ""
    line = f"{mark}{case_words.summary(talk.scene, case, language)}"
    due = case_card.next_due(talk.unit.clocks.of(case.id))
    if due is None:
        return line
    when = wall_moment(due, talk.house.zone, language)
    words = phrase("overdue since {when}", when=when) if due <= talk.now else phrase("due {when}", when=when)
    return f"{line} · {say(words, language)}"


def _opening(talk: StaffTalk, shown: Iterable[Case]) -> tuple[tuple[Button, ...], ...]:
    """Return a button for each case that opens it, three in a row."""
    language = talk.member.language
    buttons = [
        case_buttons.act_button(phrase("Case {number}", number=case.number), case.number, "open", language)
        for case in shown
    ]
    return tuple(tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3))


# --- one case --------------------------------------------------------------------------------------------------------


def tell_case(talk: StaffTalk, rest: str) -> None:
    """Show the whole story of a case."""
    named = case_named(talk, rest, "case")
    if named is not None:
        show(talk, named[0])


def open_case(talk: StaffTalk, case: Case, _pressed: Pressed) -> Phrase | None:
    """Show the whole story of a case whose button was tapped."""
    show(talk, case)
    return None


def show(talk: StaffTalk, case: Case) -> None:
    """Tell a case here: how it stands, what happened, newest last, and its buttons."""
    language = talk.member.language
    text = "\n\n".join((_head(talk, case), _told(talk, case)))
    rows = case_buttons.rows(cases.load(case.state), case, language)
    talk.out.post(talk.address, Message(text, rows), "case_shown", case_id=case.id)


def _head(talk: StaffTalk, case: Case) -> str:
    language = talk.member.language
    title = case_words.title(talk.scene, case, language)
    return f"{title}\n{case_card.state_lines(talk.scene, case, language)}"


def _told(talk: StaffTalk, case: Case) -> str:
    """Return the story in lines, the oldest left out when it is too long for one message."""
    language, zone = talk.member.language, talk.house.zone
    lines: list[str] = []
    room = STORY
    for told in reversed(story(talk.unit, talk.house, case, language)):
        files = f" 📎 {len(told.media)}" if told.media else ""
        line = f"{wall_moment(told.at, zone, language)} · {told.line(language)}{files}"
        room -= len(line.encode("utf-16-le")) // 2 + 1
        if room < 0:
            lines.append(say(phrase("… and more before that, on the page of the case in the console."), language))
            break
        lines.append(line)
    return "\n".join(reversed(lines))
