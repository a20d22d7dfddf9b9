"""How one survey stands: what its draft would change, what is wrong with it, and every version it ever had."""

from collections.abc import Callable
from typing import Final

import msgspec

from bot import experiments
from bot.console.survey_lines import draft_words, thrown_words, version_words
from bot.console.survey_saving import table_of
from bot.console.survey_words import Differs, Told, differing, language_name, questions_of, told
from bot.editing import drafts, versions
from bot.editing.versions import REQUIRED, Preview
from bot.experiment_words import headline
from bot.figure_words import titled
from bot.house import House
from bot.phrases import say
from bot.wall_clock import wall_day
from conversations.differences import differences
from conversations.problems import Problem
from conversations.reading import draft as read_draft
from conversations.surveys import Survey
from conversations.translating import gaps, languages_of, texts_of
from storage.drafts import DraftRow
from storage.surveys import SurveyVersion
from storage.unit import Unit

SHOWN: Final = 15
"""Versions on the page; the older ones are shown when they are asked for."""

DRAFT: Final = "draft"
"""What the draft is called where versions are called by their numbers."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A draft, ready to be shown. `first` says that nothing was published before it."""

    revision: int
    words: str
    survey: bool
    differs: tuple[Differs, ...]
    problems: tuple[Told, ...]
    refused: bool
    behind: int | None
    replaces: tuple[tuple[str, str], ...]
    first: bool
    gaps: tuple[tuple[str, int], ...]

    @property
    def breaking(self) -> tuple[Differs, ...]:
        """Return those differences after which something cannot be compared."""
        return tuple(each for each in self.differs if each.breaks)


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """A version, ready to be shown. `changed` is what it changed, `going_back` what going back to it would."""

    number: int
    words: str
    asked: bool
    retired: str
    first: bool
    changed: tuple[Differs, ...]
    going_back: tuple[Differs, ...]


class Compared(msgspec.Struct, frozen=True):
    """Two editions side by side, each a version's number or the draft."""

    before: str
    after: str
    differs: tuple[Differs, ...]


class SurveyView(msgspec.Struct, frozen=True, kw_only=True):
    """A survey, ready to be shown. `asked` is the number of the version that is asked with, 0 for none."""

    key: str
    title: str
    touchpoint: str
    languages: tuple[str, ...]
    questions: int
    asked: int
    needed: bool
    draft: Draft | None
    thrown: str
    versions: tuple[Version, ...]
    older: int
    editions: tuple[str, ...]
    compared: Compared | None
    meanwhile: tuple[Differs, ...] | None
    experiment: str = ""  # in one sentence how it stands, of a survey that was ever tried in several ways
    tried_now: bool = False


class Looked(msgspec.Struct, frozen=True):
    """What an address asks of the page: two editions beside each other, all versions, a revision seen before."""

    before: str = ""
    after: str = ""
    every: bool = False
    seen: int | None = None


def standing_of(house: House, key: str, language: str, looked: Looked) -> Callable[[Unit], SurveyView | None]:
    """Return the work that reads it; None for a survey that nobody knows."""

    def work(unit: Unit) -> SurveyView | None:
        rows = unit.surveys.versions(house.brand, key)
        draft, ended = unit.drafts.newest(house.brand, key), drafts.thrown(unit, house.brand, key)
        if not rows and draft is None and ended is None:
            return None
        newest = rows[0].source if rows else (draft or ended).source  # type: ignore[union-attr]  # one of the three
        shown = read_draft(draft.source).survey if draft is not None and not rows else _survey(newest)
        asked = next((row for row in rows if row.retired_at is None), None)
        return SurveyView(
            key=key,
            title=titled(key, shown.title if shown is not None else {}, language),
            touchpoint=shown.touchpoint if shown is not None else "",
            languages=tuple(language_name(tag) for tag in shown.languages) if shown is not None else (),
            questions=sum(each.kind != "statement" for each in shown.questions) if shown is not None else 0,
            asked=asked.number if asked is not None else 0,
            needed=key in REQUIRED,
            draft=_draft(unit, house, draft, language, first=not rows) if draft is not None else None,
            thrown=thrown_words(unit, house, ended, language) if ended is not None else "",
            versions=_versions(unit, house, rows, asked, language, every=looked.every),
            older=0 if looked.every else max(0, len(rows) - SHOWN),
            editions=(*([DRAFT] if draft is not None else ()), *(str(row.number) for row in rows)),
            compared=_compared(rows, draft, looked, language),
            meanwhile=_meanwhile(unit, draft, looked.seen, language),
            experiment=_experiment(unit, house, rows, language),
            tried_now=asked is not None and "[[variant]]" in asked.source,
        )

    return work


def _survey(source: str) -> Survey | None:
    return read_draft(source).survey


def _experiment(unit: Unit, house: House, rows: list[SurveyVersion], language: str) -> str:
    if not any("[[variant]]" in row.source for row in rows):
        return ""
    try:
        return say(headline(experiments.read(unit, house, rows[0].key)), language)
    except experiments.NoExperiment:  # the word stands in a comment
        return ""


def _differs(before: Survey | None, after: Survey | None, language: str) -> tuple[Differs, ...]:
    found = differences(before, after) if before is not None and after is not None else ()
    return differing(found, language, questions_of(after, before))


def _draft(unit: Unit, house: House, row: DraftRow, language: str, *, first: bool) -> Draft:
    preview: Preview = versions.previewed(unit, house.brand, row.key)
    asked = unit.surveys.by_key(house.brand, row.key)
    published = [_survey(asked.source)] if asked is not None else []
    return Draft(
        revision=row.revision,
        words=draft_words(unit, house, row, language),
        survey=_survey(row.source) is not None,
        differs=differing(preview.differences, language, questions_of(_survey(row.source), *published)),
        problems=told(_beyond_gaps(preview.problems, row.source), language),
        refused=preview.refused,
        behind=preview.behind,
        replaces=tuple((key, _title(unit, house, key, language)) for key in preview.replaces),
        first=first,
        gaps=tuple((language_name(tag), count) for tag, count in gaps(row.source).items() if count),
    )


def _beyond_gaps(problems: tuple[Problem, ...], source: str) -> tuple[Problem, ...]:
    """Return problems without the missing translations, which are counted by language."""
    table = table_of(source) or {}
    missing = {(*text.path, tag) for text in texts_of(table) for tag in languages_of(table) if text.missing(tag)}
    return tuple(each for each in problems if each.path not in missing)


def _title(unit: Unit, house: House, key: str, language: str) -> str:
    version = unit.surveys.by_key(house.brand, key)
    survey = _survey(version.source) if version is not None else None
    return titled(key, survey.title if survey is not None else {}, language)


def _versions(
    unit: Unit, house: House, rows: list[SurveyVersion], asked: SurveyVersion | None, language: str, *, every: bool
) -> tuple[Version, ...]:
    shown = rows if every else rows[:SHOWN]
    surveys = {row.number: _survey(row.source) for row in rows[: len(shown) + 1]}
    now = _survey(asked.source) if asked is not None else None
    made = []
    for row in shown:
        before = surveys.get(row.number - 1)
        made.append(
            Version(
                number=row.number,
                words=version_words(unit, house, row, language),
                asked=asked is not None and row.id == asked.id,
                retired=wall_day(row.retired_at, house.zone, language) if row.retired_at is not None else "",
                first=row.number == 1,
                changed=_differs(before, surveys[row.number], language),
                going_back=_differs(now, surveys[row.number], language),
            )
        )
    return tuple(made)


def _compared(rows: list[SurveyVersion], draft: DraftRow | None, looked: Looked, language: str) -> Compared | None:
    sources = {str(row.number): row.source for row in rows}
    if draft is not None:
        sources[DRAFT] = draft.source
    if looked.before not in sources or looked.after not in sources:
        return None
    found = _differs(_survey(sources[looked.before]), _survey(sources[looked.after]), language)
    return Compared(looked.before, looked.after, found)


def _meanwhile(unit: Unit, draft: DraftRow | None, seen: int | None, language: str) -> tuple[Differs, ...] | None:
    """Return what was changed since a revision that somebody looked at; None when nothing was."""
    if draft is None or seen is None or seen == draft.revision:
        return None
    earlier = unit.drafts.at(draft.brand_id, draft.key, seen)
    if earlier is None:
        return None
    return _differs(_survey(earlier.source), _survey(draft.source), language)
