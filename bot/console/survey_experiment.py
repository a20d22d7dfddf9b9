"""An experiment as its page shows it: both sides on one scale, and a sentence for each measure."""

from collections.abc import Callable, Iterator

import msgspec

from bot import experiments
from bot.console.figures import Bar, bar_of
from bot.console.survey_words import Differs, differing
from bot.experiment_words import ENDED, LOOK, NO_ANSWER, UNEVEN, finds, headline, measured, name, side, since, verdict
from bot.experiments import NoExperiment, Standing
from bot.figure_words import ANSWERS, number, span, titled
from bot.house import House
from bot.phrases import say
from conversations.experiments import AS_WRITTEN, shares
from conversations.phrases import Phrase
from reports.experiments import Comparison, Measure, Verdict
from reports.scores import Figure
from storage.unit import Unit


class SideLine(msgspec.Struct, frozen=True, kw_only=True):
    """A side: for whom it is, and what is other on it; nothing on the survey as it is written."""

    key: str
    name: str
    told: str
    changed: tuple[Differs, ...]


class SideFigure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of one side, ready to be shown; without a `bar` nobody answered yet."""

    name: str
    value: str
    told: str
    bar: Bar | None


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """A measure on two sides, with the sentence about their difference. `clear` when there is one."""

    figures: tuple[SideFigure, ...]
    verdict: str
    finds: str
    clear: bool


class MeasureLine(msgspec.Struct, frozen=True):
    """A measure by its name, with what each variant does to it."""

    name: str
    question: str
    compared: tuple[Compared, ...]


class ExperimentView(msgspec.Struct, frozen=True, kw_only=True):
    """An experiment, ready to be shown."""

    title: str
    key: str
    since: str
    ended: str
    headline: str
    uneven: str
    look: str
    sides: tuple[SideLine, ...]
    measures: tuple[MeasureLine, ...]
    running: bool
    drafting: bool


def view_of(house: House, key: str, language: str) -> Callable[[Unit], ExperimentView | None]:
    """Return the work that reads the newest experiment of a survey; None when there never was one."""

    def work(unit: Unit) -> ExperimentView | None:
        try:
            standing = experiments.read(unit, house, key)
        except NoExperiment:
            return None
        survey = standing.survey
        return ExperimentView(
            title=titled(survey.key, survey.title, language),
            key=standing.key.replace("_", " "),
            since=say(since(standing, house.zone, language), language),
            ended="" if standing.running else say(ENDED, language),
            headline=say(headline(standing), language),
            uneven=say(UNEVEN, language) if standing.result.uneven else "",
            look=say(LOOK, language),
            sides=tuple(_side(standing, one, language) for one in shares(survey)),
            measures=tuple(_measure(standing, one, language) for one in standing.result.measures),
            running=standing.running,
            drafting=unit.drafts.newest(house.brand, key) is not None,
        )

    return work


def _side(standing: Standing, key: str, language: str) -> SideLine:
    changed = differing(standing.changed[key], language)
    return SideLine(key=key, name=name(key), told=say(side(standing, key), language), changed=changed)


def _measure(standing: Standing, measure: Measure, language: str) -> MeasureLine:
    called = measured(standing, measure)
    spoken = called if isinstance(called, str) else say(called, language)
    question = next((one for one in standing.survey.questions if one.key == measure.question), None)
    scale = (question.scale.low, question.scale.high) if question is not None and question.scale else (0, 1)
    planned = standing.result.planned
    compared = (_compared(one, planned, scale, language) for one in measure.comparisons)
    return MeasureLine(spoken, measure.question, tuple(compared))


def _compared(one: Comparison, planned: int, scale: tuple[int, int], language: str) -> Compared:
    return Compared(
        figures=tuple(_figures(one, scale, language)),
        verdict=say(verdict(one, planned), language),
        finds=say(finds(one, planned), language),
        clear=one.verdict in (Verdict.HIGHER, Verdict.LOWER),
    )


def _figures(one: Comparison, scale: tuple[int, int], language: str) -> Iterator[SideFigure]:
    for key, shown in ((AS_WRITTEN, one.as_written), (one.variant, one.varied)):
        yield _figure(key, shown, scale, language)


def _figure(key: str, shown: Figure, scale: tuple[int, int], language: str) -> SideFigure:
    if shown.value is None:
        return SideFigure(name=name(key), value="–", told=say(NO_ANSWER, language), bar=None)
    told = f"{span(shown, language)} · {say(Phrase(ANSWERS.sentence, {'count': shown.count}), language)}"
    value = number(shown.value, shown.unit)
    return SideFigure(name=name(key), value=value, told=told, bar=bar_of(shown, scale))
