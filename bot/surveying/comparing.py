"""A condition put together by taps, or typed: whose answer, compared how, with what, and what else.

A place is the number of a question, `3`, with the number of its branch whose condition is changed, `3-0`, or `u`:
the condition by which an answer is unhappy. What is put together so far is what the desk holds.
"""

from collections.abc import Mapping
from typing import Final

from bot.surveying.branches import UNHAPPY, branch_of, choose_target, number_of, out, show_branches
from bot.surveying.changing import change
from bot.surveying.desk import Choice, Room
from bot.surveying.sheet import plain, said
from bot.surveying.telling import condition, in_rows
from bot.surveying.tree import show_tree
from bot.surveying.typed import as_condition
from conversations import conditions
from conversations.amending import Drop, Edit, Put
from conversations.phrases import Phrase, phrase
from conversations.surveys import RATINGS, Question

SIGNS: Final = {"le": "<=", "ge": ">=", "eq": "==", "ne": "!=", "in": "in", "ni": "not in", "y": "", "n": "not"}
WORDS: Final[Mapping[str, Phrase]] = {
    "le": phrase("at most"),
    "ge": phrase("at least"),
    "eq": phrase("exactly"),
    "is": phrase("is"),
    "ne": phrase("is not"),
    "in": phrase("was chosen"),
    "ni": phrase("was not chosen"),
    "y": phrase("Yes"),
    "n": phrase("No"),
}
_ORDERED: Final = ("le", "ge", "eq")
_COMPARISONS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys((*RATINGS, "number"), _ORDERED),
    "choice": ("eq", "ne"),
    "choices": ("in", "ni"),
    "yes_no": ("y", "n"),
    "consent": ("y", "n"),
}
"""What an answer of each kind can be compared by with a tap; the others can be typed."""


# --- a condition by taps --------------------------------------------------------------------------------------------


def choose_question(room: Room, place: str, hold: str = "") -> None:
    """Ask whose answer decides; only what was asked by then can."""
    sheet = room.sheet()
    if sheet is None:
        show_tree(room)
        return
    n = number_of(place)
    lines = [room.say(phrase("Whose answer decides?"))]
    if hold:
        lines.insert(0, room.say(phrase("So far: {condition} …", condition=condition(room, sheet, _whole(hold)))))
    choices = []
    for at, question in enumerate(sheet.asked(n)):
        if question.kind in _COMPARISONS:
            number = sheet.number_of(question.key)
            label = plain(said(question.text, room.language, sheet.default), 34)
            choices.append((f"{number + 1 if number is not None else '?'}. {label}", f"bq.{place}.{at}"))
    other: list[Choice] = [(room.say(phrase("Type it")), f"bt.{place}")]
    if place != UNHAPPY and not hold:
        other.insert(0, (room.say(phrase("Always")), f"ba.{place}"))
    room.show("\n\n".join(lines), [*in_rows(choices, 1), other, [out(room, place)]], hold=hold)


def _whole(hold: str) -> str:
    """Return what is put together without the word that waits for more."""
    return hold.removesuffix(" and ").removesuffix(" or ")


def _asked(room: Room, place: str, at: str) -> Question | None:
    sheet = room.sheet()
    asked = sheet.asked(number_of(place)) if sheet is not None else ()
    return asked[int(at)] if at.isdecimal() and int(at) < len(asked) else None


def choose_comparison(room: Room, place: str, at: str) -> None:
    """Ask how the answer is compared."""
    question = _asked(room, place, at)
    if question is None:
        choose_question(room, place, room.state.hold)
        return
    ways = _COMPARISONS.get(question.kind, ())
    acts = {way: (f"bv.{place}.{at}.{way}.0" if way in ("y", "n") else f"bc.{place}.{at}.{way}") for way in ways}
    labels = {way: WORDS["is" if way == "eq" and question.kind == "choice" else way] for way in ways}
    choices = [(room.say(labels[way]), acts[way]) for way in ways]
    room.show(_words(room, question), [*in_rows(choices, 3), [out(room, place)]], hold=room.state.hold)


def _words(room: Room, question: Question) -> str:
    sheet = room.sheet()
    return plain(said(question.text, room.language, sheet.default if sheet is not None else ""), 300)


def choose_value(room: Room, place: str, at: str, way: str) -> None:
    """Ask for the answer to compare with."""
    question = _asked(room, place, at)
    if question is None or way not in SIGNS:
        choose_question(room, place, room.state.hold)
        return
    head = f"{_words(room, question)}\n\n{room.say(WORDS[way])} …"
    if question.kind == "number":
        ask = room.say(phrase("Send me the number."))
        room.show(f"{head}\n{ask}", [[out(room, place)]], asks=f"bv.{place}.{at}.{way}", hold=room.state.hold)
        return
    if question.scale is not None:
        values = [(str(v), f"bv.{place}.{at}.{way}.{v}") for v in range(question.scale.low, question.scale.high + 1)]
        rows = in_rows(values, 6)
    else:
        sheet = room.sheet()
        default = sheet.default if sheet is not None else ""
        values = [
            (plain(said(option.label, room.language, default), 40), f"bv.{place}.{at}.{way}.{m}")
            for m, option in enumerate(question.options)
        ]
        rows = in_rows(values, 1)
    room.show(head, [*rows, [out(room, place)]], hold=room.state.hold)


def take_value(room: Room, place: str, at: str, way: str, value: str) -> None:
    """Add the comparison to what is put together, and ask whether that is all."""
    question = _asked(room, place, at)
    if question is None or way not in SIGNS or not value.isdecimal() or len(value) > 9:
        room.tell(phrase("That is no number."))
        choose_question(room, place, room.state.hold)
        return
    comparison = _comparison(question, way, int(value))
    if not comparison:
        choose_question(room, place, room.state.hold)
        return
    show_so_far(room, place, room.state.hold + comparison)


def _comparison(question: Question, way: str, value: int) -> str:
    """Return a comparison as the survey file has it; nothing for an option that is not there."""
    sign = SIGNS[way]
    if way in ("y", "n"):
        return f"{sign} {question.key}".strip()
    if not question.options:
        return f"{question.key} {sign} {value}"
    if value >= len(question.options):
        return ""
    option = question.options[value].key
    return f'"{option}" {sign} {question.key}' if way in ("in", "ni") else f'{question.key} {sign} "{option}"'


def show_so_far(room: Room, place: str, hold: str) -> None:
    """Show what is put together, to go on with `and`, with `or`, or to be done."""
    text = room.say(phrase("When: {condition}", condition=condition(room, room.sheet(), hold)))
    rows = [
        [(room.say(phrase("and …")), f"bj.{place}.and"), (room.say(phrase("or …")), f"bj.{place}.or")],
        [(room.say(phrase("That is all")), f"bd.{place}")],
        [out(room, place)],
    ]
    room.show(text, rows, hold=hold)


def join(room: Room, place: str, by: str) -> None:
    """Go on with another comparison. What was put together stays together."""
    hold = room.state.hold
    other = " and " if by == "or" else " or "
    if other in hold and by == "and":
        hold = f"({hold})"
    choose_question(room, place, f"{hold} {by} " if hold else "")


def ask_typed(room: Room, place: str) -> None:
    """Ask for a condition in words."""
    sheet = room.sheet()
    keys = ", ".join(question.key for question in sheet.asked(number_of(place))) if sheet is not None else ""
    words = phrase(
        "Send me the condition, such as:\n{example}\n\nThe questions are: {keys}",
        example='satisfaction <= 2 or "late" in went_wrong',
        keys=keys or "–",
    )
    room.show(room.say(words), [[out(room, place)]], asks=f"bt.{place}")


def take_typed(room: Room, place: str, text: str) -> None:
    """Take a condition that was typed; say what is wrong with it and how to mend it."""
    sheet = room.sheet()
    written = as_condition(text)
    asked = sheet.asked() if sheet is not None else ()
    complaints = conditions.check(written, asked) if written else []
    if complaints or not written:
        for complaint in complaints[:3]:
            room.news.append(f"⚠ {room.say(complaint.said)} {room.say(complaint.to_mend)}")
        ask_typed(room, place)
        return
    finish(room, place, written)


# --- done -----------------------------------------------------------------------------------------------------------


def finish(room: Room, place: str, when: str) -> None:
    """Keep a condition, or ask where a new branch leads."""
    n = number_of(place)
    which = place.partition("-")[2]
    if n is None:
        keep_unhappy(room, when)
    elif which.isdecimal():
        if change(room, [Put(("question", n, "branch", int(which), "when"), when)], branch_of(n)):
            room.tell(phrase("✓ Kept."))
            show_branches(room, str(n))
    else:
        choose_target(room, str(n), when)


def keep_unhappy(room: Room, when: str) -> None:
    """Keep when an answer counts as unhappy; nothing ends it."""
    from bot.surveying.settings import show_settings

    edit: Edit = Put(("unhappy",), when) if when else Drop(("unhappy",))
    if change(room, [edit], phrase("when an answer counts as unhappy")):
        room.tell(phrase("✓ Kept."))
        show_settings(room)
