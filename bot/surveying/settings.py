"""The settings of a survey: when it is asked, of whom, how long it waits, who counts as unhappy."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from bot.phrases import listed
from bot.surveying.branches import UNHAPPY
from bot.surveying.changing import change, wrong_after
from bot.surveying.desk import Choice, Room
from bot.surveying.sheet import Sheet, word
from bot.surveying.telling import condition, in_rows, problem_lines, text_of
from bot.surveying.tree import back, show_tree
from bot.surveying.typed import as_share, as_span, as_spans, span_words
from conversations.amending import Drop, Edit, Put
from conversations.phrases import Phrase, phrase
from conversations.reading import KEYS


class Setting(NamedTuple):
    """One setting: what it is called, what it is for, what is offered, and what holds when the file does not say."""

    called: Phrase
    what_for: Phrase
    offered: tuple[Any, ...] = ()
    usual: Any = ""


SETTINGS: Final[Mapping[str, Setting]] = {
    "touchpoint": Setting(
        phrase("Touchpoint"),
        phrase(
            "Which kind of service it asks about. The same word stands in the service events that your system sends."
        ),
    ),
    "delay": Setting(
        phrase("Delay"),
        phrase("How long after the service it asks."),
        ("0m", "30m", "2h", "24h", "3d"),
        "0m",
    ),
    "expires": Setting(
        phrase("Expiry"),
        phrase("How long it waits for an answer. What came until then counts."),
        ("24h", "72h", "7d", "14d"),
        "72h",
    ),
    "remind": Setting(
        phrase("Reminders"),
        phrase("When it asks once more after silence. One reminder brings the most; a third annoys."),
        ((), ("24h",), ("24h", "48h")),
        ("24h",),
    ),
    "share": Setting(
        phrase("Share"),
        phrase("How many of the customers are asked."),
        (1.0, 0.5, 0.25, 0.1),
        1.0,
    ),
    "unhappy": Setting(
        phrase("Unhappy"),
        phrase("Which answers open a case, so that a person puts it right."),
    ),
    "explain": Setting(
        phrase("After an unhappy answer"),
        phrase("The one question that is still asked of somebody unhappy: what happened, in their own words."),
    ),
    "follow_up": Setting(
        phrase("Follow-up"),
        phrase("How long after the unhappy answer we ask whether it was put right."),
        ("4h", "24h", "48h", "7d"),
        "24h",
    ),
    "consent": Setting(
        phrase("Consent"),
        phrase("A line below the first question, or a question of its own before it."),
        ("line", "step"),
        "line",
    ),
    "anonymous": Setting(
        phrase("Anonymous"),
        phrase(
            "Kept without any tie to the customer: an unhappy answer opens no case, unless they agree to be contacted."
        ),
        (False, True),
        False,
    ),
}
TYPED: Final = frozenset({"touchpoint", "delay", "expires", "remind", "share", "follow_up"})
"""What can be typed, too."""

_ALL: Final = phrase("everybody")
_NONE: Final = phrase("none")
_VALUES: Final[Mapping[Any, Phrase]] = {
    "line": phrase("a line below"),
    "step": phrase("a question before"),
}


def known() -> tuple[str, ...]:
    """Return the settings that survey files have, in the order in which they are shown."""
    return tuple(name for name in SETTINGS if name in KEYS)


def show_settings(room: Room) -> None:
    """Show every setting with what holds now."""
    sheet = room.sheet()
    if sheet is None:
        show_tree(room)
        return
    lines = [room.say(phrase("Settings"))]
    for name in known():
        found = {problem.severity for problem in sheet.wrong_at(name)}
        wrong = " ⚠" if "error" in found else " 💡" if found else ""
        words = phrase("{name}: {value}", name=SETTINGS[name].called, value=_now(room, sheet, name))
        lines.append(f"{room.say(words)}{wrong}")
    choices = [(room.say(SETTINGS[name].called), f"s.{name}") for name in known()]
    room.show("\n".join(lines), [*in_rows(choices, 2), [back(room)]])


def _now(room: Room, sheet: Sheet, name: str) -> str:
    if name == "unhappy":
        written = word(sheet.table, "unhappy")
        return condition(room, sheet, written) if written else room.say(_NONE)
    if name == "explain":
        number = sheet.number_of(word(sheet.table, "explain"))
        return text_of(room, sheet, sheet.questions[number], 50) if number is not None else room.say(_NONE)
    return _shown(room, name, sheet.table.get(name, SETTINGS[name].usual))


def _shown(room: Room, name: str, value: Any) -> str:
    if isinstance(value, bool):
        return room.say(phrase("Yes") if value else phrase("No"))
    if isinstance(value, int | float):
        return room.say(_ALL) if value == 1 else f"{value:.0%}"
    if isinstance(value, list | tuple):
        return listed((span_words(str(one), room.language) for one in value), room.language) or room.say(_NONE)
    if name == "delay" and value == "0m":
        return room.say(phrase("at once"))
    if value in _VALUES:
        return room.say(_VALUES[value])
    return span_words(str(value), room.language) or "–"


def show_setting(room: Room, name: str) -> None:
    """Show what a setting is for, and what it can be."""
    sheet = room.sheet()
    if sheet is None or name not in known():
        show_settings(room)
        return
    setting = SETTINGS[name]
    lines = [room.say(setting.called), room.say(setting.what_for)]
    lines.append(room.say(phrase("Now: {value}", value=_now(room, sheet, name))))
    lines += problem_lines(room, sheet.wrong_at(name))
    choices = [(text, f"s.{name}.{act}") for text, act in _offered(room, sheet, name)]
    if name == "unhappy":
        choices = [(room.say(phrase("Choose a condition")), f"bn.{UNHAPPY}")]
        if sheet.table.get("unhappy"):
            choices.append((room.say(phrase("Nobody counts as unhappy")), "s.unhappy.x"))
    hint = [room.say(phrase("Or send me another one."))] if name in TYPED else []
    width = 1 if name in ("explain", "unhappy", "touchpoint") else 3
    rows = [*in_rows(choices, width), [(room.say(phrase("‹ Settings")), "s")]]
    room.show("\n\n".join((*lines, *hint)), rows, asks=f"s.{name}" if name in TYPED else "")


def _offered(room: Room, sheet: Sheet, name: str) -> list[Choice]:
    """Return what can be chosen with a tap, with its act."""
    if name == "touchpoint":
        return [(each, str(n)) for n, each in enumerate(_touchpoints(room))]
    if name == "explain":
        texts = [
            (f"{n + 1}. {text_of(room, sheet, question, 34)}", str(n))
            for n, question in enumerate(sheet.questions)
            if question.get("kind") == "text"
        ]
        return [*texts, (room.say(_NONE), "x")]
    return [(_shown(room, name, value), str(n)) for n, value in enumerate(SETTINGS[name].offered)]


def _touchpoints(room: Room) -> list[str]:
    return sorted({version.touchpoint for version in room.unit.surveys.published(room.brand)})


def choose(room: Room, name: str, which: str) -> None:
    """Set a setting to what was tapped."""
    sheet = room.sheet()
    if sheet is None or name not in known():
        show_settings(room)
        return
    if which == "x":
        _keep(room, name, Drop((name,)) if name in sheet.table else None)
        return
    offered: list[Any] = list(SETTINGS[name].offered)
    if name == "touchpoint":
        offered = list(_touchpoints(room))
    elif name == "explain":
        offered = [question.get("key") for question in sheet.questions]
    if not which.isdecimal() or int(which) >= len(offered):
        show_setting(room, name)
        return
    value = offered[int(which)]
    _keep(room, name, Put((name,), list(value) if isinstance(value, tuple) else value))


def take(room: Room, name: str, text: str) -> None:
    """Set a setting to what was typed; what it cannot be is said, and asked for again."""
    value: Any = None
    match name:
        case "touchpoint":
            value = text.strip().lower().replace(" ", "_").replace("-", "_")
        case "share":
            value = as_share(text)
        case "remind":
            value = as_spans(text)
        case _:
            value = as_span(text)
    if value is None:
        if name == "share":
            room.tell(phrase("Write a share from 0 to 100 %, such as 30 %."))
        else:
            room.tell(phrase("Write minutes, hours or days, such as 90 min, 24 h or 3 days."))
        show_setting(room, name)
        return
    _keep(room, name, Put((name,), value))


def _keep(room: Room, name: str, edit: Edit | None) -> None:
    """Keep a setting, unless it would be wrong: then say what, and how to mend it."""
    if edit is None:
        show_settings(room)
        return
    wrong = wrong_after(room, [edit], (name,))
    if wrong:
        room.news += wrong
        show_setting(room, name)
    elif change(room, [edit], SETTINGS[name].called):
        room.tell(phrase("✓ Kept."))
        show_settings(room)
