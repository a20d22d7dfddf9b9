"""An experiment in words, in the language of whoever reads them: terminal, console and chat say the same."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.experiments import Standing
from bot.figure_words import COMPLETION as FINISHED
from bot.figure_words import SCORES, number, span, titled
from bot.phrases import babel_locale, say
from conversations.experiments import AS_WRITTEN, shares
from conversations.phrases import Phrase, phrase
from reports.experiments import COMPLETION, Comparison, Measure, Verdict
from reports.intervals import Interval
from reports.scores import Figure, Unit

NO_ANSWER: Final = phrase("no answer yet")
UNEVEN: Final = phrase(
    "More customers are on one side than chance would put there: something else sorts them. Please do not trust it."
)
LOOK: Final = phrase(
    "You may look at this every day: the verdicts allow for it. In brackets: where each figure most likely lies (95 %)."
)
TOO_FEW: Final = phrase("Too few answers to say: {count} of about {planned} from each side.")
NONE_YET: Final = phrase("No difference seen yet: {count} of about {planned} answers from each side.")
HIGHER: Final = phrase("{side} is higher by between {low} and {high}.")
HIGHER_UP_TO: Final = phrase("{side} is higher, by up to {high}.")
LOWER: Final = phrase("{side} is lower by between {low} and {high}.")
LOWER_UP_TO: Final = phrase("{side} is lower, by up to {high}.")
ENDED: Final = phrase("The experiment is over: nobody is asked by it any more.")


def headline(standing: Standing) -> Phrase:
    """Return the whole experiment in one sentence: what differs, else how far it is."""
    result = standing.result
    pairs = [(measure, one) for measure in result.measures for one in measure.comparisons]
    differing = [(measure, one) for measure, one in pairs if one.verdict in (Verdict.HIGHER, Verdict.LOWER)]
    if len(differing) == 1:
        [(measure, one)] = differing
        return phrase("{measure}: {verdict}", measure=measured(standing, measure), verdict=verdict(one, result.planned))
    if differing:
        return phrase("A difference in {count} of {all}: see below.", count=len(differing), all=len(pairs))
    if result.fulfilled:
        return phrase("No difference seen: the experiment may end.")
    told = TOO_FEW if all(one.verdict is Verdict.TOO_FEW for _, one in pairs) else NONE_YET
    return _progress(told, min(one.answers for _, one in pairs), result.planned)


def _progress(told: Phrase, count: int, planned: int) -> Phrase:
    return Phrase(told.sentence, {"count": count, "planned": planned})


def verdict(one: Comparison, planned: int) -> Phrase:
    """Return what can be said of a difference, in plain words."""
    side, unit, around = name(one.variant), one.as_written.unit, one.around or Interval(0, 0)
    match one.verdict:
        case Verdict.TOO_FEW:
            return _progress(TOO_FEW, one.answers, planned)
        case Verdict.NONE_YET:
            return _progress(NONE_YET, one.answers, planned)
        case Verdict.NONE:
            return phrase("No difference seen. If there is one, {side} lies between {below} below and {above} above.",
                          side=side, below=apart(-around.low, unit), above=apart(around.high, unit))  # fmt: skip
        case Verdict.HIGHER:
            told = HIGHER if around.low > 0 else HIGHER_UP_TO
            return _by(told, side, around.low, around.high, unit)
        case Verdict.LOWER:
            told = LOWER if around.high < 0 else LOWER_UP_TO
            return _by(told, side, -around.high, -around.low, unit)


def _by(told: Phrase, side: str, least: float, most: float, unit: Unit) -> Phrase:
    return Phrase(told.sentence, {"side": side, "low": bare(least, unit), "high": apart(most, unit)})


def name(key: str) -> str:
    """Return what a side is called: A, B; one with a longer key by its words."""
    return key.upper() if len(key) == 1 else key.replace("_", " ")


def bare(value: float, unit: Unit) -> str:
    """Return how far two figures are apart, without its unit."""
    return f"{value:.2f}" if unit == "mean" else f"{100 * value if unit == 'share' else value:.1f}"


def apart(value: float, unit: Unit) -> Phrase:
    """Return how far two figures are apart: points of a hundred, or steps of the scale."""
    said = bare(max(0.0, value), unit)
    match unit:
        case "share":
            return phrase("{count} percentage points", count=said)
        case "points":
            return phrase("{count} points", count=said)
        case "mean":
            return phrase("{count} steps of the scale", count=said)


def finds(one: Comparison, planned: int) -> Phrase:
    """Return what the planned number of answers is good for."""
    return phrase(
        "With {planned} answers from each side, a difference of {points} shows in 80 of 100 such experiments.",
        planned=planned,
        points=apart(one.finds, one.as_written.unit),
    )


def measured(standing: Standing, measure: Measure) -> Phrase | str:
    """Return what a measure is called; where there are two of a kind, the question's key says which."""
    if measure.question == COMPLETION:
        return FINISHED
    key = measure.question.replace("_", " ")
    known = SCORES.get(measure.kind)
    if known is None:
        return key
    alike = sum(other.kind == measure.kind for other in standing.result.measures)
    return known if alike == 1 else phrase("{score}, {question}", score=known, question=key)


def figure(one: Figure, language: str) -> str:
    """Return one side's figure: how much, how sure, on how many."""
    if one.value is None:
        return say(NO_ANSWER, language)
    told = phrase("{value} ({span}), answers: {count}", value=number(one.value, one.unit), span=span(one, language),
                  count=one.count)  # fmt: skip
    return say(told, language)


def side(standing: Standing, key: str) -> Phrase:
    """Return which side it is, for whom, and how many were asked so far."""
    share, asked = f"{shares(standing.survey)[key]:.0%}", standing.result.customers[key]
    if key == AS_WRITTEN:
        return phrase("{side}: as written, {share} of the customers, {count} asked", side=name(key), share=share,
                      count=asked)  # fmt: skip
    return phrase("{side}: {share} of the customers, {count} asked", side=name(key), share=share, count=asked)


def changes(standing: Standing, key: str, language: str) -> Iterator[str]:
    """Yield what is other on that side, a line each."""
    for each in standing.changed[key]:
        about = "" if each.question is None else f"{each.question}: "
        after = f" “{said_in_one_line(each.after)}”" if each.after else ""
        yield f"{about}{say(each.what, language)}{after}"


def said_in_one_line(text: str) -> str:
    """Return a text without its line ends."""
    return " ".join(text.split())


def title(standing: Standing, language: str) -> str:
    """Return the survey's name with the experiment's."""
    survey = standing.survey
    return f"{titled(survey.key, survey.title, language)} · {standing.key.replace('_', ' ')}"


def since(standing: Standing, zone: str, language: str) -> Phrase:
    """Return since when it runs, by the business's calendar."""
    day = datetime.fromtimestamp(standing.since / 1000, UTC).astimezone(ZoneInfo(zone)).date()
    return phrase("Since {day}.", day=format_date(day, "long", locale=babel_locale(language)))


def printed(standing: Standing, zone: str, language: str) -> Iterator[str]:
    """Yield the lines of an experiment in the terminal."""
    planned = standing.result.planned
    yield title(standing, language)
    yield say(since(standing, zone, language), language) + ("" if standing.running else f" {say(ENDED, language)}")
    yield say(headline(standing), language)
    if standing.result.uneven:
        yield say(UNEVEN, language)
    yield ""
    for key in shares(standing.survey):
        yield say(side(standing, key), language)
        yield from (f"  {line}" for line in changes(standing, key, language))
    for measure in standing.result.measures:
        yield ""
        yield _said(measured(standing, measure), language)
        for one in measure.comparisons:
            yield f"  {name(AS_WRITTEN)}: {figure(one.as_written, language)}"
            yield f"  {name(one.variant)}: {figure(one.varied, language)}"
            yield f"  {say(verdict(one, planned), language)}"
            yield f"  {say(finds(one, planned), language)}"
    yield ""
    yield say(LOOK, language)


def _said(what: Phrase | str, language: str) -> str:
    return what if isinstance(what, str) else say(what, language)
