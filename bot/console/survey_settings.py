"""The settings of a survey as fields of a form: read from the file, written as wishes for places of it.

Spans are a number and a unit here, shares are per cent; in the file they stand as `reading` has them.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from bot.console.survey_conditions import MOST, groups, joined, picked, shortened
from bot.console.survey_saving import Wish, value_at
from bot.console.survey_words import Told, language_name, told
from bot.phrases import say
from bot.publishing import library
from conversations.phrases import Phrase, phrase
from conversations.problems import KeyPath, Problem
from conversations.surveys import Survey
from conversations.translating import languages_of

UNITS: Final = {"m": phrase("Minutes"), "h": phrase("Hours"), "d": phrase("Days (24 h)")}
"""Units of spans, as the file writes them."""

MOST_REMINDERS: Final = 3
MOST_OFFERED: Final = 6
FIELDS: Final = 200
"""Of the form: three texts in twenty languages, and the rest."""

_SPAN: Final = re.compile(r"([0-9]{1,5})([mhd])")

NO_NUMBER: Final = phrase("Please write a whole number.")
NO_SHARE: Final = phrase("Please write a number from 0 to 100.")


class NotThis(Exception):
    """What was typed into a field is no value of its kind."""

    def __init__(self, said: Phrase) -> None:
        super().__init__(said.sentence)
        self.said = said


class Setting(NamedTuple):
    """One setting: what holds when the file does not say, and how a form says it."""

    usual: Any
    sent: Callable[[str, Mapping[str, str]], Any]


def _text(name: str, form: Mapping[str, str]) -> str:
    return form.get(name, "").strip()


def _span(name: str, form: Mapping[str, str]) -> str:
    number, unit = form.get(f"{name}_n", "").strip(), form.get(f"{name}_u", "h")
    if not number:
        return ""
    if not (number.isascii() and number.isdecimal() and len(number) <= 5) or unit not in UNITS:
        raise NotThis(NO_NUMBER)
    return f"{int(number)}{unit}"


def _spans(name: str, form: Mapping[str, str]) -> list[str]:
    return [span for n in range(1, MOST_REMINDERS + 1) if (span := _span(f"{name}_{n}", form))]


def _share(name: str, form: Mapping[str, str]) -> float:
    return share_of(form.get(name, ""))


def share_of(percent: str) -> float:
    """Return the share that is typed as per cent, all for nothing. Raises NotThis."""
    written = percent.strip().removesuffix("%").strip().replace(",", ".")
    try:
        share = round(float(written or 100) / 100, 4)
    except ValueError:
        raise NotThis(NO_SHARE)
    if not 0 <= share <= 1:
        raise NotThis(NO_SHARE)
    return share


def _condition(name: str, form: Mapping[str, str]) -> str:
    if form.get(f"{name}_how") == "typed":
        return " ".join(form.get(name, "").split())
    return joined([form.get(f"{name}_{n}", "") for n in range(1, MOST + 1)], form.get(f"{name}_join", ""))


def _ticked(name: str, form: Mapping[str, str]) -> bool:
    return bool(form.get(name))


SETTINGS: Final[Mapping[str, Setting]] = {
    "touchpoint": Setting("", _text),
    "delay": Setting("0m", _span),
    "expires": Setting("72h", _span),
    "remind": Setting(["24h"], _spans),
    "share": Setting(1.0, _share),
    "unhappy": Setting("", _condition),
    "explain": Setting("", _text),
    "follow_up": Setting("24h", _span),
    "consent": Setting("line", _text),
    "anonymous": Setting(False, _ticked),
}
TEXTS: Final = ("title", "thanks", "apology")
"""Settings in words, one for each language."""


class Span(msgspec.Struct, frozen=True):
    """A span as a form shows it; an empty number is none."""

    number: str
    unit: str


class Words(msgspec.Struct, frozen=True):
    """A text of the survey in one language, with sentences that could stand there."""

    tag: str
    language: str
    said: str
    offered: tuple[str, ...]


class SettingsView(msgspec.Struct, frozen=True, kw_only=True):
    """The settings, ready to be shown. Empty `languages` say that the draft is no TOML at the moment."""

    revision: int
    values: Mapping[str, Any]
    spans: Mapping[str, Span]
    reminders: tuple[Span, ...]
    percent: str
    picked: Any
    groups: tuple[Any, ...]
    explaining: tuple[tuple[str, str], ...]
    texts: Mapping[str, tuple[Words, ...]]
    languages: tuple[str, ...]
    problems: Mapping[str, tuple[Told, ...]]


def values_of(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return what holds for each setting by a file, texts as `thanks.en`."""
    found = {name: table.get(name, setting.usual) for name, setting in SETTINGS.items()}
    for name in TEXTS:
        for tag in languages_of(table):
            found[f"{name}.{tag}"] = value_at(table, (name, tag)) or ""
    return found


def wishes(form: Mapping[str, str], seen: Mapping[str, Any], only: str = "") -> tuple[list[Wish], dict[str, Phrase]]:
    """Return what a form wants otherwise than the file that its page was made of, and what is no value, by field.

    `only` names the one setting that was touched. A field that the form has not is left as it is.
    """
    values, found, faults = values_of(seen), [], {}
    for name, before in values.items():
        if only not in ("", name) or not _sends(name, form):
            continue
        try:
            value = _sent(name, form)
        except NotThis as fault:
            faults[name] = fault.said
            continue
        if value != before:
            path = _path(name)
            found.append(Wish(path, value_at(seen, path), value))
    return found, faults


def _path(name: str) -> KeyPath:
    text, dot, tag = name.partition(".")
    return (text, tag) if dot else (name,)


def _sends(name: str, form: Mapping[str, str]) -> bool:
    """A form says with `has_NAME` that it has a setting; a box that is not ticked sends nothing else."""
    return bool(form.get(f"has_{name.partition('.')[0]}"))


def _sent(name: str, form: Mapping[str, str]) -> Any:
    if "." in name:
        return form.get(name, "").replace("\r\n", "\n").strip()
    return SETTINGS[name].sent(name, form)


def view(
    revision: int,
    table: Mapping[str, Any] | None,
    survey: Survey | None,
    problems: tuple[Problem, ...],
    language: str,
) -> SettingsView:
    """Return the settings of a draft for a page."""
    values = values_of(table or {})
    remind = values["remind"] if isinstance(values["remind"], list) else []
    share = values["share"]
    return SettingsView(
        revision=revision,
        values=values,
        spans={name: _shown(values[name]) for name in ("delay", "expires", "follow_up")},
        reminders=tuple(_shown(remind[n] if n < len(remind) else "") for n in range(MOST_REMINDERS)),
        percent=f"{share * 100:g}" if isinstance(share, int | float) else str(share),
        picked=picked(str(values["unhappy"]), survey) if survey is not None else None,
        groups=groups(survey, language) if survey is not None else (),
        explaining=_explaining(survey, language),
        texts={name: _words(name, table or {}) for name in TEXTS},
        languages=languages_of(table or {}),
        problems=_at_fields(problems, language),
    )


def _shown(span: object) -> Span:
    found = _SPAN.fullmatch(span) if isinstance(span, str) else None
    return Span(found[1], found[2]) if found else Span("", "h")


def _explaining(survey: Survey | None, language: str) -> tuple[tuple[str, str], ...]:
    if survey is None:
        return ()
    return tuple((one.key, shortened(one, language)) for one in survey.questions if one.kind == "text")


def _words(name: str, table: Mapping[str, Any]) -> tuple[Words, ...]:
    return tuple(
        Words(tag, language_name(tag), str(value_at(table, (name, tag)) or ""), _offered(name, tag))
        for tag in languages_of(table)
    )


def _offered(name: str, tag: str) -> tuple[str, ...]:
    """Return sentences of the surveys that we ship, to be taken over."""
    if name == "title":
        return ()
    found = (getattr(file.survey, name).get(tag) for file in library())
    return tuple(dict.fromkeys(text for text in found if text))[:MOST_OFFERED]


def _at_fields(problems: tuple[Problem, ...], language: str) -> dict[str, tuple[Told, ...]]:
    """Return problems by the field where they are mended."""
    found: dict[str, list[Problem]] = {}
    for each in problems:
        if not each.path:
            continue
        name = str(each.path[0])
        if name in TEXTS and len(each.path) > 1:
            name = f"{name}.{each.path[1]}"
        if name in SETTINGS or name.partition(".")[0] in TEXTS:
            found.setdefault(name, []).append(each)
    return {name: told(those, language) for name, those in found.items()}


def unit_name(unit: str, language: str) -> str:
    """Return a unit of spans as a word."""
    return say(UNITS[unit], language)


def fault_words(faults: Mapping[str, Phrase], language: str) -> dict[str, str]:
    """Return what is no value, by field, in words."""
    return {name: say(said, language) for name, said in faults.items()}
