"""The surveys as their editors see them in the list: how each stands, in which languages, what it came to lately."""

from collections.abc import Callable
from typing import Final

import msgspec

from bot import figures
from bot.console.figures import FigureLine, score_line
from bot.console.survey_words import language_name, who
from bot.figure_words import titled
from bot.house import FOLLOW_UP_SURVEY, House
from bot.phrases import say
from bot.publishing import SurveyFile, library
from bot.wall_clock import wall_day, wall_moment
from conversations.phrases import Phrase, phrase
from conversations.reading import draft as read_draft
from conversations.surveys import Survey
from conversations.translating import gaps
from reports.periods import last_days
from storage.drafts import DraftRow
from storage.surveys import SurveyVersion
from storage.unit import Unit

DAYS: Final = 30
"""Of the figures beside each survey."""

RECENT: Final = 5_000
"""So many of the newest service events are looked at for touchpoints that nobody is asked about."""

PUBLISHED: Final = {
    "SurveyPublished": phrase("Version {number}, published on {day} by {name}"),
    "SurveyRolledBack": phrase("Version {number}, gone back to on {day} by {name}"),
    "library": phrase("Version {number}, shipped with makegood"),
    "folder": phrase("Version {number}, from your folder, {day}"),
    "editor": phrase("Version {number}, published on {day}"),
}


class Spoken(msgspec.Struct, frozen=True):
    """A language of a survey, and how many of its texts are missing in it."""

    tag: str
    name: str
    missing: int


class SurveyLine(msgspec.Struct, frozen=True, kw_only=True):
    """A survey in the list, ready to be shown. `state` is published, draft (never published) or retired."""

    key: str
    title: str
    state: str
    touchpoint: str
    languages: tuple[Spoken, ...]
    questions: int
    version: str
    draft: str
    responses: int
    score: FigureLine | None


class Uncovered(msgspec.Struct, frozen=True):
    """A touchpoint at which nobody is asked: how many of the newest service events belong to it, or a place does."""

    touchpoint: str
    told: str


class SurveyList(msgspec.Struct, frozen=True):
    """All surveys, those that are asked first; the touchpoints without one; what a new one can be a copy of.

    `thrown` are drafts that were thrown away before they were ever published: keys and when that stood.
    """

    lines: tuple[SurveyLine, ...]
    uncovered: tuple[Uncovered, ...]
    copies: tuple[tuple[str, str], ...]
    touchpoints: tuple[str, ...]
    thrown: tuple[tuple[str, str], ...]
    whole: bool


def surveys_for(house: House, now: int, language: str) -> Callable[[Unit], SurveyList]:
    """Return the work that reads the list."""

    def work(unit: Unit) -> SurveyList:
        report = figures.read(unit, house, last_days(DAYS, now, house.zone), "survey")
        came_to = {line.key: line for line in report.lines}
        drafts = {row.key: row for row in unit.drafts.open(house.brand)}
        versions = {version.key: version for version in unit.surveys.newest(house.brand)}
        lines = [
            _line(unit, house, language, key, versions.get(key), drafts.get(key), came_to.get(key), report.fewest)
            for key in dict.fromkeys((*versions, *drafts))
        ]
        lines.sort(key=lambda line: (ORDER.index(line.state), line.title.casefold()))
        touchpoints = sorted({each.touchpoint for each in versions.values() if each.retired_at is None})
        return SurveyList(
            tuple(lines),
            _uncovered(unit, house, touchpoints, language),
            _copies(lines, language),
            tuple(touchpoints),
            tuple((row.key, thrown_words(unit, house, row, language)) for row in _thrown(unit, house)),
            report.whole,
        )

    return work


ORDER: Final = ("published", "draft", "retired")


def _line(
    unit: Unit,
    house: House,
    language: str,
    key: str,
    version: SurveyVersion | None,
    draft: DraftRow | None,
    came_to: figures.Line | None,
    fewest: int,
) -> SurveyLine:
    asked = version is not None and version.retired_at is None
    shown = _shown(house, unit, version, draft, asked=asked)
    return SurveyLine(
        key=key,
        title=titled(key, shown.title if shown else {}, language),
        state="published" if asked else "draft" if version is None else "retired",
        touchpoint=shown.touchpoint if shown else "",
        languages=_languages(shown, draft),
        questions=sum(question.kind != "statement" for question in shown.questions) if shown else 0,
        version=version_words(unit, house, version, language) if version is not None else "",
        draft=draft_words(unit, house, draft, language) if draft is not None else "",
        responses=came_to.now.complete + came_to.now.partial if came_to is not None else 0,
        score=score_line(came_to, fewest, language) if came_to is not None and came_to.headline else None,
    )


def _shown(
    house: House, unit: Unit, version: SurveyVersion | None, draft: DraftRow | None, *, asked: bool
) -> Survey | None:
    """Return the survey that the line tells of: the published one, else the draft, else the last version."""
    if version is not None and (asked or draft is None):
        return house.shelf.version(unit, version.id)
    return read_draft(draft.source).survey if draft is not None else None


def _languages(shown: Survey | None, draft: DraftRow | None) -> tuple[Spoken, ...]:
    """Return the languages of the draft with what is missing in each; without one, those of the survey."""
    missing = gaps(draft.source) if draft is not None else {}
    tags = missing or dict.fromkeys(shown.languages if shown else (), 0)
    return tuple(Spoken(tag, language_name(tag), count) for tag, count in tags.items())


def version_words(unit: Unit, house: House, version: SurveyVersion, language: str) -> str:
    """Return which version this is, when it was published, and who did that."""
    day = wall_day(version.published_at, house.zone, language)
    done = next(
        (
            line
            for line in unit.history.of(f"survey:{version.key}")
            if line.detail == str(version.number) and line.what.partition(":")[0] in PUBLISHED
        ),
        None,
    )
    said = PUBLISHED[done.what.partition(":")[0] if done is not None else version.origin]
    name = who(unit, done.actor, language) if done is not None else ""
    return say(Phrase(said.sentence, {"number": version.number, "day": day, "name": name}), language)


def draft_words(unit: Unit, house: House, draft: DraftRow, language: str) -> str:
    """Return who changed a draft last, and when."""
    at, name = wall_moment(draft.at, house.zone, language), who(unit, draft.actor, language)
    return say(phrase("Being written, last by {name}, {at}", name=name, at=at), language)


def thrown_words(unit: Unit, house: House, row: DraftRow, language: str) -> str:
    """Return of when a draft is that was thrown away, and whose."""
    return f"{wall_moment(row.at, house.zone, language)}, {who(unit, row.actor, language)}"


def _thrown(unit: Unit, house: House) -> list[DraftRow]:
    return unit.drafts.thrown_unpublished(house.brand)


def _copies(lines: list[SurveyLine], language: str) -> tuple[tuple[str, str], ...]:
    """Return what a new survey can be a copy of, by key: one's own, then those we ship that are not among them."""
    own = {line.key: line.title for line in lines}
    shipped = {file.survey.key: titled(file.survey.key, file.survey.title, language) for file in library()}
    return tuple({**own, **{key: title for key, title in shipped.items() if key not in own}}.items())


def shipped_file(key: str) -> SurveyFile | None:
    """Return the survey of that key that we ship."""
    return next((file for file in library() if file.survey.key == key), None)


def _uncovered(unit: Unit, house: House, covered: list[str], language: str) -> tuple[Uncovered, ...]:
    counted = unit.service_events.touchpoints(house.brand, RECENT)
    places = {place.touchpoint for place in unit.places.listing(house.brand) if place.retired_at is None}
    known = sorted({*counted, *places, house.done_touchpoint} - {*covered, FOLLOW_UP_SURVEY})
    return tuple(Uncovered(each, say(_why(each, counted.get(each, 0), places), language)) for each in known)


def _why(touchpoint: str, count: int, places: set[str]) -> Phrase:
    if count:
        return phrase("service events lately: {count}", count=count)
    if touchpoint in places:
        return phrase("a place belongs to it")
    return phrase("what staff record as done belongs to it")
