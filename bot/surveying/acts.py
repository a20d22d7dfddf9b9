"""What can be tapped and what can be typed: every act of the surveys in chat, and the way in for each of them."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.channels.updates import Attached, Pressed
from bot.staff_talk import StaffTalk
from bot.surveying import (
    adding,
    branches,
    comparing,
    entries,
    files,
    languages,
    listing,
    particulars,
    publishing,
    question,
    settings,
    texts,
    trying,
)
from bot.surveying.changing import put_on_top
from bot.surveying.desk import Room, parsed, room_of
from bot.surveying.tree import show_more, show_tree
from conversations.phrases import Phrase, phrase

OLDER: Final = phrase("This is how it looked earlier. Below is how it stands now.")
ALREADY: Final = phrase("Just a moment: that has changed already.")

Run = Callable[[Room, list[str]], None]


def _of(parts: list[str], at: int) -> str:
    return parts[at] if len(parts) > at else ""


def _add(room: Room, parts: list[str]) -> None:
    kind, position = _of(parts, 0), _of(parts, 1)
    if not kind:
        adding.choose_kind(room, position)
    elif not position:
        adding.choose_place(room, kind)
    else:
        adding.ask_text(room, kind, position)


def _words(room: Room, parts: list[str]) -> None:
    where, name, tag = _of(parts, 0), _of(parts, 1), _of(parts, 2)
    if tag:
        texts.ask(room, where, name, tag)
    elif name:
        texts.choose_language(room, where, name)
    elif where == "s":
        texts.show_own(room)
    elif where.isdecimal():
        texts.show_texts(room, where)
    else:
        show_tree(room)


def _copy(room: Room, parts: list[str]) -> None:
    if parts:
        listing.ask_name(room, parts[0])
    else:
        listing.show_copies(room)


def _entry(room: Room, parts: list[str]) -> None:
    if len(parts) > 1:
        adding.show_entry(room, parts[0], parts[1])
    else:
        adding.show_entries(room, _of(parts, 0))


def _setting(room: Room, parts: list[str]) -> None:
    if len(parts) > 1:
        settings.choose(room, parts[0], parts[1])
    elif parts:
        settings.show_setting(room, parts[0])
    else:
        settings.show_settings(room)


def _branch(room: Room, parts: list[str]) -> None:
    if len(parts) > 1:
        branches.show_branch(room, parts[0], parts[1])
    else:
        branches.show_branches(room, _of(parts, 0))


def _condition(room: Room, parts: list[str]) -> None:
    if len(parts) > 1:
        comparing.choose_comparison(room, parts[0], parts[1])
    else:
        comparing.choose_question(room, _of(parts, 0), room.state.hold)


def _compared(room: Room, parts: list[str]) -> None:
    if len(parts) > 3:
        comparing.take_value(room, parts[0], parts[1], parts[2], parts[3])
    else:
        comparing.choose_value(room, _of(parts, 0), _of(parts, 1), _of(parts, 2))


def _language(room: Room, parts: list[str]) -> None:
    if parts:
        languages.show_language(room, parts[0])
    else:
        languages.show_languages(room)


def _add_language(room: Room, parts: list[str]) -> None:
    if parts:
        languages.add(room, parts[0])
    else:
        languages.choose_language(room)


def _remove(room: Room, parts: list[str]) -> None:
    if _of(parts, 1) == "y":
        question.remove(room, parts[0])
    else:
        question.confirm_removal(room, _of(parts, 0))


def _scale(room: Room, parts: list[str]) -> None:
    if len(parts) > 1:
        question.set_scale(room, parts[0], parts[1])
    else:
        question.show_scales(room, _of(parts, 0))


def _particular(room: Room, parts: list[str]) -> None:
    if len(parts) > 2:
        particulars.choose(room, parts[0], parts[1], parts[2])
    else:
        particulars.show(room, _of(parts, 0), _of(parts, 1))


def _on_top(room: Room, _parts: list[str]) -> None:
    put_on_top(room)
    show_tree(room)


def _open(room: Room, parts: list[str]) -> None:
    if parts:
        listing.open_one(room, parts[0])
    else:
        show_tree(room)


def _wait(room: Room, _parts: list[str]) -> None:
    trying.take(room, ("w", "24"))


TAPPED: Final[Mapping[str, Run]] = {
    "l": lambda room, parts: listing.show_list(room, int(parts[0]) if _of(parts, 0).isdecimal() else 0),
    "n": lambda room, parts: listing.begin(room),
    "nb": lambda room, parts: listing.ask_name(room, "b"),
    "nc": _copy,
    "o": _open,
    "e": lambda room, parts: show_more(room),
    "q": lambda room, parts: question.show_question(room, _of(parts, 0)),
    "qu": lambda room, parts: question.move(room, _of(parts, 0), -1),
    "qd": lambda room, parts: question.move(room, _of(parts, 0), 1),
    "qo": lambda room, parts: question.turn_optional(room, _of(parts, 0)),
    "qs": _scale,
    "qr": _remove,
    "f": _particular,
    "a": _add,
    "w": _words,
    "wd": lambda room, parts: texts.remove(room, _of(parts, 0), _of(parts, 1)),
    "m": lambda room, parts: texts.ask_missing(room, _of(parts, 0)),
    "p": _entry,
    "pa": lambda room, parts: adding.ask_entries(room, _of(parts, 0)),
    "pu": lambda room, parts: entries.move(room, _of(parts, 0), _of(parts, 1), -1),
    "pd": lambda room, parts: entries.move(room, _of(parts, 0), _of(parts, 1), 1),
    "pr": lambda room, parts: entries.remove(room, _of(parts, 0), _of(parts, 1)),
    "b": _branch,
    "bn": lambda room, parts: comparing.choose_question(room, _of(parts, 0)),
    "bq": _condition,
    "bc": lambda room, parts: comparing.choose_value(room, _of(parts, 0), _of(parts, 1), _of(parts, 2)),
    "bv": _compared,
    "bj": lambda room, parts: comparing.join(room, _of(parts, 0), _of(parts, 1)),
    "bt": lambda room, parts: comparing.ask_typed(room, _of(parts, 0)),
    "ba": lambda room, parts: comparing.finish(room, _of(parts, 0), "true"),
    "bd": lambda room, parts: comparing.finish(room, _of(parts, 0), room.state.hold),
    "bw": lambda room, parts: branches.take_target(room, _of(parts, 0), _of(parts, 1)),
    "bl": lambda room, parts: branches.lead_elsewhere(room, _of(parts, 0), _of(parts, 1), _of(parts, 2)),
    "bu": lambda room, parts: branches.move_up(room, _of(parts, 0), _of(parts, 1)),
    "br": lambda room, parts: branches.remove(room, _of(parts, 0), _of(parts, 1)),
    "s": _setting,
    "g": _language,
    "ga": _add_language,
    "gf": lambda room, parts: languages.make_first(room, _of(parts, 0)),
    "gr": lambda room, parts: languages.remove(room, _of(parts, 0)),
    "y": lambda room, parts: trying.begin(room, _of(parts, 0)),
    "yw": _wait,
    "yx": lambda room, parts: trying.stop(room),
    "c": lambda room, parts: publishing.show_changes(room),
    "pp": lambda room, parts: publishing.publish(room),
    "v": lambda room, parts: publishing.show_versions(room),
    "vr": lambda room, parts: publishing.roll_back(room, _of(parts, 0)),
    "r": lambda room, parts: (publishing.retire if parts else publishing.confirm_retiring)(room),
    "d": lambda room, parts: (publishing.throw_away if parts else publishing.confirm_throwing)(room),
    "db": lambda room, parts: publishing.bring_back(room),
    "z": lambda room, parts: publishing.step(room, forward=False),
    "zr": lambda room, parts: publishing.step(room, forward=True),
    "x": lambda room, parts: files.export(room),
    "k": _on_top,
}
"""By the letters before the first dot of an act: a screen, or a change and the screen after it."""

TYPED: Final[Mapping[str, Callable[[Room, list[str], str], None]]] = {
    "n": lambda room, parts, text: listing.named(room, _of(parts, 0), text),
    "a": lambda room, parts, text: adding.take_text(room, _of(parts, 0), _of(parts, 1), text),
    "w": lambda room, parts, text: texts.taken(room, _of(parts, 0), _of(parts, 1), _of(parts, 2), text),
    "m": lambda room, parts, text: texts.took_missing(room, parts[0], parts[1], parts[2], parts[3], text),
    "pa": lambda room, parts, text: adding.take_entries(room, _of(parts, 0), text),
    "bt": lambda room, parts, text: comparing.take_typed(room, _of(parts, 0), text),
    "bv": lambda room, parts, text: comparing.take_value(room, parts[0], parts[1], parts[2], text.strip()),
    "qs": lambda room, parts, text: question.take_bounds(room, _of(parts, 0), text),
    "f": lambda room, parts, text: particulars.take(room, _of(parts, 0), _of(parts, 1), text),
    "s": lambda room, parts, text: settings.take(room, _of(parts, 0), text),
    "ga": lambda room, parts, text: languages.add(room, text),
}
"""By what was asked for: who takes the words."""


# --- the ways in ----------------------------------------------------------------------------------------------------


def command(talk: StaffTalk, rest: str) -> None:
    """Show the surveys, or one of them by its key."""
    room = room_of(talk)
    key = rest.strip().lower()
    if key:
        listing.open_one(room, key)
    else:
        listing.show_list(room)


def pressed(talk: StaffTalk, update: Pressed, choice: str) -> Phrase | None:
    """Take a tap; one on what was shown earlier shows how it stands now."""
    named = parsed(choice)
    tapped = talk.unit.messages.by_ref(talk.address.id, update.ref)
    room = room_of(talk, tapped)
    view, act = named if named is not None else (-1, "")
    if view != room.desk.view:
        if tapped is not None and tapped.id == room.desk.message_id:
            return ALREADY  # a second tap, before the first one's change was seen
        _show_anew(room)
        return OLDER
    name, *parts = act.split(".")
    run = TAPPED.get(name)
    if run is None:
        return phrase("That button is no longer in use.")
    run(room, parts)
    return None


def pressed_in_rehearsal(talk: StaffTalk, update: Pressed, choice: str) -> Phrase | None:
    """Take a tap below a question of a rehearsal."""
    return trying.pressed(room_of(talk, talk.unit.messages.by_ref(talk.address.id, update.ref)), choice)


def _show_anew(room: Room) -> None:
    if room.state.key:
        show_tree(room)
    else:
        listing.show_list(room)


def wrote(talk: StaffTalk, text: str) -> None:
    """Take the words that were asked for."""
    room = room_of(talk)
    name, *parts = room.state.asks.split(".")
    if name == trying.ASKS:
        passing = trying.wrote(room, text)
        if passing is not None:
            talk.say(passing)
        return
    walk, _, more = room.state.asks.partition("!")
    if walk == "m":
        name, parts = "m", more.split(".")
    take = TYPED.get(name)
    if take is None:
        _show_anew(room)
    else:
        take(room, parts, text)


def cancel(talk: StaffTalk) -> None:
    """Ask for no words any more: nothing was changed."""
    room = room_of(talk)
    if room.state.trying is not None:
        trying.stop(room)
        return
    room.tell(phrase("All right, nothing was changed."))
    _show_anew(room)


def tries(talk: StaffTalk) -> bool:
    """Say whether a rehearsal is under way in this chat."""
    return room_of(talk).state.trying is not None


def attached(talk: StaffTalk, update: Attached) -> None:
    """Take a file that may be a survey, or a picture of a rehearsal."""
    if update.what == "photo":
        trying.showed(room_of(talk), update.caption)
    else:
        files.came(talk, update)
