"""*Try it*: being asked as a customer is, in one's own chat. Nothing is stored but what was done, to be played again.

Each step plays the whole rehearsal from its beginning against the draft as it is now, and sends what is new of it.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import msgspec

from bot.channels.messages import Button, Message
from bot.house import FOLLOW_UP_SURVEY
from bot.rehearsing.playing import MOST_STEPS, played
from bot.rehearsing.samples import facts_of, value_of, variables
from bot.rehearsing.shown import Played, Shown
from bot.rehearsing.steps import Contact, Photo, Say, Step, Tap, Wait
from bot.surveying.desk import Room, Trying, spelled
from bot.surveying.door import ASKING, REHEARSAL_PROMPT, WORDS
from bot.surveying.sheet import Sheet
from bot.surveying.telling import called, in_rows
from bot.surveying.texts import language_name
from bot.surveying.tree import back, show_tree
from conversations.phrases import Phrase, phrase
from storage.errors import NotFound

ASKS: Final = "t"
LONGEST: Final = 1_000
"""Characters of something typed in a rehearsal that are kept: nothing of it is read by anybody."""

DAY: Final = timedelta(hours=24)
_OVER: Final = phrase("That rehearsal is over.")


def begin(room: Room, tag: str) -> None:
    """Begin a rehearsal, in the language that was chosen; with only one there is nothing to choose."""
    sheet = room.sheet()
    if sheet is None:
        show_tree(room)
        return
    if tag not in sheet.languages:
        if len(sheet.languages) > 1:
            _choose_language(room, sheet)
            return
        tag = sheet.default
    room.state = msgspec.structs.replace(room.state, trying=Trying(room.desk.view + 1, tag))
    text = room.say(
        phrase(
            "▶ {title}, {language}. You are asked now as a customer is: tap, or write what a customer would. Nothing"
            " is stored, and nobody hears of it.",
            title=called(room, sheet),
            language=language_name(tag),
        )
    )
    rows = [[(room.say(phrase("Let 24 hours pass")), "yw"), (room.say(phrase("Stop trying")), "yx")]]
    room.show(text, rows, asks=ASKS)
    _go_on(room)


def _choose_language(room: Room, sheet: Sheet) -> None:
    choices = [(language_name(tag), f"y.{tag}") for tag in sheet.languages]
    room.show(room.say(phrase("In which language?")), [*in_rows(choices, 3), [back(room)]])


def stop(room: Room) -> None:
    """End the rehearsal."""
    _put_buttons_away(room)
    room.state = msgspec.structs.replace(room.state, trying=None)
    show_tree(room)


def pressed(room: Room, act: str) -> Phrase | None:
    """Take a tap below a message of the rehearsal; return what to show in passing."""
    trying = room.state.trying
    ident, _, rest = act.partition(".")
    if trying is None or ident != spelled(trying.id):
        return _OVER
    if rest == "x":
        stop(room)
        return None
    if rest == "w":
        return take(room, ["w", "24"])
    place, _, number = rest.partition(".")
    button, question = _button_at(room, trying, place, number)
    if button is None:
        return phrase("That button is no longer in use.")
    return take(room, ["t", button.press, button.label, question])


def _button_at(room: Room, trying: Trying, place: str, number: str) -> tuple[Button | None, str]:
    shown = _play(room, trying).shown
    if not (place.isdecimal() and number.isdecimal()) or int(place) >= len(shown):
        return None, ""
    one = shown[int(place)]
    buttons = [button for row in one.rows for button in row]
    return (buttons[int(number)], one.question) if int(number) < len(buttons) else (None, "")


def wrote(room: Room, text: str) -> Phrase | None:
    """Take a text as a customer's; return what would be shown in passing."""
    return take(room, ["s", text[:LONGEST]])


def showed(room: Room, caption: str) -> None:
    """Take a picture as a customer's."""
    take(room, ["p", caption[:LONGEST]])


def take(room: Room, step: Sequence[str]) -> Phrase | None:
    """Take one step further; return what a customer would be shown in passing."""
    trying = room.state.trying
    if trying is None or len(trying.steps) >= MOST_STEPS:
        stop(room)
        return None
    room.state = msgspec.structs.replace(
        room.state, trying=msgspec.structs.replace(trying, steps=(*trying.steps, tuple(step)))
    )
    return _go_on(room)


# --- playing --------------------------------------------------------------------------------------------------------


def _step(written: Sequence[str]) -> Step:
    match written:
        case ["t", press, label, question]:
            return Tap(press, label, question)
        case ["w", hours]:
            return Wait(timedelta(hours=int(hours)))
        case ["p", caption]:
            return Photo(caption)
        case ["c", phone]:
            return Contact(phone)
        case [_, text]:
            return Say(text)
        case _:
            return Say("")


def _play(room: Room, trying: Trying) -> Played:
    sheet, house = room.sheet(), room.talk.house
    survey = sheet.survey if sheet is not None else None
    values = {}
    if survey is not None:
        values = {
            variable.name: value_of(variable, "usual", house.business, trying.language)
            for variable in variables(survey)
        }
    try:
        follow_up = house.shelf.published(room.unit, room.brand, FOLLOW_UP_SURVEY)[1]
    except NotFound:
        follow_up = None
    return played(
        survey,
        trying.language,
        facts_of(values, house.zone),
        [_step(step) for step in trying.steps],
        follow_up=follow_up,
        rules=house.rules,
        reader=room.language,
    )


def _go_on(room: Room) -> Phrase | None:
    """Send what is new of the rehearsal, and remember how far it was sent."""
    trying = room.state.trying
    if trying is None:
        return None
    done = _play(room, trying)
    rows, passing, asides = dict(trying.rows), [], list(done.trouble) if not trying.shown else []
    for place in range(min(trying.shown, len(done.shown)), len(done.shown)):
        one = done.shown[place]
        if one.kind == "aside":
            asides += [one.text] if one.about != "kept" else []  # what was just tapped need not be told
        elif one.kind == "passing":
            passing.append(one.text)
        elif one.kind == "edit" and one.edits is not None and one.edits in rows:
            _edit(room, trying, one, place, rows[one.edits])
        elif one.kind in ("message", "edit"):
            _tell(room, trying, asides)
            asides = []
            row = room.talk.out.post(room.talk.address, _message(trying, one, place), "staff_reply")
            if row is not None:
                rows[place] = row.id
    over = done.over or not done.shown
    kept = msgspec.structs.replace(trying, shown=len(done.shown), rows=tuple(sorted(rows.items())[-40:]))
    room.state = msgspec.structs.replace(room.state, trying=kept)
    if over:
        _end(room, asides)
    else:
        _tell(room, trying, asides)
        room.unit.staff.compose_survey(room.talk.member.id, room.talk.now + ASKING, WORDS)
        room.keep(room.desk.view, room.desk.message_id)
    return phrase("{words}", words=" ".join(passing)) if passing else None


def _message(trying: Trying, one: Shown, place: int) -> Message:
    """Return a message of the rehearsal, with buttons that lead back to it."""
    rows, at = [], 0
    for row in one.rows:
        rows.append(
            tuple(
                Button(button.label, f"1:{REHEARSAL_PROMPT}:{spelled(trying.id)}.{place}.{at + n}")
                for n, button in enumerate(row)
            )
        )
        at += len(row)
    return Message(one.text, tuple(rows), one.links)


def _edit(room: Room, trying: Trying, one: Shown, place: int, outbox_id: int) -> None:
    before = room.unit.outbox.get(outbox_id)
    if before is not None:
        room.talk.out.edit(room.talk.address, before, _message(trying, one, place), again=True)


def _tell(room: Room, trying: Trying, asides: Sequence[str]) -> None:
    """Tell what the product would do there, with what whoever tries it can do."""
    if not asides:
        return
    ident = spelled(trying.id)
    rows = (
        (
            Button(room.say(phrase("Let 24 hours pass")), f"1:{REHEARSAL_PROMPT}:{ident}.w"),
            Button(room.say(phrase("Stop trying")), f"1:{REHEARSAL_PROMPT}:{ident}.x"),
        ),
    )
    text = "\n".join(f"⚙ {line}" for line in asides)
    room.talk.out.post(room.talk.address, Message(text, rows), "staff_reply")


def _end(room: Room, asides: Sequence[str]) -> None:
    room.state = msgspec.structs.replace(room.state, trying=None)
    lines = [*(f"⚙ {line}" for line in asides), room.say(phrase("▶ The rehearsal is over. Nothing of it was stored."))]
    room.show("\n".join(lines), [[(room.say(phrase("Once more")), "y"), back(room)]])


def _put_buttons_away(room: Room) -> None:
    """Take the buttons from what was asked last: they lead nowhere any more."""
    trying = room.state.trying
    if trying is None or not trying.rows:
        return
    done = _play(room, trying)
    place, outbox_id = trying.rows[-1]
    before = room.unit.outbox.get(outbox_id)
    if before is not None and place < len(done.shown):
        room.talk.out.edit(room.talk.address, before, Message(done.shown[place].text), again=True)
