"""What the telephone beside a survey sends and gets: the steps so far, and all that is seen after them."""

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final

import msgspec

from bot.clock import moment
from bot.console.survey_words import language_name
from bot.house import FOLLOW_UP_SURVEY
from bot.rehearsing.playing import MOST_STEPS, played
from bot.rehearsing.samples import SAMPLES, Sample, Variable, facts_of, value_of, variables
from bot.rehearsing.shown import Played, Shown, as_now
from bot.rehearsing.steps import Back, Contact, Language, Photo, Say, Step, Stop, Tap, Wait
from bot.wall_clock import wall_time
from bot.web.problems import Problem
from conversations.contact import Rules
from conversations.experiments import as_asked, shares
from conversations.reading import LARGEST_FILE
from conversations.reading import draft as read_draft
from conversations.surveys import Survey

LONGEST_REPLY: Final = 4096
"""Characters of something typed, as in a chat."""

LONGEST_PRESS: Final = 200
LONGEST_FACT: Final = 1000
MOST_FACTS: Final = 100
LONGEST_WAIT: Final = 90 * 24
"""Hours; nothing of a survey falls due later."""

FURTHEST: Final = 400 * 24 * 3_600_000
"""How far from now a rehearsal may begin, in ms."""


class Asked(msgspec.Struct, frozen=True):
    """What is to be played: which text of the survey, for whom, in which language, with which steps.

    One of `revision`, `version` and `source` is given, or none: then it is the draft at hand. `begins_at` is the
    moment of an earlier play that is to be repeated, 0 for a new one. `variant` is a side of the survey's experiment.
    """

    steps: tuple[Step, ...] = ()
    language: str = ""
    sample: Sample = "usual"
    facts: dict[str, str] = {}
    begins_at: int = 0
    revision: int | None = None
    version: int | None = None
    source: str | None = None
    variant: str = ""


class Setting(msgspec.Struct, frozen=True):
    """Where a rehearsal happens: whose business, which contact rules and zone, and what follows a case up."""

    business: dict[str, str]
    rules: Rules
    zone: str
    follow_up: Survey | None


def asked(body: Mapping[str, Any], now: int) -> Asked:
    """Return what is to be played. Raises Problem for what is nothing of the kind."""
    steps = body.get("steps", [])
    if not isinstance(steps, list) or len(steps) > MOST_STEPS:
        raise _unfit(f"steps: a list of at most {MOST_STEPS}")
    sample, begins_at = body.get("sample", "usual"), body.get("begins_at", 0)
    if sample not in SAMPLES:
        raise _unfit(f"sample: one of {', '.join(SAMPLES)}")
    if type(begins_at) is not int or (begins_at and abs(begins_at - now) > FURTHEST):
        raise _unfit("begins_at: the moment of an earlier play")
    source = body.get("source")
    if source is not None and not (isinstance(source, str) and len(source) <= LARGEST_FILE):
        raise _unfit("source: the survey file as a text")
    return Asked(
        tuple(_step(each) for each in steps),
        _text(body.get("language", ""), 40, "language"),
        sample,
        _facts(body.get("facts", {})),
        begins_at,
        _number(body, "revision"),
        _number(body, "version"),
        source,
        _text(body.get("variant", ""), 40, "variant"),
    )


def _number(body: Mapping[str, Any], name: str) -> int | None:
    number = body.get(name)
    if number is not None and (type(number) is not int or not 0 <= number < 2**53):
        raise _unfit(f"{name}: a number")
    return number


def _facts(written: Any) -> dict[str, str]:
    if not isinstance(written, dict) or len(written) > MOST_FACTS:
        raise _unfit(f"facts: at most {MOST_FACTS} texts by name")
    return {_text(name, 80, "facts"): _text(value, LONGEST_FACT, "facts") for name, value in written.items()}


def _step(written: Any) -> Step:
    match written:
        case {"tap": press}:
            label, question = written.get("label", ""), written.get("question", "")
            return Tap(*(_text(each, LONGEST_PRESS, "tap") for each in (press, label, question)))
        case {"say": text}:
            return Say(_text(text, LONGEST_REPLY, "say"))
        case {"photo": caption}:
            return Photo(_text(caption, LONGEST_REPLY, "photo"))
        case {"contact": phone}:
            return Contact(_text(phone, 100, "contact"))
        case {"back": True}:
            return Back()
        case {"stop": True}:
            return Stop()
        case {"language": tag}:
            return Language(_text(tag, 40, "language"))
        case {"wait": int() | float() as hours} if not isinstance(hours, bool) and 0 < hours <= LONGEST_WAIT:
            return Wait(timedelta(minutes=round(hours * 60)))
    raise _unfit("a step is one of tap, say, photo, contact, back, stop, language, wait")


def _text(value: Any, longest: int, name: str) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise _unfit(f"{name}: a text of at most {longest} characters")
    return value


def _unfit(detail: str) -> Problem:
    return Problem(422, detail, type="does-not-fit")


# --- what is played -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def survey_of(source: str) -> Survey | None:
    """Return the survey of a text, as far as it can be understood. Slow; the same text is read once."""
    return read_draft(source).survey


def told(source: str, wanted: Asked, setting: Setting, reader: str) -> dict[str, Any]:
    """Return all that is seen after the steps, asides in the reader's language. Slow.

    Where the customer's language is none of the survey's, it is the reader's own, else the survey's first.
    """
    survey = survey_of(source)
    sides = tuple(shares(survey)) if survey is not None else ()
    survey = _as_asked(survey, wanted.variant) if survey is not None and wanted.variant in sides else survey
    languages = survey.languages if survey is not None else ()
    language = next((tag for tag in (wanted.language, reader) if tag in languages), next(iter(languages), reader))
    asked_about = variables(survey) if survey is not None else ()
    values = {each.name: _value(each, wanted, setting, language) for each in asked_about}
    values = {**{f"business.{field}": text for field, text in setting.business.items()}, **values}
    found = played(
        survey,
        language,
        facts_of(values, setting.zone),
        wanted.steps,
        begins_at=wanted.begins_at,
        follow_up=setting.follow_up,
        rules=setting.rules,
        reader=reader,
        follows_up=survey is not None and survey.key == FOLLOW_UP_SURVEY,
    )
    return {
        "language": language,
        "languages": [{"tag": tag, "name": language_name(tag)} for tag in languages],
        "variables": [{"name": each.name, "value": values[each.name]} for each in asked_about],
        "variants": sides,
        "begins_at": wanted.begins_at,
        **_seen(found, setting.zone, reader),
    }


def _as_asked(survey: Survey, variant: str) -> Survey:
    """Return the survey as that side is asked it; as it is written while its order does not fit its questions yet."""
    try:
        return as_asked(survey, variant)
    except (LookupError, RuntimeError):
        return survey


def _value(variable: Variable, wanted: Asked, setting: Setting, language: str) -> str:
    written = wanted.facts.get(variable.name)
    return value_of(variable, wanted.sample, setting.business, language) if written is None else written


def _seen(found: Played, zone: str, reader: str) -> dict[str, Any]:
    return {
        "shown": [_row(each, zone, reader) for each in as_now(found.shown) if each.about != "tap"],
        "over": found.over,
        "outcome": found.outcome,
        "now": wall_time(found.now, zone, reader),
        "trouble": found.trouble,
    }


def _row(each: Shown, zone: str, reader: str) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "about": each.about,
        "text": each.text,
        "at": moment(each.at).isoformat(),
        "time": wall_time(each.at, zone, reader),
        "step": each.step,
        "question": each.question,
        "mark": each.mark,
        "rows": [[{"label": button.label, "press": button.press} for button in row] for row in each.rows],
    }
